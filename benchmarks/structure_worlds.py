"""How well structure is inferred in the worlds of the tests that have no tags, from the file to the corpus.

    python benchmarks/structure_worlds.py [SHAPES] [MEGABYTES]

Lines of the corpus are aligned with those that were written (difflib), since cleaning mends some of them. Everything
between is judged too: blank lines, double-spaced files, marks of repeats, dirt.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pandas as pd
from structure import f1, interval

from pipeline.corpus.prepare import prepare
from pipeline.corpus.table import Corpus
from pipeline.paths import ROOT


def judge(corpus: Corpus, truth: "object") -> dict[str, np.ndarray]:
    """(right, inferred, true) of each song: section borders and lines in refrains."""
    written = truth.lines[truth.lines["row"] >= 0].merge(truth.sections, on=["song", "section"])
    by_name = {(row.title, row.artist): at for at, row in truth.unique[["title", "artist"]].iterrows()}
    read = corpus.lines.join(corpus.sections["kind"], on="section")
    songs = dict(iter(read.groupby("song")))
    true_songs = dict(iter(written.groupby("song")))
    rows: dict[str, list[tuple[int, int, int]]] = {"borders": [], "refrain lines": [], "kinds of lines": []}
    for song, lines in songs.items():
        at = by_name.get(tuple(corpus.songs.loc[song, ["title", "artist"]]))
        if at is None:
            continue
        ours, theirs = _plain(lines["text"]), _plain(true_songs[at]["text"])
        pairs = _aligned(ours, theirs)
        ours_first, theirs_first = _first_lines(lines["section"]), _first_lines(true_songs[at]["section"])
        inferred, true = (frame["kind"].astype(str).to_numpy() for frame in (lines, true_songs[at]))
        right = sum(b in theirs_first and a in ours_first for a, b in pairs.items())
        rows["borders"].append((right, len(ours_first), len(theirs_first)))
        sung = sum(inferred[a] == "refrain" == true[b] for a, b in pairs.items())
        rows["refrain lines"].append((sung, int((inferred == "refrain").sum()), int((true == "refrain").sum())))
        same = sum(inferred[a] == true[b] for a, b in pairs.items())
        rows["kinds of lines"].append((same, len(ours), len(theirs)))
    return {name: np.array(counts) for name, counts in rows.items()}


def _plain(texts: "pd.Series[str]") -> list[str]:
    return ["".join(c for c in text.lower() if c.isalnum()) for text in texts]


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Our line -> theirs, for lines that are the same, or stand alone between such."""
    pairs: dict[int, int] = {}
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            pairs |= dict(zip(range(a, b), range(c, d), strict=True))
    return pairs


def _first_lines(sections: "pd.Series[int]") -> set[int]:
    numbers = sections.to_numpy()
    return set((np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist())


def main(shapes: str = "MLR", megabytes: float = 2) -> None:
    """Judge each shape."""
    sys.path.insert(0, str(ROOT))
    from tests.worlds import make_world

    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SEIZE_PREPARED"] = f"{folder}/prepared"
            truth = make_world(shape, Path(folder), megabytes=megabytes, seed=77)
            corpus, _ = prepare(truth.source, "world")
            print(f"world {shape} ({len(corpus.songs)} songs, {len(corpus.sections)} sections)")
            for name, counts in judge(corpus, truth).items():
                right, inferred, true = counts.sum(axis=0)
                low, high = interval(counts)
                print(
                    f"  {name:16} F1 {f1(counts):.3f} [{low:.3f}, {high:.3f}]  "
                    f"precision {right / max(inferred, 1):.3f}  recall {right / max(true, 1):.3f}  n = {len(counts)}"
                )


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((str, float), sys.argv[1:], strict=False)))
