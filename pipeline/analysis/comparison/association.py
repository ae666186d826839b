"""Scores of a 2 x 2 table: how surely, and how strongly, two counts differ. Arrays in, arrays out; no corpus.

f1 of n1 tokens against f2 of n2. Positive scores mean more in the first, relative to its size.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.analysis.counting import Floats
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.core.translation import mark


def g2(f1: npt.ArrayLike, n1: float | Floats, f2: npt.ArrayLike, n2: float | Floats) -> Floats:
    """Return the log-likelihood ratio G² of the rates f1 / n1 and f2 / n2 (Dunning 1993), negative if the first is
    lower.

    G² = 2 Σ O ln(O / E) over four cells; some calculators sum two. Evidence, not size: it grows with the corpus.
    """
    a, b = np.asarray(f1, float), np.asarray(f2, float)
    total, n = a + b, n1 + n2
    cells = [(a, n1 * total), (b, n2 * total), (n1 - a, n1 * (n - total)), (n2 - b, n2 * (n - total))]
    with np.errstate(divide="ignore", invalid="ignore"):
        score = 2 * sum(special.xlogy(observed, observed * n / expected) for observed, expected in cells)
    return np.where(total > 0, np.sign(a * n - n1 * total) * np.maximum(score, 0), np.nan)


def p_value(g2_or_chi_squared: npt.ArrayLike) -> Floats:
    """Return the probability of a G² or χ² score this high if both rates are equal (one degree of freedom)."""
    return special.chdtrc(1, np.abs(np.asarray(g2_or_chi_squared, float)))


def log_ratio(f1: npt.ArrayLike, n1: float, f2: npt.ArrayLike, n2: float) -> Floats:
    """Return the log2 of the ratio of the two rates (Hardie 2014): 1 is twice as often.

    A count of 0 is taken as 0.5.
    """
    a, b = np.asarray(f1, float), np.asarray(f2, float)
    return np.log2(np.where(a > 0, a, 0.5) / n1) - np.log2(np.where(b > 0, b, 0.5) / n2)


def log_ratio_limits(
    f1: npt.ArrayLike, n1: float | Floats, f2: npt.ArrayLike, n2: float | Floats, tests: int = 1
) -> tuple[Floats, Floats]:
    """Return (lower, upper) 95 % limits of the log ratio from Clopper-Pearson limits of f1 / (f1 + f2).

    The 5 % are divided by `tests` (Bonferroni). Infinite where one count is 0.
    """
    a, b = np.asarray(f1, float), np.asarray(f2, float)
    tail = 0.025 / max(tests, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(a > 0, special.betaincinv(np.maximum(a, 1), b + 1, tail), 0)
        high = np.where(b > 0, special.betaincinv(a + 1, np.maximum(b, 1), 1 - tail), 1)
        return np.log2(n2 / n1 * low / (1 - low)), np.log2(n2 / n1 * high / (1 - high))


def conservative_log_ratio(
    f1: npt.ArrayLike, n1: float | Floats, f2: npt.ArrayLike, n2: float | Floats, tests: int = 1
) -> Floats:
    """Return LRC (Evert 2023): the limit of the log ratio nearer to 0, or 0 if the limits lie on both sides of 0.

    An effect size that needs evidence: the best single order for a list of keywords.
    """
    low, high = log_ratio_limits(f1, n1, f2, n2, tests)
    return np.where(low > 0, low, np.where(high < 0, high, 0.0))


def specificity(f: npt.ArrayLike, total: npt.ArrayLike, part: npt.ArrayLike, corpus: float) -> Floats:
    """Return Lafon's specificity (1980) of a word: f of its `total` occurrences are in a part of `part` tokens.

    With X hypergeometric and its mode floor((part + 1)(total + 1) / (corpus + 2)): -log10 P(X >= f) from the mode
    on, log10 P(X <= f) below. Within ±2 is banal.
    """
    f, total, part = np.broadcast_arrays(*(np.asarray(x, float) for x in (f, total, part)))
    above = f >= np.floor((part + 1) * (total + 1) / (corpus + 2))
    # P(X <= f) is P(total - X >= total - f), the same tail of the occurrences that fall outside the part
    tail = _log10_upper_tail(np.where(above, f, total - f), total, np.where(above, part, corpus - part), corpus)
    return np.where(above, -tail, tail)


def _log10_upper_tail(f: Floats, total: Floats, part: Floats, corpus: float) -> Floats:
    """Return log10 P(X >= f) for hypergeometric X: hits in `total` draws from `corpus` tokens with `part` hits."""
    first = (
        _log_choose(total, f) + _log_choose(corpus - total, part - f) - _log_choose(np.full_like(total, corpus), part)
    )
    result = np.ones_like(first).ravel()
    cells, k, t, p = np.arange(result.size), f.ravel(), total.ravel(), part.ravel()
    term = np.ones_like(result)
    while len(cells):  # only the words near their mode take more than a few rounds
        term = term * (p - k) * (t - k) / ((k + 1) * (corpus - p - t + k + 1))
        k = k + 1
        result[cells] += term
        on = term > 1e-16 * result[cells]
        cells, k, t, p, term = cells[on], k[on], t[on], p[on], term[on]
    return (first + np.log(result.reshape(first.shape))) / np.log(10)


def _log_choose(n: Floats, k: Floats) -> Floats:
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)


MEASURES = (
    Measure(
        "Comparison", "G²", "Evidence that two rates differ, over the four cells of the table.", "2 Σ O·ln(O / E)",
        "Dunning 1993",
        ReferenceValue(
            "7 of 10 compared with 2 of 9",
            "quanteda's test input", 4.534939332256226, lambda: float(g2(7, 10, 2, 9)), 1e-9
        ),
    ),
    Measure(
        "Comparison", "Log ratio", "How many times as often, in doublings; 0 counts as 0.5.",
        "log₂((f₁/n₁) / (f₂/n₂))", "Hardie 2014",
        ReferenceValue(
            "7 of 10 compared with 2 of 9", "quanteda's test input", 1.6553518286125541,
            lambda: float(log_ratio(7, 10, 2, 9)), 1e-9,
        ),
    ),
    Measure(
        "Comparison", "LRC", "The log ratio that the evidence supports: the 95 % limit closest to 0.",
        mark("log₂((n₂/n₁) · q/(1-q)), q a Clopper-Pearson limit"), "Evert 2023",
        ReferenceValue(
            "60 of 100,000 compared with 20 of 120,000", "scattertext's formula", 1.0970966702588343,
            lambda: float(conservative_log_ratio(60, 1e5, 20, 1.2e5)), 1e-9,
        ),
    ),
    Measure(
        "Comparison", "Lafon's specificity", "Surprisal of a count in one part, signed; within ±2 is unremarkable.",
        mark("±log₁₀ P(X ≥ f), X hypergeometric"), "Lafon 1980",
        ReferenceValue(
            "peuple in Robespierre's fourth speech: 14 of 296 in 6,903 of 61,449 words", "TXM's published table",
            -4.1743, lambda: float(specificity(14, 296, 6903, 61449)), 5e-5,
        ),
    ),
)  # fmt: skip
