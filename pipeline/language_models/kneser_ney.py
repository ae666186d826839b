"""Interpolated modified Kneser-Ney n-grams, in NumPy (Chen & Goodman 1998, Heafield et al. 2013).

    p(w | c) = max(count(c w) - D(count), 0) / total(c) + gamma(c) * p(w | c without its first token)

At the highest order `count` is how often c w occurred; below, in how many different left contexts it did. D has three
values an order (for counts 1, 2, 3 and more); below order 1 stands the uniform distribution, so every token of the
vocabulary has a probability and they sum to 1. Knows nothing of text: tokens in, probabilities out.

The counts are a trie laid out as one sorted array an order: the key of an n-gram is (number of its context among the
n-grams one shorter) * V + its last token. Looking up, scoring and stepping are binary searches in those arrays,
because five megabytes of text have thirty million n-grams, too many for dictionaries; a test holds them against the
plain formula.
A song begins after order - 1 `<song>` tokens, so no context reaches into the song before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import RunError
from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.ngram_trie import (
    Counts,
    Keys,
    NgramOrder,
    Nodes,
    check_ngram_arrays,
    concatenate_with_borders,
    make_ngram_order,
    narrowest_unsigned,
    ngram_indices,
)
from pipeline.language_models.protocol import Floats, LanguageModel, SongScores

_MAX_BATCH_PROBABILITIES = 4_000_000  # probabilities held at once
_CACHED_CONTEXT_LENGTH = 3  # tokens of a context whose probabilities are kept while a text is written
_MAX_CACHED_PROBABILITIES = 500_000  # probabilities so kept


@dataclass(frozen=True, eq=False)
class KneserNey(LanguageModel):
    """A trained n-gram model of a vocabulary of `size` entries. Scores are log-probabilities.

    State: int64 (batch, order), the trie node of each suffix of what was read, -1 where unseen.
    """

    size: int
    orders: tuple[NgramOrder, ...]

    @property
    def vocabulary_size(self) -> int:
        return self.size

    @property
    def order(self) -> int:
        """Number of tokens of the longest n-grams: the model sees order - 1 tokens before the next one."""
        return len(self.orders)

    def initial_state(self, batch: int = 1) -> Nodes:
        """Return the trie nodes of `batch` rows at the beginning of a song: int64 (batch, order)."""
        state = np.full((batch, self.order), -1, np.int64)
        state[:, 0] = 0
        for _ in range(self.order - 1):
            state = self.next_state(np.full(batch, SONG), state)
        return state

    def next_state(self, tokens: npt.ArrayLike, state: Nodes) -> Nodes:
        """Return the state (trie nodes) after reading one token a row: tokens (batch,)."""
        tokens = np.asarray(tokens)
        after = np.full_like(state, -1)
        after[:, 0] = 0
        if len(state) == 1:  # a text being written: half of the time
            self._advance_row(int(tokens[0]), state[0].tolist(), after[0])
            return after
        for number, order in enumerate(self.orders[:-1]):
            after[:, number + 1] = ngram_indices(order.keys, state[:, number], tokens, self.size)
        return after

    def _advance_row(self, token: int, nodes: Sequence[int], after: npt.NDArray[np.int64]) -> None:
        for number, (node, order) in enumerate(zip(nodes[:-1], self.orders, strict=False), 1):
            if node < 0:  # an unseen context: every longer one is unseen as well
                return
            ngram = node * self.size + token
            at = int(order.keys.searchsorted(ngram))
            if at < len(order.keys) and order.keys[at] == ngram:
                after[number] = at

    def probabilities(self, state: Nodes) -> Floats:
        """Return p of every next token: (batch, V)."""
        if len(state) == 1:  # a text being written: a third of the time
            return self._row_probabilities(state[0].tolist())[None]
        lowest = self.orders[0]
        row = np.full(self.size, 1 / self.size) * lowest.backoff
        row[lowest.tokens] += lowest.share
        p = np.repeat(row[None], len(state), axis=0)
        for number, order in enumerate(self.orders[1:], 1):
            rows = np.flatnonzero(state[:, number] >= 0)
            if not len(rows):  # an unseen context: every longer one is unseen as well
                break
            nodes, backoff = state[rows, number], np.ones((len(state), 1))
            backoff[rows, 0] = order.backoff[nodes]
            p *= backoff  # in place: taking the rows out and putting them back is what took the time
            start, children = order.first[nodes], order.first[nodes + 1] - order.first[nodes]
            before = np.cumsum(children) - children
            each = np.repeat(start - before, children) + np.arange(before[-1] + children[-1])
            p[np.repeat(rows, children), order.tokens[each]] += order.share[each]
        return p

    @cached_property
    def _unigrams(self) -> Floats:
        """p of every token after an unseen context."""
        (first,) = self.orders[0].backoff
        p = np.full(self.size, first / self.size)
        p[self.orders[0].tokens] += self.orders[0].share
        return p

    def _row_probabilities(self, nodes: Sequence[int]) -> Floats:
        if len(nodes) <= _CACHED_CONTEXT_LENGTH or nodes[_CACHED_CONTEXT_LENGTH] < 0:
            return self._interpolate_orders(self._unigrams, nodes, 1)
        short = self._short_context_cache.get(nodes[_CACHED_CONTEXT_LENGTH])
        if short is None:
            if len(self._short_context_cache) * self.size > _MAX_CACHED_PROBABILITIES:
                self._short_context_cache.clear()
            short = self._interpolate_orders(self._unigrams, nodes[: _CACHED_CONTEXT_LENGTH + 1], 1)
            self._short_context_cache[nodes[_CACHED_CONTEXT_LENGTH]] = short
        return self._interpolate_orders(short, nodes, _CACHED_CONTEXT_LENGTH + 1)

    @cached_property
    def _short_context_cache(self) -> dict[int, Floats]:
        """A cache of p of every token after contexts of `_CACHED_CONTEXT_LENGTH` tokens, by trie node."""
        return {}

    def _interpolate_orders(self, p: Floats, nodes: Sequence[int], first: int) -> Floats:
        """Return p (V,) of a lower order interpolated with the orders from `first` on, given the context nodes."""
        p = p.copy()
        for node, order in zip(nodes[first:], self.orders[first:], strict=False):
            if node < 0:
                break
            p *= order.backoff[node]
            cut = slice(order.first[node], order.first[node + 1])
            np.add.at(p, order.tokens[cut], order.share[cut])
        return p

    def feed_tokens(self, tokens: npt.ArrayLike, state: Nodes) -> tuple[Floats, Nodes]:
        state = self.next_state(tokens, state)
        return np.log(self.probabilities(state)), state

    def score(self, songs: Sequence[Ids]) -> list[Floats]:
        stream, event = concatenate_with_borders(songs, self.order)
        p = np.full(len(stream), 1 / self.size)
        node = np.zeros(len(stream), np.int64)  # of the context of length `order - 1` that ends at each token
        for number, order in enumerate(self.orders):
            context = np.append(-1 if number else 0, node[:-1])
            ngram = ngram_indices(order.keys, context, stream, self.size)
            p = np.where(context >= 0, p * order.backoff[context], p)
            p += np.where(ngram >= 0, order.share[ngram], 0)
            node = ngram
        ends = np.cumsum([len(song) + 1 for song in songs])[:-1]
        return np.split(np.log(p[event]), ends)

    def score_with_confidence(self, songs: Sequence[Ids]) -> list[SongScores]:
        return [self._score_with_confidence(song) for song in songs]

    def _score_with_confidence(self, song: Ids) -> SongScores:
        nodes, targets = self.states_before_tokens(song), np.append(song, SONG)
        rows = max(1, _MAX_BATCH_PROBABILITIES // self.size)
        own, top = np.empty(len(targets)), np.empty(len(targets))
        for start in range(0, len(targets), rows):
            cut = slice(start, start + rows)
            p = self.probabilities(nodes[cut])
            own[cut], top[cut] = p[np.arange(len(p)), targets[cut]], p.max(1)
        return np.log(own), top

    def states_before_tokens(self, song: Ids) -> Nodes:
        """Return the state before each token of a song and before its end: int64 (n + 1, order)."""
        stream, event = concatenate_with_borders([song], self.order)
        nodes = [np.zeros(len(stream), np.int64)]
        for number, order in enumerate(self.orders[:-1]):
            context = np.append(-1 if number else 0, nodes[-1][:-1])
            nodes.append(ngram_indices(order.keys, context, stream, self.size))
        nodes[1:] = [np.append(-1, ending[:-1]) for ending in nodes[1:]]  # known once its last token was read
        return np.stack(nodes, 1)[event]

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the model as arrays for a file: for each order the children of contexts, tokens and counts."""
        arrays: dict[str, npt.NDArray[np.generic]] = {"vocabulary_size": np.array(self.size)}
        for number, order in enumerate(self.orders, 1):
            arrays[f"children{number}"] = narrowest_unsigned(np.diff(order.first))
            arrays[f"tokens{number}"] = narrowest_unsigned(order.tokens)
            arrays[f"counts{number}"] = narrowest_unsigned(order.counts)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> "KneserNey":
        """Return the model whose `to_arrays` gave these arrays. Raise RunError if they are damaged."""
        try:
            size, contexts = int(arrays["vocabulary_size"]), 1
            orders: list[NgramOrder] = []
            while (number := len(orders) + 1) and f"tokens{number}" in arrays:
                children, tokens, counts = (arrays[f"{part}{number}"] for part in ("children", "tokens", "counts"))
                check_ngram_arrays(children, tokens, counts, contexts, size)
                context = np.repeat(np.arange(contexts), children.astype(np.int64))
                orders.append(
                    make_ngram_order(context * size + tokens.astype(np.int64), counts.astype(np.int32), contexts, size)
                )
                contexts = len(tokens)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise RunError(
                "The n-gram tables are damaged ({reason}). Train the model again.", reason=str(error)
            ) from error
        if not orders:
            raise RunError("The n-gram tables are empty. Train the model again.")
        return cls(size, tuple(orders))


