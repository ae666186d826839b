"""The RNN cell and backpropagation through time, in the article's notation.

Shapes: x `(n_x, m, Tx)`, a `(n_a, m, Tx)`, Wax `(n_a, n_x)`, Waa `(n_a, n_a)`, ba `(n_a, 1)`; m examples are columns.
A gradient is named after what it is the gradient of: `dWaa` is ∂J/∂Waa and has the shape of Waa.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, tanh_derivative
from pipeline.cells.cell import (
    Cell,
    Gates,
    GateTransform,
    Gradients,
    LayerState,
    Parameters,
    RecurrentLayer,
    glorot,
    orthogonal,
)


class RNNCache(NamedTuple):
    """The numbers of one step that the backward pass needs."""

    a: Array  # (n_a, m)
    a_prev: Array  # (n_a, m)
    xt: Array  # (n_x, m)
    parameters: Parameters


def next_rnn_state(z: Array) -> Array:
    """Return a = tanh(z), element by element."""
    return np.tanh(z)


def rnn_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, RNNCache]:
    """Take one step, and return a⟨t⟩ = tanh(Waa·a⟨t−1⟩ + Wax·x⟨t⟩ + ba) with its cache."""
    Waa, Wax, ba = parameters["Waa"], parameters["Wax"], parameters["ba"]
    z = np.matmul(Waa, a_prev) + np.matmul(Wax, xt) + ba  # (n_a, m)
    a = next_rnn_state(z)  # (n_a, m)
    return a, RNNCache(a, a_prev, xt, parameters)


def rnn_cell_backward(da: Array, cache: RNNCache) -> Gradients:
    """Return the gradients of the inputs and weights of one step, from da = ∂J/∂a⟨t⟩ `(n_a, m)`."""
    a, a_prev, xt, parameters = cache
    dz = da * tanh_derivative(a)  # (n_a, m)
    return {
        "dxt": np.matmul(parameters["Wax"].T, dz),  # (n_x, m)
        "da_prev": np.matmul(parameters["Waa"].T, dz),  # (n_a, m)
        "dWax": np.matmul(dz, xt.T),  # (n_a, n_x)
        "dWaa": np.matmul(dz, a_prev.T),  # (n_a, n_a)
        "dba": dz.sum(axis=1, keepdims=True),  # (n_a, 1)
    }


def rnn_jacobian(cache: RNNCache) -> Array:
    """Return ∂a⟨t⟩/∂a⟨t−1⟩ = diag(1 − a²)·Waa `(n_a, n_a)`."""
    return tanh_derivative(cache.a) * cache.parameters["Waa"]


def rnn_initial_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    """Return the weights of a fresh RNN layer; `scale` multiplies the orthogonal weights of the state."""
    return {"Waa": scale * orthogonal(n_a, rng), "Wax": glorot(n_a, n_x, rng), "ba": np.zeros((n_a, 1))}


def rnn_from_keras(kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """Return Wax, Waa, ba: the transposes of kernel, recurrent_kernel, bias."""
    return {"Wax": kernel.T.astype(float), "Waa": recurrent_kernel.T.astype(float), "ba": bias[:, None].astype(float)}


def rnn_to_keras(p: Parameters) -> tuple[Array, ...]:
    """Return kernel, recurrent_kernel and bias."""
    return p["Wax"].T, p["Waa"].T, p["ba"][:, 0]


@dataclass(frozen=True)
class RNNLayer(RecurrentLayer):
    """Keras's `SimpleRNN`: a = tanh(x·kernel + a·recurrent_kernel + bias)."""

    recurrent_kernel: Array
    cell = "rnn"

    @classmethod
    def from_keras(cls, *arrays: Array) -> "RNNLayer":
        kernel, recurrent_kernel, bias = arrays
        return cls(kernel, bias, recurrent_kernel)

    def parameters(self) -> dict[str, Array]:
        return rnn_from_keras(self.kernel, self.recurrent_kernel, self.bias)

    def step(self, projected: Array, state: LayerState, alter: GateTransform | None = None) -> tuple[LayerState, Gates]:
        z = state[0] @ self.recurrent_kernel  # (batch, units)
        z += projected
        a = next_rnn_state(z)
        if alter is not None:
            a = alter(a)
        return (a,), {"hidden": a}


RNN = Cell(
    name="rnn", label="RNN", cell_forward=rnn_cell_forward, cell_backward=rnn_cell_backward, jacobian=rnn_jacobian,
    initial_weights=rnn_initial_weights, layer=RNNLayer,
    from_keras=rnn_from_keras, to_keras=rnn_to_keras,
    keras_shapes=lambda n_x, units: [(n_x, units), (units, units), (units,)],
)  # fmt: skip
