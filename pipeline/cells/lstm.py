"""The LSTM cell and its backpropagation through time (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000).

Shapes: x `(n_x, m, Tx)`, a and c `(n_a, m, Tx)`, Wf Wi Wc Wo `(n_a, n_a + n_x)` act on [a⟨t−1⟩; x⟨t⟩], biases
`(n_a, 1)`. Γi is the update gate Γu of the course.
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
)


class LSTMGates(NamedTuple):
    """The gates of one step, arrays of one shape."""

    input: Array  # Γi: how much of the candidate is written
    forget: Array  # Γf: how much of c⟨t−1⟩ is kept
    candidate: Array  # c̃: what would be written
    output: Array  # Γo: how much of tanh(c⟨t⟩) is shown


class LSTMCache(NamedTuple):
    """The numbers of one step that the backward pass needs."""

    c: Array  # (n_a, m)
    a_prev: Array  # (n_a, m)
    c_prev: Array  # (n_a, m)
    xt: Array  # (n_x, m)
    gates: LSTMGates
    parameters: Parameters


def lstm_gates(z_i: Array, z_f: Array, z_c: Array, z_o: Array) -> LSTMGates:
    """Return Γi, Γf, c̃, Γo from their pre-activations, element by element."""
    return LSTMGates(sigmoid(z_i), sigmoid(z_f), np.tanh(z_c), sigmoid(z_o))


def next_lstm_state(gates: LSTMGates, c_prev: Array) -> tuple[Array, Array]:
    """Return a⟨t⟩ = Γo ⊙ tanh(c⟨t⟩) and c⟨t⟩ = Γf ⊙ c⟨t−1⟩ + Γi ⊙ c̃, element by element."""
    c = gates.forget * c_prev + gates.input * gates.candidate
    a = gates.output * np.tanh(c)
    return a, c


def lstm_cell_forward(
    xt: Array, a_prev: Array, c_prev: Array, parameters: Parameters
) -> tuple[Array, Array, LSTMCache]:
    """Take one step: x⟨t⟩ `(n_x, m)`, a⟨t−1⟩ and c⟨t−1⟩ `(n_a, m)` → a⟨t⟩, c⟨t⟩ and the cache."""
    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    z = {q: np.matmul(parameters[f"W{q}"], concat) + parameters[f"b{q}"] for q in "ifco"}  # each (n_a, m)
    gates = lstm_gates(z["i"], z["f"], z["c"], z["o"])
    a, c = next_lstm_state(gates, c_prev)  # (n_a, m), (n_a, m)
    return a, c, LSTMCache(c, a_prev, c_prev, xt, gates, parameters)


def lstm_cell_backward(da: Array, dc_next: Array, cache: LSTMCache) -> Gradients:
    """Return the gradients of one step, from those of a⟨t⟩ and of c⟨t⟩ (from step t + 1), `(n_a, m)` each."""
    c, a_prev, c_prev, xt, (gamma_i, gamma_f, candidate, gamma_o), parameters = cache
    tanh_c = np.tanh(c)  # (n_a, m)
    dc = dc_next + da * gamma_o * tanh_derivative(tanh_c)  # (n_a, m)
    dz = {  # of each gate's pre-activation, (n_a, m)
        "o": da * tanh_c * sigmoid_derivative(gamma_o),
        "c": dc * gamma_i * tanh_derivative(candidate),
        "i": dc * candidate * sigmoid_derivative(gamma_i),
        "f": dc * c_prev * sigmoid_derivative(gamma_f),
    }
    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    dconcat = sum(np.matmul(parameters[f"W{q}"].T, dz[q]) for q in dz)  # (n_a + n_x, m)
    n_a = len(a_prev)
    return {
        "dxt": dconcat[n_a:],  # (n_x, m)
        "da_prev": dconcat[:n_a],  # (n_a, m)
        "dc_prev": dc * gamma_f,  # (n_a, m)
        **{f"dW{q}": np.matmul(dz[q], concat.T) for q in dz},  # (n_a, n_a + n_x)
        **{f"db{q}": dz[q].sum(axis=1, keepdims=True) for q in dz},  # (n_a, 1)
    }


def lstm_jacobian(cache: LSTMCache) -> Array:
    """Return ∂(a, c)⟨t⟩/∂(a, c)⟨t−1⟩ `(2·n_a, 2·n_a)`, a above and left of c; its lower right block is diag(Γf)."""
    c, a_prev, c_prev, _, (gamma_i, gamma_f, candidate, gamma_o), parameters = cache
    n_a = len(a_prev)
    W = {q: parameters[f"W{q}"][:, :n_a] for q in "ifco"}  # (n_a, n_a): the columns that read a⟨t−1⟩
    tanh_c = np.tanh(c)  # (n_a, 1)
    dc_da = (
        c_prev * sigmoid_derivative(gamma_f) * W["f"]
        + candidate * sigmoid_derivative(gamma_i) * W["i"]
        + gamma_i * tanh_derivative(candidate) * W["c"]
    )
    shown = gamma_o * tanh_derivative(tanh_c)  # (n_a, 1)
    da_da = tanh_c * sigmoid_derivative(gamma_o) * W["o"] + shown * dc_da
    dc_dc = np.diag(gamma_f[:, 0])
    return np.block([[da_da, shown * dc_dc], [dc_da, dc_dc]])


def lstm_initial_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    """Return the weights of a fresh LSTM layer; `scale` multiplies the orthogonal weights of the state.

    Keras also adds 1 to the bias of the forget gate.
    """
    weights = {f"W{q}": gate_weights(n_x, n_a, rng, scale) for q in "ifco"}
    return {**weights, **{f"b{q}": np.zeros((n_a, 1)) for q in "ifco"}}


def lstm_from_keras(kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """Return the cell's weights by name from Keras's, whose columns are blocks in the order i, f, c (candidate), o."""
    x, a, b = (dict(zip("ifco", np.split(w.T.astype(float), 4), strict=True)) for w in (kernel, recurrent_kernel, bias))
    return {f"W{q}": np.hstack([a[q], x[q]]) for q in "ifco"} | {f"b{q}": b[q][:, None] for q in "ifco"}


def lstm_to_keras(p: Parameters) -> tuple[Array, ...]:
    """Return kernel, recurrent_kernel and bias."""
    n_a = len(p["bi"])
    W = np.vstack([p[f"W{q}"] for q in "ifco"])  # (4·n_a, n_a + n_x)
    return W[:, n_a:].T, W[:, :n_a].T, np.vstack([p[f"b{q}"] for q in "ifco"])[:, 0]


@dataclass(frozen=True)
class LSTMLayer(RecurrentLayer):
    """Keras's `LSTM`: gates in the order i, f, c, o."""

    recurrent_kernel: Array
    cell = "lstm"
    blocks = 4
    states = 2

    @classmethod
    def from_keras(cls, *arrays: Array) -> "LSTMLayer":
        kernel, recurrent_kernel, bias = arrays
        return cls(kernel, bias, recurrent_kernel)

    def parameters(self) -> dict[str, Array]:
        return lstm_from_keras(self.kernel, self.recurrent_kernel, self.bias)

    def step(self, projected: Array, state: LayerState, alter: GateTransform | None = None) -> tuple[LayerState, Gates]:
        a_prev, c_prev = state
        z = a_prev @ self.recurrent_kernel  # (batch, 4·units)
        z += projected
        u = a_prev.shape[1]
        gates = lstm_gates(z[:, :u], z[:, u : 2 * u], z[:, 2 * u : 3 * u], z[:, 3 * u :])
        if alter is not None:
            gates = LSTMGates(*alter(gates))
        a, c = next_lstm_state(gates, c_prev)
        return (a, c), {**gates._asdict(), "cell": c, "hidden": a}


LSTM = Cell(
    name="lstm", label="LSTM", states=("a", "c"), cell_forward=lstm_cell_forward, cell_backward=lstm_cell_backward,
    jacobian=lstm_jacobian, initial_weights=lstm_initial_weights,
    layer=LSTMLayer, from_keras=lstm_from_keras,
    to_keras=lstm_to_keras, keras_shapes=lambda n_x, units: [(n_x, 4 * units), (units, 4 * units), (4 * units,)],
)  # fmt: skip
