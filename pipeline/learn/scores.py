"""How sure a score is: songs are drawn again with replacement, because the lines of one song hang together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.cells.activations import Array
from pipeline.language.vocabulary import Ids

_DRAWS = 1000


@dataclass(frozen=True)
class Score:
    """One claim: `measure` over `n` things (of `songs` songs), its 95 % interval, and a baseline on the same ones."""

    measure: str
    value: float
    low: float
    high: float
    n: int
    songs: int
    baseline_name: str
    baseline: float


def bootstrap(songs: Sequence[int], measure: Callable[[Ids], float], seed: int = 0) -> tuple[float, float]:
    """95 % limits of `measure` (row numbers -> value) when the songs that own the rows are drawn again (Efron 1979)."""
    owners = np.asarray(songs)
    rows_of = [np.flatnonzero(owners == song) for song in np.unique(owners)]
    generator, values = np.random.default_rng(seed), []
    for _ in range(_DRAWS):
        drawn = generator.integers(len(rows_of), size=len(rows_of))
        values.append(measure(np.concatenate([rows_of[i] for i in drawn]).astype(np.int32)))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean_score(
    name: str, songs: Sequence[int], values: Array, baseline_name: str, baseline: Array, weights: Array | None = None
) -> Score:
    """The (weighted) mean of one value a row, beside the baseline's on the same rows."""
    values, baseline = np.asarray(values, float), np.asarray(baseline, float)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)

    def mean(rows: Ids) -> float:
        return float((values[rows] * weights[rows]).sum() / weights[rows].sum())

    total = float((baseline * weights).sum() / weights.sum())
    low, high = bootstrap(songs, mean)
    n = int(weights.sum())
    return Score(
        name, mean(np.arange(len(values), dtype=np.int32)), low, high, n, len(set(songs)), baseline_name, total
    )


def macro_f1(true: Ids, predicted: Ids, classes: int) -> float:
    """The mean over the classes that occur in `true` of F1 = 2·TP / (2·TP + FP + FN).

    >>> round(macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 2), 4)
    0.6667
    """
    hits = np.bincount(true[true == predicted], minlength=classes)
    both = np.bincount(true, minlength=classes) + np.bincount(predicted, minlength=classes)
    present = np.bincount(true, minlength=classes) > 0
    return float((2 * hits[present] / both[present]).mean())


def f1_score(name: str, songs: Sequence[int], true: Ids, predicted: Ids, baseline_name: str, baseline: Ids) -> Score:
    """Macro-F1 with its interval, beside the baseline's."""
    classes = int(max(true.max(), predicted.max(), baseline.max())) + 1
    low, high = bootstrap(songs, lambda rows: macro_f1(true[rows], predicted[rows], classes))
    value, base = macro_f1(true, predicted, classes), macro_f1(true, baseline, classes)
    return Score(name, value, low, high, len(true), len(set(songs)), baseline_name, base)
