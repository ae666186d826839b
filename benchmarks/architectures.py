"""The six architectures: how well (every claim, its interval and baseline) and how fast (what a page waits for).

python benchmarks/architectures.py            both, from the shipped weights: no TensorFlow
"""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.learn import classic, cloze, many_to_one, one_to_many, reply, reversal, series, tagging
from pipeline.learn.architecture import open_saved
from pipeline.learn.architectures import ARCHITECTURES

VERSE = "J'reviens du quartier où les murs ont des oreilles\nEt ma mère attend que je revienne du sommeil"
LINES = VERSE.split("\n") * 20


def visuals() -> dict[str, tuple[Callable[[], object], Callable[[object], object]]]:
    """name -> (load, what its figure calls)."""
    return {
        "classic: surprise of a verse, 3 cells": (classic.CLASSIC.load, lambda m: classic.surprisal(m, VERSE)),
        "cloze: one hidden word": (cloze.CLOZE.load, lambda m: cloze.fill(m, VERSE, 3)),
        "tagging: a song of 40 lines": (tagging.TAGGING.load, lambda m: tagging.tag(m, LINES)),
        "many-to-one: after each word": (
            many_to_one.MANY_TO_ONE.load,
            lambda m: many_to_one.after_each_word(m, VERSE, "voice"),
        ),
        "many-to-one: evidence": (many_to_one.MANY_TO_ONE.load, lambda m: many_to_one.evidence(m, VERSE, "voice")),
        "one-to-many: three voices": (
            one_to_many.ONE_TO_MANY.load,
            lambda m: one_to_many.side_by_side(m, m.voices[:3], 1),
        ),
        "reply: heat map": (reply.REPLY.load, lambda m: reply.reply_to(m, LINES[0])),
        "reversal: heat map": (reversal.REVERSAL.load, lambda m: reversal.reverse(m, "abcdefgh")),
        "series: 200 steps": (
            series.SERIES.load,
            lambda m: series.predictions(m, series.draw(200, np.random.default_rng(0))),
        ),
    }


def milliseconds(call: Callable[[], object], repeats: int = 9) -> float:
    """Median of several calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))


def main() -> None:
    """Print both tables."""
    rows = []
    for name, (load, draw) in visuals().items():
        model = load()
        rows.append({"figure": name, "load ms": milliseconds(load, 3), "answer ms": milliseconds(lambda: draw(model))})  # noqa: B023
    print(pd.DataFrame(rows).round(1).to_string(index=False))
    with pd.option_context("display.width", 200, "display.max_columns", None):
        scores = [{"architecture": name, **row} for name in ARCHITECTURES for row in open_saved(name).scores]
        print(pd.DataFrame(scores).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
