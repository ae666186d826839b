"""How long each Explore page takes in Chromium on corpora of the shapes of real collections.

    python benchmarks/real_pages.py NAME … [--prepared FOLDER] [--only structure]

A tab that has the corpus open goes from page to page by the menu. Of each first view: seconds from the click to the
first figure (table, list or verse), seconds until the script has run and nothing moves, the longest task of the browser
in milliseconds, nodes of the page, and the tallest figure in pixels. Wanted: 1.5 s, 3 s, 200 ms, two screens.

Corpora: `prepare` of worlds (tests/worlds), and the shapes of tests/dashboard/real_shapes.py, which are built when
they are asked for by name (long-song, many-artists, many-songs) and missing.

Measured on two quiet cores (load 1.9): seconds to the first figure, seconds in all, longest task in ms. k: world K of
18 MB, 5,099 songs, 2.6 million words, 400 artists; f: world F of 14 MB, 2.5 million. Missed: * first figure or all,
t the longest task.

    Overview    k 0.98 1.30 296 t   f 0.35 0.52  69
    Verses      k 0.62 0.79 128     f 0.67 0.86 162
    Diversity   k 1.04 1.21 119     f 0.59 0.76 124
    Structure   k 1.08 1.35 313 t   f 1.06 1.30 241 t
    Sound       k 0.93 1.99 159     f 0.69 1.96 168
    Compare     k 1.03 1.20 125     f 1.37 1.55 265 t
    Concordance k 0.30 0.46  52     f 0.28 0.46   0
    Phrases     k 0.52 0.78 102     f 0.69 0.86 179
    Worlds      k 3.37 3.53 145 *   f 4.26 4.43 219 *t   a bar moves meanwhile
    Tone        k 1.16 1.33 119     f 1.02 1.19 112
    Shared      k 1.45 1.71   0     f 4.04 4.49  72 *    it says that it looks
    Timeline    k 0.58 0.76 175     f 0.20 0.36   0
    Map         k 1.56 1.75 363 *t  f 0.75 0.92  68
    Artist      k 0.89 1.05   0     f 0.94 1.11   0
    Song        k 0.91 1.07 414 t   f 0.91 1.08 407 t

World F of 55 MB, 18,883 songs, 9.8 million words, on a host that takes a fifth longer than the one above: Overview
0.97 1.14, Words per verse 0.49 1.05, Diversity 0.37 0.55, Structure 0.71 1.79, Sound 1.12 2.60, Compare 1.42 1.59,
Concordance 0.26 0.44, Phrases 0.55 0.74, Lexical worlds 9.45* (a bar moves), Tone 0.46 0.64, Shared words 0.43 0.65,
Timeline 0.19 0.36, Map 0.93 1.11, Artist 1.44 1.61, Song 0.89 1.09; a task of 325 ms on Song, the others at most 121.
The server and what it started held 605 MB at the beginning, 1,139 after Lexical worlds, 1,170 at the end.

Long songs at a load of 9 to 18, one of 30,000 lines: Structure 1.08 1.24 396, Sound 3.63 3.79 236, Song 1.98 2.26 1460.
"""

import argparse
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FIRST, WHOLE, TASK, TALLEST = 1.5, 3.0, 200, 1800  # seconds, seconds, milliseconds, pixels
# What a page shows first: a figure, a table, or a list of lines.
FIGURE = ".js-plotly-plot .main-svg, [data-testid=stDataFrame] canvas, .lines li, .kwic li, .verse li, .empty"
OBSERVE = """window.tasks = []; new PerformanceObserver(list => list.getEntries().forEach(task =>
  window.tasks.push(task.duration))).observe({type: 'longtask', buffered: true})"""
MEASURE = """() => ({task: Math.max(0, ...window.tasks), nodes: document.querySelectorAll('*').length,
  tallest: Math.max(0, ...[...document.querySelectorAll('[class*="st-key-click-"], .stPlotlyChart')]
    .map(box => box.getBoundingClientRect().height))})"""


def measure(page: Any, title: str) -> dict[str, float]:
    """Go to a page by the menu and return what was measured."""
    from tests.dashboard.browser import idle

    page.get_by_test_id("stTopNavSection").filter(has_text="Explore").click()
    link = page.locator("[data-testid=stTopNavDropdownLink]").filter(has_text=re.compile(f"[a-z]{title}$")).first
    link.wait_for(timeout=60_000)
    page.evaluate(f"document.querySelectorAll({FIGURE!r}).forEach(old => old.setAttribute('data-old', ''))")
    page.evaluate("window.tasks = []")
    start = time.perf_counter()
    link.click()
    page.wait_for_selector(f".stMain :is({FIGURE}):not([data-old])", state="attached", timeout=60_000)
    first = time.perf_counter() - start
    idle(page)
    whole = time.perf_counter() - start
    page.wait_for_timeout(500)  # tasks that end after the script
    return {"first": first, "whole": whole, **page.evaluate(MEASURE)}


def open_corpus(page: Any, address: str) -> None:
    """Open a page that draws a figure, so that corpus and scripts are loaded."""
    from tests.dashboard.browser import idle

    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="commit")
    page.wait_for_selector(f".stMain :is({FIGURE})", timeout=60_000)
    idle(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--prepared", type=Path, help="the folder of prepared corpora")
    parser.add_argument("--only", default="", help="only the page of this name")
    given = parser.parse_args()
    if given.prepared:
        os.environ["SEIZE_PREPARED"] = str(given.prepared.resolve())
    from upload import memory

    from dashboard.navigation import PAGES
    from pipeline.corpus.store import list_corpora
    from tests.dashboard.browser import chromium, server
    from tests.dashboard.real_shapes import SHAPES, save_shape

    for name in set(given.names) & set(SHAPES) - set(list_corpora()):
        save_shape(name)
    titles = [title for view, title, *_ in PAGES["Explore"] if given.only in view]
    print(f"load {os.getloadavg()[0]:.1f}\n{'':32}first s  whole s  task ms    nodes  tallest px  server MB")
    with server({**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}) as url, chromium() as browser:
        for name in given.names:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_corpus(page, f"{url}/lexicon?corpus={name}")
            for title in titles:
                if title in ("Lexicon", "Export"):
                    continue  # the one opened the corpus, the other draws nothing
                found = measure(page, title)
                limits = {"first": FIRST, "whole": WHOLE, "task": TASK, "tallest": TALLEST}
                missed = ", ".join(what for what, most in limits.items() if found[what] > most)
                held = sum(memory().values())
                print(
                    f"{name:16}{title:16}{found['first']:7.2f}  {found['whole']:7.2f}  {found['task']:7.0f}  "
                    f"{found['nodes']:7.0f}  {found['tallest']:10.0f}  {held:9.0f}  {missed and 'missed: ' + missed}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
