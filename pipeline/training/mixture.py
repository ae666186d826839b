"""A network and a Kneser-Ney n-gram of the same songs, mixed: p = w p_network + (1 - w) p_ngram.

They err in different places (the n-gram knows the frequent by heart, the network the rest), so the mixture is better
than either. w is the one that gives the validation songs the highest probability, found by expectation-maximisation.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array, softmax
from pipeline.cells.replay import Network
from pipeline.training.ngrams import KneserNey

Floats = npt.NDArray[np.float64]
_ITERATIONS = 60


@dataclass(frozen=True)
class Mixture:
    """Steps as a network does: `step` gives log-probabilities, which are logits. The state is one of each expert."""

    network: Network
    ngrams: KneserNey
    weight: float

    def initial_state(self, batch: int = 1) -> Any:
        """Nothing read yet."""
        return self.network.initial_state(batch), self.ngrams.initial_state(batch)

    def step(self, tokens: npt.ArrayLike, state: Any) -> tuple[Array, Any]:
        """Read one token a row: int (batch,) -> log-probabilities (batch, V) of the next, and the state."""
        logits, network_state = self.network.step(tokens, state[0])
        nodes = self.ngrams.advance(tokens, state[1])
        return self._mixed(logits, nodes), (network_state, nodes)

    def run(self, tokens: npt.ArrayLike, state: Any = None) -> tuple[Array, Any]:
        """Read whole sequences: int (batch, time) -> log-probabilities (batch, time, V) and the last state."""
        tokens = np.asarray(tokens)
        network_state, nodes = self.initial_state(len(tokens)) if state is None else state
        logits, network_state = self.network.run(tokens, network_state)
        out = np.empty(logits.shape)
        for t, column in enumerate(tokens.T):
            nodes = self.ngrams.advance(column, nodes)
            out[:, t] = self._mixed(logits[:, t], nodes)
        return out, (network_state, nodes)

    def _mixed(self, logits: Array, nodes: npt.NDArray[np.int64]) -> Floats:
        p = softmax(logits.astype(np.float64), axis=-1)
        return np.log(self.weight * p + (1 - self.weight) * self.ngrams.probabilities(nodes))


def mixed_scores(network: Floats, ngrams: Floats, weight: float) -> Floats:
    """log(w e^network + (1 - w) e^ngrams), elementwise."""
    return np.logaddexp(np.log(weight) + network, np.log1p(-weight) + ngrams)


def fit_weight(network: Floats, ngrams: Floats) -> float:
    """The network's weight under which tokens of these log-probabilities are likeliest (EM; the optimum is unique)."""
    weight = 0.5
    for _ in range(_ITERATIONS):
        share = np.exp(np.log(weight) + network - mixed_scores(network, ngrams, weight))
        weight = float(np.clip(share.mean(), 1e-4, 1 - 1e-4))
    return weight
