"""The output layer, at every step of a sequence: z⟨t⟩ = W·a⟨t⟩ + b, a softmax, cross-entropy, and what is read off it.

J = 1/m · Σ_i Σ_t μ⁽ⁱ⁾⟨t⟩ E⁽ⁱ⁾⟨t⟩: the sum over steps, the mean over the m examples; the mask μ `(m, Ty)` is 1 on a real
step and 0 on padding. Keras takes the mean over the real steps as well: J_keras = J·m / Σμ.
Shapes: a `(n_a, m, T)`, W `(n_y, n_a)`, b `(n_y, 1)`, logits z and one-hot y `(n_y, m, T)`. With one step, T = 1, the
dense layer is that of any feed-forward network.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, log_softmax, softmax


class DenseGradients(NamedTuple):
    """∂J with respect to W `(n_y, n_a)`, b `(n_y, 1)` and the input a `(n_a, m, T)`."""

    dW: Array
    db: Array
    da: Array


def dense_forward(a: Array, W: Array, b: Array) -> Array:
    """Return z = W·a + b at every step: a `(n_a, m, T)` → z `(n_y, m, T)`."""
    return np.tensordot(W, a, axes=1) + b[:, :, None]


def dense_backward(dz: Array, a: Array, W: Array) -> DenseGradients:
    """Return the gradients of a dense layer, from dz `(n_y, m, T)`: sums over examples and steps."""
    dW = np.tensordot(dz, a, axes=((1, 2), (1, 2)))  # (n_y, n_a)
    db = dz.sum(axis=2).sum(axis=1, keepdims=True)  # (n_y, 1)
    da = np.tensordot(W.T, dz, axes=1)  # (n_a, m, T)
    return DenseGradients(dW, db, da)


def step_losses(z: Array, y: Array) -> Array:
    """Return E⟨t⟩ = −Σ_k y_k log ŷ_k at every step, in nats: `(m, Ty)`. An untrained network starts near ln n_y."""
    return -(y * log_softmax(z)).sum(axis=0)


def cross_entropy(z: Array, y: Array, mask: Array | None = None) -> Array:
    """Return J, a scalar in nats: the losses summed over steps, the mean over examples."""
    E = step_losses(z, y)  # (m, Ty)
    return (E if mask is None else E * mask).sum() / E.shape[0]


def cross_entropy_backward(z: Array, y: Array, mask: Array | None = None) -> Array:
    """Return ∂J/∂z⟨t⟩ = μ⟨t⟩·(ŷ⟨t⟩ − y⟨t⟩)/m `(n_y, m, Ty)`: −y/ŷ through the softmax's Jacobian, as Σ_k y_k = 1."""
    m = y.shape[1]
    dz = softmax(z) - y  # (n_y, m, Ty)
    if mask is not None:
        dz = dz * mask
    return dz / m


def perplexity(mean_nats: float) -> float:
    """Return exp of the mean loss: the number of equally likely symbols that would cost as much."""
    return float(np.exp(mean_nats))


def bits_per_symbol(mean_nats: float) -> float:
    """Return the mean loss in bits per symbol.

    >>> bits_per_symbol(np.log(2))
    1.0
    """
    return float(mean_nats / np.log(2))
