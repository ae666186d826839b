"""How long a visitor waits for pages: on the embedded corpus, on corpora of real shapes, on all French rap.

    python benchmarks/pages.py visits [--view verses] [--visits N]
    python benchmarks/pages.py first [--tokens 12500000] [--only lexicon] [--prepared FOLDER]
    python benchmarks/pages.py tour NAME … [--prepared FOLDER] [--only structure]

visits: in a real Chromium, milliseconds: heading and first chart of a cold first visit (server just started, new
browser profile) and of a second one, the median of filter changes (click to new numbers), and the start of the server.
Times run from the start of the navigation to the first frame that shows the element, both on the clock of the page: a
driver that asks from outside hears of the heading only once the half second is over in which Chromium evaluates the
Plotly that Streamlit ships. Targets: heading 4,000 and 1,000, chart 7,000 and 1,500, filter 300, server 3,000. Measured
at a load of 4.4 on 2 cores, the Overview: heading 1,738 and 637, chart 3,190 and 1,912, filter 78, server 879; of the
second chart, 600 go to evaluating Plotly in the browser and 100 to the server. On a quiet machine the second chart has
still to be measured.

first: what a first visitor waits for on the server, without what the browser draws. The corpus is that of
`analysis.py`, of 445 artists, 1.25 million lines and 12.5 million words, prepared in FOLDER (kept for the next time) or
a temporary one. One process opens it, then each page through AppTest, with all remembered answers forgotten before.
Target: 1 s.

Measured on 2 quiet cores (load 1.3) with one compute thread each (OMP_NUM_THREADS=1, as script/server sets it; without
it, threads that wait for each other are most of what is measured), pages one after another as they stand, seconds of
the clock: opening 0.69, Overview 0.21, Lexicon 0.40, Words per verse 0.32, Diversity 0.78, Structure 0.65, Sound 0.77,
Compare 0.39, Concordance 0.54, Phrases 0.93, Timeline 0.50, Map 0.36, Song 0.24, Methods 0.11 (0.6 in a new process).
Before `prepare` stored the answers of `analysis/precomputed.py`, at a load of 3: Lexicon 1.4, Sound 1.1, Phrases 2.6,
Map 1.4.

tour: A tab that has the corpus open goes from page to page by the menu. Of each first view: seconds from the click to
the first figure (table, list or verse), seconds until the script has run and nothing moves, the longest task of the
browser in milliseconds, nodes of the page, and the tallest figure in pixels. Wanted: 1.5 s, 3 s, 200 ms, two screens.

Corpora: `prepare` of worlds (tests/worlds), and the shapes of tests/dashboard/real_shapes.py, which are built when they
are asked for by name (long-song, many-artists, many-songs) and missing.

Measured on two quiet cores (load 1.9): seconds to the first figure, seconds in all, longest task in ms. k: world K of
18 MB, 5,099 songs, 2.6 million words, 400 artists; f: world F of 14 MB, 2.5 million. Missed: * first figure or all, t
the longest task.

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

World F of 55 MB, 18,883 songs, 9.8 million words, on a host that takes a fifth longer than the one above: Overview 0.97
1.14, Words per verse 0.49 1.05, Diversity 0.37 0.55, Structure 0.71 1.79, Sound 1.12 2.60, Compare 1.42 1.59,
Concordance 0.26 0.44, Phrases 0.55 0.74, Lexical worlds 9.45* (a bar moves), Tone 0.46 0.64, Shared words 0.43 0.65,
Timeline 0.19 0.36, Map 0.93 1.11, Artist 1.44 1.61, Song 0.89 1.09; a task of 325 ms on Song, the others at most 121.
The server and what it started held 605 MB at the beginning, 1,139 after Lexical worlds, 1,170 at the end.

Long songs at a load of 9 to 18, one of 30,000 lines: Structure 1.08 1.24 396, Sound 3.63 3.79 236, Song 1.98 2.26 1460.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import BrowserContext, Page, sync_playwright

from pipeline.core.paths import ROOT
from pipeline.corpus.table import Corpus

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
        for kind in ("chorus", "verse"):
            found.append(page.evaluate(FILTER, kind))
            idle(page)
    return found


def measure_visits(given: argparse.Namespace) -> None:
    """The first visit of a new server, second ones, changes of the filter."""
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
            for name, times in (("heading", [one[0] for one in again]), ("chart", [one[1] for one in again])):
                print(f"second visit, {name:11} {statistics.median(times):8,.0f} ms")
            changes = filter_changes(again[-1][2], 5)
            print(f"filter change, median     {statistics.median(changes):8,.0f} ms of {len(changes)}")
            context.close()
    print(f"load of the machine       {os.getloadavg()[0]:8.1f} on {os.cpu_count()} cores")


NAME = "big"


def store_quick_answers(corpus: "Corpus") -> None:
    """Precompute what `prepare` does, but for the phonetic tables, which the Sound page makes at its first visit."""
    from pipeline.analysis.methods import PRECOMPUTED_RESULTS

    for entry in PRECOMPUTED_RESULTS:
        if not entry.resources:
            entry.store(entry.subcorpus(corpus), **entry.arguments(corpus))


def build(tokens: int) -> None:
    """Prepare the corpus unless it is there."""
    from analysis import recombined

    from pipeline.corpus.prepare import ensure_demo
    from pipeline.corpus.store import list_corpora, load_corpus, load_precomputed
    from pipeline.language.phones import transcribe_tokens
    from tests.corpora import save_corpus

    demo = ensure_demo()
    if NAME in list_corpora():
        if load_precomputed(NAME, "firsts") is None:  # as `prepare` does
            store_quick_answers(load_corpus(NAME))
        return
    corpus = replace(recombined(demo, tokens, np.random.default_rng(16)), name=NAME)
    originals = corpus.texts.groupby(corpus.lines["song"]).agg("\n".join).tolist()
    save_corpus(corpus, originals=originals, pronunciations=transcribe_tokens(corpus.vocabulary.index2word[4:]))
    store_quick_answers(corpus)


def opened(view: str) -> tuple[float, float, list[str]]:
    """Seconds of the clock and of the processor that a first view takes, and what went wrong in it."""
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from tests.dashboard.pages import go

    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=3600)
    app.query_params["corpus"] = NAME
    go(app, view)
    st.cache_data.clear()
    wall, busy = time.perf_counter(), time.process_time()
    app.run()
    return time.perf_counter() - wall, time.process_time() - busy, [error.value for error in app.exception]


def measure_first_views(given: argparse.Namespace) -> None:
    """First views on the server alone, of a corpus of the size of all French rap."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SEIZE_PREPARED"] = str(given.prepared or folder)
        build(given.tokens)
        from dashboard.navigation import PLACES, shows_corpus_filters

        views = [*filter(shows_corpus_filters, PLACES), "methods"]
        from dashboard import cache

        start = time.perf_counter(), time.process_time()
        cache.open_corpus(NAME)
        wall, busy = time.perf_counter() - start[0], time.process_time() - start[1]
        print(f"{'opening the corpus':20}{wall:8.2f} s {busy:8.2f} s of processor")
        opened("overview")  # imports
        for view in views:
            if given.only in view:
                wall, busy, errors = opened(view)
                print(f"{view:20}{wall:8.2f} s {busy:8.2f} s of processor {' '.join(errors)}", flush=True)


