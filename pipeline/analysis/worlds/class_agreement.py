"""How stable lexical worlds are: whether the same text, cut into longer segments, falls into the same classes."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Floats
from pipeline.analysis.worlds.lexical_worlds import MIN_SEGMENT_WORDS, Worlds
from pipeline.analysis.worlds.reinert import UNCLASSIFIED

MIN_STABLE_ARI = 0.5  # adjusted Rand index from which a number of classes is proposed

Labels = npt.NDArray[np.signedinteger[Any]]


def longer_segment_words(words: int) -> int:
    """Return 1.5 times `words`, the minimum length of a segment; `MIN_SEGMENT_WORDS` for 0 (whole sections)."""
    return words * 3 // 2 or MIN_SEGMENT_WORDS


def adjusted_rand_index(first: Labels, second: Labels) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985) of two labellings: 1 for equal ones, 0 for chance.

    What either leaves `UNCLASSIFIED` is excluded.
    """
    both = (first != UNCLASSIFIED) & (second != UNCLASSIFIED)
    table = np.zeros((int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1))
    np.add.at(table, (first[both], second[both]), 1)

    def count_pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, rows, columns = count_pairs(table), count_pairs(table.sum(axis=1)), count_pairs(table.sum(axis=0))
    expected = rows * columns / max(count_pairs(np.array([table.sum()])), 1)
    return (together - expected) / ((rows + columns) / 2 - expected) if rows + columns > 2 * expected else 1.0


def agreement_by_k(first: Worlds, second: Worlds) -> pd.DataFrame:
    """Return the adjusted Rand index of two classifications of the same lines, for each number of classes.

    Columns k (from 2 to the classes that both have) and adjusted_rand: 1 for the same classes, 0 as by chance.
    """
    most = min(first.class_count, second.class_count)
    rows = [
        (k, adjusted_rand_index(_line_labels(first.cut_into_classes(k)), _line_labels(second.cut_into_classes(k))))
        for k in range(2, most + 1)
    ]
    return pd.DataFrame(rows, columns=["k", "adjusted_rand"])


def propose_class_count(agreement: pd.DataFrame) -> int | None:
    """Return the number of classes on which two cuts agree best (`agreement_by_k`), None where none is stable.

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
