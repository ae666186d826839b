"""How fast the pages are, in a real Chromium. `python benchmarks/pages.py [--view verses] [--visits N]`.

Prints milliseconds: heading and first chart of a cold first visit (server just started, new browser profile) and of a
second one, the median of filter changes (click to new numbers), and the start of the server. Times run from the start
of the navigation to the first frame that shows the element, both on the clock of the page: a driver that asks from
outside hears of the heading only once the half second is over in which Chromium evaluates the Plotly that Streamlit
ships. Targets: heading 4,000 and 1,000, chart 7,000 and 1,500, filter 300, server 3,000.

Measured at a load of 4.4 on 2 cores, the Overview: heading 1,738 and 637, chart 3,190 and 1,912, filter 78, server 879;
of the second chart, 600 go to evaluating Plotly in the browser and 100 to the server. On a quiet machine the second
chart has still to be measured.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dashboard.browser import CHROMIUM, FLAGS, idle, server

# Notes when a frame that shows the first heading, and the first chart, has been handed over.
SHOWN = """
window.shown = {};
const look = () => {
  for (const [name, selector] of [["heading", "h1"], ["chart", ".js-plotly-plot .main-svg"]])
    if (!(name in window.shown) && document.querySelector(selector)?.getBoundingClientRect().height) {
      window.shown[name] = null;
      requestAnimationFrame(() => { window.shown[name] = performance.now() });
    }
  requestAnimationFrame(look);
};
look();
"""
# Clicks a pill of the sidebar and waits, inside the page, for other figures in its summary.
FILTER = """(name) => new Promise((resolve) => {
  const shown = document.querySelector(".selected"), before = shown.textContent;
  const start = performance.now();
  const look = () => {
    const now = document.querySelector(".selected");
    now && now.textContent !== before ? resolve(performance.now() - start) : requestAnimationFrame(look);
  };
  [...document.querySelectorAll('[data-testid="stSidebar"] button')].find((b) => b.textContent === name).click();
  look();
})"""


def visit(context: BrowserContext, address: str) -> tuple[float, float, Page]:
    """Milliseconds until the heading and until the first chart, and the page."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.shown.heading && window.shown.chart", timeout=60_000)
    idle(page)
    shown = page.evaluate("window.shown")
    return shown["heading"], shown["chart"], page


def filter_changes(page: Page, times: int) -> list[float]:
    """Milliseconds of each change; kinds on and off in turn."""
    found = []
    for _ in range(times):
        for kind in ("refrain", "couplet"):
            found.append(page.evaluate(FILTER, kind))
            idle(page)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=3, help="second visits to take the median of")
    parser.add_argument("--view", default="", help="the page to open; the Overview unless given")
    given = parser.parse_args()
    start = time.perf_counter()
    with server(dict(os.environ)) as address, sync_playwright() as playwright:
        print(f"server answers            {1000 * (time.perf_counter() - start):8,.0f} ms")
        with tempfile.TemporaryDirectory() as profile:
            context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS)
            context.add_init_script(SHOWN)
            heading, chart, page = visit(context, f"{address}/{given.view}")
            print(f"first visit, heading      {heading:8,.0f} ms\nfirst visit, chart        {chart:8,.0f} ms")
            page.close()
            again = [visit(context, f"{address}/{given.view}") for _ in range(given.visits)]
            for name, at in (("heading", 0), ("chart", 1)):
                print(f"second visit, {name:11} {statistics.median(one[at] for one in again):8,.0f} ms")
            changes = filter_changes(again[-1][2], 5)
            print(f"filter change, median     {statistics.median(changes):8,.0f} ms of {len(changes)}")
            context.close()
    print(f"load of the machine       {os.getloadavg()[0]:8.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