FIRST, WHOLE, TASK, TALLEST = 1.5, 3.0, 200, 1800  # seconds, seconds, milliseconds, pixels
# What a page shows first: a figure, a table, a list of lines, or findings.
FIGURE = (
    ".js-plotly-plot .main-svg, [data-testid=stDataFrame] canvas, .lines li, .kwic li, .verse li, .findings, .empty"
)
OBSERVE = """window.tasks = []; new PerformanceObserver(list => list.getEntries().forEach(task =>
  window.tasks.push(task.duration))).observe({type: 'longtask', buffered: true})"""
MEASURE = """() => ({task: Math.max(0, ...window.tasks), nodes: document.querySelectorAll('*').length,
  tallest: Math.max(0, ...[...document.querySelectorAll('[class*="st-key-click-"], .stPlotlyChart')]
    .map(box => box.getBoundingClientRect().height))})"""


def follow_menu(page: Any, title: str) -> dict[str, float]:
    """Go to a page by the menu and return what was measured."""
    from tests.dashboard.browser import idle

    page.get_by_test_id("stTopNavSection").filter(has_text="Discover").click()
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


def measure_tour(given: argparse.Namespace) -> None:
    """A tour of the Explore pages by the menu."""
    if given.prepared:
        os.environ["SEIZE_PREPARED"] = str(given.prepared.resolve())
    from visitors import memory

    from dashboard.site_map import DISCOVER
    from pipeline.corpus.store import list_corpora
    from tests.dashboard.browser import chromium, server
    from tests.dashboard.real_shapes import SHAPES, save_shape

    for name in set(given.names) & set(SHAPES) - set(list_corpora()):
        save_shape(name)
    titles = [page.title for page in DISCOVER.pages if given.only in page.file]
    print(f"load {os.getloadavg()[0]:.1f}\n{'':32}first s  whole s  task ms    nodes  tallest px  server MB")
    with server({**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}) as url, chromium() as browser:
        for name in given.names:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            open_corpus(page, f"{url}/words?corpus={name}")
            for title in titles:
                if title == "Words":
                    continue  # it opened the corpus
                found = follow_menu(page, title)
                limits = {"first": FIRST, "whole": WHOLE, "task": TASK, "tallest": TALLEST}
                missed = ", ".join(what for what, most in limits.items() if found[what] > most)
                held = sum(memory().values())
                print(
                    f"{name:16}{title:16}{found['first']:7.2f}  {found['whole']:7.2f}  {found['task']:7.0f}  "
                    f"{found['nodes']:7.0f}  {found['tallest']:10.0f}  {held:9.0f}  {missed and 'missed: ' + missed}",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["visits", "first", "tour"])
    parser.add_argument("names", nargs="*", metavar="NAME", help="of tour: prepared corpora")
    parser.add_argument("--visits", type=int, default=3, help="of visits: second ones to take the median of")
    parser.add_argument("--view", default="", help="of visits: the page to open; the Overview unless given")
    parser.add_argument("--tokens", type=int, default=12_500_000, help="of first")
    parser.add_argument("--only", default="", help="of first and tour: only the page of this name")
    parser.add_argument("--prepared", type=Path, help="of first and tour: where corpora are, or will be kept")
    given = parser.parse_args()
    {"visits": measure_visits, "first": measure_first_views, "tour": measure_tour}[given.what](given)


if __name__ == "__main__":
    main()
