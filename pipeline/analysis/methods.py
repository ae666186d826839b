"""Every measure with its definition, formula and source, and a reference value that it computes again, live.

A Methods page lists `METHODS` and shows `method.check()` for each: what the field prints, what this code gives now.
The values of the poem are those of three packages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.analysis import association, collocations, diversity, intervals, moving_windows, mtld, repetition
from pipeline.analysis.counting import Floats
from pipeline.analysis.method_examples import (
    POEM,
    QUATRAIN,
    example_pronunciations,
    finnish_rhyme_factor,
    gries_dispersion,
    heaps_exponent,
    labbe_distance,
    measure_poem,
    pair_score,
    poem_words,
    quatrain_rhymes,
    word_ids,
    zipf_exponent,
)
from pipeline.core.translation import mark
from pipeline.language.rhyme import compare
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise


@dataclass(frozen=True, slots=True)
class MethodCheck:
    """A reference value beside what the code gives now; both in one unit, `tolerance` absolute."""

    expected: float
    observed: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the two agree."""
        return abs(self.expected - self.observed) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Method:
    """What a measure is (`definition`, `formula` in plain text), where it comes from, and a value that proves it.

    `case` says in words what is computed; `reference` who printed the expected value.
    """

    family: str
    name: str
    definition: str
    formula: str
    source: str
    case: str
    reference: str
    expected: float
    tolerance: float
    compute: Callable[[], float]

    def check(self) -> MethodCheck:
        """Compute the reference value again."""
        return MethodCheck(self.expected, float(self.compute()), self.tolerance)


_QUATRAIN = " / ".join(QUATRAIN)


def _on_poem(
    name: str, definition: str, formula: str, source: str, expected: float, measure: Callable[..., Floats]
) -> Method:
    case, reference = mark("the poem"), mark("three packages")
    compute = partial(measure_poem, measure)
    return Method("Diversity", name, definition, formula, source, case, reference, expected, 1e-9, compute)


