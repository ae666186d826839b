"""Two descending classifications of the same text, crossed (Reinert 1990): classes that do not hang on how it was cut.

Text is classified twice, with segments of different lengths. Every class of the one is crossed with every class of the
other, at any level of the trees; a crossing that holds more lines than chance would have it do is a candidate, and the
set of k candidates without a line in common that holds the most lines is kept. Lines in none of them are unclassified.
"""

from collections.abc import Collection
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from pipeline.analysis.counting import Ints
from pipeline.analysis.worlds.lexical_worlds import (
    DEFAULT_CLASS_COUNT,
    MIN_CLASS_SIZE_RULE,
    MIN_SEGMENT_WORDS,
    Worlds,
    find_worlds,
)
from pipeline.analysis.worlds.reinert import UNCLASSIFIED, OnSplit, Tree
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer

MAX_P_VALUE = 0.001  # chance of a crossing as large
MAX_CROSSINGS = 60  # crossings looked at, the most associated first
_BEAM_WIDTH = 2000  # sets of disjoint crossings held at a time

LineMasks = npt.NDArray[np.bool_]


def cross_classes(
    first: Tree, second: Tree, first_segments: Ints, second_segments: Ints, k: int, smallest: int
) -> Ints:
    """int[lines]: the class of each line, 0 to k - 1, the largest first; `UNCLASSIFIED` outside all of them.

    `first_segments` and `second_segments` give the segment of each line in the two trees, -1 for none. At most k
    classes, none with fewer than `smallest` lines; fewer where no more crossings are surely no chance.
    """
    classified = (first_segments >= 0) & (second_segments >= 0)
    one, other = (
        _class_line_masks(first, first_segments, classified),
        _class_line_masks(second, second_segments, classified),
    )
    crossings, scores = _crossings(one, other, int(classified.sum()), smallest)
    best = _best_partition(crossings, scores, k)
    labels = np.full(len(first_segments), UNCLASSIFIED)
    for number, lines in enumerate(sorted(best, key=lambda lines: -int(lines.sum()))):
        labels[np.flatnonzero(classified)[lines]] = number
    return labels


def _class_line_masks(tree: Tree, segment_of: Ints, classified: npt.NDArray[np.bool_]) -> LineMasks:
    """bool[classes, lines]: the lines of each class of a tree but the whole."""
    own = segment_of[classified]
    sets = np.zeros((len(tree.members) - 1, len(own)), bool)
    for row, members in zip(sets, tree.members[1:], strict=True):
        member = np.zeros(tree.segments, bool)
        member[members] = True
        row[:] = member[own]
    return sets


def _crossings(one: LineMasks, other: LineMasks, n: int, smallest: int) -> tuple[LineMasks, npt.NDArray[np.float64]]:
    """The crossings that are surely no chance, the most associated first, and their chi-squared."""
    a = one.astype(np.float32) @ other.T.astype(np.float32)
    rows, columns = one.sum(axis=1)[:, None].astype(float), other.sum(axis=1)[None].astype(float)
    gap = a * n - rows * columns
    below = rows * (n - rows) * columns * (n - columns)
    chi_squared = np.divide(n * gap**2, below, out=np.zeros_like(gap), where=below > 0)
    sure = (gap > 0) & (a >= smallest) & (chdtrc(1, chi_squared) < MAX_P_VALUE)
    at, to = np.nonzero(sure)
    order = np.argsort(-chi_squared[at, to], kind="stable")[:MAX_CROSSINGS]
    sets = one[at[order]] & other[to[order]]
    distinct = sorted(np.unique(sets, axis=0, return_index=True)[1].tolist()) if len(sets) else []
    return sets[distinct], chi_squared[at[order], to[order]][distinct]


def _best_partition(sets: LineMasks, scores: npt.NDArray[np.float64], k: int) -> list[npt.NDArray[np.bool_]]:
    """The largest family of at most k disjoint sets that holds the most lines, of equals the most associated."""
    sizes = sets.sum(axis=1)
    disjoint = (sets.astype(np.float32) @ sets.T.astype(np.float32)) == 0
    families: list[tuple[int, ...]] = [(i,) for i in range(len(sets))]
    best: tuple[int, ...] = ()
    while families:
        families.sort(key=lambda family: (-sizes[list(family)].sum(), -scores[list(family)].sum()))
        best = families[0]
        if len(best) == k:
            break
        families = [
            (*family, i)
            for family in families[:_BEAM_WIDTH]
            for i in range(family[-1] + 1, len(sets))
            if disjoint[list(family), i].all()
        ]
    return [sets[i] for i in best]


def find_double_worlds(
    corpus: Corpus,
    k: int = DEFAULT_CLASS_COUNT,
    *,
    words: int = MIN_SEGMENT_WORDS,
    lemmas: bool = True,
    layer: Layer = "lyrics",
    least_size: int | str = MIN_CLASS_SIZE_RULE,
    languages: Collection[str] = DEFAULT_LANGUAGES,
    on_split: OnSplit = lambda done, of: None,
) -> Worlds:
    """Classify the text twice, in segments of `words` words and in longer ones, and keep what both have in common.

    Segments of the first cut with a class each; `UNCLASSIFIED` where half of its lines or more are in none, or in
    others. A class that both have in common has at least as many lines as `least_size` segments have on average.
    Raise SettingError as `find_worlds`.
    """
    find = partial(find_worlds, corpus, k, lemmas=lemmas, layer=layer, least_size=least_size, languages=languages)
    first = find(words=words, on_split=lambda done, of: on_split(done, 2 * of))
    second = find(words=second_segment_words(words), on_split=lambda done, of: on_split(of + done, 2 * of))
    smallest = first.least_size * len(first.segment_of) // len(first.labels)
    of_lines = cross_classes(
        _require_tree(first), _require_tree(second), first.segment_of, second.segment_of, k, smallest
    )
    return replace(first, labels=labels_of_segments(of_lines, first.segment_of), tree=None)


def second_segment_words(words: int) -> int:
    """Return the length of segments of the second cut: half as much again; of sections, the usual one."""
    return words * 3 // 2 or MIN_SEGMENT_WORDS


def labels_of_segments(of_lines: Ints, segment_of: Ints) -> Ints:
    """Return int[segments]: the class that more than half of a segment's lines are in, else `UNCLASSIFIED`.

    >>> labels_of_segments(np.array([0, 0, 1, 1, -1]), np.array([0, 0, 0, 1, 1])).tolist()
    [0, -1]
    """
    segments, classes = int(segment_of.max(initial=-1)) + 1, int(of_lines.max(initial=-1)) + 1
    counts = np.zeros((segments, max(classes, 1)), int)
    classified = (segment_of >= 0) & (of_lines >= 0)
    np.add.at(counts, (segment_of[classified], of_lines[classified]), 1)
    lines = np.bincount(segment_of[segment_of >= 0], minlength=segments)
    return np.where(2 * counts.max(axis=1) > lines, counts.argmax(axis=1), UNCLASSIFIED)


def _require_tree(worlds: Worlds) -> Tree:
    assert worlds.tree is not None
    return worlds.tree
