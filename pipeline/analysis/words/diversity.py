"""Lexical diversity from the frequency spectrum: how many types occur once, twice, three times...

Order plays no part here (`moving_windows` and `mtld` read the text in order). N is tokens, V types, V_i types that
occur i times. Each function takes a `Spectrum` and returns a number, nan where the measure is undefined; of the
spectra of many texts at once, an array of them.
"""

import math
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.measures import Measure, RankingCriterion, RankingFamily, ReferenceValue, poem_words, word_ids
from pipeline.core.translation import mark

_MAX_TABULATED_NUMBER = 1 << 17  # a megabyte: words of most artists


class Spectrum(NamedTuple):
    """`types[..., k]` types occur `times[k]` times; `times` rises and holds no zero. `types` of two dimensions are
    those of many texts."""

    times: Ints
    types: Ints

    @property
    def tokens(self) -> Ints:
        """N."""
        return self.types @ self.times

    @property
    def size(self) -> Ints:
        """V."""
        return self.types.sum(axis=-1)


def spectrum(counts: npt.ArrayLike) -> Spectrum:
    """Return the spectrum of word counts, zeros excluded.

    >>> spectrum([3, 1, 0, 1])
    Spectrum(times=array([1, 3]), types=array([2, 1]))
    """
    types = np.bincount(np.asarray(counts, np.int64))
    times = np.flatnonzero(types[1:]) + 1
    return Spectrum(times, types[times])


def ttr(s: Spectrum) -> Floats:
    """Return type-token ratio V / N. Falls with length: compare equal sizes only."""
    return _divide(s.size, s.tokens)


def root_ttr(s: Spectrum) -> Floats:
    """Return Guiraud's R = V / sqrt(N) (1954). Higher is richer; still depends on length."""
    return _divide(s.size, np.sqrt(s.tokens))


def corrected_ttr(s: Spectrum) -> Floats:
    """Return Carroll's CTTR = V / sqrt(2N) (1964): R / sqrt(2)."""
    return _divide(s.size, np.sqrt(2 * s.tokens))


def herdan_c(s: Spectrum) -> Floats:
    """Return Herdan's C = ln V / ln N (1960), the same in every base. Higher is richer; nan for one token."""
    return _divide(_log(s.size), _log(s.tokens))


def summer_s(s: Spectrum, base: float = 10) -> Floats:
    """Return Summer's S = log log V / log log N. Depends on the base, 10 here; nan below V, N > base^0 = 1."""
    size, tokens = np.maximum(s.size, 2), np.maximum(s.tokens, 2)
    return np.where(s.size < 2, np.nan, _divide(np.log(_log(size, base)), np.log(_log(tokens, base))))[()]


def dugast_u(s: Spectrum, base: float = 10) -> Floats:
    """Return Dugast's U = (log N)^2 / (log N - log V) (1978). Depends on the base, 10 here; nan where V = N."""
    return _divide(_log(s.tokens, base) ** 2, _log(s.tokens, base) - _log(s.size, base))


def maas_a2(s: Spectrum, base: float = 10) -> Floats:
    """Return Maas's a^2 = (log N - log V) / (log N)^2 (1972).

    LOWER is richer. Base 10 here; some report a, its root.
    """
    return _divide(_log(s.tokens, base) - _log(s.size, base), _log(s.tokens, base) ** 2)


def yule_k(s: Spectrum) -> Floats:
    """Return Yule's K = 10^4 (sum i^2 V_i - N) / N^2 (1944). LOWER is richer; nearly free of length."""
    return _divide(1e4 * (_sum_of_squares(s) - s.tokens), s.tokens**2)


def yule_i(s: Spectrum) -> Floats:
    """Return Yule's I = V^2 / (sum i^2 V_i - V).

    Falls with length: shown for the record, never to rank. nan if V = N.
    """
    return _divide(s.size**2, _sum_of_squares(s) - s.size)


def simpson_d(s: Spectrum) -> Floats:
    """Return Simpson's D = sum i(i-1) V_i / (N(N-1)) (1949): the chance that two tokens are one type.

    LOWER is richer.
    """
    return _divide(_sum_of_squares(s) - s.tokens, s.tokens * (s.tokens - 1))


def herdan_vm(s: Spectrum) -> Floats:
    """Return Herdan's Vm = sqrt(sum i^2 V_i / N^2 - 1 / V) (1955). LOWER is richer."""
    return np.sqrt(np.maximum(_divide(_sum_of_squares(s), s.tokens**2) - _divide(1, s.size), 0))


def honore_h(s: Spectrum) -> Floats:
    """Return Honoré's H = 100 ln N / (1 - V_1 / V) (1979). Higher is richer; nan when every type is a hapax."""
    return _divide(100 * _log(s.tokens), 1 - _divide(_types_occurring(s, 1), s.size))


def sichel_s(s: Spectrum) -> Floats:
    """Return Sichel's S = V_2 / V (1975): the share of types that occur twice."""
    return _divide(_types_occurring(s, 2), s.size)


