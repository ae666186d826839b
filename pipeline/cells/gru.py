"""The GRU cell and its backpropagation through time (Cho et al. 2014, in Keras's `reset_after` form).

Shapes: x `(n_x, m, Tx)`, a `(n_a, m, Tx)`. Wz and Wr `(n_a, n_a + n_x)` act on [a⟨t−1⟩; x⟨t⟩]. The candidate keeps its
two products apart, because the reset gate acts between them: Waa `(n_a, n_a)`, ba for the state, Wax `(n_a, n_x)`, bx
for the input. Γz says how much of the past is kept: it is 1 − Γu of the course.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, sigmoid, sigmoid_derivative, tanh_derivative

Parameters = Mapping[str, Array]
Gradients = dict[str, Array]


class GRUGates(NamedTuple):
    """The two gates of one step, of the same shape."""

    update: Array  # Γz: how much of a⟨t−1⟩ is kept
    reset: Array  # Γr: how much of Waa·a⟨t−1⟩ + ba the candidate sees


class GRUCache(NamedTuple):
    """What the way back needs of one step."""

    a_prev: Array  # (n_a, m)
    xt: Array  # (n_x, m)
    gates: GRUGates
    candidate: Array  # (n_a, m)
    inner: Array  # (n_a, m): Waa·a⟨t−1⟩ + ba
    parameters: Parameters


def gru_gates(z_z: Array, z_r: Array) -> GRUGates:
    """Γz, Γr from their pre-activations, elementwise: any layout."""
    return GRUGates(sigmoid(z_z), sigmoid(z_r))


def gru_candidate(reset: Array, from_input: Array, from_state: Array) -> Array:
    """ã = tanh(Wax·x⟨t⟩ + bx + Γr ⊙ (Waa·a⟨t−1⟩ + ba)), elementwise."""
    return np.tanh(from_input + reset * from_state)


def gru_state(update: Array, candidate: Array, a_prev: Array) -> Array:
    """a⟨t⟩ = Γz ⊙ a⟨t−1⟩ + (1 − Γz) ⊙ ã, elementwise."""
    return update * a_prev + (1 - update) * candidate


def gru_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, GRUCache]:
    """One step: x⟨t⟩ `(n_x, m)`, a⟨t−1⟩ `(n_a, m)` → a⟨t⟩ and the cache."""
    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    z = {q: np.matmul(parameters[f"W{q}"], concat) + parameters[f"b{q}"] for q in "zr"}  # each (n_a, m)
    gates = gru_gates(z["z"], z["r"])
    inner = np.matmul(parameters["Waa"], a_prev) + parameters["ba"]  # (n_a, m)
    candidate = gru_candidate(gates.reset, np.matmul(parameters["Wax"], xt) + parameters["bx"], inner)
    a = gru_state(gates.update, candidate, a_prev)  # (n_a, m)
    return a, GRUCache(a_prev, xt, gates, candidate, inner, parameters)


def gru_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, list[GRUCache]]:
    """The same cell at every step: x `(n_x, m, Tx)`, a0 `(n_a, m)` → a `(n_a, m, Tx)`."""
    states, caches, a = [], [], a0
    for t in range(x.shape[2]):
        a, cache = gru_cell_forward(x[:, :, t], a, parameters)
        states.append(a)
        caches.append(cache)
    return np.stack(states, axis=2), caches


def gru_cell_backward(da: Array, cache: GRUCache) -> Gradients:
    """From da = ∂J/∂a⟨t⟩ `(n_a, m)` to the inputs and the weights of one step."""
    a_prev, xt, (gamma_z, gamma_r), candidate, inner, parameters = cache
    dh = da * (1 - gamma_z) * tanh_derivative(candidate)  # of the candidate's pre-activation, (n_a, m)
    dinner = dh * gamma_r  # (n_a, m)
    dz = {
        "z": da * (a_prev - candidate) * sigmoid_derivative(gamma_z),
        "r": dh * inner * sigmoid_derivative(gamma_r),
    }
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


def gru_backward(da: Array, caches: Sequence[GRUCache]) -> Gradients:
    """Backpropagation through time: da `(n_a, m, Tx)` is what each step's own loss says of a⟨t⟩."""
    dx = np.zeros((*caches[0].xt.shape, len(caches)), da.dtype)  # (n_x, m, Tx)
    da_prev = np.zeros_like(da[:, :, 0])  # (n_a, m)
    total: Gradients = {}
    for t in reversed(range(len(caches))):
        step = gru_cell_backward(da[:, :, t] + da_prev, caches[t])
        dx[:, :, t] = step.pop("dxt")
        da_prev = step.pop("da_prev")
        for name, gradient in step.items():
            total[name] = total.get(name, 0) + gradient
    return {"dx": dx, "da0": da_prev, **total}
