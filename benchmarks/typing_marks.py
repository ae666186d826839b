"""How soon the marks of a line follow the keys that it is typed with (Line by line): a real browser and a real server.

    python benchmarks/typing_marks.py [--pause 180]

Milliseconds from a key to its marks, for those keys whose own text was measured; how many of all those are. A server
that is slower than the keys leaves some out.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dashboard.browser import chromium, idle, server

FIRST, TYPED = "On marche dans la nuit sans faire de bruit", "Et tous les murs de la ville ont entendu la pluie"
# as script/server sets it
SERVER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
WATCH = """() => {
  let typed = "", at = null;
  window.waits = [];
  document.addEventListener("input", (event) => { typed = event.target.value.trim(); at = performance.now(); }, true);
  new MutationObserver(() => {
    const shown = document.querySelector("[aria-live=polite].offer");
    if (at === null || shown?.firstChild === null || !shown?.textContent.startsWith(typed)) return;
    const words = shown.cloneNode(true);
    words.querySelector(".about").remove();
    if (words.textContent === typed) { window.waits.push(performance.now() - at); at = null; }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def main(pause: int) -> None:
    environment = os.environ | SERVER
    with (
        tempfile.TemporaryDirectory() as jobs,
        server({**environment, "SEIZE_JOBS": jobs}) as host,
        chromium() as browser,
    ):
        page = browser.new_page()
        page.goto(f"{host}/lines?text={FIRST}")
        page.wait_for_selector(".st-key-own input", timeout=120_000)
        idle(page)
        page.evaluate(WATCH)
        for key in TYPED:
            page.locator(".st-key-own input").press("Space" if key == " " else key)
            page.wait_for_timeout(pause)
        page.wait_for_timeout(1000)
        waits = page.evaluate("window.waits")
    low, high = np.quantile(waits, (0.5, 0.95))
    print(f"{len(waits)} of {len(TYPED)} keys: median {low:.0f} ms, 95 % within {high:.0f}, at most {max(waits):.0f}")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pause", type=int, default=180, help="milliseconds between keys")
    main(parser.parse_args().pause)
