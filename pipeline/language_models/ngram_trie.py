"""The n-grams of one length as sorted arrays, the layers of the trie of `kneser_ney`: made, discounted, looked up.

The key of an n-gram is (number of its context among the n-grams one shorter) * V + its last token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.core.translation import mark
from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.protocol import Floats

Keys = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]  # half the memory: five megabytes of text have some thirty million n-grams


@dataclass(frozen=True)
class NgramOrder:
    """The n-grams of one length, sorted by key. `share` is the discounted part of each one's probability;
    `backoff`, one for each context (n-gram one shorter), is gamma; `first` says where a context's n-grams begin."""

    keys: Keys
    counts: Counts
    share: Floats
    backoff: Floats
    first: Counts
    tokens: Ids


def concatenate_with_borders(songs: Sequence[Ids], order: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return songs in one stream, each after order - 1 `<song>` and before one, and a mask of tokens to predict."""
    pad, end = np.full(order - 1, SONG, np.int64), np.array([SONG], np.int64)
    stream = np.concatenate([part for song in songs for part in (pad, song, end)])
    event = np.concatenate([np.arange(len(song) + order) >= order - 1 for song in songs])
    return stream, event


def make_ngram_order(keys: Keys, counts: Counts, contexts: int, size: int) -> NgramOrder:
    """Return the n-grams of one length with their discounted probabilities and back-off weights, from sorted counts."""
    context, tokens = keys // size, (keys % size).astype(np.int32)
    discounts = estimate_discounts(counts)
    removed = discounts[np.minimum(counts, 3)]
    total = np.bincount(context, counts, contexts)
    seen = total > 0
    backoff, share = np.ones(contexts), np.zeros(len(keys))
    backoff[seen] = np.bincount(context, removed, contexts)[seen] / total[seen]
    np.divide(counts - removed, total[context], out=share, where=seen[context])
    first = np.append(0, np.cumsum(np.bincount(context, minlength=contexts))).astype(np.int32)
    return NgramOrder(keys, counts, share, backoff, first, tokens)


def estimate_discounts(counts: Counts) -> Floats:
    """Return the Kneser-Ney discounts D(0), D(1), D(2), D(3+) as Chen & Goodman estimate them from counts of counts.

    On texts too small for the estimate to lie in (0, count) it is 3/4 of the way there is.
    """
    n = np.bincount(np.minimum(counts, 5), minlength=5).astype(float)
    discounts = np.array([0.0, 0.75, 1.0, 1.25])
    if n[1:5].all():
        y = n[1] / (n[1] + 2 * n[2])
        for count in (1, 2, 3):
            estimate = count - (count + 1) * y * n[count + 1] / n[count]
            if 0 < estimate < count:
                discounts[count] = estimate
    return discounts


def ngram_indices(keys: Keys, context: Nodes, tokens: npt.NDArray[np.int64], size: int) -> Nodes:
    """Return the index of each n-gram (context, token) in `keys`, -1 if it or its context was never seen."""
    ngrams = context * size + tokens
    at = np.minimum(np.searchsorted(keys, ngrams), len(keys) - 1)
    return np.where((context >= 0) & (keys[at] == ngrams), at, -1)


def narrowest_unsigned(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return an array of whole numbers in the narrowest unsigned type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


def check_ngram_arrays(children: Any, tokens: Any, counts: Any, contexts: int, size: int) -> None:
    """Raise ValueError unless these arrays can be the n-grams of one length, before memory of their size is taken."""
    whole = all(part.dtype.kind == "u" and part.ndim == 1 for part in (children, tokens, counts))
    if not whole or len(children) != contexts or not 0 < len(tokens) == len(counts):
        raise ValueError(mark("their parts do not match"))
    if int(children.sum(dtype=np.uint64)) != len(tokens) or int(tokens.max()) >= size:
        raise ValueError(mark("numbers out of range"))
    if children.max() > len(tokens) or counts.max() > np.iinfo(np.int32).max or not counts.any():
        raise ValueError(mark("numbers out of range"))
