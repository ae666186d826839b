"""The functions of the article: sigmoid, tanh and softmax, with their derivatives.

Every one takes real or complex arrays, so that a gradient can be checked by the complex step, and keeps the
precision it is given (float32 stays float32). tanh itself is `numpy.tanh`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e⁻ᶻ), any shape, written as ½ + ½·tanh(z/2).

    The two are equal (tanh z = 2σ(2z) − 1), but this one cannot overflow and needs one pass of `tanh`. Its error
    is one rounding of 1, not of σ: below z = −37 it is exactly 0 in float64.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    s = np.tanh(0.5 * z)
    s *= 0.5
    s += 0.5
    return s


def sigmoid_derivative(s: Array) -> Array:
    """Return the slope of the sigmoid from its value s = σ(z): s·(1 − s), at most ¼."""
    return s * (1 - s)


def tanh_derivative(a: Array) -> Array:
    """Return the slope of tanh from its value a = tanh(z): 1 − a², at most 1."""
    return 1 - a * a


def softmax(z: Array, axis: int = 0) -> Array:
    """Return softmax(z), that is e^{z_j} / Σ_k e^{z_k}, along `axis`. By default the classes are rows, `(n_y, m)`.

    The largest z is subtracted first: the quotient is the same and cannot overflow. Only its real part is, since
    a constant has no derivative.

    >>> softmax(np.array([1e4, 1e4, 0.0]))
    array([0.5, 0.5, 0. ])
    """
    e: Array = np.exp(z - z.real.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def log_softmax(z: Array, axis: int = 0) -> Array:
    """Return log ŷ from the logits along `axis`, without the log of a number that rounds to 0."""
    shifted = z - np.max(z.real, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def log_sum_exp(z: Array) -> Array:
    """Return log Σ exp(z) along the last axis. Exponentials have the precision of z; the sum is float64.

    >>> log_sum_exp(np.log([0.5, 1.5])).round(12) == np.log(2).round(12)
    np.True_
    """
    largest = z.max(axis=-1, keepdims=True)
    shifted = z - largest
    total = np.log(np.exp(shifted, out=shifted).sum(axis=-1, dtype=np.float64))
    return (total + np.squeeze(largest, -1)).astype(np.float64)


def softmax_jacobian(y_hat: Array) -> Array:
    """Return the Jacobian ∂ŷ_j/∂z_i of the softmax, `(n_y, n_y)`, from ŷ `(n_y,)`.

    It is ŷ_j·(1 − ŷ_j) where i = j and −ŷ_j·ŷ_i elsewhere: symmetric, and each column sums to 0.
    """
    return np.diag(y_hat) - np.outer(y_hat, y_hat)
