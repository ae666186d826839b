"""The dense layer, at every step of a sequence: z⟨t⟩ = W·a⟨t⟩ + b.

Shapes: a `(n_a, m, T)`, W `(n_y, n_a)`, b `(n_y, 1)`, z `(n_y, m, T)`. With one step, T = 1, it is the layer of any
feed-forward network.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array


class DenseGradients(NamedTuple):
    """∂J with respect to W `(n_y, n_a)`, b `(n_y, 1)` and the input a `(n_a, m, T)`."""

    dW: Array
    db: Array
    da: Array


def dense_forward(a: Array, W: Array, b: Array) -> Array:
    """a `(n_a, m, T)` → z `(n_y, m, T)`."""
    return np.tensordot(W, a, axes=1) + b[:, :, None]


def dense_backward(dz: Array, a: Array, W: Array) -> DenseGradients:
    """From dz `(n_y, m, T)`: the sum over examples and steps of the outer products dz⟨t⟩·a⟨t⟩ᵀ."""
    dW = np.tensordot(dz, a, axes=((1, 2), (1, 2)))  # (n_y, n_a)
    db = dz.sum(axis=2).sum(axis=1, keepdims=True)  # (n_y, 1)
    da = np.tensordot(W.T, dz, axes=1)  # (n_a, m, T)
    return DenseGradients(dW, db, da)
