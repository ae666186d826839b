"""Trained networks as language models: one (`cells.replay` does the work), and one read under two conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import softmax
from pipeline.cells.replay import Network
from pipeline.language.vocabulary import Ids
from pipeline.language_models.protocol import LanguageModel, Scores, State


@dataclass(frozen=True, eq=False)
class NetworkModel(LanguageModel):
    """A trained network as a language model: scores are logits, and the state is that of all layers."""

    network: Network
    controls: int = 0  # of its tokens, the last, that it is conditioned on

    @property
    def vocabulary_size(self) -> int:
        return self.network.vocabulary_size

    @property
    def control_token_count(self) -> int:
        return self.controls

    def initial_state(self, batch: int = 1) -> State:
        return self.network.initial_state(batch)

    def feed_tokens(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        return self.network.step(tokens, state)

    def feed_sequences(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        return self.network.run(tokens, state)


@dataclass(frozen=True, eq=False)
class ConditionBlend(LanguageModel):
    """A model conditioned on two control tokens at once, such as two voices: p = (1 - share) p_first + share p_second.

    Scores are log-probabilities; the state is a pair, one of each reading.
    """

    model: LanguageModel
    share: float

    @property
    def vocabulary_size(self) -> int:
        return self.model.vocabulary_size

    @property
    def control_token_count(self) -> int:
        return self.model.control_token_count

    def initial_state(self, batch: int = 1) -> State:
        return self.model.initial_state(batch), self.model.initial_state(batch)

    def feed_tokens(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        (first, one), (second, other) = (self.model.feed_tokens(tokens, part) for part in state)
        return self._mix_scores(first, second), (one, other)

    def feed_sequences(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        state = self.initial_state(len(np.asarray(tokens))) if state is None else state
        (first, one), (second, other) = (self.model.feed_sequences(tokens, part) for part in state)
        return self._mix_scores(first, second), (one, other)

    def feed_control_tokens(self, controls: Sequence[Ids], scores: Scores, state: State) -> tuple[Scores, State]:
        if not any(map(len, controls)):
            return scores, state
        (first, one), (second, other) = (
            self.model.feed_sequences(tokens[None], part) for tokens, part in zip(controls, state, strict=True)
        )
        return self._mix_scores(first[0, -1], second[0, -1]), (one, other)

    def faster_model(self, state: State) -> tuple[LanguageModel, State]:
        (model, first), (_, second) = (self.model.faster_model(part) for part in state)
        return replace(self, model=model), (first, second)

    def with_cache(self, song: Sequence[int] | Ids, weight: float = 1.0) -> "ConditionBlend":
        return replace(self, model=self.model.with_cache(song, weight))

    def extend_cache(self, tokens: Sequence[int] | Ids) -> None:
        self.model.extend_cache(tokens)

    def without_cache_model(self) -> "ConditionBlend":
        return replace(self, model=self.model.without_cache_model())

    def _mix_scores(self, first: Scores, second: Scores) -> Scores:
        p, q = (softmax(np.asarray(scores, np.float64), axis=-1) for scores in (first, second))
        return np.log((1 - self.share) * p + self.share * q)
