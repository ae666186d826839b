"""A trained network as a language model: `cells.replay` does the work."""

from dataclasses import dataclass

import numpy.typing as npt

from pipeline.cells.replay import Network
from pipeline.language_models.protocol import LanguageModel, Scores, State


@dataclass(frozen=True, eq=False)
class NetworkModel(LanguageModel):
    """Scores are logits; the state is that of each layer."""

    network: Network
    controls: int = 0  # of its tokens, the last, that it is conditioned on

    @property
    def vocabulary_size(self) -> int:
        return self.network.vocabulary_size

    @property
    def control_tokens(self) -> int:
        return self.controls

    def initial_state(self, batch: int = 1) -> State:
        return self.network.initial_state(batch)

    def step(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        return self.network.step(tokens, state)

    def run(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        return self.network.run(tokens, state)
