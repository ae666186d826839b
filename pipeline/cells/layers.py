"""A recurrent layer in Keras's layout, for speed: a batch is rows, the gates of a layer are one matrix.

The equations are those of the cells' own files (their functions on pre-activations are elementwise, so they do not mind
the layout). What is added is only where the pre-activations come from: one product for all gates.
Knows nothing of tokens, embeddings or logits.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from pipeline.cells.activations import Array

LayerState = tuple[Array, ...]  # (h,) or, for an LSTM, (h, c); each (batch, units)
Gates = Mapping[str, Array]
Alter = Callable[[Any], Any]  # gates of one step → gates to use instead: what if Γf were 0?


@dataclass(frozen=True)
class RecurrentLayer(ABC):
    """A trained layer. One method computes: `step`.

    Shapes: kernel `(n_x, g·units)`, bias `(g·units,)`, g = `blocks` gates side by side.
    """

    kernel: Array
    bias: Array
    cell: ClassVar[str]  # its name in a run's configuration
    blocks: ClassVar[int] = 1
    states: ClassVar[int] = 1

    @classmethod
    @abstractmethod
    def from_keras(cls, *arrays: Array) -> "RecurrentLayer":
        """Return the layer of these Keras variables."""

    @abstractmethod
    def parameters(self) -> dict[str, Array]:
        """Return the same weights in the article's notation, float64: to explain, to differentiate, to check."""

    @property
    def units(self) -> int:
        return int(self.kernel.shape[1]) // self.blocks

    def initial_state(self, batch: int = 1) -> LayerState:
        """Zeros, as Keras starts."""
        shape = (batch, self.units)
        return tuple(np.zeros(shape, self.kernel.dtype) for _ in range(self.states))

    def project(self, x: Array) -> Array:
        """The part of every gate's pre-activation that does not depend on the state: `(…, n_x)` → `(…, g·units)`."""
        return x @ self.kernel + self.bias

    @abstractmethod
    def step(self, projected: Array, state: LayerState, alter: Alter | None = None) -> tuple[LayerState, Gates]:
        """One time step: projected `(batch, g·units)` and the state → the next state and every gate's value."""

    def run(self, projected: Array, state: LayerState, mask: Array | None = None) -> tuple[Array, LayerState]:
        """All steps: projected `(time, batch, g·units)` → hidden states `(time, batch, units)` and the last state.

        Where `mask` `(time, batch)` is 0 the state is held, as Keras does on padding.
        """
        hidden = np.empty((*projected.shape[:2], self.units), np.result_type(projected, state[0]))
        for t, z in enumerate(projected):
            following, _ = self.step(z, state)
            state = following if mask is None else hold(mask[t], following, state)
            hidden[t] = state[0]
        return hidden, state


def hold(real: Array, following: LayerState, state: LayerState) -> LayerState:
    """The following state on real steps, the present one on padding; real is `(batch,)`."""
    return tuple(np.where(real[:, None], new, old) for new, old in zip(following, state, strict=True))
