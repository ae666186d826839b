"""The minGRU cell and its backpropagation through time (Feng et al. 2024, "Were RNNs all we needed?", section 3.1).

    Γz = σ(Wz·x⟨t⟩ + bz)    ã = Wh·x⟨t⟩ + bh    a⟨t⟩ = (1 − Γz) ⊙ a⟨t−1⟩ + Γz ⊙ ã

A GRU whose gate and candidate read the input alone: no state weights, no reset gate, no tanh. So a⟨t⟩ is linear in
a⟨t−1⟩, and all steps can be computed at once (`networks.scan`). Here Γz says how much is new: 1 − Γz of `gru`.
Shapes: x `(n_x, m, Tx)`, a `(n_a, m, Tx)`, Wz and Wh `(n_a, n_x)`, bz and bh `(n_a, 1)`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, sigmoid, sigmoid_derivative
from pipeline.cells.cell import Cell, Gates, GateTransform, Gradients, LayerState, Parameters, RecurrentLayer, glorot


class MinGRUGates(NamedTuple):
    """The update gate and the candidate of one step, arrays of one shape."""

    update: Array  # Γz
    candidate: Array  # ã


class MinGRUCache(NamedTuple):
    """The numbers of one step that the backward pass needs."""

    a_prev: Array  # (n_a, m)
    xt: Array  # (n_x, m)
    gates: MinGRUGates
    parameters: Parameters


def next_mingru_state(gates: MinGRUGates, a_prev: Array) -> Array:
    """Return a⟨t⟩ = (1 − Γz) ⊙ a⟨t−1⟩ + Γz ⊙ ã, element by element."""
    return (1 - gates.update) * a_prev + gates.update * gates.candidate


def mingru_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, MinGRUCache]:
    """Take one step: x⟨t⟩ `(n_x, m)`, a⟨t−1⟩ `(n_a, m)` → a⟨t⟩ and the cache."""
    z, candidate = (np.matmul(parameters[f"W{q}"], xt) + parameters[f"b{q}"] for q in "zh")  # each (n_a, m)
    gates = MinGRUGates(sigmoid(z), candidate)
    return next_mingru_state(gates, a_prev), MinGRUCache(a_prev, xt, gates, parameters)


def mingru_cell_backward(da: Array, cache: MinGRUCache) -> Gradients:
    """Return the gradients of the inputs and weights of one step, from da = ∂J/∂a⟨t⟩ `(n_a, m)`."""
    a_prev, xt, (gamma_z, candidate), parameters = cache
    dz = {  # of the pre-activations, (n_a, m)
        "z": da * (candidate - a_prev) * sigmoid_derivative(gamma_z),
        "h": da * gamma_z,
    }
    return {
        "dxt": sum(np.matmul(parameters[f"W{q}"].T, dz[q]) for q in dz),  # (n_x, m)
        "da_prev": da * (1 - gamma_z),  # (n_a, m)
        **{f"dW{q}": np.matmul(dz[q], xt.T) for q in dz},  # (n_a, n_x)
        **{f"db{q}": dz[q].sum(axis=1, keepdims=True) for q in dz},  # (n_a, 1)
    }


def mingru_jacobian(cache: MinGRUCache) -> Array:
    """Return ∂a⟨t⟩/∂a⟨t−1⟩ = diag(1 − Γz) `(n_a, n_a)`: no unit reads another, and nothing can explode."""
    return np.diag(1 - cache.gates.update[:, 0])


def mingru_initial_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    """Return the weights of a fresh minGRU layer; it has no state weights for `scale` to multiply."""
    return {f"W{q}": glorot(n_a, n_x, rng) for q in "zh"} | {f"b{q}": np.zeros((n_a, 1)) for q in "zh"}


def mingru_from_keras(kernel: Array, bias: Array) -> dict[str, Array]:
    """Return the cell's weights by name from Keras's, whose columns are two blocks: the gate z, the candidate h."""
    W, b = (dict(zip("zh", np.split(w.T.astype(float), 2), strict=True)) for w in (kernel, bias))
    return {f"W{q}": W[q] for q in "zh"} | {f"b{q}": b[q][:, None] for q in "zh"}


def mingru_to_keras(p: Parameters) -> tuple[Array, ...]:
    """Return kernel and bias."""
    return np.vstack([p["Wz"], p["Wh"]]).T, np.vstack([p["bz"], p["bh"]])[:, 0]


@dataclass(frozen=True)
class MinGRULayer(RecurrentLayer):
    """A minGRU layer in Keras's layout (`networks.language_model.MinGRU`), with column blocks in the order z, h."""

    cell = "mingru"
    blocks = 2

    @classmethod
    def from_keras(cls, *arrays: Array) -> "MinGRULayer":
        kernel, bias = arrays
        return cls(kernel, bias)

    def parameters(self) -> dict[str, Array]:
        return mingru_from_keras(self.kernel, self.bias)

    def step(self, projected: Array, state: LayerState, alter: GateTransform | None = None) -> tuple[LayerState, Gates]:
        (a_prev,) = state
        u = a_prev.shape[1]
        gates = MinGRUGates(sigmoid(projected[:, :u]), projected[:, u:])
        if alter is not None:
            gates = MinGRUGates(*alter(gates))
        a = next_mingru_state(gates, a_prev)
        return (a,), {**gates._asdict(), "hidden": a}


MINGRU = Cell(
    name="mingru", label="minGRU", cell_forward=mingru_cell_forward, cell_backward=mingru_cell_backward,
    jacobian=mingru_jacobian, initial_weights=mingru_initial_weights,
    layer=MinGRULayer, from_keras=mingru_from_keras, to_keras=mingru_to_keras,
    keras_shapes=lambda n_x, units: [(n_x, 2 * units), (2 * units,)],
)  # fmt: skip
