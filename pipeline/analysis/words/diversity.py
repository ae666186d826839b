"""Lexical diversity from the frequency spectrum: how many types occur once, twice, three times...

The order of words has no effect here, as it has in `moving_windows`. N is tokens, V types, V_i types that occur i
times. Each measure takes a `FrequencySpectrum` and returns a number, nan where it is undefined; for the spectra of
many texts at once, an array.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.measures import Measure, RankingCriterion, RankingFamily, ReferenceValue, poem_tokens, word_ids
from pipeline.core.translation import mark

_MAX_TABULATED_NUMBER = 1 << 17  # a megabyte: words of most artists


class FrequencySpectrum(NamedTuple):
    """How many types occur how often: `types[..., k]` types occur `times[k]` times; `times` rises, without 0.

    A `types` of two dimensions has a row per text.
    """

    times: Ints
    types: Ints

    @property
    def tokens(self) -> Ints:
        """N, the number of tokens (of each text)."""
        return self.types @ self.times

    @property
    def type_count(self) -> Ints:
        """V, the number of types (of each text)."""
        return self.types.sum(axis=-1)


def frequency_spectrum(counts: npt.ArrayLike) -> FrequencySpectrum:
    """Return the frequency spectrum of word counts, zeros excluded.

    >>> frequency_spectrum([3, 1, 0, 1])
    FrequencySpectrum(times=array([1, 3]), types=array([2, 1]))
    """
    types = np.bincount(np.asarray(counts, np.int64))
    times = np.flatnonzero(types[1:]) + 1
    return FrequencySpectrum(times, types[times])


def ttr(s: FrequencySpectrum) -> Floats:
    """Return type-token ratio V / N. Falls with length: compare equal sizes only."""
    return _divide_or_nan(s.type_count, s.tokens)


def root_ttr(s: FrequencySpectrum) -> Floats:
    """Return Guiraud's R = V / sqrt(N) (1954). Higher is richer; still depends on length."""
    return _divide_or_nan(s.type_count, np.sqrt(s.tokens))


def herdan_c(s: FrequencySpectrum) -> Floats:
    """Return Herdan's C = ln V / ln N (1960), the same in every base. Higher is richer; nan for one token."""
    return _divide_or_nan(_log_or_zero(s.type_count), _log_or_zero(s.tokens))


def yule_k(s: FrequencySpectrum) -> Floats:
    """Return Yule's K = 10^4 (sum i^2 V_i - N) / N^2 (1944). LOWER is richer; nearly free of length."""
    return _divide_or_nan(1e4 * (_sum_of_squares(s) - s.tokens), s.tokens**2)


def rarefaction(s: FrequencySpectrum, n: int) -> Floats:
    """Return E[V(n)] = sum over words of 1 - C(N - f, n) / C(N, n): the expected number of types in n drawn tokens.

    Higher is richer. Free of length and of order, so it replaces "the first n words"; nan when N < n.
    Heck, van Belle and Simberloff 1975; n = 35,000 is The Pudding's size, 10,000 LRFAF's.
    """
    return np.where(s.tokens < n, np.nan, (s.types * (1 - _miss_probability(s, n))).sum(axis=-1))[()]


def hdd(s: FrequencySpectrum, draws: int = 42) -> Floats:
    """Return HD-D = E[V(42)] / 42 (McCarthy and Jarvis 2010). Higher is richer; nan below 42 tokens.

    Some packages print 42 times this. 42 was set for English.
    """
    return rarefaction(s, draws) / draws


def _miss_probability(s: FrequencySpectrum, n: int) -> Floats:
    """Return float[..., k]: the chance that n drawn tokens do not include a word that occurs `times[k]` times."""
    total = s.tokens[..., None]
    rest = total - s.times
    drawn = _log_falling_factorial(np.maximum(rest, n), n) - _log_falling_factorial(np.maximum(total, n), n)
    return np.where(rest >= n, np.exp(np.minimum(drawn, 0)), 0)


def _divide_or_nan(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Return numerator / denominator, nan where the denominator is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)[()]


def _sum_of_squares(s: FrequencySpectrum) -> Ints:
    return s.types @ s.times**2


