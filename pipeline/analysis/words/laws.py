"""How frequency falls with rank (Zipf, Mandelbrot), and how types grow with tokens."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Floats, Ints, word_counts
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.corpus.table import Corpus, Layer


@dataclass(frozen=True, slots=True)
class ZipfMandelbrot:
    """A fitted Zipf-Mandelbrot law: f(r) = scale / (r + b)^a for ranks 1..types."""

    a: float
    b: float
    scale: float
    types: int

    def expected(self, ranks: npt.ArrayLike) -> Floats:
        """Return float[ranks]: the count that the law predicts at each rank."""
        return self.scale / (np.asarray(ranks, float) + self.b) ** self.a


def fit_zipf(counts: Ints) -> ZipfMandelbrot | None:
    """Fit Zipf-Mandelbrot by maximum likelihood: the counts as draws from p(r) = (r + b)^-a / sum over r = 1..V.

    Ranks come from the same counts, which steepens the tail of rare words (Piantadosi 2014).
    None below 3 types, where two parameters cannot be told.
    """
    ordered = -np.sort(-counts[counts > 0].astype(float))  # turned round as a view, products take 300 times as long
    types, total = len(ordered), ordered.sum()
    if types < 3:
        return None
    ranks = np.arange(1, types + 1, dtype=float)
    terms = np.empty(types)  # one array for all steps: new memory takes longer than what is worked out in it

    def loss(parameters: Floats) -> float:
        a, b = parameters[0], np.expm1(parameters[1])
        np.log(np.add(ranks, b, out=terms), out=terms)
        energy = a * (ordered @ terms) / total
        np.exp(np.multiply(terms, -a, out=terms), out=terms)
        return float(energy + np.log(terms.sum()))

    from scipy import optimize  # here: a third of a second, which preparing does without

    optimum = optimize.minimize(loss, np.array([1.0, 1.0]), bounds=[(0.0, 20.0), (0.0, 20.0)], method="L-BFGS-B")
    a, b = float(optimum.x[0]), float(np.expm1(optimum.x[1]))
    weights = (ranks + b) ** -a
    return ZipfMandelbrot(a, b, float(total / weights.sum()), types)


def rank_frequency(counts: Ints, fit: ZipfMandelbrot | None = None, points: int = 400) -> pd.DataFrame:
    """Return at most `points` ranks, evenly spread on a log axis: rank, count, expected (count by `fit`)."""
    ordered = np.sort(counts[counts > 0])[::-1]
    ranks = np.unique(np.geomspace(1, max(len(ordered), 1), points).round().astype(int))[: len(ordered)]
    expected = fit.expected(ranks) if fit else np.full(len(ranks), np.nan)
    return pd.DataFrame({"rank": ranks, "count": ordered[ranks - 1], "expected": expected})


def vocabulary_growth(
    corpus: Corpus, rng: np.random.Generator, layer: Layer = "lyrics", shuffles: int = 20, points: int = 100
) -> pd.DataFrame:
    """Return how many types there are after each number of tokens, over random orders of the songs.

    Columns tokens, types, low, high, songs: `types` is the mean over the shuffles, `low` to `high` holds 95 % of them,
    `songs` is the mean number of songs begun. Between two songs the curve is a straight line.
    """
    matrix, _ = word_counts(corpus, "song", layer)
    lengths = np.asarray(matrix.sum(axis=1)).ravel()
    by_word = matrix.tocsc()
    occurring = np.flatnonzero(np.diff(by_word.indptr))
    grid = np.unique(np.linspace(0, lengths.sum(), points + 1).astype(int))
    curves, songs = np.empty((shuffles, len(grid))), np.empty((shuffles, len(grid)))

    def record_growth_curve(run: int, order: Ints) -> None:
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        first = (
            np.minimum.reduceat(place[by_word.indices], by_word.indptr[occurring])
            if len(occurring)
            else np.empty(0, int)
        )
        new = np.bincount(first, minlength=len(lengths))
        tokens = np.concatenate([[0], np.cumsum(lengths[order])])
        curves[run] = np.interp(grid, tokens, np.concatenate([[0], np.cumsum(new)]))
        songs[run] = np.interp(grid, tokens, np.arange(len(tokens)))

    orders = [rng.permutation(len(lengths)) for _ in range(shuffles)]
    with ThreadPoolExecutor() as pool:  # NumPy works outside the interpreter's lock
        list(pool.map(record_growth_curve, range(shuffles), orders))
    low, high = np.percentile(curves, [2.5, 97.5], axis=0)
    return pd.DataFrame(
        {"tokens": grid, "types": curves.mean(axis=0), "low": low, "high": high, "songs": songs.mean(axis=0)}
    )


def vocabulary_growth_curve(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return `vocabulary_growth` from a fixed random seed, at 50 points."""
    return vocabulary_growth(corpus, np.random.default_rng(0), layer, points=50)


def _zipf_example() -> float:
    """Return the exponent fitted to counts made with a = 1.15 and b = 2.7."""
    fit = fit_zipf(np.round(1e7 * (np.arange(1, 2001) + 2.7) ** -1.15).astype(int))
    return fit.a if fit else float("nan")


MEASURES = (
    Measure(
        "Lexicon", "Zipf-Mandelbrot", "How frequency falls with rank, fitted by maximum likelihood.",
        "f(r) = C / (r + b)ᵃ", "Mandelbrot 1953",
        ReferenceValue("counts made with a = 1.15", "by construction", 1.15, _zipf_example, 2e-3),
    ),
)  # fmt: skip


PRECOMPUTED_RESULTS = (PrecomputedResult("growth", vocabulary_growth_curve),)
