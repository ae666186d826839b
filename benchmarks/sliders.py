"""How soon a slider of the Learn pages is answered, in a real Chromium. `python benchmarks/sliders.py [PAGE …]`.

For each slider: the median of some key presses, from the event of the key to the last frame in which a figure, a table
or a sentence of the page still changed, on the clock of the page; and the processor time of the server for one of them,
which a busy machine hardly lengthens. The line under study has 40 characters, the networks their 32 units. Every press
asks for a value that was not shown before, so that no answer is remembered. Target: 300 ms on a quiet machine.

Measured on 2 quiet cores: 50 sliders, medians of 45 to 255 ms from key to last frame (highest: the scale of the state
weights on Learn 6, the temperature on Learn 1); two of Learn 7 gave no reading. At a load of 4.5 it was twice that.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Locator, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dashboard.browser import chromium, server

LINE = "Je compte les mesures et j'en veux seize"  # 40 characters
PAGES = (
    "learn_story", "learn_functions", "learn_rnn", "learn_architectures?shape=Bidirectional&", "learn_bptt",
    "learn_vanishing", "learn_lstm?force_one=true&", "learn_cost", "learn_series", "learn_words",
)  # fmt: skip
# Notes the key, and every frame after it that follows a change of what the page shows outside its sliders.
WATCH = """
window.pressed = window.changed = 0;
addEventListener("keydown", (event) => { window.pressed = event.timeStamp; window.changed = 0 }, true);
const shows = (node) => {
  const one = node.nodeType === 1 ? node : node.parentElement;
  return one && one.closest(".js-plotly-plot, .stHtml, .stMarkdown, .stHeading") && !one.closest(".stSlider");
};
new MutationObserver((changes) => {
  if (changes.some((change) => shows(change.target)))
    requestAnimationFrame(() => { window.changed = performance.now() });
}).observe(document, { subtree: true, childList: true, characterData: true,
  attributeFilter: ["d", "x", "y", "transform", "href", "points", "title"] });
"""


def answers(page: Page, thumb: Locator, times: int, seconds: "ProcessorTime") -> Iterator[tuple[float, float]]:
    """For each press on a slider: milliseconds to the last changed frame, and of the server's processors."""
    key = "ArrowLeft" if thumb.input_value() == thumb.get_attribute("max") else "ArrowRight"
    for _ in range(times):
        before, value = seconds(), thumb.input_value()
        thumb.press(key)
        settled(page, 400)
        if thumb.input_value() == value:
            return  # the end of the slider
        pressed, changed = page.evaluate("[window.pressed, window.changed]")
        if changed:
            yield changed - pressed, 1000 * (seconds() - before)


def settled(page: Page, milliseconds: int = 1500) -> None:
    """Wait until the script has run and its figures are drawn; the first visit of a busy machine takes minutes."""
    for _ in range(2):
        page.wait_for_timeout(milliseconds)
        page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]', timeout=300_000)
    page.wait_for_timeout(milliseconds)


class ProcessorTime:
    """Seconds that the server has used so far: our one child that runs Streamlit."""

    def __init__(self) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        self.stat = next(
            Path(f"/proc/{pid}/stat") for pid in children if b"streamlit" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )

    def __call__(self) -> float:
        user, system = self.stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", default=PAGES, help="such as learn_rnn; all of them unless given")
    parser.add_argument("--presses", type=int, default=5)
    given = parser.parse_args()
    print(f"{'page':28} {'slider':44} {'median ms':>9} {'server ms':>9} {'n':>3}")
    with server(dict(os.environ)) as address, chromium() as browser:
        seconds = ProcessorTime()
        for view in given.pages:
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            page.add_init_script(WATCH)
            page.goto(f"{address}/{view}{'' if '?' in view else '?'}line={quote(LINE)}", timeout=120_000)
            settled(page)
            for slider in page.get_by_test_id("stMain").get_by_test_id("stSlider").all():
                thumb, name = slider.locator("input").first, slider.locator("label").first.inner_text()
                if thumb.is_disabled():
                    continue
                thumb.scroll_into_view_if_needed()
                found = list(answers(page, thumb, given.presses, seconds))
                middle = [f"{statistics.median(column):9,.0f}" for column in zip(*found, strict=True)] or ["-", "-"]
                print(f"{view.partition('?')[0]:28} {name:44} {middle[0]:>9} {middle[1]:>9} {len(found):3}", flush=True)
            page.context.close()
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
