"""MTLD: how long a stretch of text keeps a type-token ratio of 0.72 (McCarthy and Jarvis 2010).

Walk the words; when the running TTR falls below the threshold a factor ends and the count starts anew; what is left
at the end counts (1 - TTR) / (1 - threshold). The score of a direction is N / factors, MTLD the mean of the forward
and the backward score. Higher is richer.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.measures import Measure, RankingCriterion, RankingFamily, ReferenceValue, poem_words, word_ids
from pipeline.analysis.words.moving_windows import previous_occurrence, reverse_occurrence
from pipeline.core.translation import mark

THRESHOLD = 0.72
MIN_FACTOR_WORDS = 10  # words a factor has at least: without it "ouais ouais" is a factor of two
MIN_TEXT_TOKENS = 100  # tokens below which the score says nothing
_WORDS_PER_CHUNK = 1 << 20  # that are Python's numbers at once


def mtld(
    ids: Ints, threshold: float = THRESHOLD, minimum: int = MIN_FACTOR_WORDS, shortest: int = MIN_TEXT_TOKENS
) -> float:
    """Return MTLD of one text: the mean of the forward and backward scores; a factor ends when TTR < `threshold`.

    `minimum` 1 is the original definition, 10 that of TAALED. nan below `shortest` tokens, and where every word is
    new: there is no factor to divide by. Set for English; French rap may run higher, so compare within a corpus.
    """
    return float(mtld_from(previous_occurrence(ids), np.array([0, len(ids)]), threshold, minimum, shortest)[0])


def mtld_from(
    previous: Ints,
    bounds: Ints,
    threshold: float = THRESHOLD,
    minimum: int = MIN_FACTOR_WORDS,
    shortest: int = MIN_TEXT_TOKENS,
) -> Floats:
    """Return float[texts]: MTLD of the texts ids[bounds[k]:bounds[k + 1]], all walked together, from the
    `previous_occurrence` of the ids.
    """
    lengths = np.diff(bounds)
    scores = np.zeros(len(lengths))
    for part in factors_in_both_directions(previous, bounds, threshold, minimum):
        text = np.searchsorted(bounds, part.start, side="right") - 1
        factors = np.bincount(text, part.value, minlength=len(lengths))
        valid = (factors > 1e-9) & (lengths >= shortest)
        scores += np.where(valid, lengths / np.where(valid, factors, 1), np.nan) / 2
    return scores


@dataclass(frozen=True, slots=True)
class Factors:
    """A text cut into its factors: where each starts, its length, and what it counts (1, the rest at the end less)."""

    start: Ints
    length: Ints
    value: Floats

    def factors_between(self, bounds: Ints) -> Floats:
        """Return float[parts]: what the tokens from each bound to the next add to the factors, each token of a factor
        alike; a bound is where a song begins or the text ends.
        """
        counted = np.concatenate([[0], np.cumsum(self.value)])
        starts = np.append(self.start, self.start[-1:] + self.length[-1:]) if len(self.start) else np.zeros(1)
        return np.diff(np.interp(bounds, starts, counted))


def factors_in_both_directions(
    previous: Ints, bounds: Ints, threshold: float = THRESHOLD, minimum: int = MIN_FACTOR_WORDS
) -> tuple[Factors, Factors]:
    """Return the factors read forward and read backward, both in forward places and order.

    `previous` is `previous_occurrence(ids)`.
    """
    size = len(previous)
    back = _cut_factors(reverse_occurrence(previous), size - bounds[::-1], threshold, minimum)
    starts = size - back.start - back.length
    ahead = _cut_factors(previous, bounds, threshold, minimum)
    return ahead, Factors(starts[::-1], back.length[::-1], back.value[::-1])


def _cut_factors(previous: Ints, bounds: Ints, threshold: float, minimum: int) -> Factors:
    whole = factor_ends(previous, bounds, threshold, minimum)
    last = whole.copy()
    last[bounds[1:][np.diff(bounds) > 0] - 1] = True
    stops = np.flatnonzero(last) + 1
    starts = np.concatenate([[0], stops])[: len(stops)]
    values = np.ones(len(stops))
    for k in np.flatnonzero(~whole[stops - 1]):  # the rest, at most one a text
        types = np.count_nonzero(previous[starts[k] : stops[k]] < starts[k])
        values[k] = (1 - types / (stops[k] - starts[k])) / (1 - threshold)
    return Factors(starts, stops - starts, values)


def factor_ends(previous: Ints, bounds: Ints, threshold: float, minimum: int) -> npt.NDArray[np.bool_]:
    """Return bool[n]: the tokens at which a factor ends, texts apart. `previous` is `previous_occurrence(ids)`."""
    ends = list[int]()
    for first, stop in pairwise(bounds.tolist()):
        start, types = first, 0
        for chunk in range(first, stop, _WORDS_PER_CHUNK):
            words = previous[chunk : min(chunk + _WORDS_PER_CHUNK, stop)].tolist()
            for following, before in enumerate(words, chunk + 1):
                if before < start:
                    types += 1
                if types / (following - start) < threshold and following - start >= minimum:
                    ends.append(following - 1)
                    start, types = following, 0
    mask = np.zeros(len(previous), bool)
    mask[ends] = True
    return mask


_NAME = mark("MTLD, threshold 0.72")
MEASURES = (
    Measure(
        "Diversity", "MTLD", "Words needed for the type-token ratio to fall below 0.72, in factors of at "
        "least 10 words; mean of the forward and backward scores.", mark("N / factors"), "McCarthy & Jarvis 2010",
        ReferenceValue(
            "the poem", "textacy, TAALED, lexical_diversity", 44.89630753667173,
            lambda: mtld(word_ids(poem_words())), 1e-9,
        ),
        (
            RankingCriterion(
                "mtld", None, mark("MTLD, threshold 0.72, factors of at least 10 words"), _NAME, comparable=True,
                minimum=MIN_FACTOR_WORDS,
            ),
        ),
        RankingFamily("mtld", 1, 100, lambda n: RankingCriterion(f"mtld_{n}", None, _NAME, minimum=n)),
    ),
)  # fmt: skip
