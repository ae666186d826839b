"""Layout shift and accessibility of every page as it is served, by language, width and theme.

    python benchmarks/page_quality.py http://localhost:8501 --axe axe.min.js [--pages lexicon,compare]

A row a visit: cumulative layout shift (Web Vitals: the largest window of shifts, without those that follow a click) and
what axe-core finds in each theme, without the drop zone of Streamlit's own uploader. Text that is cut or sticks out at
390 pixels is named too. axe-core is no part of Seize: give the path of its axe.min.js, or leave it out.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.dashboard.browser import chromium

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput)
    window.shifts.push([e.startTime, e.value, e.sources.map((s) => `${s.node?.className || s.node?.nodeName}`)]);
}).observe({ type: 'layout-shift', buffered: true });
"""
AXE = """axe.run({exclude: [['[data-testid=stFileUploaderDropzone]']]})
  .then(r => r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 160)]))"""
CUT = """() => [...document.querySelectorAll('.stMain *, .stSidebar *')].filter((e) => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const aside = e.closest('svg, .js-plotly-plot, .unseen, .scroll, [data-testid=stDataFrame], .katex, pre, style');
  const cut = style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1;
  if (e.matches('[data-testid=stSelectbox] input')) return box.left >= 0 && e.scrollWidth > e.clientWidth + 1;
  return !e.children.length && e.textContent.trim() && !aside && box.width > 1 && (box.right > innerWidth + 1 || cut);
}).map((e) => (e.value || e.textContent).trim().slice(0, 60)).slice(0, 4)"""
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


def largest_window(shifts: list[list]) -> float:
    """Return the cumulative layout shift: windows end after a second without a shift, or five in all."""
    best = total = 0.0
    first = last = -1e9
    for time, value, _ in shifts:
        if time - last > 1000 or time - first > 5000:
            total, first = 0.0, time
        total, last = total + value, time
        best = max(best, total)
    return best


def settle(page: Page) -> None:
    """Wait until the script has run and charts stand."""
    for _ in range(3):
        page.wait_for_selector(READY, timeout=240_000)
        page.wait_for_timeout(500)


def visit(browser: Browser, address: str, axe: str, language: str, width: int) -> Iterator[str]:
    """Yield the findings of one visit."""
    height = 900 if width > 500 else 844
    locale = {"en": "en-US", "fr": "fr-FR"}[language]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(address)
    settle(page)
    shifts = page.evaluate("window.shifts")
    yield f"cls {largest_window(shifts):.3f}"
    yield from (f"  {value:.3f} {sources}" for _, value, sources in shifts if value > 0.03)
    if width < 500 and (cut := page.evaluate(CUT)):
        yield f"  cut: {cut}"
    for scheme in ("light", "dark") if axe else ():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        page.evaluate(axe)
        found = page.evaluate(AXE)
        yield f"axe {scheme} {len(found)}"
        yield from (f"  {violation}" for violation in found)
    context.close()


def main() -> None:
    """Print what each visit finds."""
    from dashboard.navigation import PAGES

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--axe", type=Path)
    parser.add_argument("--pages", default="", help="comma-separated, all unless given")
    parser.add_argument("--languages", default="en,fr")
    parser.add_argument("--widths", default="1440,390")
    args = parser.parse_args()
    axe = args.axe.read_text("utf-8") if args.axe else ""
    pages = args.pages.split(",") if args.pages else [file for group in PAGES.values() for file, *_ in group]
    widths = [int(width) for width in args.widths.split(",")]
    with chromium() as browser:
        for page, language, width in product(pages, args.languages.split(","), widths):
            path = "" if page == "overview" else page
            for line in visit(browser, f"{args.address}/{path}", axe, language, width):
                print(f"{page:20} {language} {width:5} {line}", flush=True)


if __name__ == "__main__":
    main()
