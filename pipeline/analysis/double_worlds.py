"""Lexical worlds that do not hang on how the text was cut: a double classification, and how stable each k is."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Ints
from pipeline.analysis.double_classification import cross
from pipeline.analysis.lexical_worlds import CLASSES, WORDS, Worlds, find_worlds, smallest_class, stability
from pipeline.analysis.reinert import UNCLASSIFIED, OnSplit, Tree
from pipeline.corpus.table import Corpus, Layer


def find_double_worlds(
    corpus: Corpus,
    k: int = CLASSES,
    *,
    words: int = WORDS,
    lemmas: bool = True,
    layer: Layer = "lyrics",
    on_split: OnSplit = lambda done, of: None,
) -> Worlds:
    """Classify the text twice, in segments of `words` words and in longer ones, and keep what both have in common.

    Segments of the first cut with a class each; `UNCLASSIFIED` where half of its lines or more are in none, or in
    others. Raise SettingError as `find_worlds`.
    """
    first = find_worlds(
        corpus, k, words=words, lemmas=lemmas, layer=layer, on_split=lambda done, of: on_split(done, 2 * of)
    )
    second = find_worlds(
        corpus,
        k,
        words=longer(words),
        lemmas=lemmas,
        layer=layer,
        on_split=lambda done, of: on_split(of + done, 2 * of),
    )
    smallest = smallest_class(len(first.segment_of), k)
    of_lines = cross(_tree(first), _tree(second), first.segment_of, second.segment_of, k, smallest)
    return replace(first, labels=labels_of_segments(of_lines, first.segment_of), tree=None)


def longer(words: int) -> int:
    """Return the length of segments of the second cut: half as much again; of sections, the usual one."""
    return words * 3 // 2 or WORDS


def labels_of_segments(of_lines: Ints, segment_of: Ints) -> Ints:
    """Return int[segments]: the class that more than half of a segment's lines are in, else `UNCLASSIFIED`.

    >>> labels_of_segments(np.array([0, 0, 1, 1, -1]), np.array([0, 0, 0, 1, 1])).tolist()
    [0, -1]
    """
    segments, classes = int(segment_of.max(initial=-1)) + 1, int(of_lines.max(initial=-1)) + 1
    counts = np.zeros((segments, max(classes, 1)), int)
    known = (segment_of >= 0) & (of_lines >= 0)
    np.add.at(counts, (segment_of[known], of_lines[known]), 1)
    lines = np.bincount(segment_of[segment_of >= 0], minlength=segments)
    return np.where(2 * counts.max(axis=1) > lines, counts.argmax(axis=1), UNCLASSIFIED)


def stability_over_k(first: Worlds, second: Worlds) -> pd.DataFrame:
    """Return how far two classifications of the same lines, cut into segments otherwise, agree: k, stability.

    From 2 to the classes that both have; the adjusted Rand index of lines, 1 for the same classes, 0 as by chance.
    """
    most = min(first.count, second.count)
    rows = [(k, stability(_of_lines(first.at(k)), _of_lines(second.at(k)))) for k in range(2, most + 1)]
    return pd.DataFrame(rows, columns=["k", "stability"])


def _of_lines(worlds: Worlds) -> Ints:
    return np.where(worlds.segment_of >= 0, worlds.labels[worlds.segment_of], UNCLASSIFIED)


def _tree(worlds: Worlds) -> Tree:
    assert worlds.tree is not None
    return worlds.tree
