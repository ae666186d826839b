"""One causal head of self-attention (Vaswani et al. 2017, section 3.2), forward and back: a line that asks itself.

    e⟨t⟩ = We·x⟨t⟩ + p⟨t⟩    q = Wq·e    k = Wk·e    v = Wv·e
    s⟨t,j⟩ = q⟨t⟩·k⟨j⟩ / √n_a for j ≤ t    α = softmax over j    a⟨t⟩ = e⟨t⟩ + Wo·Σ_j α⟨t,j⟩ v⟨j⟩

Where the additive attention of `attention` scores by v·tanh(Ws·s + Wh·h), a dot product does; and no state is
carried: each step looks at all before it at once. p is a fixed wave for each step: without it the head reads a set.
The head stands beside the cells in `registry.LAYERS`: `bptt` reads, costs and differentiates both alike.
Shapes: x `(n_x, m, T)`, a and p `(n_a, m, T)`, We `(n_a, n_x)`, the others `(n_a, n_a)`, s and α `(m, T, T)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.attention import MASKED_SCORE
from pipeline.cells.cell import Gradients, Parameters, glorot


class HeadCache(NamedTuple):
    """The numbers of a forward pass that the backward pass needs."""

    x: Array  # (n_x, m, T)
    e: Array  # (n_a, m, T), as q, k, v and the context
    q: Array
    k: Array
    v: Array
    alpha: Array  # (m, T, T): row t looks at j ≤ t
    context: Array
    parameters: Parameters


def positional_encoding(n_a: int, T: int, first: int = 0) -> Array:
    """Return sines and cosines of T steps, of wavelengths from 2π to 20,000π: `(n_a, 1, T)`."""
    rate = 1e4 ** (-2 * (np.arange(n_a) // 2) / n_a)
    angle = rate[:, None] * np.arange(first, first + T)
    return np.where(np.arange(n_a)[:, None] % 2, np.cos(angle), np.sin(angle))[:, None]


def attend(q: Array, k: Array, v: Array) -> tuple[Array, Array]:
    """Return the context `(n_a, m, T)` and α `(m, T, T)`: each step looks at itself and those before it."""
    T = q.shape[2]
    scores = _dot_products(q, k) / np.sqrt(len(q))
    alpha = softmax(np.where(np.tri(T, dtype=bool), scores, MASKED_SCORE), axis=2)
    return _weighted_sum(alpha, v), alpha


def _dot_products(a: Array, b: Array) -> Array:
    """Return the products a⟨t⟩·b⟨j⟩ of each example: `(m, T, T)`."""
    return np.matmul(a.transpose(1, 2, 0), b.transpose(1, 0, 2))


def _weighted_sum(weights: Array, v: Array) -> Array:
    """Return Σ_j weight⟨t,j⟩·v⟨j⟩: `(n_a, m, T)`."""
    return np.matmul(weights, v.transpose(1, 2, 0)).transpose(2, 0, 1)


def head_forward(x: Array, parameters: Parameters, *, waves: float = 1.0) -> tuple[tuple[Array], list[HeadCache]]:
    """Return ((a,), [cache]): the outputs a `(n_a, m, Tx)` at all steps of x, and the values for `head_backward`.

    With `waves` 0 there are no positions.
    """
    e = np.tensordot(parameters["We"], x, axes=1)
    e = e + waves * positional_encoding(len(e), e.shape[2])
    q, k, v = (np.tensordot(parameters[name], e, axes=1) for name in ("Wq", "Wk", "Wv"))
    context, alpha = attend(q, k, v)
    a = e + np.tensordot(parameters["Wo"], context, axes=1)
    return (a,), [HeadCache(x, e, q, k, v, alpha, context, parameters)]


def head_backward(da: Array, caches: Sequence[HeadCache]) -> Gradients:
    """Return the gradients of x and the weights, from da `(n_a, m, T)`, for all steps at once, without recurrence."""
    x, e, q, k, v, alpha, context, p = caches[0]
    dcontext = np.tensordot(p["Wo"].T, da, axes=1)
    dalpha = _dot_products(dcontext, v)
    ds = alpha * (dalpha - (alpha * dalpha).sum(axis=2, keepdims=True)) / np.sqrt(len(q))  # the softmax's Jacobian
    d = {
        "Wq": _weighted_sum(ds, k),
        "Wk": _weighted_sum(ds.swapaxes(1, 2), q),
        "Wv": _weighted_sum(alpha.swapaxes(1, 2), dcontext),
    }
    de = da + sum(np.tensordot(p[name].T, each, axes=1) for name, each in d.items())
    return {
        "dx": np.tensordot(p["We"].T, de, axes=1),
        "dWe": _outer(de, x),
        **{f"d{name}": _outer(each, e) for name, each in d.items()},
        "dWo": _outer(da, context),
    }


def _outer(d: Array, inputs: Array) -> Array:
    """Return Σ d⟨t⟩·input⟨t⟩ᵀ over examples and steps."""
    return np.tensordot(d, inputs, axes=((1, 2), (1, 2)))


def head_step(xt: Array, keys: Array, values: Array, parameters: Parameters) -> tuple[Array, Array, Array]:
    """Return the output a⟨t⟩ `(n_a, m)` for one more step xt, given the keys and values `(n_a, m, t)` of the steps
    before; and the keys and values with this step's."""
    t = keys.shape[2]
    e = np.matmul(parameters["We"], xt) + positional_encoding(len(parameters["We"]), 1, t)[:, :, 0]
    q, k, v = (np.matmul(parameters[name], e) for name in ("Wq", "Wk", "Wv"))
    keys, values = (np.concatenate([old, new[:, :, None]], axis=2) for old, new in ((keys, k), (values, v)))
    alpha = softmax(np.einsum("am,amj->mj", q, keys) / np.sqrt(len(q)), axis=1)
    return e + np.matmul(parameters["Wo"], np.einsum("mj,amj->am", alpha, values)), keys, values


def head_initial_weights(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    """Return fresh weights of the head; `scale` multiplies Wq, so that with 0 it looks at all steps alike."""
    own = {name: glorot(n_a, n_a, rng) for name in ("Wq", "Wk", "Wv", "Wo")}
    return {"We": glorot(n_a, n_x, rng), **own, "Wq": scale * own["Wq"]}


@dataclass(frozen=True, kw_only=True)
class SelfAttention:
    """A head of self-attention with the attributes and methods of `cell.Cell` that `bptt` uses; it has no state."""

    name: str = "attention"
    label: str = "Self-attention"
    initial_state_names: tuple[str, ...] = ()
    forward: Callable[..., tuple[tuple[Array], list[HeadCache]]] = head_forward
    backward: Callable[..., Gradients] = head_backward
    initial_weights: Callable[[int, int, np.random.Generator, float], dict[str, Array]] = head_initial_weights
    count_weights: Callable[[int, int], int] = lambda n_x, n_a: n_a * n_x + 4 * n_a * n_a


ATTENTION = SelfAttention()