def train_kneser_ney(songs: Sequence[Ids], vocabulary_size: int, order: int) -> KneserNey:
    """Return a Kneser-Ney n-gram model (n = `order`) trained on songs, ids without the `<song>` border."""
    return _NgramCounter(songs, vocabulary_size, order).fit_model(order)


def best_kneser_ney(
    songs: Sequence[Ids], valid: Sequence[Ids], vocabulary_size: int, orders: Sequence[int]
) -> KneserNey:
    """Return the model that predicts the validation songs best. Higher orders are tried until one is worse."""
    counter = _NgramCounter(songs, vocabulary_size, max(orders))
    scored = ((model, sum(float(p.sum()) for p in model.score(valid))) for model in map(counter.fit_model, orders))
    best, highest = next(scored)
    for model, score in scored:
        if score <= highest:
            break
        best, highest = model, score
    return best


class _NgramCounter:
    """Counts of the n-grams of songs, one length after the other; each length is counted once for all orders."""

    def __init__(self, songs: Sequence[Ids], vocabulary_size: int, longest: int) -> None:
        self.size = vocabulary_size
        self.stream, self.event = concatenate_with_borders(songs, longest)
        self.keys: list[Keys] = []  # by length, sorted
        self.number = np.zeros(len(self.stream), np.int32)  # of the longest n-gram counted that ends at each token
        self.lower: list[NgramOrder] = []  # by length: discounted counts of different left contexts

    def fit_model(self, order: int) -> KneserNey:
        """Return the model of this order. Calls must have rising orders."""
        while len(self.keys) < order:
            self._count_next_order()
        return KneserNey(self.size, (*self.lower, self._highest_order()))

    def _count_next_order(self) -> None:
        length, shorter = len(self.keys) + 1, self.number
        context = np.append(np.zeros(1, np.int32), shorter[:-1]).astype(np.int64)
        keys = context[length - 1 :] * self.size + self.stream[length - 1 :]
        unique, number = np.unique(keys, return_inverse=True)
        self.number = np.append(np.zeros(length - 1, np.int32), number.astype(np.int32))
        if self.keys:
            self.lower.append(self._make_order(self._continuation_counts(shorter, len(unique))))
        self.keys.append(unique)

    def _continuation_counts(self, shorter: Counts, longer: int) -> Counts:
        """Return for each n-gram the number of different tokens before it (Kneser-Ney's continuation count)."""
        ending = np.full(longer, -1, np.int32)  # in which n-gram each one longer ends, where it is predicted
        ending[self.number[self.event]] = shorter[self.event]
        return np.bincount(ending[ending >= 0], minlength=len(self.keys[-1])).astype(np.int32)

    def _highest_order(self) -> NgramOrder:
        return self._make_order(np.bincount(self.number[self.event], minlength=len(self.keys[-1])).astype(np.int32))

    def _make_order(self, counts: Counts) -> NgramOrder:
        """Return the record of the longest n-grams so far, `keys[-1]`, with `counts` as their counts."""
        contexts = len(self.keys[-2]) if len(self.keys) > 1 else 1
        return make_ngram_order(self.keys[-1], counts, contexts, self.size)
