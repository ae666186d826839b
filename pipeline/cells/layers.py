"""Recurrent layers in Keras's layout, for speed: a batch is rows, the gates of a layer are one matrix.

The equations are those of `rnn`, `lstm` and `gru` (their functions on pre-activations are elementwise, so they do
not mind the layout). What is added here is only where the pre-activations come from: one product for all gates.
Knows nothing of tokens, embeddings or logits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.gru import gru_candidate, gru_gates, gru_state
from pipeline.cells.layout import from_keras
from pipeline.cells.lstm import LSTMGates, lstm_gates, lstm_state
from pipeline.cells.rnn import rnn_state

LayerState = tuple[Array, ...]  # (h,) or, for an LSTM, (h, c); each (batch, units)
Gates = Mapping[str, Array]
Alter = Callable[[Any], Any]  # gates of one step → gates to use instead: what if Γf were 0?


@dataclass(frozen=True)
class RecurrentLayer:
    """A trained layer. One method differs between cells: `step`.

    Shapes: kernel `(n_x, g·units)`, recurrent_kernel `(units, g·units)`, bias `(g·units,)`, g = 1, 4 or 3 gates.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    cell = ""  # its name in a run's configuration
    state_arrays = 1

    @property
    def units(self) -> int:
        return int(self.recurrent_kernel.shape[0])

    def initial_state(self, batch: int = 1) -> LayerState:
        """Zeros, as Keras starts."""
        shape = (batch, self.units)
        return tuple(np.zeros(shape, self.kernel.dtype) for _ in range(self.state_arrays))

    def parameters(self) -> dict[str, Array]:
        """The same weights in the article's notation, float64: to explain, to differentiate, to check."""
        return from_keras(self.cell, self.kernel, self.recurrent_kernel, self.bias)

    def project(self, x: Array) -> Array:
        """The part of every gate's pre-activation that does not depend on the state: `(…, n_x)` → `(…, g·units)`."""
        return x @ self.kernel + self.bias

    def step(self, projected: Array, state: LayerState, alter: Alter | None = None) -> tuple[LayerState, Gates]:
        """One time step: projected `(batch, g·units)` and the state → the next state and every gate's value."""
        raise NotImplementedError

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


class RNNLayer(RecurrentLayer):
    """Keras's `SimpleRNN`: a = tanh(x·kernel + a·recurrent_kernel + bias)."""

    cell = "rnn"

    def step(self, projected: Array, state: LayerState, alter: Alter | None = None) -> tuple[LayerState, Gates]:
        z = state[0] @ self.recurrent_kernel  # (batch, units)
        z += projected
        a = rnn_state(z)
        if alter is not None:
            a = alter(a)
        return (a,), {"hidden": a}


class LSTMLayer(RecurrentLayer):
    """Keras's `LSTM`: gates in the order i, f, c, o."""

    cell = "lstm"
    state_arrays = 2

    def step(self, projected: Array, state: LayerState, alter: Alter | None = None) -> tuple[LayerState, Gates]:
        a_prev, c_prev = state
        z = a_prev @ self.recurrent_kernel  # (batch, 4·units)
        z += projected
        u = a_prev.shape[1]
        gates = lstm_gates(z[:, :u], z[:, u : 2 * u], z[:, 2 * u : 3 * u], z[:, 3 * u :])
        if alter is not None:
            gates = LSTMGates(*alter(gates))
        a, c = lstm_state(gates, c_prev)
        return (a, c), {**gates._asdict(), "cell": c, "hidden": a}


@dataclass(frozen=True)
class GRULayer(RecurrentLayer):
    """Keras's `GRU` with `reset_after=True`: gates in the order z, r, h, and a second bias inside the reset.

    recurrent_bias is `(3·units,)`.
    """

    recurrent_bias: Array
    cell = "gru"

    def parameters(self) -> dict[str, Array]:
        both = np.stack([self.bias, self.recurrent_bias])
        return from_keras(self.cell, self.kernel, self.recurrent_kernel, both)

    def step(self, projected: Array, state: LayerState, alter: Alter | None = None) -> tuple[LayerState, Gates]:
        (a_prev,) = state
        inner = a_prev @ self.recurrent_kernel  # (batch, 3·units)
        inner += self.recurrent_bias
        u = a_prev.shape[1]
        z = projected[:, : 2 * u] + inner[:, : 2 * u]
        gates = gru_gates(z[:, :u], z[:, u:])
        if alter is not None:
            gates = type(gates)(*alter(gates))
        candidate = gru_candidate(gates.reset, projected[:, 2 * u :], inner[:, 2 * u :])
        a = gru_state(gates.update, candidate, a_prev)
        return (a,), {**gates._asdict(), "candidate": candidate, "hidden": a}


def layer_from_keras(cell: str, kernel: Array, recurrent_kernel: Array, bias: Array) -> RecurrentLayer:
    """The layer of a cell's name, from its three Keras variables."""
    if cell == "gru":  # bias (2, 3·units): with the input, with the state
        return GRULayer(kernel, recurrent_kernel, bias[0], bias[1])
    return {"rnn": RNNLayer, "lstm": LSTMLayer}[cell](kernel, recurrent_kernel, bias)
