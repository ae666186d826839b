"""How much of a state reaches a later state: exact Jacobians of one step, and their products by lag.

One example at a time: the caches of a forward pass with m = 1. ∂a⟨T⟩/∂a⟨t⟩ is the product of the steps' Jacobians,
the last on the left (Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.cells.activations import Array, tanh_derivative
from pipeline.cells.registry import CELLS
from pipeline.cells.rnn import RNNCache, rnn_jacobian


def products(cell: str, caches: Sequence[Any]) -> Iterator[Array]:
    """∂state⟨T⟩/∂state⟨T−lag⟩ for lag = 0, 1, …, T: the identity first."""
    width = len(caches[0].a_prev) * len(CELLS[cell].states)
    product = np.eye(width)
    yield product
    for cache in reversed(caches):
        product = product @ CELLS[cell].jacobian(cache)
        yield product


class Memory(NamedTuple):
    """Spectral norms by lag, each `(T + 1,)`: of the state's Jacobian and, for an LSTM, of ∏Γf alone."""

    norms: Array
    forget_path: Array | None = None


def memory(cell: str, caches: Sequence[Any]) -> Memory:
    """‖∂a⟨T⟩/∂a⟨T−lag⟩‖₂, or ‖∂c⟨T⟩/∂c⟨T−lag⟩‖₂ for an LSTM, whose memory is c.

    Below 1 and falling: an error at T barely teaches step T − lag. Above 1 and rising: it explodes.
    """
    n_a = len(caches[0].a_prev)
    blocks = (product[n_a:, n_a:] if cell == "lstm" else product for product in products(cell, caches))
    norms = np.array([np.linalg.norm(block, 2) for block in blocks])
    if cell != "lstm":
        return Memory(norms)
    gates = np.array([cache.gates.forget[:, 0] for cache in reversed(caches)])  # (T, n_a)
    kept = np.vstack([np.ones(n_a), np.cumprod(gates, axis=0)])  # (T + 1, n_a)
    return Memory(norms, kept.max(axis=1))


def memory_bound(Waa: Array, lags: int) -> Array:
    """(γ·σ_max(Waa))^lag with γ = max tanh′ = 1, for an RNN: its norms never cross it. `(lags + 1,)`."""
    return np.linalg.norm(Waa, 2) ** np.arange(lags + 1.0)


def rnn_contribution(t: int, k: int, dz_y: Array, caches: Sequence[RNNCache], parameters: Mapping[str, Array]) -> Array:
    """C(t, k) = D⟨k⟩·(∂a⟨t⟩/∂a⟨k⟩)ᵀ·Wyaᵀ·δy⟨t⟩·a⟨k−1⟩ᵀ in closed form, `(n_a, n_a)`; steps from 0.

    dz_y `(n_y, 1)` is δy⟨t⟩. This is the double sum that the recursion of `rnn_backward` replaces: a check of it.
    """
    between = np.eye(len(caches[0].a))
    for j in range(t, k, -1):
        between = between @ rnn_jacobian(caches[j])
    error = np.matmul(parameters["Wya"].T, dz_y)  # (n_a, 1)
    return tanh_derivative(caches[k].a) * np.matmul(between.T, error) @ caches[k].a_prev.T