METHODS: tuple[Method, ...] = (
    Method("Words", "Tokens", "Elided words stand apart, hyphened pronouns too; the rest stays whole.", "", "—",
           "J'suis dans l'game: j' suis dans l' game", "the project's gold lines", 5, 0,
           lambda: len(tokenise("J'suis dans l'game"))),
    _on_poem("Type-token ratio", "Different words over all words. Falls with length.", "V / N", "—",
             0.4714285714285714, diversity.ttr),
    _on_poem("Guiraud's R", "Types over the root of tokens.", "V / √N", "Guiraud 1954",
             5.578018081208209, diversity.root_ttr),
    _on_poem("Carroll's CTTR", "Types over the root of twice the tokens.", "V / √(2N)", "Carroll 1964",
             3.944254410803499, diversity.corrected_ttr),
    _on_poem("Herdan's C", "Ratio of the logarithms, the same in every base.", "ln V / ln N", "Herdan 1960",
             0.8478263669701517, diversity.herdan_c),
    _on_poem("Summer's S", "Ratio of the logarithms of the logarithms, base 10.", "lg lg V / lg lg N", "Summer 1966",
             0.783832761517005, diversity.summer_s),
    _on_poem("Dugast's U", "Base 10.", "(lg N)² / (lg N - lg V)", "Dugast 1978",
             14.103153042664644, diversity.dugast_u),
    _on_poem("Maas's a²", "Base 10; lower is richer. Some packages print a, its root, or use base e.",
             "(lg N - lg V) / (lg N)²", "Maas 1972", 0.07090612978351828, diversity.maas_a2),
    _on_poem("Yule's K", "How often two words drawn are the same; lower is richer, nearly free of length.",
             "10⁴ (Σ i² Vᵢ - N) / N²", "Yule 1944", 164.28571428571428, diversity.yule_k),
    _on_poem("Yule's I", "Falls with length: shown for the record.", "V² / (Σ i² Vᵢ - V)", "Yule 1944",
             11.0, diversity.yule_i),
    _on_poem("Simpson's D", "The chance that two tokens are one word; lower is richer.",
             "Σ i(i-1) Vᵢ / (N(N-1))", "Simpson 1949", 0.016546762589928057, diversity.simpson_d),
    _on_poem("Herdan's Vm", "Lower is richer.", "√(Σ i² Vᵢ / N² - 1/V)", "Herdan 1955",
             0.09176008620262636, diversity.herdan_vm),
    _on_poem("Honoré's H", "Rises with the share of words used once.", "100 ln N / (1 - V₁/V)", "Honoré 1979",
             795.4839021761319, diversity.honore_h),
    _on_poem("Sichel's S", "The share of types used twice.", "V₂ / V", "Sichel 1975",
             0.45454545454545453, diversity.sichel_s),
    _on_poem("Entropy", "Bits needed for a word drawn from the text.", "-Σ p log₂ p", "Shannon 1948",
             5.748567124472485, diversity.entropy),
    _on_poem("HD-D", "Share of types in 42 words drawn without replacement.", "E[V(42)] / 42",
             "McCarthy & Jarvis 2010", 0.7537842877022561, diversity.hdd),
    Method("Diversity", "Rarefied vocabulary", "Types to expect in n words drawn without replacement; free of length "
           "and of order. nan for shorter texts.", "Σ 1 - C(N-f, n) / C(N, n)", "Heck et al. 1975", "the poem, n = 50",
           "independent code", 36.032698, 1e-6,
           lambda: measure_poem(lambda s: diversity.rarefaction(s, 50))),
    Method("Diversity", "vocd-D", "The D of the curve that fits the exact mean TTR of 35 to 50 words.",
           "TTR = D/N (√(1 + 2N/D) - 1)", "Malvern & Richards 1997", "the curve at N = 100, D = 2",
           "LexicalRichness's tests", 0.1809975124224178, 1e-12, lambda: float(diversity.vocd_curve(100, 2))),
    Method("Diversity", "MATTR", "Mean type-token ratio of all windows of w words.", mark("mean of types / w"),
           "Covington & McFall 2010", "the poem, w = 50", "three packages", 0.6213186813186813, 1e-12,
           lambda: moving_windows.mattr(word_ids(poem_words()), 50)),
    Method("Diversity", "MSTTR", "Mean type-token ratio of successive segments; an incomplete last one is dropped.",
           mark("mean of types / s"), "Johnson 1944", "apple orange apple orange pear pear apple orange, s = 3",
           "quanteda's tests", 2 / 3, 1e-12, lambda: moving_windows.msttr(np.array([0, 1, 0, 1, 2, 2, 0, 1]), 3)),
    Method("Diversity", "MTLD", "Words it takes for the type-token ratio to fall below 0.72, factors of 10 words or "
           "more; mean of the forward and the backward score.", mark("N / factors"), "McCarthy & Jarvis 2010",
           "the poem", "textacy, TAALED, lexical_diversity", 44.89630753667173, 1e-9,
           lambda: mtld.mtld(word_ids(poem_words()))),
    Method("Diversity", "MTLD-MA-Wrap", "Mean length of the factors from every word, read on from the end into the "
           "beginning. Slower than MTLD; for single texts.", mark("mean length"), "Vidal & Jarvis 2020", "the poem",
           "lexical_diversity", 47.47142857142857, 1e-9, lambda: mtld.mtld_moving(word_ids(poem_words()))),
    Method("Diversity", "First n words", "Types in the first n words of an output: every form counts, elisions are "
           "split (l' + argent).", mark("V(first n)"), "The Pudding 2014", "the first 50 words of the poem",
           "counted by hand", 37, 0, lambda: moving_windows.first_words(word_ids(poem_words()), 50)),
    Method("Lexicon", "Zipf-Mandelbrot", "How frequency falls with rank, fitted by maximum likelihood with errors.",
           "f(r) = C / (r + b)ᵃ", "Mandelbrot 1953", "counts made with a = 1.15", "by construction", 1.15, 2e-3,
           zipf_exponent),
    Method("Lexicon", "Heaps", "How types grow with tokens, songs shuffled.", "V = k Nᵝ", "Heaps 1978",
           "β of 3 √N at 10, 100, 1000", "by construction", 0.5, 1e-12, heaps_exponent),
    Method("Comparison", "G²", "Evidence that two rates differ, over the four cells of the table.", "2 Σ O ln(O/E)",
           "Dunning 1993", "7 of 10 against 2 of 9", "quanteda's test input", 4.534939332256226, 1e-9,
           lambda: float(association.g2(7, 10, 2, 9))),
    Method("Comparison", "χ²", "Pearson's score of the same table.", mark("n (ad - bc)² / (products of the margins)"),
           "Pearson 1900", "7 of 10 against 2 of 9", "quanteda's test input", 4.33716049382716, 1e-9,
           lambda: float(association.chi_squared(7, 10, 2, 9))),
    Method("Comparison", "Log ratio", "How many times as often, in doublings; a 0 counts as 0.5.",
           "log₂ (f₁/n₁) / (f₂/n₂)", "Hardie 2014", "7 of 10 against 2 of 9", "quanteda's test input",
           1.6553518286125541, 1e-9, lambda: float(association.log_ratio(7, 10, 2, 9))),
    Method("Comparison", "LRC", "The log ratio that the evidence still supports: the 95 % limit nearer to 0.",
           mark("log₂ (n₂/n₁) q/(1-q), q a Clopper-Pearson limit"), "Evert 2023", "60 of 100,000 against 20 of 120,000",
           "scattertext's formula", 1.0970966702588343, 1e-9,
           lambda: float(association.conservative_log_ratio(60, 1e5, 20, 1.2e5))),
    Method("Comparison", "Lafon's specificity", "Surprise of a count in a part, signed; within ±2 is banal.",
           mark("±log₁₀ P(X ≥ f), X hypergeometric"), "Lafon 1980",
           "peuple in Robespierre's fourth speech: 14 of 296 in 6,903 of 61,449 words",
           "TXM's published table", -4.1743, 5e-5,
           lambda: float(association.specificity(14, 296, 6903, 61449))),
    Method("Comparison", "Simple maths", "Ratio of frequencies per million, k added to both.", "(a + k) / (b + k)",
           "Kilgarriff 2009", "3 and 1 per million, k = 1", "by hand", 2, 1e-12,
           lambda: float(association.simple_maths(3, 1e6, 1, 1e6))),
    Method("Comparison", "z of two shares", "Difference of two shares over its pooled error.",
           mark("(p₁ - p₂) / error"), "—", "0.3 and 0.1 of 100", "Lexos's tests", 3.54, 5e-3,
           lambda: float(association.z_of_proportions(0.3, 0.1, 100, 100))),
    Method("Dispersion", "DP", "Half the distance between where a word is and where it would be if spread evenly.",
           "½ Σ |vᵢ/f - sᵢ|", "Gries 2008", "i in the five parts of Gries", "scattertext's tests", 0.82, 5e-4,
           lambda: gries_dispersion("dp")),
    Method("Dispersion", "Rosengren's S", "1 is even.", "(Σ √(sᵢ vᵢ))² / f", "Rosengren 1971",
           "i in the five parts of Gries", "scattertext's tests", 0.18, 5e-4, lambda: gries_dispersion("rosengren_s")),
    Method("Dispersion", "Kullback-Leibler", "In bits; 0 is even.", "Σ vᵢ/f log₂ (vᵢ/f)/sᵢ", "Gries 2019",
           "i in the five parts of Gries", "scattertext's tests", 2.474, 6e-4, lambda: gries_dispersion("kl")),
    Method("Company", "t score", "Favours frequent pairs.", "(O - E) / √O", "Church et al. 1991",
           "8; 15,828; 4,675; 14,307,668", "NLTK's doctests", 0.9999, 5e-5,
           lambda: pair_score("t", 8, 15828, 4675, 14307668)),
    Method("Company", "PMI", "Favours rare pairs.", "log₂ O/E", "Church & Hanks 1990", "20; 42; 20; 14,307,668",
           "NLTK's doctests", 18.38, 5e-3, lambda: pair_score("pmi", 20, 42, 20, 14307668)),
    Method("Company", "G² of a pair", "Evidence for a pair.", "2 Σ O ln(O/E)", "Dunning 1993",
           "110; 2,552; 221; 31,777", "NLTK's doctests", 270.72, 5e-3, lambda: pair_score("g2", 110, 2552, 221, 31777)),
    Method("Company", "logDice", "Closeness of a pair, whatever the size of the corpus; at most 14.",
           "14 + log₂ 2O/(f₁ + f₂)", "Rychlý 2008", "20; 42; 20", "by formula", 13.3677, 5e-5,
           lambda: float(collocations.log_dice(np.array([20]), np.array([42]), np.array([20]))[0])),
    Method("Likeness", "Labbé's distance", "Share of words in which two texts part, the longer scaled to the shorter.",
           mark("Σ |f - U F| / sizes"), "Labbé & Labbé 2003", "2 0 2 0 against 4 2 1 1", "by hand", 2.5 / 7, 1e-6,
           labbe_distance),
    Method("Repetition", "Compression", "Bytes that zlib saves at level 9.",
           mark("1 - compressed / raw"), "Morris 2017",
           "the words of the poem, 758 bytes to 292", "zlib 1.2", 1 - 292 / 758, 4 / 758,
           lambda: repetition.compression_ratio(" ".join(poem_words()))),
    Method("Sound", "Syllables in classical verse", "An e before a consonant is sounded, at the end of the line not.",
           "", "—", "the first line of the poem", "an alexandrine", 12, 0,
           lambda: scan_line(POEM.split("\n")[0], example_pronunciations()).syllables.verse),
    Method("Sound", "Rhyme", "Phones shared from the end: 1 pauvre, 2 suffisante, 3 riche; 2 vowels or more léonine.",
           "", "—", "vowels that maison and raison share", "by ear", 2, 0,
           lambda: compare("maison", "raison", example_pronunciations()).shared_vowels),
    Method("Sound", "Multi", "Equal vowels in a row, counted from the ends of two stretches, across words.", "", "—",
           "la nuit est longue against la vie est l'ombre", "by ear", 4, 0,
           lambda: compare("la nuit est longue", "la vie est l'ombre", example_pronunciations()).shared_vowels),
    Method("Sound", "Rhyme density", "Syllables that stand in a rhyme, at the end of a line or inside it, within four "
           "lines and never across sections.", mark("rhymed syllables / syllables"), mark("after Hirjee & Brown 2010"),
           _QUATRAIN, "by hand: 4, 4, 1 and 1 of 4, 4, 3 and 4", 10 / 15, 1e-12,
           lambda: quatrain_rhymes().density()),
    Method("Sound", "Longest multi", "Syllables of the longest match of a section.", "", "—", _QUATRAIN,
           "by ear", 4, 0, lambda: max(site.syllables for site in quatrain_rhymes().sites)),
    Method("Sound", "Rhyme factor", "How long the assonances that end at a word are, on average: the longest with one "
           "of the 15 words before (here 10); one vowel alone counts 0.",
           mark("mean length over words from the second"), "Malmi et al. 2016",
           "talo on punainen / kalo on tunailen", "raplysaattori", 1.2, 1e-12, finnish_rhyme_factor),
    Method("Certainty", "Wilson's interval", "95 % limits of a share.", "(p + z²/2n ± …) / (1 + z²/n)", "Wilson 1927",
           "upper limit of 0 in 10", "z² / (10 + z²)", 0.27753279, 1e-8,
           lambda: float(intervals.wilson(0, 10)[1])),
    Method("Certainty", "Jackknife over songs", "95 % limits of any measure: leave each song out in turn.",
           mark("θ ± t √((n-1)/n Σ (θᵢ - mean)²)"), "Tukey 1958", "lower limit of the mean of 2, 4, 9, 5",
           "Student's interval of a mean", 5 - 3.182446305 * 1.471960144, 1e-6,
           lambda: intervals.jackknife(5, (20 - np.array([2, 4, 9, 5])) / 3).low),
)  # fmt: skip
