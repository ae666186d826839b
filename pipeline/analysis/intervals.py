"""How sure a number is: jackknife over songs, Wilson intervals of shares, ranks that overlap. Knows no corpus.

The unit that is drawn again is the song, never the word: words of one song hang together, so intervals that treat
words as independent are far too narrow.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.core.translation import mark


class ConfidenceInterval(NamedTuple):
    """95 % limits, nan where there are too few songs to tell."""

    low: float
    high: float


def jackknife(estimate: float, without_one: npt.ArrayLike) -> ConfidenceInterval:
    """Return the 95 % interval from the values that a measure takes when each song in turn is excluded (Tukey 1958).

    estimate ± t(n - 1) * sqrt((n - 1) / n * sum (value - mean)^2). Not a bootstrap: songs drawn twice add tokens but
    no types, which pulls every count of types down, by a tenth or more for one artist; leaving out does not.
    nan below three songs or when the measure is undefined without one of them.
    """
    values = np.asarray(without_one, float)
    n = len(values)
    if n < 3 or not np.isfinite(estimate) or not np.isfinite(values).all():
        return ConfidenceInterval(float("nan"), float("nan"))
    error = np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum())
    reach = float(special.stdtrit(n - 1, 0.975) * error)
    return ConfidenceInterval(estimate - reach, estimate + reach)


def ratio_jackknife(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> tuple[float, ConfidenceInterval]:
    """Return (sum of numerators / sum of denominators, its interval); each song has one numerator and denominator."""
    numerators, denominators = np.asarray(numerators, float), np.asarray(denominators, float)
    top, bottom = numerators.sum(), denominators.sum()
    if not bottom:
        return float("nan"), ConfidenceInterval(float("nan"), float("nan"))
    with np.errstate(divide="ignore", invalid="ignore"):
        without = (top - numerators) / (bottom - denominators)
    return float(top / bottom), jackknife(float(top / bottom), without)


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the 95 % limits of a share (Wilson 1927), good for small counts and for 0; nan where there is no trial.

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
    """
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    z = float(special.ndtri(0.975))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n
        middle = p + z**2 / (2 * n)
        reach = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        low, high = (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)
    return np.maximum(low, 0), np.minimum(high, 1)


def rank_ranges(low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Return the (int[n] best, int[n] worst) ranks that the intervals of values allow; 1 is the highest value.

    Best is 1 + those whose interval lies wholly above, worst the number less those wholly below. Two whose
    intervals overlap share ranks: no order is claimed between them. An unknown interval overlaps with all.
    """
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    best = 1 + len(low) - np.searchsorted(np.sort(low), high, side="right")
    worst = len(low) - np.searchsorted(np.sort(high), low, side="left")
    return best, worst


MEASURES = (
    Measure(
        "Certainty", "Wilson's interval", "95 % limits of a share.",
        "(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)", "Wilson 1927",
        ReferenceValue(
            "upper limit of 0 in 10", "z² / (10 + z²)", 0.27753279, lambda: float(wilson(0, 10)[1]), 1e-8
        ),
    ),
    Measure(
        "Certainty", "Jackknife over songs", "95 % limits of any measure: each song is left out in turn.",
        mark("θ ± t √((n-1)/n · Σ (θᵢ - mean)²)"), "Tukey 1958",
        ReferenceValue(
            "lower limit of the mean of 2, 4, 9, 5", "Student's t interval for a mean", 5 - 3.182446305 * 1.471960144,
            lambda: jackknife(5, (20 - np.array([2, 4, 9, 5])) / 3).low, 1e-6,
        ),
    ),
)  # fmt: skip
