"""A language model of one recurrent layer: its cost, its gradients, what each error teaches through each step.

x → cell → Wya·a + by → softmax → J. `leaves` holds all that J depends on, by name: x `(n_x, m, Tx)`, a0 `(n_a, m)`,
c0 for an LSTM, the cell's weights, Wya `(n_y, n_a)` and by `(n_y, 1)`. The gradient of a leaf `q` is named `dq`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.dense import dense_backward, dense_forward
from pipeline.cells.loss import cross_entropy, cross_entropy_backward
from pipeline.cells.registry import CELLS

Leaves = Mapping[str, Array]
Gradients = dict[str, Array]


def hidden_states(cell: str, leaves: Leaves) -> tuple[Array, list[Any]]:
    """a `(n_a, m, Tx)` and one cache a step."""
    a0, *others = (leaves[name] for name in CELLS[cell].first_states)
    a, *_, caches = CELLS[cell].forward(leaves["x"], a0, leaves, *others)
    return a, caches


def logits(cell: str, leaves: Leaves) -> Array:
    """z `(n_y, m, Tx)`: the softmax of each column is ŷ⟨t⟩."""
    a, _ = hidden_states(cell, leaves)
    return dense_forward(a, leaves["Wya"], leaves["by"])


def cost(cell: str, leaves: Leaves, y: Array, mask: Array | None = None) -> Array:
    """J, a scalar; y one-hot `(n_y, m, Ty)`, mask `(m, Ty)`. Analytic in every leaf, so the complex step applies."""
    return cross_entropy(logits(cell, leaves), y, mask)


def cost_and_gradients(
    cell: str, leaves: Leaves, y: Array, mask: Array | None = None, truncation: int | None = None
) -> tuple[float, Gradients]:
    """J and ∂J/∂leaf for every leaf, by backpropagation through time.

    `truncation` τ keeps what each error teaches through the last τ + 1 steps only: τ = 0 holds a⟨t−1⟩ constant,
    τ = Tx − 1 is everything (and costs Tx/2 times more than the recursion).
    """
    a, caches = hidden_states(cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])  # (n_y, m, Ty)
    dense = dense_backward(cross_entropy_backward(z, y, mask), a, leaves["Wya"])
    if truncation is None:
        through_time = CELLS[cell].backward(dense.da, caches)
    else:
        through_time = _truncated_gradients(cell, dense.da, caches, truncation)
    J = float(cross_entropy(z, y, mask).real)
    return J, {**through_time, "dWya": dense.dW, "dby": dense.db}


class Contribution(NamedTuple):
    """What the error at step t teaches through step k ≤ t (both from 0): C(t, k), one gradient a weight, and dxt."""

    t: int
    k: int
    gradients: Gradients


def contributions(cell: str, da: Array, caches: list[Any], truncation: int | None = None) -> Iterator[Contribution]:
    """The triangle C(t, k), k from t down to max(0, t − truncation); da `(n_a, m, Tx)` is each step's own error.

    The sum of all is the full gradient; the triangle of their norms is the picture of BPTT (Cashman et al. 2018,
    RNNbow). Within `gradients`, da_prev (and dc_prev) are what would go on to step k − 1.
    """
    reach = len(caches) if truncation is None else truncation
    zero = np.zeros_like(da[:, :, 0])  # (n_a, m)
    for t in range(len(caches)):
        flowing = [da[:, :, t], *[zero] * (len(CELLS[cell].states) - 1)]
        for k in range(t, max(-1, t - reach - 1), -1):
            step = CELLS[cell].cell_backward(*flowing, caches[k])
            flowing = [step[name] for name in [f"d{state}_prev" for state in CELLS[cell].states]]
            yield Contribution(t, k, step)


def contribution_norms(cell: str, leaves: Leaves, y: Array, weight: str = "Waa", mask: Array | None = None) -> Array:
    """‖C(t, k)‖ (Frobenius) of one weight, `(Ty, Tx)`: rows are errors t, columns the steps k; 0 above the diagonal."""
    a, caches = hidden_states(cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])  # (n_y, m, Ty)
    da = dense_backward(cross_entropy_backward(z, y, mask), a, leaves["Wya"]).da
    norms = np.zeros((len(caches), len(caches)))
    for t, k, gradients in contributions(cell, da, caches):
        norms[t, k] = np.linalg.norm(gradients[f"d{weight}"])
    return norms


def _truncated_gradients(cell: str, da: Array, caches: list[Any], truncation: int) -> Gradients:
    """The sum of the contributions that the truncation keeps, named as `backward` names them."""
    total: Gradients = {"dx": np.zeros((*caches[0].xt.shape, len(caches)), da.dtype)}  # (n_x, m, Tx)
    total |= {name: np.zeros_like(da[:, :, 0]) for name in [f"d{state}" for state in CELLS[cell].first_states]}
    for _, k, gradients in contributions(cell, da, caches, truncation):
        total["dx"][:, :, k] += gradients.pop("dxt")
        for state in CELLS[cell].states:
            flowing = gradients.pop(f"d{state}_prev", None)
            if k == 0 and flowing is not None:
                total[f"d{state}0"] += flowing
        for name, gradient in gradients.items():
            total[name] = total.get(name, 0) + gradient
    return total
