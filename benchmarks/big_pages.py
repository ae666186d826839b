"""How long a first view of each Explore page takes on a corpus of the size of all French rap.

    python benchmarks/big_pages.py [--tokens 12500000] [--only lexicon] [--prepared FOLDER]

The corpus is that of `analysis.py`, of 445 artists, 1.25 million lines and 12.5 million words, prepared in FOLDER (kept
for the next time) or a temporary one. One process opens it, then each page through AppTest, with all remembered answers
forgotten before: what a first visitor waits for on the server, without what the browser draws. Target: 1 s.

Measured on 2 quiet cores (load 1.3) with one compute thread each (OMP_NUM_THREADS=1, as script/server sets it;
without it, threads that wait for each other are most of what is measured), pages one after another as they stand,
seconds of the clock: opening 0.69, Overview 0.21, Lexicon 0.40, Words per verse 0.32, Diversity 0.78, Structure 0.65,
Sound 0.77, Compare 0.39, Concordance 0.54, Phrases 0.93, Timeline 0.50, Map 0.36, Song 0.24, Methods 0.11 (0.6 in a
new process). Before `prepare` stored the answers of `analysis/precomputed.py`, at a load of 3: Lexicon 1.4, Sound
1.1, Phrases 2.6, Map 1.4.
"""

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.corpus.table import Corpus

ROOT = Path(__file__).resolve().parents[1]
NAME = "big"


def store_quick_answers(corpus: "Corpus") -> None:
    """Precompute what `prepare` does, but for the phonetic tables, which the Sound page makes at its first visit."""
    from pipeline.analysis.precomputed import PRECOMPUTED

    for entry in PRECOMPUTED:
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

    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=3600)
    app.query_params["corpus"] = NAME
    app.switch_page(f"views/{view}.py")
    st.cache_data.clear()
    wall, busy = time.perf_counter(), time.process_time()
    app.run()
    return time.perf_counter() - wall, time.process_time() - busy, [error.value for error in app.exception]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=12_500_000)
    parser.add_argument("--only", default="", help="only the page of this name")
    parser.add_argument("--prepared", type=Path, help="where the corpus is, or will be kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SEIZE_PREPARED"] = str(given.prepared or folder)
        build(given.tokens)
        from dashboard.navigation import PAGES

        views = [view for view, *_ in PAGES["Explore"]] + ["methods"]
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


if __name__ == "__main__":
    main()
