"""MTLD: how long a stretch of text keeps a type-token ratio of 0.72 (McCarthy and Jarvis 2010), exactly and fast.

Walk the words; when the running TTR falls below the threshold a factor ends and the count starts anew; what is left
at the end counts (1 - TTR) / (1 - threshold). The score of a direction is N / factors, MTLD the mean of the forward
and the backward score. Higher is richer.

The walk looks sequential, but it forgets: wherever it starts, it soon ends a factor at the same word as any other
start. So blocks of the text are walked side by side in NumPy, each guessing that a factor starts at its first word;
then each is walked again from where the block before it really left off, until no block changes. The first block
is right from the start and a block after a right one becomes right, so the result is exactly the sequential one.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.measures import Measure, RankingCriterion, RankingFamily, ReferenceValue, poem_words, word_ids
from pipeline.analysis.words.moving_windows import previous_occurrence, reverse_occurrence
from pipeline.core.translation import mark

THRESHOLD = 0.72
MIN_FACTOR_WORDS = 10  # words a factor has at least: without it "ouais ouais" is a factor of two
MIN_TEXT_TOKENS = 100  # tokens below which the score says nothing
_MAX_BLOCKS = 512  # blocks of a long text; more would be too short for their walks to meet
_MIN_BLOCK_WORDS = 8192  # words that a block has at least
_WORDS_PER_STEP = 128  # words looked at in a step: most factors of rap end within it


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
    with ThreadPoolExecutor(2) as pool:  # NumPy works outside the interpreter's lock
        ahead = pool.submit(_cut_factors, previous, bounds, threshold, minimum)
        back = _cut_factors(reverse_occurrence(previous), size - bounds[::-1], threshold, minimum)
        starts = size - back.start - back.length
        return ahead.result(), Factors(starts[::-1], back.length[::-1], back.value[::-1])


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
    size = max(_MIN_BLOCK_WORDS, len(previous) // _MAX_BLOCKS)
    first = np.concatenate([np.arange(a, b, size) for a, b in pairwise(bounds.tolist())] or [bounds[:0]])
    stop = np.append(first[1:], len(previous))[: len(first)]
    opens = np.isin(first, bounds)  # the first block of a text: where its walk starts is no guess
    walk = _FactorWalker(previous, threshold, minimum)
    entry, leave = first.copy(), first.copy()
    todo = np.arange(len(first))
    while len(todo):
        leave[todo] = walk.run(first[todo], stop[todo], entry[todo], leave[todo])
        following = todo[todo + 1 < len(first)] + 1
        following = following[~opens[following]]
        todo = following[entry[following] != leave[following - 1]]
        entry[todo] = leave[todo - 1]
    return walk.ends


class _FactorWalker:
    """Walks blocks side by side, a factor (or `_WORDS_PER_STEP` words of a longer one) a step, and records where
    factors end."""

    def __init__(self, previous: Ints, threshold: float, minimum: int) -> None:
        self.ahead = sliding_window_view(
            np.append(previous, np.zeros(_WORDS_PER_STEP, previous.dtype)), _WORDS_PER_STEP
        )
        self.ends = np.zeros(len(previous), bool)
        self.threshold, self.minimum = threshold, minimum
        self.enough = self._least_types(_WORDS_PER_STEP)

    def _least_types(self, longest: int) -> Ints:
        """Return int[longest + 1, _REACH]: the least number of types with which the next `_WORDS_PER_STEP` words of a
        factor of so many words go on: what it takes to divide once for each size instead of once for each word.
        """
        size = np.arange(1, longest + _WORDS_PER_STEP + 1)
        least = np.ceil(self.threshold * size).astype(np.int32)
        least -= (least - 1) / size >= self.threshold  # where the product was rounded up or down,
        least += least / size < self.threshold  # the quotient decides
        least[: self.minimum - 1] = 0
        return sliding_window_view(least, _WORDS_PER_STEP)

    def run(self, first: Ints, stop: Ints, entry: Ints, leave: Ints) -> Ints:
        """Walk the blocks [first, stop), a factor open since `entry`; return the start of the factor each leaves open.

        A block walked before stops where it ends a factor at the same word as then: the rest, and `leave`, stand.
        """
        types: Ints = np.zeros(len(entry), np.int32)
        block, start, at = np.arange(len(first)), entry.copy(), entry.copy()
        leave, until = leave.copy(), stop.copy()
        ends: list[Ints] = []
        while len(block):
            place, types = self._next_end(start, at, types, stop[block])
            has_ended, at = place >= 0, np.where(place >= 0, place, at + _WORDS_PER_STEP - 1) + 1
            start, types = np.where(has_ended, at, start), np.where(has_ended, 0, types)
            ends.append(place[has_ended])
            merged = has_ended & self.ends[place]
            over = ~merged & (at >= stop[block])
            leave[block[over]], until[block[merged]] = start[over], place[merged]
            on = ~(merged | over)
            block, start, at, types = block[on], start[on], at[on], types[on]
        for a, b in zip(first.tolist(), until.tolist(), strict=True):
            self.ends[a:b] = False
        self.ends[np.concatenate(ends)] = True
        return leave

    def _next_end(self, start: Ints, at: Ints, types: Ints, stop: Ints) -> tuple[Ints, Ints]:
        """Return (place of the first end in the `_WORDS_PER_STEP` words from `at`, -1 if none; types counted to the
        last).
        """
        size = at - start
        if size.max() >= len(self.enough):
            self.enough = self._least_types(2 * int(size.max()))
        new = self.ahead[at] < start[:, None]  # (blocks, words)
        counted = np.cumsum(new, axis=1, dtype=np.int32) + types[:, None]
        has_ended = counted < self.enough[size]
        step = has_ended.argmax(axis=1)
        place = at + step
        there = has_ended[np.arange(len(at)), step] & (place < stop)
        return np.where(there, place, -1), counted[:, -1]


def mtld_moving(ids: Ints) -> float:
    """Return MTLD-MA-Wrap: the mean length of the factors that begin at every token, read on from the end into the
    beginning (Vidal and Jarvis 2020). Looks at every start: for texts, not whole corpora.
    """
    previous = previous_occurrence(np.concatenate([ids, ids]))
    start, types = np.arange(len(ids)), np.zeros(len(ids), np.int64)
    total = complete = 0
    for size in range(1, len(ids) + 1):
        types = types + (previous[start + size - 1] < start)
        has_ended = (types / size < THRESHOLD) & (size >= MIN_FACTOR_WORDS)
        total, complete = total + size * int(has_ended.sum()), complete + int(has_ended.sum())
        start, types = start[~has_ended], types[~has_ended]
        if not len(start):
            break
    return total / complete if complete else float("nan")


_NAME = mark("MTLD, threshold 0.72")
MEASURES = (
    Measure(
        "Diversity", "MTLD", "Words it takes for the type-token ratio to fall below 0.72, factors of 10 words or "
        "more; mean of the forward and the backward score.", mark("N / factors"), "McCarthy & Jarvis 2010",
        ReferenceValue(
            "the poem", "textacy, TAALED, lexical_diversity", 44.89630753667173,
            lambda: mtld(word_ids(poem_words())), 1e-9,
        ),
        (
            RankingCriterion(
                "mtld", None, mark("MTLD, threshold 0.72, factors of 10 words or more"), _NAME, comparable=True,
                minimum=MIN_FACTOR_WORDS,
            ),
        ),
        RankingFamily("mtld", 1, 100, lambda n: RankingCriterion(f"mtld_{n}", None, _NAME, minimum=n)),
    ),
    Measure(
        "Diversity", "MTLD-MA-Wrap", "Mean length of the factors from every word, read on from the end into the "
        "beginning. Slower than MTLD; for single texts.", mark("mean length"), "Vidal & Jarvis 2020",
        ReferenceValue(
            "the poem", "lexical_diversity", 47.47142857142857, lambda: mtld_moving(word_ids(poem_words())), 1e-9
        ),
    ),
)  # fmt: skip
