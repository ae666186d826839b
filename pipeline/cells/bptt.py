"""A language model of one recurrent layer: its cost, its gradients, and how much of a state reaches a later one.

x → cell → Wya·a + by → softmax → J. `leaves` holds all that J depends on, by name: x `(n_x, m, Tx)`, a0 `(n_a, m)`,
c0 for an LSTM, the cell's weights, Wya `(n_y, n_a)` and by `(n_y, 1)`. The gradient of a leaf q is named dq.

Weights start as Keras starts its layers: those of the input Glorot uniform, those of the state orthogonal, times
`scale`, biases 0, but the forget gate's `forget_bias`.

∂a⟨T⟩/∂a⟨t⟩ is the product of the steps' exact Jacobians, the last on the left (Bengio, Simard & Frasconi 1994; Pascanu,
Mikolov & Bengio 2013), of one example at a time: the caches of a forward pass with m = 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.cell import Gradients, glorot
from pipeline.cells.output_layer import cross_entropy, cross_entropy_backward, dense_backward, dense_forward
from pipeline.cells.registry import CELLS, LAYERS


def initial_weights_and_states(
    cell: str,
    n_x: int,
    n_a: int,
    n_y: int,
    rng: np.random.Generator,
    *,
    m: int = 1,
    scale: float = 1.0,
    forget_bias: float = 1.0,
) -> dict[str, Array]:
    """Return random initial weights and zero initial states `(n_a, m)` of the language model, by name.

    `scale` multiplies the orthogonal state weights: below 1 an RNN forgets faster, above it may explode.
    """
    leaves = LAYERS[cell].initial_weights(n_x, n_a, rng, scale)
    if cell == "lstm":
        leaves["bf"] += forget_bias
    return {
        **{name: np.zeros((n_a, m)) for name in LAYERS[cell].initial_state_names},
        **leaves,
        "Wya": glorot(n_y, n_a, rng),
        "by": np.zeros((n_y, 1)),
    }


def parameter_count(cell: str, n_x: int, n_a: int, n_y: int) -> int:
    """Return the number of trainable parameters: the cell's, Wya and by. Keras's GRU has 2·n_a more: double biases.

    >>> parameter_count("rnn", 8000, 100, 8000)  # 2·100·8000 + 100² + 100 + 8000
    1618100
    """
    return LAYERS[cell].count_weights(n_x, n_a) + n_y * n_a + n_y


def one_hot(ids: Array, n: int) -> Array:
    """Return one-hot columns `(n, m, T)` for ids, int `(m, T)`.

    >>> one_hot(np.array([[2, 0]]), 3)[:, 0]
    array([[0., 1.],
           [0., 0.],
           [1., 0.]])
    """
    return np.moveaxis(np.eye(n)[ids], -1, 0)


Leaves = Mapping[str, Array]


def hidden_states(cell: str, leaves: Leaves) -> tuple[Array, list[Any]]:
    """Return the hidden states a `(n_a, m, Tx)` and a list of caches, one per step (self-attention: one in all)."""
    layer = LAYERS[cell]
    states, caches = layer.forward(leaves["x"], leaves, *(leaves[name] for name in layer.initial_state_names))
    return states[0], caches


def logits(cell: str, leaves: Leaves) -> Array:
    """Return the logits z `(n_y, m, Tx)`: the softmax of each column is ŷ⟨t⟩."""
    a, _ = hidden_states(cell, leaves)
    return dense_forward(a, leaves["Wya"], leaves["by"])


def cost(cell: str, leaves: Leaves, y: Array, mask: Array | None = None) -> Array:
    """Return the cross-entropy J, a scalar, against one-hot targets y `(n_y, m, Ty)`; the mask is `(m, Ty)`."""
    return cross_entropy(logits(cell, leaves), y, mask)


def cost_and_gradients(cell: str, leaves: Leaves, y: Array, mask: Array | None = None) -> tuple[float, Gradients]:
    """Return J and ∂J/∂leaf for every leaf, by backpropagation through time."""
    a, caches = hidden_states(cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])  # (n_y, m, Ty)
    dense = dense_backward(cross_entropy_backward(z, y, mask), a, leaves["Wya"])
    J = float(cross_entropy(z, y, mask).real)
    return J, {**LAYERS[cell].backward(dense.da, caches), "dWya": dense.dW, "dby": dense.db}


def jacobian_products(cell: str, caches: Sequence[Any]) -> Iterator[Array]:
    """Yield ∂state⟨T⟩/∂state⟨T−lag⟩ for lag = 0, 1, …, T: the identity first."""
    width = len(caches[0].a_prev) * len(CELLS[cell].states)
    product = np.eye(width)
    yield product
    for cache in reversed(caches):
        product = product @ CELLS[cell].jacobian(cache)
        yield product


class LagNorms(NamedTuple):
    """Values by lag, each `(T + 1,)`: the spectral norm of the state's Jacobian, and, with gates,
    the product of the gate that keeps the state (Γf of an LSTM, Γz of a GRU), in the unit that keeps most, and the mean
    of that gate over units and steps."""

    norms: Array
    gate_path: Array | None = None
    mean_gate: float = np.nan


def jacobian_norms_by_lag(cell: str, caches: Sequence[Any]) -> LagNorms:
    """Return ‖∂a⟨T⟩/∂a⟨T−lag⟩‖₂ by lag, or ‖∂c⟨T⟩/∂c⟨T−lag⟩‖₂ for an LSTM, whose memory is c.

    Below 1 and falling: an error at T barely changes the weights at step T − lag. Above 1 and rising: it explodes.
    """
    n_a = len(caches[0].a_prev)
    blocks = (product[n_a:, n_a:] if cell == "lstm" else product for product in jacobian_products(cell, caches))
    norms = np.array([np.linalg.norm(block, 2) for block in blocks])
    if cell == "rnn":
        return LagNorms(norms)
    kept = (cache.gates.forget if cell == "lstm" else cache.gates.update for cache in reversed(caches))
    gates = np.array([gate[:, 0] for gate in kept])  # (T, n_a)
    through = np.vstack([np.ones(n_a), np.cumprod(gates, axis=0)])  # (T + 1, n_a)
    return LagNorms(norms, through.max(axis=1), float(gates.mean()))


def jacobian_norm_bound(Waa: Array, lags: int) -> Array:
    """Return an upper bound of the Jacobian norms of an RNN over 0 to `lags` steps: σ_max(Waa)^lag, `(lags + 1,)`."""
    return np.linalg.norm(Waa, 2) ** np.arange(lags + 1.0)
