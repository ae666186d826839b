"""A mixture of a network and an n-gram of the same songs: p = w p_network + (1 - w) p_ngram, w by context.

They err in different places, and each shows where it is sure of itself: w is a table over how probable each holds its
likeliest token. At character level the result is interpolated with the contexts of words (`word_contexts`), and then
with an n-gram of the song so far (`cache_model`), which repeats refrains. The shares are those that give the validation
songs the highest probability (expectation-maximisation; Jelinek & Mercer 1980), with `PRIOR_TOKEN_COUNT` tokens' worth
of the share of all contexts in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array, softmax
from pipeline.language.vocabulary import Ids
from pipeline.language_models.cache_model import CacheModel, SongNgramCounts
from pipeline.language_models.interpolation import Ints, fit_interpolation, interpolate
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.protocol import Floats, LanguageModel, Scores, SongScores, State
from pipeline.language_models.word_contexts import WordContexts

_CountStates = tuple[Ints, npt.NDArray[np.uint64], Ints]  # states of the n-gram, the word contexts and the cache
CONFIDENCE_BUCKET_COUNT = 10  # of the probability of the likeliest token
PRIOR_TOKEN_COUNT = 20.0
EVEN_SHARES, NO_CACHE = (
    np.full((CONFIDENCE_BUCKET_COUNT, CONFIDENCE_BUCKET_COUNT), 0.5),
    np.empty((0, 3)),
)  # of a mixture that is not fitted
_ITERATIONS = 60


@dataclass(frozen=True)
class ExpertScores:
    """The log-probabilities of songs under each model of a mixture, from which its weights are fitted.

    contexts  what the word contexts know of each token: levels of `interpolation`, none without such contexts
    """

    network: Sequence[SongScores]
    ngrams: Sequence[SongScores]
    contexts: Sequence[Ints]


@dataclass(frozen=True, eq=False)
class Mixture(LanguageModel):
    """A language model that interpolates network, n-gram, word contexts and cache; scores are log-probabilities.

    shares         (BUCKETS, BUCKETS), of the network, by how sure the network and the n-gram are
    cache_weights  (order, 3), what says the share of each context that the cache knows
    words          entries of the vocabulary that can be predicted; those above are control tokens, which only the
                   network reads
    contexts, word_weights  what followed the words before, and what says the shares of it: (WORDS + 1, 3); a word
                   model has none
    The state is one of each expert; that of the cache moves on only while there is one, so a cache is given before a
    state is begun (`with_cache`), with any weight that it will have later.
    """

    network: LanguageModel
    ngrams: KneserNey
    shares: Floats
    cache_weights: Floats
    words: int
    contexts: WordContexts | None = None
    word_weights: Floats | None = None
    cache: CacheModel | None = None

    @property
    def vocabulary_size(self) -> int:
        return self.network.vocabulary_size

    @property
    def control_token_count(self) -> int:
        return self.vocabulary_size - self.words

    def score(self, songs: Sequence[Ids]) -> list[Floats]:
        return self.mix_scores(self.score_experts(songs))

    def score_experts(self, songs: Sequence[Ids]) -> ExpertScores:
        """Return the scores of songs by each model alone: the slow part of `score`."""
        plain = [song[song < self.words] for song in songs]
        return ExpertScores(
            self.network.score_with_confidence(songs),
            self.ngrams.score_with_confidence(plain),
            self.contexts.counts_by_context_length(plain) if self.contexts else [],
        )

    def mix_scores(self, experts: ExpertScores) -> list[Floats]:
        """Return natural log p of each token of each song, as `score` does, from the scores of each model alone."""
        scores = self._mix_pair(experts)
        if self.word_weights is None:
            return scores
        both = interpolate(experts.contexts, np.exp(np.concatenate(scores)), self.word_weights)
        return np.split(np.log(both), np.cumsum([len(song) for song in scores])[:-1])

    def _mix_pair(self, experts: ExpertScores) -> list[Floats]:
        shares, pairs = self.shares.ravel(), zip(experts.network, experts.ngrams, strict=True)
        return [mixed_scores(a, b, shares[joint_confidence_bucket(top, other)]) for (a, top), (b, other) in pairs]

    def fit_weights(self, experts: ExpertScores) -> "Mixture":
        """Return the mixture with the mixing weights and word-context weights that predict the scored songs best."""
        a, b = ([np.concatenate(part) for part in zip(*own, strict=True)] for own in (experts.network, experts.ngrams))
        shares = (
            fit_shares(a[0], b[0], joint_confidence_bucket(a[1], b[1]), CONFIDENCE_BUCKET_COUNT**2)
            .reshape(CONFIDENCE_BUCKET_COUNT, CONFIDENCE_BUCKET_COUNT)
            .round(4)
        )
        mixture = replace(self, shares=shares, word_weights=None)
        if not experts.contexts:
            return mixture
        below = np.exp(np.concatenate(mixture.mix_scores(experts)))
        return replace(mixture, word_weights=fit_interpolation(experts.contexts, below).round(4))

    def with_cache(self, song: Sequence[int] | Ids, weight: float = 1.0) -> "Mixture":
        if not weight:
            return self.without_cache_model()
        return replace(self, cache=self._empty_cache().with_cache(song, weight))

    def faster_model(self, state: State) -> tuple[LanguageModel, State]:
        """Return the network alone and its state, or the mixture itself and its state if it has a cache."""
        return (self, state) if self.cache is not None else (self.network, state[0])

    def extend_cache(self, tokens: Sequence[int] | Ids) -> None:
        if self.cache is not None:
            self.cache.extend_cache(tokens)

    def without_cache_model(self) -> "Mixture":
        return replace(self, cache=None)

    def initial_state(self, batch: int = 1) -> State:
        spelt = self.contexts.initial_state(batch) if self.contexts else np.empty((batch, 0), np.uint64)
        last = self._empty_cache().initial_state(batch)
        return self.network.initial_state(batch), (self.ngrams.initial_state(batch), spelt, last)

    def feed_tokens(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        network_state, counted = state
        logits, network_state = self.network.feed_tokens(tokens, network_state)
        counted = self._advance_counts(np.asarray(tokens), counted)
        return self._mixed_log_p(logits, counted), (network_state, counted)

    def feed_sequences(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        tokens = np.asarray(tokens)
        network_state, counted = self.initial_state(len(tokens)) if state is None else state
        logits, network_state = self.network.feed_sequences(tokens, network_state)
        out = np.empty(logits.shape)
        for t, column in enumerate(tokens.T):
            counted = self._advance_counts(column, counted)
            out[:, t] = self._mixed_log_p(logits[:, t], counted)
        return out, (network_state, counted)

    def _empty_cache(self) -> CacheModel:
        return CacheModel(self.vocabulary_size, self.cache_weights, SongNgramCounts(len(self.cache_weights)))

    def _advance_counts(self, tokens: npt.NDArray[Any], counted: _CountStates) -> _CountStates:
        """Return the states of n-gram, word contexts and cache after one token a row; control tokens change none."""
        controls = tokens >= self.words
        if controls.all():
            return counted
        nodes, spelt, last = counted
        after = (
            self.ngrams.next_state(tokens, nodes),
            self.contexts.next_state(tokens, spelt) if self.contexts else spelt,
            self.cache.next_state(tokens, last) if self.cache is not None else last,
        )
        if controls.any():
            for new, old in zip(after, counted, strict=True):
                new[controls] = old[controls]
        return after

    def _mixed_log_p(self, logits: Array, counted: _CountStates) -> Floats:
        nodes, spelt, last = counted
        network, ngrams = softmax(logits.astype(np.float64), axis=-1), self.ngrams.probabilities(nodes)
        share = self._network_share(network, ngrams)
        p = share * network + (1 - share) * ngrams
        if self.contexts is not None and self.word_weights is not None:
            p = self.contexts.interpolated_with(p, spelt, self.word_weights)
        if self.cache is not None:
            for row, tokens in zip(p, last, strict=True):
                recent, cache_share = self.cache.probabilities(tokens)
                row += scale_share_odds(cache_share, self.cache.weight) * (recent - row)
        return np.log(p)

    def _network_share(self, network: Floats, ngrams: Floats) -> Any:
        """Return the mixture weight of the network in each row, by how confident network and n-gram are."""
        if len(network) > 1:
            return self.shares.ravel()[joint_confidence_bucket(network.max(1), ngrams.max(1))][:, None]
        row, column = (
            min(int(float(p.max()) * CONFIDENCE_BUCKET_COUNT), CONFIDENCE_BUCKET_COUNT - 1) for p in (network, ngrams)
        )  # as `_confidence_bucket`
        return float(self.shares[row, column])


def scale_share_odds(share: Any, weight: float) -> Any:
    """Return a share (0 to 1) with its odds, share / (1 - share), multiplied by `weight`."""
    return weight * share / (weight * share + 1 - share)


def joint_confidence_bucket(network_top: Floats, ngram_top: Floats) -> Ints:
    """Return the number of each pair of confidence buckets, given p of the likeliest token under each model."""
    return _confidence_bucket(network_top) * CONFIDENCE_BUCKET_COUNT + _confidence_bucket(ngram_top)


def _confidence_bucket(p: Floats) -> Ints:
    return np.minimum((p * CONFIDENCE_BUCKET_COUNT).astype(np.int64), CONFIDENCE_BUCKET_COUNT - 1)


def mixed_scores(first: Floats, second: Floats, share: Floats | float) -> Floats:
    """Return log(share e^first + (1 - share) e^second), elementwise."""
    return np.logaddexp(np.log(share) + first, np.log1p(-np.asarray(share)) + second)


def fit_shares(first: Floats, second: Floats, context: Ints, contexts: int) -> Floats:
    """Return the mixture weight of the first model in each context (contexts,), fitted by expectation-maximisation.

    first, second: natural log p of each token under both models; context: the context number of each token
    """
    overall = _fit_shares(first, second, np.zeros(len(first), np.int64), np.array([0.5]), 0.0)
    return _fit_shares(first, second, context, np.repeat(overall, contexts), PRIOR_TOKEN_COUNT)


def _fit_shares(first: Floats, second: Floats, context: Ints, start: Floats, prior: float) -> Floats:
    count, shares = np.bincount(context, minlength=len(start)), start
    for _ in range(_ITERATIONS):
        context_shares = shares[context]
        due = np.exp(np.log(context_shares) + first - mixed_scores(first, second, context_shares))
        shares = (np.bincount(context, due, len(start)) + prior * start) / np.maximum(count + prior, 1e-9)
        shares = np.clip(shares, 1e-4, 1 - 1e-4)
    return shares