def _log_or_zero(x: npt.ArrayLike) -> Floats:
    return np.log(np.maximum(x, 1))


def _log_falling_factorial(x: Ints, n: int) -> Floats:
    """Return ln of the falling factorial x (x-1) ... (x-n+1) of integers."""
    if x.max(initial=0) < _MAX_TABULATED_NUMBER:  # songs left out one by one ask for the same numbers again and again
        return _log_factorials()[x] - _log_factorials()[x - n]
    return special.gammaln(x + 1.0) - special.gammaln(x - n + 1.0)


@cache
def _log_factorials() -> Floats:
    return special.gammaln(np.arange(_MAX_TABULATED_NUMBER) + 1.0)


def measure_example_poem(measure: Callable[[FrequencySpectrum], Floats]) -> float:
    """Return a diversity measure of the example poem."""
    return float(measure(frequency_spectrum(np.bincount(word_ids(poem_tokens())))))


def _measure_record(
    name: str,
    definition: str,
    formula: str,
    source: str,
    expected: float,
    ranking: RankingCriterion,
    **more: RankingFamily,
) -> Measure:
    """Return the record of a diversity measure; `expected` is its published value for the example poem."""

    def compute_for_example_poem() -> float:
        assert ranking.of_spectrum is not None
        return measure_example_poem(ranking.of_spectrum)

    reference = ReferenceValue(mark("the poem"), mark("three packages"), expected, compute_for_example_poem, 1e-9)
    return Measure("Diversity", name, definition, formula, source, reference, (ranking,), **more)


# In the order of a page.
MEASURES = (
    Measure(
        "Diversity", "Rarefied vocabulary", "Expected types in n words sampled without replacement; independent of "
        "length and order. Undefined for shorter texts.", "Σ (1 - C(N-f, n) / C(N, n))", "Heck et al. 1975",
        ReferenceValue(
            "the poem, n = 50", "independent code", 36.032698,
            lambda: measure_example_poem(partial(rarefaction, n=50)), 1e-6
        ),
        tuple(
            RankingCriterion(f"rarefied_{n}", partial(rarefaction, n=n), label, name, comparable=True)
            for n, label, name in (
                (5_000, mark("Vocabulary in 5,000 words, E[V(5000)]"), mark("Vocabulary in 5,000 words")),
                (10_000, mark("Vocabulary in 10,000 words, E[V(10000)]"), mark("Vocabulary in 10,000 words")),
                (35_000, mark("Vocabulary in 35,000 words, E[V(35000)]"), mark("Vocabulary in 35,000 words")),
            )
        ),
        RankingFamily(
            "rarefied", 10, 1_000_000,
            lambda n: RankingCriterion(f"rarefied_{n}", partial(rarefaction, n=n), mark("Vocabulary in n words")),
        ),
    ),
    _measure_record(
        "HD-D", "Share of types in 42 words sampled without replacement.", "E[V(42)] / 42", "McCarthy & Jarvis 2010",
        0.7537842877022561, RankingCriterion("hdd", hdd, mark("HD-D, samples of 42"), comparable=True),
        numbered=RankingFamily("hdd", 2, 1_000, lambda n: RankingCriterion(f"hdd_{n}", partial(hdd, draws=n), "HD-D")),
    ),
    _measure_record("Yule's K", "How often two random words are the same; lower is richer. Hardly "
"depends on length.",
             "10⁴ (Σ i² Vᵢ - N) / N²", "Yule 1944", 164.28571428571428, RankingCriterion("yule_k", yule_k, lower=True)),
    _measure_record("Herdan's C", "Ratio of the logarithms, the same in every base.", "ln V / ln N", "Herdan 1960",
             0.8478263669701517, RankingCriterion("herdan_c", herdan_c)),
    _measure_record("Guiraud's R", "Types over the square root of tokens.", "V / √N", "Guiraud 1954",
             5.578018081208209, RankingCriterion("root_ttr", root_ttr)),
    _measure_record("Type-token ratio", "Distinct words over all words. Falls with length.", "V / N", "—",
             0.4714285714285714, RankingCriterion("ttr", ttr)),
)  # fmt: skip
