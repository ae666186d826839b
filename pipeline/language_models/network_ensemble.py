"""Networks of the same tokens as one model: the mean of their probabilities (Hansen & Salamon 1990)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_softmax
from pipeline.language_models.protocol import LanguageModel, Scores, State


@dataclass(frozen=True, eq=False)
class NetworkEnsemble(LanguageModel):
    """Scores are log-probabilities; the state is one of each member."""

    members: Sequence[LanguageModel]

    @property
    def vocabulary_size(self) -> int:
        return self.members[0].vocabulary_size

    @property
    def control_tokens(self) -> int:
        return self.members[0].control_tokens

    def initial_state(self, batch: int = 1) -> State:
        return tuple(member.initial_state(batch) for member in self.members)

    def step(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        return self._mean([member.step(tokens, own) for member, own in zip(self.members, state, strict=True)])

    def run(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        states = [None] * len(self.members) if state is None else state
        return self._mean([member.run(tokens, own) for member, own in zip(self.members, states, strict=True)])

    def draft(self, state: State) -> tuple[LanguageModel, State]:
        """Return the first member: it proposes for the price of one."""
        return self.members[0].draft(state[0])

    def _mean(self, told: Sequence[tuple[Scores, State]]) -> tuple[Scores, State]:
        logs = [log_softmax(np.asarray(scores, np.float64), axis=-1) for scores, _ in told]
        return np.logaddexp.reduce(logs) - np.log(len(logs)), tuple(state for _, state in told)
