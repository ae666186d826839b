"""Models of the same songs mixed: p = w p_first + (1 - w) p_second, where w depends on the context.

A network and a Kneser-Ney n-gram err in different places (the n-gram knows the frequent by heart, the network the
rest), and each shows where it is sure of itself: w is a table over how probable each holds its likeliest token. Above
what they say together stand, at character level, the contexts of words (`word_contexts`), and above all that
an n-gram of the song so far (`cache_model`): that is what brings refrains back. The shares are those that give the
validation songs the highest probability (expectation-maximisation; Jelinek & Mercer 1980), with `PRIOR` tokens' worth
of the share of all contexts in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array, softmax
from pipeline.cells.replay import Network
from pipeline.language.vocabulary import Ids
from pipeline.language_models.cache_model import SongMemory
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.word_contexts import WordContexts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_Counted = tuple[Ints, npt.NDArray[np.uint64], Ints]  # states of the n-gram, the word contexts and the memory
BUCKETS = 10  # of the probability of the likeliest token
PRIOR = 20.0
_ITERATIONS = 60


@dataclass(frozen=True)
class Mixture:
    """Steps as a network does: `step` gives log-probabilities, which are logits.

    shares   (BUCKETS, BUCKETS), of the network, by how sure the network and the n-gram are
    recall   (order, 3), what says the share of each context that the memory of the song knows
    words    entries of the vocabulary that can be predicted; those above are conditions, which only the network reads
    contexts, trust  what the words before say, and what says the shares of it: (WORDS + 1, 3); a word model has none
    The state is one of each expert, the last tokens being the memory's; the memory itself is what `remembering` read.
    """

    network: Network
    ngrams: KneserNey
    shares: Floats
    recall: Floats
    words: int
    contexts: WordContexts | None = None
    trust: Floats | None = None
    memory: SongMemory | None = None

    def remembering(self, song: Sequence[int] | Ids, weight: float = 1.0) -> "Mixture":
        """The same after these tokens of a song, which may come back in what follows. To be called before a state is
        begun, with any weight that it will have later: without a memory the last tokens are not kept.

        `weight` multiplies the odds of the memory against the rest: 0 leaves it out, 1 is what predicts real songs
        best, above 1 more comes back.
        """
        if not weight:
            return replace(self, memory=None)
        memory = SongMemory(len(self.recall), weight)
        memory.read(song)
        return replace(self, memory=memory)

    def remember(self, tokens: Sequence[int] | Ids) -> None:
        """Let the memory read on in its song; without one, nothing."""
        if self.memory is not None:
            self.memory.read(tokens)

    def initial_state(self, batch: int = 1) -> Any:
        """Nothing read yet."""
        spelt = self.contexts.initial_state(batch) if self.contexts else np.empty((batch, 0), np.uint64)
        last = np.full((batch, len(self.recall) - 1), -1, np.int64)
        return self.network.initial_state(batch), (self.ngrams.initial_state(batch), spelt, last)

    def step(self, tokens: npt.ArrayLike, state: Any) -> tuple[Array, Any]:
        """Read one token a row: int (batch,) -> log-probabilities (batch, V) of the next, and the state."""
        network_state, counted = state
        logits, network_state = self.network.step(tokens, network_state)
        counted = self._read(np.asarray(tokens), counted)
        return self._mixed(logits, counted), (network_state, counted)

    def run(self, tokens: npt.ArrayLike, state: Any = None) -> tuple[Array, Any]:
        """Read whole sequences: int (batch, time) -> log-probabilities (batch, time, V) and the last state."""
        tokens = np.asarray(tokens)
        network_state, counted = self.initial_state(len(tokens)) if state is None else state
        logits, network_state = self.network.run(tokens, network_state)
        out = np.empty(logits.shape)
        for t, column in enumerate(tokens.T):
            counted = self._read(column, counted)
            out[:, t] = self._mixed(logits[:, t], counted)
        return out, (network_state, counted)

    def _read(self, tokens: npt.NDArray[Any], counted: _Counted) -> _Counted:
        """The state of what was counted, after a token a row that is no condition."""
        told = tokens >= self.words
        if told.all():
            return counted
        nodes, spelt, last = counted
        after = (
            self.ngrams.advance(tokens, nodes),
            self.contexts.advance(tokens, spelt) if self.contexts else spelt,
            _shifted(last, tokens) if self.memory is not None else last,
        )
        for new, old in zip(after, counted, strict=True):
            new[told] = old[told]
        return after

    def _mixed(self, logits: Array, counted: _Counted) -> Floats:
        nodes, spelt, last = counted
        network, ngrams = softmax(logits.astype(np.float64), axis=-1), self.ngrams.probabilities(nodes)
        share = self.shares.ravel()[cells(network.max(1), ngrams.max(1))][:, None]
        p = share * network + (1 - share) * ngrams
        if self.contexts is not None and self.trust is not None:
            p = self.contexts.raised(p, spelt, self.trust)
        if self.memory is not None:
            for row, tokens in zip(p, last, strict=True):
                remembered, recalled = self.memory.probabilities(tokens[tokens >= 0], self.recall, len(row))
                row += weighted(recalled, self.memory.weight) * (remembered - row)
        return np.log(p)


def weighted(share: Any, weight: float) -> Any:
    """A share whose odds against the rest are multiplied."""
    return weight * share / (weight * share + 1 - share)


def _shifted(last: Ints, tokens: npt.ArrayLike) -> Ints:
    """The last tokens of each row, one later."""
    after = np.empty_like(last)
    after[:, :-1], after[:, -1] = last[:, 1:], tokens
    return after


def cells(network_top: Floats, ngram_top: Floats) -> Ints:
    """Which entry of the flat table of shares: how probable each holds its likeliest token."""
    return _bucket(network_top) * BUCKETS + _bucket(ngram_top)


def _bucket(p: Floats) -> Ints:
    return np.minimum((p * BUCKETS).astype(np.int64), BUCKETS - 1)


def mixed_scores(first: Floats, second: Floats, share: Floats | float) -> Floats:
    """log(share e^first + (1 - share) e^second), elementwise."""
    return np.logaddexp(np.log(share) + first, np.log1p(-np.asarray(share)) + second)


def fit_shares(first: Floats, second: Floats, context: Ints, contexts: int) -> Floats:
    """(contexts,) share of the first model, given log p of both and the context of each token."""
    overall = _fitted(first, second, np.zeros(len(first), np.int64), np.array([0.5]), 0.0)
    return _fitted(first, second, context, np.repeat(overall, contexts), PRIOR)


def _fitted(first: Floats, second: Floats, context: Ints, start: Floats, prior: float) -> Floats:
    count, shares = np.bincount(context, minlength=len(start)), start
    for _ in range(_ITERATIONS):
        here = shares[context]
        due = np.exp(np.log(here) + first - mixed_scores(first, second, here))
        shares = (np.bincount(context, due, len(start)) + prior * start) / np.maximum(count + prior, 1e-9)
        shares = np.clip(shares, 1e-4, 1 - 1e-4)
    return shares
