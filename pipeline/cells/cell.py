"""What every recurrent cell has in common. A cell is its equations of one step forward and of one step back, in the
article's notation, and of one step in Keras's layout; all else that is known of it stands in one record.

Through time every cell goes the same way, forward (`Cell.forward`) and back (`Cell.backward`).
Shapes: x `(n_x, m, Tx)`, states `(n_a, m)` and `(n_a, m, Tx)`; m examples are columns. A gradient is named after what
it is the gradient of: `dWaa` is ∂J/∂Waa and has the shape of Waa.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from pipeline.cells.activations import Array

Parameters = Mapping[str, Array]
Gradients = dict[str, Array]
Shapes = list[tuple[int, ...]]
LayerState = tuple[Array, ...]  # (h,) or, for an LSTM, (h, c); each (batch, units)
Gates = Mapping[str, Array]
GateTransform = Callable[[Any], Any]  # gates of one step → gates to use instead: what if Γf were 0?


@dataclass(frozen=True)
class RecurrentLayer(ABC):
    """A trained recurrent layer in Keras's layout. A cell implements its `step`.

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
        """Return the same weights in float64, by the names of the cell's equations: to explain and differentiate
        them."""

    @property
    def units(self) -> int:
        return int(self.kernel.shape[1]) // self.blocks

    def initial_state(self, batch: int = 1) -> LayerState:
        """Return zero states, `(batch, units)` each."""
        shape = (batch, self.units)
        return tuple(np.zeros(shape, self.kernel.dtype) for _ in range(self.states))

    def project(self, x: Array) -> Array:
        """Return the input's part of every gate's pre-activation: `(…, n_x)` → `(…, g·units)`."""
        return x @ self.kernel + self.bias

    @abstractmethod
    def step(self, projected: Array, state: LayerState, alter: GateTransform | None = None) -> tuple[LayerState, Gates]:
        """Take one time step: projected input `(batch, g·units)` and state → the next state and every gate's value."""

    def run(self, projected: Array, state: LayerState, mask: Array | None = None) -> tuple[Array, LayerState]:
        """Take all time steps: projected input `(time, batch, g·units)` → hidden states `(time, batch, units)`, and the
        last state.

        Where `mask` `(time, batch)` is 0 the state is held, as Keras does on padding.
        """
        hidden = np.empty((*projected.shape[:2], self.units), np.result_type(projected, state[0]))
        for t, z in enumerate(projected):
            following, _ = self.step(z, state)
            state = following if mask is None else hold_on_padding(mask[t], following, state)
            hidden[t] = state[0]
        return hidden, state


def hold_on_padding(real: Array, following: LayerState, state: LayerState) -> LayerState:
    """Return the next state of rows where `real` (batch,) is true, and the unchanged state of rows on padding."""
    return tuple(np.where(real[:, None], new, old) for new, old in zip(following, state, strict=True))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A recurrent cell: its functions forward and backward, its weights, and the conversion to Keras's layer and back.

    name, label      in configurations, and for people
    states           what is carried from step to step: the hidden state a, and c for an LSTM
    cell_forward     (xt, *the states before, parameters) -> (*the states after, cache), through one step
    cell_backward    (da, *what flows back into the other states, cache) -> gradients, through one step
    jacobian         cache -> of all states with respect to those of the step before
    initial_weights  (n_x, n_a, generator, scale of the state weights) -> weights as a layer starts them
    layer            the same in Keras's layout
    from_keras, to_keras  Keras's variables to `Parameters` and back
    keras_shapes     (n_x, units) -> of Keras's variables, in its order
    double_biases    gates of which Keras keeps two biases that only ever add up
    """

    name: str
    label: str
    states: tuple[str, ...] = ("a",)
    cell_forward: Callable[..., Any]
    cell_backward: Callable[..., Gradients]
    jacobian: Callable[[Any], Array]
    initial_weights: Callable[[int, int, np.random.Generator, float], dict[str, Array]]
    layer: type[RecurrentLayer]
    from_keras: Callable[..., dict[str, Array]]
    to_keras: Callable[[Parameters], tuple[Array, ...]]
    keras_shapes: Callable[[int, int], Shapes]
    double_biases: int = 0

    @property
    def initial_state_names(self) -> tuple[str, ...]:
        """The names of the states before the first step: a0, and c0 for an LSTM."""
        return tuple(f"{state}0" for state in self.states)

    def count_weights(self, n_x: int, n_a: int) -> int:
        """Return how many numbers the weights have. Keras's two biases of one gate count as one."""
        return sum(map(math.prod, self.keras_shapes(n_x, n_a))) - self.double_biases * n_a

    def forward(
        self, x: Array, parameters: Parameters, a0: Array, *others: Array
    ) -> tuple[tuple[Array, ...], list[Any]]:
        """Apply the cell at every step: x `(n_x, m, Tx)` → each state `(n_a, m, Tx)`, and one cache a step.

        First states, `(n_a, m)`, other than a0 are zero unless given.
        """
        states = [a0, *others, *[np.zeros_like(a0)] * (len(self.states) - 1 - len(others))]
        steps, caches = [], []
        for t in range(x.shape[2]):
            *states, cache = self.cell_forward(x[:, :, t], *states, parameters)
            steps.append(states)
            caches.append(cache)
        return tuple(np.stack(each, axis=2) for each in zip(*steps, strict=True)), caches

    def backward(self, da: Array, caches: Sequence[Any]) -> Gradients:
        """Return the gradients by backpropagation through time, from ∂J/∂a⟨t⟩ of each step's own loss, `(n_a, m, Tx)`.

        Each step adds what comes back from the step after it; the weights are shared, so their gradients add up.
        """
        dx = np.zeros((*caches[0].xt.shape, len(caches)), da.dtype)  # (n_x, m, Tx)
        da_next, *others = [np.zeros_like(da[:, :, 0]) for _ in self.states]  # (n_a, m): from step t + 1
        total: Gradients = {}
        for t in reversed(range(len(caches))):
            step = self.cell_backward(da[:, :, t] + da_next, *others, caches[t])
            dx[:, :, t] = step.pop("dxt")
            da_next, *others = [step.pop(f"d{state}_prev") for state in self.states]
            for name, gradient in step.items():
                total[name] = total.get(name, 0) + gradient
        first = {f"d{name}": d for name, d in zip(self.initial_state_names, (da_next, *others), strict=True)}
        return {"dx": dx, **first, **total}


def glorot(rows: int, columns: int, rng: np.random.Generator) -> Array:
    """Draw a matrix uniformly within ±√(6/(rows + columns)) (Glorot & Bengio 2010)."""
    limit = np.sqrt(6 / (rows + columns))
    return rng.uniform(-limit, limit, (rows, columns))


def orthogonal(n: int, rng: np.random.Generator) -> Array:
    """Draw a random rotation or reflection `(n, n)`: all singular values are 1 (Saxe et al. 2014)."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q * np.sign(np.diag(r))


def gate_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> Array:
    """Draw the weights of a gate on [a⟨t−1⟩; x⟨t⟩], `(n_a, n_a + n_x)`; `scale` multiplies those of the state."""
    return np.hstack([scale * orthogonal(n_a, rng), glorot(n_a, n_x, rng)])
