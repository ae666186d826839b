"""Figures that compare classifications of the same segments, whatever the method: those of the JADT 2026 study of rap.

χ²/n and Cramér's V are `Worlds.separation`; here are the separation by Labbé's distance, and how far two agree.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.comparison.similarity import labbe
from pipeline.analysis.counting import Floats
from pipeline.analysis.worlds.lexical_worlds import Worlds
from pipeline.analysis.worlds.reinert import UNCLASSIFIED

SEGMENTS_PER_TEXT = 72  # of a text, as in the study
MIN_STABLE_ARI = 0.5  # adjusted Rand index from which a number of classes is proposed
_MAX_TEXTS_PER_CLASS = 8  # of a class at the most


Labels = npt.NDArray[np.signedinteger[Any]]


def adjusted_rand_index(first: Labels, second: Labels) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985) of two labellings: 1 the same, 0 as by chance.

    What either leaves `UNCLASSIFIED` is excluded.
    """
    both = (first != UNCLASSIFIED) & (second != UNCLASSIFIED)
    table = np.zeros((int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1))
    np.add.at(table, (first[both], second[both]), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(np.array([table.sum()])), 1)
    return (together - expected) / ((rows + columns) / 2 - expected) if rows + columns > 2 * expected else 1.0


def agreement_by_k(first: Worlds, second: Worlds) -> pd.DataFrame:
    """Return how far two classifications of the same lines, cut into segments otherwise, agree: k, adjusted_rand.

    From 2 to the classes that both have; the adjusted Rand index of lines, 1 for the same classes, 0 as by chance.
    """
    most = min(first.count, second.count)
    rows = [(k, adjusted_rand_index(_line_labels(first.at(k)), _line_labels(second.at(k)))) for k in range(2, most + 1)]
    return pd.DataFrame(rows, columns=["k", "adjusted_rand"])


def propose_k(agreement: pd.DataFrame) -> int | None:
    """Return the number of classes that the table of `agreement_by_k` speaks for, None where none is stable.

    The largest at which agreement is `MIN_STABLE_ARI` or more and higher than with one class fewer and one more;
    without such a peak, the best from three classes up. Two of a kind say little: what is cut first is always cut most
    surely.
    """
    by_k = agreement.set_index("k")["adjusted_rand"]
    own = by_k[(by_k.index >= min(3, by_k.index.max())) & (by_k >= MIN_STABLE_ARI)] if len(by_k) else by_k
    if own.empty:
        return None
    peaks = [k for k in own.index if by_k.get(k - 1, 1.0) < own[k] > by_k.get(k + 1, 0.0)]
    return int(max(peaks) if peaks else own.idxmax())


def _line_labels(worlds: Worlds) -> Labels:
    return np.where(worlds.segment_of >= 0, worlds.labels[worlds.segment_of], UNCLASSIFIED)


def labbe_separation(worlds: Worlds, segments: int = SEGMENTS_PER_TEXT, seed: int = 16) -> float:
    """Return the mean Labbé distance of texts of different classes over that of texts of the same class.

    Each class is dealt into texts of so many segments, at random by `seed`. 1: the classes are no further apart than
    their own texts; nan where no two classes, or no class, have two texts.
    """
    segments = max(segments, 1)
    rng, texts, classes = np.random.default_rng(seed), [], []
    counts = _segment_counts(worlds)
    for name in range(worlds.count):
        own = rng.permutation(np.flatnonzero(worlds.labels == name))
        for part in range(min(len(own) // segments, _MAX_TEXTS_PER_CLASS)):
            texts.append(sparse.csr_matrix(counts[own[part * segments : (part + 1) * segments]].sum(axis=0)))
            classes.append(name)
    label = np.array(classes)
    same = label[:, None] == label
    alike = same & ~np.eye(len(label), dtype=bool)
    if not len(label) or not alike.any() or same.all():
        return float("nan")
    distances = labbe(sparse.vstack(texts).tocsr())
    return float(distances[~same].mean() / distances[alike].mean())


def _segment_counts(worlds: Worlds) -> sparse.csr_matrix:
    """Return int[segments, vocabulary]: how often each word occurs in each segment."""
    ids, rows = worlds.corpus.token_table()
    segment = worlds.segment_of[rows]
    inside = segment >= 0
    shape = (len(worlds.labels), len(worlds.corpus.vocabulary))
    return sparse.csr_matrix((np.ones(int(inside.sum())), (segment[inside], ids[inside])), shape)


def mutual_information(one: Worlds, other: Worlds) -> float:
    """Return the normalised mutual information (NMI) of two classifications of the same segments, 0 to 1.

    Segments that either leaves unclassified are excluded.
    """
    from sklearn.metrics import normalized_mutual_info_score  # here: scikit-learn takes a second to import

    both = (one.labels >= 0) & (other.labels >= 0)
    return float(normalized_mutual_info_score(one.labels[both], other.labels[both]))
