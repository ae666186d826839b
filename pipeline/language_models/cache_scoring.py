"""The cache of whole songs, all tokens at once: what it gives each token, and the weights that suit it best.

What `cache_model` counts token by token is here sorted: a context is a group of positions, one longer is a part of it,
and what it had counted before a position is how many of the group come earlier. A long text would have a context of
its own for each position and length; positions whose context stands nowhere else go no further.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.interpolation import LIMIT, Floats, Ints, fit_interpolation, shares


def known_contexts(song: Ids, order: int) -> Iterator[Ints]:
    """Yield, of each length of context from 0 to `order` - 1, what it knew before each token of the song and before the
    `<song>` after it, each read once predicted: a level of `interpolation`.
    """
    stream = np.concatenate(([SONG], song, [SONG])).astype(np.int64)
    at, group = np.arange(len(stream)), np.zeros(len(stream), np.int64)
    size = int(stream.max()) + 1
    for length in range(order):
        if length:
            at, group = at[at >= length], group[at >= length]
            _, group = np.unique(group * size + stream[at - length], return_inverse=True)
        together = np.bincount(group)[group] > 1
        if length:
            at, group = at[together], group[together]
        own = _earlier(group * size + stream[at])
        count, types = _earlier(group), _earlier(group, own == 0)
        known = (count > 0) & (at > 0)
        yield np.stack([at - 1, count, types, own], 1)[known]


def _earlier(group: Ints, marked: Ints | None = None) -> Ints:
    """Return how many of its group, of those `marked`, stand before each position."""
    order = np.argsort(group, kind="stable")
    each = np.ones(len(group), np.int64) if marked is None else marked[order].astype(np.int64)
    before = np.cumsum(each) - each
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    found = np.empty_like(group)
    found[order] = before - np.repeat(before[begins], np.diff(begins, append=len(group)))
    return found


def cache_log_probabilities(song: Ids, weights: Floats) -> tuple[Floats, Floats]:
    """Return of each token of a song and the `<song>` after it: log p under the cache of what comes before it in the
    song (-inf for a new one), and the share of that cache."""
    p, rest = np.zeros(len(song) + 1), np.ones(len(song) + 1)
    for level, row in zip(known_contexts(song, len(weights)), weights, strict=True):
        at, count, types, own = level.T
        share = shares(count, types, row)
        p[at] = share * own / count + (1 - share) * p[at]
        rest[at] *= 1 - share
    with np.errstate(divide="ignore"):
        return np.log(p / (1 - rest)), np.clip(1 - rest, LIMIT, 1 - LIMIT)


def fit_cache_weights(songs: Sequence[Ids], static: Sequence[Floats], order: int) -> Floats:
    """Return the weights (order, 3) that give the songs the highest probability, given log p of each token of each song
    and of its end under the model of all songs."""
    starts = np.cumsum([0, *map(len, static)]).tolist()
    traces = [
        [level + np.array([start, 0, 0, 0]) for level in known_contexts(song, order)]
        for song, start in zip(songs, starts[:-1], strict=True)
    ]
    levels = [np.concatenate(parts) for parts in zip(*traces, strict=True)]
    return fit_interpolation(levels, np.exp(np.concatenate(static)))
