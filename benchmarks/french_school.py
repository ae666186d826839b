"""How long Reinert's classification of 115,000 sections takes, and shared words of 10 million, with peak memory.

    python benchmarks/french_school.py reinert [--lines 1150000] [--words 0]        wanted: 3 minutes, 2 GB
    python benchmarks/french_school.py reuse [--tokens 10000000]                    wanted: 60 s

The corpus recombines lines of the embedded one (`analysis.py`). One process each, so that the peak is its own.

Measured on two quiet cores: 114,480 segments in 20 classes 55.6 s of the clock, 79.9 of processor, 1.23 GB; shared
words of 10,003,065 6.0 s, 0.68 GB. Earlier, 21,545 segments of 40 words (`--lines 115000 --words 40`) 3.6 s of
processor, 0.32 GB.
"""

import argparse
import resource
import time

import numpy as np

from pipeline.analysis.comparison.reuse import shared_runs
from pipeline.analysis.worlds.lexical_worlds import find_worlds
from pipeline.corpus.prepare import ensure_demo


def main() -> None:
    """Measure one of the two."""
    from analysis import recombined

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["reinert", "reuse"])
    parser.add_argument("--lines", type=int, default=1_150_000)
    parser.add_argument("--words", type=int, default=0, help="of a segment; 0: each section is one")
    parser.add_argument("--classes", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=10_000_000)
    given = parser.parse_args()
    demo = ensure_demo()
    tokens = given.tokens if given.what == "reuse" else int(given.lines * len(demo.tokens) / len(demo.lines))
    corpus = recombined(demo, tokens, np.random.default_rng(16))
    wall, busy = time.perf_counter(), time.process_time()
    if given.what == "reinert":
        found = find_worlds(corpus, given.classes, words=given.words)
        result = f"{len(found.labels):,} segments in {found.count} classes"
    else:
        result = f"{len(shared_runs(corpus)):,} shared runs"
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(corpus.lines):,} lines, {len(corpus.tokens):,} words: {result}")
    print(f"{wall:.1f} s of the clock, {busy:.1f} s of processor, {peak:.2f} GB at the most")


if __name__ == "__main__":
    main()
