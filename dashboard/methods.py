"""Each measure with its definition and a published value that this very code must give. Knows no page."""

from collections.abc import Callable
from math import isclose
from typing import NamedTuple

import numpy as np
from scipy import sparse

from pipeline.analysis import association, collocations, diversity, intervals, mtld, windows
from pipeline.analysis.dispersion import dispersion
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare
from pipeline.language.tokens import tokenise

TOLERANCE = 1e-9  # relative; published values are rounded, so each check names its own decimals
SENTENCE = ["test", "text", "with", "some", "text", "numbers", "hyphenhere", "and", "text", "punctuations"]
_, IDS = np.unique(SENTENCE, return_inverse=True)
SPECTRUM = diversity.spectrum(np.bincount(IDS))
GRIES = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]
LEXICAL = "the ten words of the test of LexicalRichness 0.5.1"
FOUR = "quanteda.textstats test: b occurs 7 times in 10 words and 2 times in 9"
LEXICON_TEXT = "NLTK 3.10 collocations.doctest"


class Method(NamedTuple):
    """`definition` is Markdown; `compute` must give `expected` to `decimals` places (all of them when None)."""

    family: str
    name: str
    definition: str
    source: str
    expected: float | str
    compute: Callable[[], float | str]
    decimals: int | None = None

    def observed(self) -> float | str:
        """What this code gives now."""
        value = self.compute()
        return value if isinstance(value, str) else float(value)

    def holds(self, observed: float | str) -> bool:
        """Whether that is the published value."""
        if isinstance(observed, str) or isinstance(self.expected, str):
            return observed == self.expected
        if self.decimals is None:
            return isclose(observed, self.expected, rel_tol=TOLERANCE)
        return abs(observed - self.expected) <= 0.5 * 10**-self.decimals + 1e-12


def _dp(letter: str) -> float:
    letters = sorted(set("".join(GRIES)))
    counts = sparse.csr_matrix(np.array([[part.count(one) for one in letters] for part in GRIES]))
    return float(dispersion(counts)["dp"].iloc[letters.index(letter)])


def _pair(measure: str, n_ii: int, n_ix: int, n_xi: int, n_xx: int) -> float:
    one = (np.array([n_ix]), np.array([n_xi]))
    return float(collocations.scores(np.array([n_ii]), one, n_xx)[measure][0])


def _dice(n_ii: int, n_ix: int, n_xi: int) -> float:
    return _first(collocations.log_dice(np.array([n_ii]), np.array([n_ix]), np.array([n_xi])))


def _first(values: object) -> float:
    return float(np.ravel(values)[0])


METHODS = [
    Method("Words", "Tokens", "Elided words stand apart, hyphened pronouns too; the rest stays whole.",
           "the project's gold lines", "j' suis dans l' game", lambda: " ".join(tokenise("J'suis dans l'game"))),
    Method("Diversity", "Type-token ratio", "$V / N$: different words over words. Falls with length.",
           LEXICAL, 0.8, lambda: diversity.ttr(SPECTRUM)),
    Method("Diversity", "Guiraud's R", r"$V / \sqrt{N}$", LEXICAL, 2.5298221281347035,
           lambda: diversity.root_ttr(SPECTRUM)),
    Method("Diversity", "Herdan's C", r"$\log V / \log N$", LEXICAL, 0.9030899869919434,
           lambda: diversity.herdan_c(SPECTRUM)),
    Method("Diversity", "Yule's K", r"$10^4\,(\sum_i i^2 V_i - N) / N^2$. Lower is richer.", LEXICAL, 600.0,
           lambda: diversity.yule_k(SPECTRUM)),
    Method("Diversity", "Simpson's D", r"$\sum_i V_i\, i(i-1) / N(N-1)$: two words drawn are alike. Lower is richer.",
           LEXICAL, 0.06666666666666667, lambda: diversity.simpson_d(SPECTRUM)),
    Method("Diversity", "HD-D", "Mean share of different words in samples of 42 words (here 5), exactly.", LEXICAL,
           0.8833333333333332, lambda: diversity.hdd(SPECTRUM, 5)),
    Method("Diversity", "MATTR", "Mean type-token ratio of every window of 50 words (here 5).", LEXICAL, 0.9,
           lambda: windows.mattr(IDS, 5)),
    Method("Diversity", "MTLD", "Mean number of words until the ratio falls to 0.72, read both ways "
           "(here without a minimum).", LEXICAL, 14.0, lambda: mtld.mtld(IDS, minimum=0, shortest=1)),
    Method("Keyness", "G²", r"$2\sum O \ln(O/E)$ over the four cells, signed (Dunning 1993).", FOUR, 4.534939332256226,
           lambda: _first(association.g2(7, 10, 2, 9))),
    Method("Keyness", "Log ratio", r"$\log_2$ of the ratio of relative frequencies (Hardie 2014).", FOUR,
           1.6553518286125541, lambda: _first(association.log_ratio(7, 10, 2, 9))),
    Method("Keyness", "Conservative log ratio", "The end nearest to zero of the log ratio's interval (Evert 2022).",
           "60 of 100,000 against 20 of 120,000, scattertext", 1.0970966702588343,
           lambda: _first(association.conservative_log_ratio(60, 100_000, 20, 120_000))),
    Method("Keyness", "Lafon's specificity", "Log of the hypergeometric tail (Lafon 1980).",
           "“peuple” in Robespierre's fourth speech, TXM", -4.1743,
           lambda: _first(association.specificity(14, 296, 6903, 61449)), 4),
    Method("Dispersion", "DP", r"$\tfrac12\sum_i |s_i - v_i|$: 0 is even, 1 is all in one place (Gries 2008).",
           "the letter i in five lines, Gries 2019", 0.82, lambda: _dp("i"), 3),
    Method("Collocation", "logDice", r"$14 + \log_2 2f_{xy}/(f_x + f_y)$ (Rychlý 2008).", LEXICON_TEXT, 13.3677,
           lambda: _dice(20, 42, 20), 4),
    Method("Collocation", "PMI", r"$\log_2 f_{xy} N / f_x f_y$ (Church and Hanks 1990).", LEXICON_TEXT, 12.9173,
           lambda: _pair("pmi", 59, 67, 65, 571007), 4),
    Method("Intervals", "Wilson's interval", "The 95% interval of a share (Wilson 1927).", "5 of 10, Newcombe 1998",
           0.2366, lambda: _first(intervals.wilson(np.array([5]), np.array([10]))[0]), 4),
    Method("Sound", "Rhyme", "Phones shared from the end: 1 *pauvre*, 2 *suffisante*, 3 *riche*; two vowels *léonine*.",
           "maison, raison", "leonine", lambda: compare("maison", "raison", Pronunciations()).kind),
]  # fmt: skip
