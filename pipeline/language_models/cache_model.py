"""A cache model: an n-gram of the song so far (Kuhn & De Mori 1990), which predicts refrains and repeated words.

It is empty at the beginning of each song and counts every token once it has been read. From the empty context up to the
longest that the song had before, each context is interpolated with the next shorter one (`interpolation`), and the
empty one with a model of all songs. The `cache_weights`, three numbers for each length of context, determine the
shares; they are fitted on the validation songs. Contexts are substrings of the song, one character of a string a token.

Whole songs are scored at once by sorting what `CacheModel` counts token by token. A context is a group of positions, a
longer one is a part of it, and its count before a position is how many of the group come earlier. Positions whose
context occurs nowhere else are dropped: a long text would have a context for each position and length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.interpolation import (
    LEAST_SHARE,
    Floats,
    Ints,
    cached_interpolation_weight,
    fit_interpolation,
    interpolation_weights,
)
from pipeline.language_models.protocol import LanguageModel


def context_counts(song: Ids, order: int) -> Iterator[Ints]:
    """Yield one table int64 (n, 4) per context length, 0 to `order` - 1. Columns: position of a token (or the end), and
    how often its context came earlier in the song, with how many next tokens, and with this one."""
    stream = np.concatenate(([SONG], song, [SONG])).astype(np.int64)
    at, group = np.arange(len(stream)), np.zeros(len(stream), np.int64)
    size = int(stream.max()) + 1
    for length in range(order):
        if length:
            at, group = at[at >= length], group[at >= length]
            _, group = np.unique(group * size + stream[at - length], return_inverse=True)
        is_shared = np.bincount(group)[group] > 1
        if length:
            at, group = at[is_shared], group[is_shared]
        own = _count_earlier(group * size + stream[at])
        count, types = _count_earlier(group), _count_earlier(group, own == 0)
        counted = (count > 0) & (at > 0)
        yield np.stack([at - 1, count, types, own], 1)[counted]


def _count_earlier(group: Ints, marked: Ints | None = None) -> Ints:
    """Return for each position the number of earlier ones (only the `marked`, if given) with the same group number."""
    order = np.argsort(group, kind="stable")
    each = np.ones(len(group), np.int64) if marked is None else marked[order].astype(np.int64)
    before = np.cumsum(each) - each
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    earlier = np.empty_like(group)
    earlier[order] = before - np.repeat(before[begins], np.diff(begins, append=len(group)))
    return earlier


def cache_log_probabilities(song: Ids, weights: Floats) -> tuple[Floats, Floats]:
    """Return natural log p of each token of a song and its final `<song>` under the cache of the song so far (-inf for
    a new token), and the interpolation weight of that cache: float64 (tokens + 1,) each."""
    p, rest = np.zeros(len(song) + 1), np.ones(len(song) + 1)
    for level, row in zip(context_counts(song, len(weights)), weights, strict=True):
        at, count, types, own = level.T
        share = interpolation_weights(count, types, row)
        p[at] = share * own / count + (1 - share) * p[at]
        rest[at] *= 1 - share
    with np.errstate(divide="ignore"):
        return np.log(p / (1 - rest)), np.clip(1 - rest, LEAST_SHARE, 1 - LEAST_SHARE)


def fit_cache_weights(songs: Sequence[Ids], static: Sequence[Floats], order: int) -> Floats:
    """Return the cache weights (order, 3) that give songs the highest probability; `static`: log p without a cache.

    static: natural log p of each token of each song and of its end under the model that the cache is mixed with
    """
    starts = np.cumsum([0, *map(len, static)]).tolist()
    traces = [
        [level + np.array([start, 0, 0, 0]) for level in context_counts(song, order)]
        for song, start in zip(songs, starts[:-1], strict=True)
    ]
    levels = [np.concatenate(parts) for parts in zip(*traces, strict=True)]
    return fit_interpolation(levels, np.exp(np.concatenate(static)))


class SongNgramCounts:
    """Counts of the tokens that followed each context in a song, updated as the song grows."""

    def __init__(self, order: int) -> None:
        self.order = order
        self._text = ""
        self._counts: dict[str, dict[int, int]] = {}  # context -> next token -> how often
        self.update([SONG])

    def update(self, tokens: Sequence[int] | Ids) -> None:
        for token in np.asarray(tokens).tolist():
            for start in range(len(self._text) + 1):
                seen = self._counts.get(self._text[start:])
                if seen is None:
                    self._counts[self._text[start:]] = {token: 1}
                else:
                    seen[token] = seen.get(token, 0) + 1
            self._text = (self._text + chr(token))[1 - self.order :]

    def follower_counts(self, text: str) -> Iterator[dict[int, int]]:
        """Yield token -> count of what followed each suffix of `text` in the song, the empty suffix first."""
        for length in range(min(len(text), self.order - 1) + 1):
            seen = self._counts.get(text[len(text) - length :])
            if seen is None:
                return
            yield seen


@dataclass(frozen=True, eq=False)
class CacheModel(LanguageModel):
    """A language model from the n-gram counts of one song: scores are log-probabilities, -inf for tokens not in it.

    size     entries of the vocabulary
    weights  (order, 3), what says the share of each context
    weight   of the odds of this model, for who mixes it with others (`mixture`)
    The state is the last tokens of each row: int64 (batch, order - 1), -1 before the song. What is counted is in none.
    """

    size: int
    weights: Floats
    counts: SongNgramCounts
    weight: float = 1.0

    @property
    def vocabulary_size(self) -> int:
        return self.size

    def initial_state(self, batch: int = 1) -> Ints:
        return np.full((batch, len(self.weights) - 1), -1, np.int64)

    def feed_tokens(self, tokens: npt.ArrayLike, state: Ints) -> tuple[Floats, Ints]:
        state = self.next_state(tokens, state)
        with np.errstate(divide="ignore"):
            return np.log([self.probabilities(last)[0] for last in state]), state

    def next_state(self, tokens: npt.ArrayLike, state: Ints) -> Ints:
        """Return the state after reading one token a row: tokens (batch,)."""
        after = np.empty_like(state)
        after[:, :-1], after[:, -1] = state[:, 1:], tokens
        return after

    def probabilities(self, last: Ints) -> tuple[Floats, float]:
        """Return p of every next token (V,) after the tokens `last`, and the weight of the cache, 0 to 1."""
        text = "".join([chr(token) for token in last.tolist() if token >= 0])
        followers = list(self.counts.follower_counts(text))
        counts = [seen.values() for seen in followers]
        rest, each = 1.0, []  # left by the longer contexts; what a count of one is worth, the longest context first
        for seen, row in zip(reversed(counts), self._weight_rows[len(followers) - 1 :: -1], strict=True):
            count = sum(seen)
            share = cached_interpolation_weight(count, len(seen), row)
            each.append(share / count * rest)
            rest *= 1 - share
        weights = np.repeat(each[::-1], [len(seen) for seen in followers]) * np.array([*chain.from_iterable(counts)])
        p = np.bincount(np.array([*chain.from_iterable(followers)]), weights, self.size)
        return p / (1 - rest), min(max(1 - rest, LEAST_SHARE), 1 - LEAST_SHARE)

    @cached_property
    def _weight_rows(self) -> list[tuple[float, ...]]:
        """The three weights of each context length, as tuples that a cache can take for keys."""
        return [tuple(row) for row in self.weights.tolist()]

    def with_cache(self, song: Sequence[int] | Ids, weight: float = 1.0) -> "CacheModel":
        counts = SongNgramCounts(len(self.weights))
        counts.update(song)
        return CacheModel(self.size, self.weights, counts, weight)

    def extend_cache(self, tokens: Sequence[int] | Ids) -> None:
        self.counts.update(tokens)

    def without_cache_model(self) -> "CacheModel":
        return self.with_cache([], self.weight)
