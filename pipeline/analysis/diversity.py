"""Lexical diversity from the frequency spectrum: how many types occur once, twice, three times...

Order plays no part here (`windows` and `mtld` read the text in order). N is tokens, V types, V_i types that occur
i times. Each function takes a `Spectrum` and returns a number, nan where the measure is undefined.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from pipeline.analysis.counting import Floats, Ints


class Spectrum(NamedTuple):
    """`types[k]` types occur `times[k]` times; `times` rises and holds no zero."""

    times: Ints
    types: Ints

    @property
    def tokens(self) -> int:
        """N."""
        return int(self.times @ self.types)

    @property
    def size(self) -> int:
        """V."""
        return int(self.types.sum())


def spectrum(counts: npt.ArrayLike) -> Spectrum:
    """The spectrum of word counts, zeros left out.

    >>> spectrum([3, 1, 0, 1])
    Spectrum(times=array([1, 3]), types=array([2, 1]))
    """
    return of_histogram(np.bincount(np.asarray(counts, np.int64)))


def of_histogram(types: Ints) -> Spectrum:
    """The spectrum where types[i] words occur i times; types[0] does not matter."""
    times = np.flatnonzero(types[1:]) + 1
    return Spectrum(times, types[times])


def ttr(s: Spectrum) -> float:
    """Type-token ratio V / N. Falls with length: compare equal sizes only."""
    return _divide(s.size, s.tokens)


def root_ttr(s: Spectrum) -> float:
    """Guiraud's R = V / sqrt(N) (1954). Higher is richer; still depends on length."""
    return _divide(s.size, np.sqrt(s.tokens))


def corrected_ttr(s: Spectrum) -> float:
    """Carroll's CTTR = V / sqrt(2N) (1964): R / sqrt(2)."""
    return _divide(s.size, np.sqrt(2 * s.tokens))


def herdan_c(s: Spectrum) -> float:
    """Herdan's C = ln V / ln N (1960), the same in every base. Higher is richer; nan for one token."""
    return _divide(np.log(max(s.size, 1)), np.log(max(s.tokens, 1)))


def summer_s(s: Spectrum, base: float = 10) -> float:
    """Summer's S = log log V / log log N. Depends on the base, 10 here; nan below V, N > base^0 = 1."""
    if s.size < 2:
        return float("nan")
    return _divide(np.log(_log(s.size, base)), np.log(_log(s.tokens, base)))


def dugast_u(s: Spectrum, base: float = 10) -> float:
    """Dugast's U = (log N)^2 / (log N - log V) (1978). Depends on the base, 10 here; nan where V = N."""
    return _divide(_log(s.tokens, base) ** 2, _log(s.tokens, base) - _log(s.size, base))


def maas_a2(s: Spectrum, base: float = 10) -> float:
    """Maas's a^2 = (log N - log V) / (log N)^2 (1972). LOWER is richer. Base 10 here; some report a, its root."""
    return _divide(_log(s.tokens, base) - _log(s.size, base), _log(s.tokens, base) ** 2)


def yule_k(s: Spectrum) -> float:
    """Yule's K = 10^4 (sum i^2 V_i - N) / N^2 (1944). LOWER is richer; nearly free of length."""
    return _divide(1e4 * (_squares(s) - s.tokens), s.tokens**2)


def yule_i(s: Spectrum) -> float:
    """Yule's I = V^2 / (sum i^2 V_i - V). Falls with length: shown for the record, never to rank. nan if V = N."""
    return _divide(s.size**2, _squares(s) - s.size)


def simpson_d(s: Spectrum) -> float:
    """Simpson's D = sum i(i-1) V_i / (N(N-1)) (1949): the chance that two tokens are one type. LOWER is richer."""
    return _divide(_squares(s) - s.tokens, s.tokens * (s.tokens - 1))


def herdan_vm(s: Spectrum) -> float:
    """Herdan's Vm = sqrt(sum i^2 V_i / N^2 - 1 / V) (1955). LOWER is richer."""
    return float(np.sqrt(max(_squares(s) / s.tokens**2 - 1 / s.size, 0))) if s.size else float("nan")


def honore_h(s: Spectrum) -> float:
    """Honoré's H = 100 ln N / (1 - V_1 / V) (1979). Higher is richer; nan when every type is a hapax."""
    return _divide(100 * np.log(max(s.tokens, 1)), 1 - _divide(_occurring(s, 1), s.size))


def sichel_s(s: Spectrum) -> float:
    """Sichel's S = V_2 / V (1975): the share of types that occur twice."""
    return _divide(_occurring(s, 2), s.size)


def entropy(s: Spectrum) -> float:
    """Shannon's entropy of the word distribution in bits. Higher is richer; grows with length."""
    if not s.size:
        return float("nan")
    p = s.times / s.tokens
    return float(-(s.types * p) @ np.log2(p))


def rarefied(s: Spectrum, n: int) -> float:
    """E[V(n)] = sum over words of 1 - C(N - f, n) / C(N, n): the types that n tokens drawn without replacement hold.

    Higher is richer. Free of length and of order, so it replaces "the first n words"; nan when N < n.
    Heck, van Belle and Simberloff 1975; n = 35,000 is The Pudding's size, 10,000 LRFAF's.
    """
    total = s.tokens
    if total < n:
        return float("nan")
    absent = np.zeros(len(s.times))  # the probability that a word of each frequency is missed
    rest = total - s.times
    some = rest >= n
    absent[some] = np.exp(_log_falling(rest[some], n) - _log_falling(total, n))
    return float(s.types @ (1 - absent))


def hdd(s: Spectrum, draws: int = 42) -> float:
    """HD-D = E[V(42)] / 42 (McCarthy and Jarvis 2010). Higher is richer; nan below 42 tokens.

    Some packages print 42 times this. 42 was set for English.
    """
    return rarefied(s, draws) / draws


def vocd_curve(n: npt.ArrayLike, d: float) -> Floats:
    """The TTR of a sample of n tokens under parameter D: D/N (sqrt(1 + 2N/D) - 1) (Malvern and Richards 1997)."""
    n = np.asarray(n, float)
    return d / n * (np.sqrt(1 + 2 * n / d) - 1)


def vocd_d(s: Spectrum) -> float:
    """vocd's D, fitted by least squares to the exact mean TTR of samples of 35 to 50 tokens, not to random draws.

    Higher is richer; nan below 50 tokens, or where every such sample is all types.
    """
    if s.tokens < 50:
        return float("nan")
    sizes = np.arange(35, 51)
    target = np.array([hdd(s, int(n)) for n in sizes])
    if np.all(target > 1 - 1e-12):
        return float("nan")
    found = optimize.minimize_scalar(
        lambda log_d: float(((vocd_curve(sizes, np.exp(log_d)) - target) ** 2).sum()), bounds=(-5, 15), method="bounded"
    )
    return float(np.exp(found.x))


def _divide(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator else float("nan")


def _squares(s: Spectrum) -> int:
    return int(s.times**2 @ s.types)


def _occurring(s: Spectrum, times: int) -> int:
    return int(s.types[s.times == times].sum())


def _log(x: float, base: float) -> float:
    return float(np.log(max(x, 1)) / np.log(base))


def _log_falling(x: npt.ArrayLike, n: int) -> Floats:
    """ln of x (x-1) ... (x-n+1)."""
    x = np.asarray(x, float)
    return special.gammaln(x + 1) - special.gammaln(x - n + 1)
