"""The GRU cell and its backpropagation through time (Cho et al. 2014, in the form that Keras calls reset_after).

Shapes: x `(n_x, m, Tx)`, a `(n_a, m, Tx)`. Wz and Wr `(n_a, n_a + n_x)` act on [a⟨t−1⟩; x⟨t⟩]. The candidate keeps its
two products apart, because the reset gate acts between them: Waa `(n_a, n_a)`, ba for the state, Wax `(n_a, n_x)`, bx
for the input. Γz says how much of the past is kept: it is 1 − Γu of the course.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, sigmoid, sigmoid_derivative, tanh_derivative
from pipeline.cells.cell import (
    Cell,
    Gates,
    GateTransform,
    Gradients,
    LayerState,
    Parameters,
    RecurrentLayer,
    gate_weights,
    glorot,
    orthogonal,
)


class GRUGates(NamedTuple):
    """The two gates of one step, arrays of one shape."""

    update: Array  # Γz: how much of a⟨t−1⟩ is kept
    reset: Array  # Γr: how much of Waa·a⟨t−1⟩ + ba the candidate sees


class GRUCache(NamedTuple):
    """The numbers of one step that the backward pass needs."""

    a_prev: Array  # (n_a, m)
    xt: Array  # (n_x, m)
    gates: GRUGates
    candidate: Array  # (n_a, m)
    inner: Array  # (n_a, m): Waa·a⟨t−1⟩ + ba
    parameters: Parameters


def gru_gates(z_z: Array, z_r: Array) -> GRUGates:
    """Return Γz and Γr from their pre-activations, element by element."""
    return GRUGates(sigmoid(z_z), sigmoid(z_r))


def gru_candidate(reset: Array, from_input: Array, from_state: Array) -> Array:
    """Return ã = tanh(Wax·x⟨t⟩ + bx + Γr ⊙ (Waa·a⟨t−1⟩ + ba)) from its parts, element by element."""
    return np.tanh(from_input + reset * from_state)


def next_gru_state(update: Array, candidate: Array, a_prev: Array) -> Array:
    """Return a⟨t⟩ = Γz ⊙ a⟨t−1⟩ + (1 − Γz) ⊙ ã, element by element."""
    return update * a_prev + (1 - update) * candidate


def gru_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, GRUCache]:
    """Take one step: x⟨t⟩ `(n_x, m)`, a⟨t−1⟩ `(n_a, m)` → a⟨t⟩ and the cache."""
    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    z = {q: np.matmul(parameters[f"W{q}"], concat) + parameters[f"b{q}"] for q in "zr"}  # each (n_a, m)
    gates = gru_gates(z["z"], z["r"])
    inner = np.matmul(parameters["Waa"], a_prev) + parameters["ba"]  # (n_a, m)
    candidate = gru_candidate(gates.reset, np.matmul(parameters["Wax"], xt) + parameters["bx"], inner)
    a = next_gru_state(gates.update, candidate, a_prev)  # (n_a, m)
    return a, GRUCache(a_prev, xt, gates, candidate, inner, parameters)


def gru_cell_backward(da: Array, cache: GRUCache) -> Gradients:
    """Return the gradients of the inputs and weights of one step, from da = ∂J/∂a⟨t⟩ `(n_a, m)`."""
    a_prev, xt, (gamma_z, gamma_r), candidate, inner, parameters = cache
    dh = da * (1 - gamma_z) * tanh_derivative(candidate)  # of the candidate's pre-activation, (n_a, m)
    dinner = dh * gamma_r  # (n_a, m)
    dz = {"z": da * (a_prev - candidate) * sigmoid_derivative(gamma_z), "r": dh * inner * sigmoid_derivative(gamma_r)}
    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    dconcat = sum(np.matmul(parameters[f"W{q}"].T, dz[q]) for q in dz)  # (n_a + n_x, m)
    n_a = len(a_prev)
    return {
        "dxt": dconcat[n_a:] + np.matmul(parameters["Wax"].T, dh),  # (n_x, m)
        "da_prev": dconcat[:n_a] + da * gamma_z + np.matmul(parameters["Waa"].T, dinner),  # (n_a, m)
        **{f"dW{q}": np.matmul(dz[q], concat.T) for q in dz},  # (n_a, n_a + n_x)
        **{f"db{q}": dz[q].sum(axis=1, keepdims=True) for q in dz},  # (n_a, 1)
        "dWax": np.matmul(dh, xt.T),  # (n_a, n_x)
        "dbx": dh.sum(axis=1, keepdims=True),  # (n_a, 1)
        "dWaa": np.matmul(dinner, a_prev.T),  # (n_a, n_a)
        "dba": dinner.sum(axis=1, keepdims=True),  # (n_a, 1)
    }


def gru_jacobian(cache: GRUCache) -> Array:
    """Return ∂a⟨t⟩/∂a⟨t−1⟩ `(n_a, n_a)`: directly by Γz, and through Γz, the candidate, and Γr inside the candidate."""
    a_prev, _, (gamma_z, gamma_r), candidate, inner, parameters = cache
    n_a = len(a_prev)
    Wz, Wr, Waa = parameters["Wz"][:, :n_a], parameters["Wr"][:, :n_a], parameters["Waa"]  # (n_a, n_a)
    through_update = (a_prev - candidate) * sigmoid_derivative(gamma_z) * Wz
    through_reset = inner * sigmoid_derivative(gamma_r) * Wr
    through_candidate = (1 - gamma_z) * tanh_derivative(candidate) * (through_reset + gamma_r * Waa)
    return np.diag(gamma_z[:, 0]) + through_update + through_candidate


def gru_initial_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    """Return the weights of a fresh GRU layer; `scale` multiplies the orthogonal weights of the state."""
    weights = {f"W{q}": gate_weights(n_x, n_a, rng, scale) for q in "zr"}
    biases = {f"b{q}": np.zeros((n_a, 1)) for q in "zrx"}
    state = {"Waa": scale * orthogonal(n_a, rng), "Wax": glorot(n_a, n_x, rng), "ba": np.zeros((n_a, 1))}
    return {**weights, **biases, **state}


def gru_from_keras(kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """Return the cell's weights by name from Keras's, in blocks z, r, h. The two biases of z and of r are added."""
    x, a = (dict(zip("zrh", np.split(w.T.astype(float), 3), strict=True)) for w in (kernel, recurrent_kernel))
    bx, ba = (dict(zip("zrh", np.split(row[:, None].astype(float), 3), strict=True)) for row in bias)
    gates = {f"W{q}": np.hstack([a[q], x[q]]) for q in "zr"} | {f"b{q}": bx[q] + ba[q] for q in "zr"}
    return {**gates, "Wax": x["h"], "bx": bx["h"], "Waa": a["h"], "ba": ba["h"]}


def gru_to_keras(p: Parameters) -> tuple[Array, ...]:
    """Return Keras's kernel, recurrent_kernel and bias `(2, 3·n_a)`; bias[1] is 0 for the gates z and r."""
    n_a = len(p["bz"])
    W = np.vstack([p["Wz"], p["Wr"], np.hstack([p["Waa"], p["Wax"]])])  # (3·n_a, n_a + n_x)
    input_bias = np.vstack([p["bz"], p["br"], p["bx"]])[:, 0]
    state_bias = np.vstack([0 * p["bz"], 0 * p["br"], p["ba"]])[:, 0]
    return W[:, n_a:].T, W[:, :n_a].T, np.stack([input_bias, state_bias])