def entropy(s: Spectrum) -> Floats:
    """Return Shannon's entropy of the word distribution in bits. Higher is richer; grows with length."""
    p = _divide(s.times, s.tokens[..., None])
    return -(s.types * p * np.log2(p)).sum(axis=-1) + _divide(0, s.size)


def rarefaction(s: Spectrum, n: int) -> Floats:
    """Return E[V(n)] = sum over words of 1 - C(N - f, n) / C(N, n): the types that n tokens drawn hold.

    Higher is richer. Free of length and of order, so it replaces "the first n words"; nan when N < n.
    Heck, van Belle and Simberloff 1975; n = 35,000 is The Pudding's size, 10,000 LRFAF's.
    """
    return np.where(s.tokens < n, np.nan, (s.types * (1 - _miss_probability(s, n))).sum(axis=-1))[()]


def hdd(s: Spectrum, draws: int = 42) -> Floats:
    """Return HD-D = E[V(42)] / 42 (McCarthy and Jarvis 2010). Higher is richer; nan below 42 tokens.

    Some packages print 42 times this. 42 was set for English.
    """
    return rarefaction(s, draws) / draws


def vocd_curve(n: npt.ArrayLike, d: npt.ArrayLike) -> Floats:
    """Return the TTR of n tokens under parameter D: D/N (sqrt(1 + 2N/D) - 1) (Malvern and Richards 1997)."""
    n, d = np.asarray(n, float), np.asarray(d, float)
    return d / n * (np.sqrt(1 + 2 * n / d) - 1)


def vocd_d(s: Spectrum) -> Floats:
    """Return vocd's D, fitted by least squares to the exact mean TTR of samples of 35 to 50 tokens.

    Higher is richer; nan below 50 tokens, or where every such sample is all types. D is between e^-5 and e^15.
    """
    sizes = np.arange(35, 51)
    target, missed = np.empty((*s.tokens.shape, len(sizes))), _miss_probability(s, 35)
    for k, n in enumerate(sizes):
        target[..., k] = (s.types * (1 - missed)).sum(axis=-1) / n
        rest, total = s.tokens[..., None] - s.times - n, s.tokens[..., None] - n
        missed = missed * np.maximum(rest, 0) / np.maximum(total, 1)  # by one draw more
    undefined = (s.tokens < 50) | (target > 1 - 1e-12).all(axis=-1)
    target = np.where(undefined[..., None], 0.5, target)
    # From the D whose curve meets the middle of the targets, Gauss and Newton need about three steps.
    middle = target[..., len(sizes) // 2]
    log_d = np.log(sizes[len(sizes) // 2] * middle**2 / (2 * np.maximum(1 - middle, 1e-9)))
    for _ in range(12):
        d = np.exp(log_d)[..., None]
        root = np.sqrt(1 + 2 * sizes / d)
        curve = d / sizes * (root - 1)
        slope = curve - 1 / root  # by log D
        log_d = np.clip(log_d - ((curve - target) * slope).sum(axis=-1) / (slope**2).sum(axis=-1), -5, 15)
    return np.where(undefined, np.nan, np.exp(log_d))[()]


def _miss_probability(s: Spectrum, n: int) -> Floats:
    """Return float[..., k]: the chance that n tokens drawn hold no word that occurs `times[k]` times."""
    total = s.tokens[..., None]
    rest = total - s.times
    drawn = _log_falling(np.maximum(rest, n), n) - _log_falling(np.maximum(total, n), n)
    return np.where(rest >= n, np.exp(np.minimum(drawn, 0)), 0)


def _divide(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Divide; nan where the denominator is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)[()]


def _sum_of_squares(s: Spectrum) -> Ints:
    return s.types @ s.times**2


def _types_occurring(s: Spectrum, times: int) -> Ints:
    return s.types[..., s.times == times].sum(axis=-1)


def _log(x: npt.ArrayLike, base: float = math.e) -> Floats:
    return np.log(np.maximum(x, 1)) / np.log(base)


def _log_falling(x: Ints, n: int) -> Floats:
    """Return ln of x (x-1) ... (x-n+1) of whole numbers."""
    if x.max(initial=0) < _MAX_TABULATED_NUMBER:  # songs left out one by one ask for the same numbers again and again
        return _log_factorials()[x] - _log_factorials()[x - n]
    return special.gammaln(x + 1.0) - special.gammaln(x - n + 1.0)


@cache
def _log_factorials() -> Floats:
    return special.gammaln(np.arange(_MAX_TABULATED_NUMBER) + 1.0)


def poem_value(measure: Callable[[Spectrum], Floats]) -> float:
    """Return a measure of the example poem."""
    return float(measure(spectrum(np.bincount(word_ids(poem_words())))))


def _poem_measure(
    name: str,
    definition: str,
    formula: str,
    source: str,
    expected: float,
    ranking: RankingCriterion,
    **more: RankingFamily,
) -> Measure:
    """Return the record of a measure whose value of the poem three packages print."""

    def compute() -> float:
        assert ranking.of_spectrum is not None
        return poem_value(ranking.of_spectrum)

    reference = ReferenceValue(mark("the poem"), mark("three packages"), expected, compute, 1e-9)
    return Measure("Diversity", name, definition, formula, source, reference, (ranking,), **more)


# In the order of a page.
MEASURES = (
    Measure(
        "Diversity", "Rarefied vocabulary", "Expected types in n words sampled without replacement; independent of "
        "length and order. nan for shorter texts.", "Σ 1 - C(N-f, n) / C(N, n)", "Heck et al. 1975",
        ReferenceValue(
            "the poem, n = 50", "independent code", 36.032698, lambda: poem_value(partial(rarefaction, n=50)), 1e-6
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
    _poem_measure(
        "HD-D", "Share of types in 42 words sampled without replacement.", "E[V(42)] / 42", "McCarthy & Jarvis 2010",
        0.7537842877022561, RankingCriterion("hdd", hdd, mark("HD-D, samples of 42"), comparable=True),
        numbered=RankingFamily("hdd", 2, 1_000, lambda n: RankingCriterion(f"hdd_{n}", partial(hdd, draws=n), "HD-D")),
    ),
    Measure(
        "Diversity", "vocd-D", "The D of the curve that fits the exact mean TTR of 35 to 50 words.",
        "TTR = D/N (√(1 + 2N/D) - 1)", "Malvern & Richards 1997",
        ReferenceValue(
            "the curve at N = 100, D = 2", "LexicalRichness's tests", 0.1809975124224178,
            lambda: float(vocd_curve(100, 2)), 1e-12,
        ),
        (RankingCriterion("vocd_d", vocd_d, mark("vocd-D, fitted to exact samples"), comparable=True),),
    ),
    _poem_measure("Yule's K", "How often two random words are the same; lower is richer. Hardly depends on length.",
             "10⁴ (Σ i² Vᵢ - N) / N²", "Yule 1944", 164.28571428571428, RankingCriterion("yule_k", yule_k, lower=True)),
    _poem_measure("Simpson's D", "The chance that two tokens are the same word; lower is richer.",
             "Σ i(i-1) Vᵢ / (N(N-1))", "Simpson 1949", 0.016546762589928057,
             RankingCriterion("simpson_d", simpson_d, lower=True)),
    _poem_measure("Herdan's Vm", "Lower is richer.", "√(Σ i² Vᵢ / N² - 1/V)", "Herdan 1955",
             0.09176008620262636, RankingCriterion("herdan_vm", herdan_vm, lower=True)),
    _poem_measure("Maas's a²", "Base 10; lower is richer. Some packages print a, its root, or use base e.",
             "(lg N - lg V) / (lg N)²", "Maas 1972", 0.07090612978351828,
             RankingCriterion("maas_a2", maas_a2, mark("Maas's a², base 10"), lower=True)),
    _poem_measure("Dugast's U", "Base 10.", "(lg N)² / (lg N - lg V)", "Dugast 1978",
             14.103153042664644, RankingCriterion("dugast_u", dugast_u, mark("Dugast's U, base 10"))),
    _poem_measure("Herdan's C", "Ratio of the logarithms, the same in every base.", "ln V / ln N", "Herdan 1960",
             0.8478263669701517, RankingCriterion("herdan_c", herdan_c)),
    _poem_measure("Summer's S", "Ratio of the logarithms of the logarithms, base 10.", "lg lg V / lg lg N",
             "Summer 1966", 0.783832761517005, RankingCriterion("summer_s", summer_s, mark("Summer's S, base 10"))),
    _poem_measure("Guiraud's R", "Types over the root of tokens.", "V / √N", "Guiraud 1954",
             5.578018081208209, RankingCriterion("root_ttr", root_ttr)),
    _poem_measure("Carroll's CTTR", "Types over the root of twice the tokens.", "V / √(2N)", "Carroll 1964",
             3.944254410803499, RankingCriterion("corrected_ttr", corrected_ttr)),
    _poem_measure("Type-token ratio", "Distinct words over all words. Falls with length.", "V / N", "—",
             0.4714285714285714, RankingCriterion("ttr", ttr)),
    _poem_measure("Entropy", "Bits needed for a random word of the text.", "-Σ p log₂ p", "Shannon 1948",
             5.748567124472485, RankingCriterion("entropy", entropy, mark("Entropy in bits"), mark("Entropy in bits"))),
    _poem_measure("Honoré's H", "Rises with the share of words used once.", "100 ln N / (1 - V₁/V)", "Honoré 1979",
             795.4839021761319, RankingCriterion("honore_h", honore_h)),
    _poem_measure("Sichel's S", "The share of types used twice.", "V₂ / V", "Sichel 1975",
             0.45454545454545453, RankingCriterion("sichel_s", sichel_s)),
    _poem_measure("Yule's I", "Falls with length: shown for the record.", "V² / (Σ i² Vᵢ - V)", "Yule 1944",
             11.0, RankingCriterion("yule_i", yule_i)),
)  # fmt: skip