@dataclass(frozen=True)
class GRULayer(RecurrentLayer):
    """Keras's `GRU` with reset_after=True: gates in the order z, r, h, and a second bias inside the reset.

    recurrent_bias is `(3·units,)`.
    """

    recurrent_kernel: Array
    recurrent_bias: Array
    cell = "gru"
    blocks = 3

    @classmethod
    def from_keras(cls, *arrays: Array) -> "GRULayer":
        kernel, recurrent_kernel, bias = arrays  # bias (2, 3·units): with the input, with the state
        return cls(kernel, bias[0], recurrent_kernel, bias[1])

    def parameters(self) -> dict[str, Array]:
        return gru_from_keras(self.kernel, self.recurrent_kernel, np.stack([self.bias, self.recurrent_bias]))

    def step(self, projected: Array, state: LayerState, alter: GateTransform | None = None) -> tuple[LayerState, Gates]:
        (a_prev,) = state
        inner = a_prev @ self.recurrent_kernel  # (batch, 3·units)
        inner += self.recurrent_bias
        u = a_prev.shape[1]
        z = projected[:, : 2 * u] + inner[:, : 2 * u]
        gates = gru_gates(z[:, :u], z[:, u:])
        if alter is not None:
            gates = type(gates)(*alter(gates))
        candidate = gru_candidate(gates.reset, projected[:, 2 * u :], inner[:, 2 * u :])
        a = next_gru_state(gates.update, candidate, a_prev)
        return (a,), {**gates._asdict(), "candidate": candidate, "hidden": a}


GRU = Cell(
    name="gru", label="GRU", cell_forward=gru_cell_forward, cell_backward=gru_cell_backward, jacobian=gru_jacobian,
    initial_weights=gru_initial_weights, layer=GRULayer,
    from_keras=gru_from_keras, to_keras=gru_to_keras,
    keras_shapes=lambda n_x, units: [(n_x, 3 * units), (units, 3 * units), (2, 3 * units)], double_biases=2,
)  # fmt: skip
