"""Two ways to know a derivative without deriving: both need only the function. (A third is TensorFlow's tape.)

The complex step (Squire & Trapp 1998) subtracts nothing, so it is exact to rounding: f′(x) = Im f(x + ih)/h.
Central differences lose digits both ways: too large an h and the curve shows, too small and the rounding does.
Use float64; never check a clipped gradient, nor with dropout on.
"""

from collections.abc import Callable, Mapping

import numpy as np

from pipeline.cells.activations import Array

ScalarFunction = Callable[[Mapping[str, Array]], Array]  # leaves → a scalar


def complex_step(function: ScalarFunction, leaves: Mapping[str, Array], name: str, h: float = 1e-30) -> Array:
    """Return ∂f/∂leaf by the complex step. `function` must be analytic: no abs, no comparison, no conjugate."""
    gradient = np.empty(leaves[name].shape)
    for index in np.ndindex(gradient.shape):
        perturbed = leaves[name].astype(complex)
        perturbed[index] += 1j * h
        gradient[index] = function({**leaves, name: perturbed}).imag / h
    return gradient


def central_differences(function: ScalarFunction, leaves: Mapping[str, Array], name: str, h: float = 1e-5) -> Array:
    """Return ∂f/∂leaf ≈ (f(x + h) − f(x − h))/2h; h = 1e-5 is where float64 errs least."""
    gradient = np.empty(leaves[name].shape)
    for index in np.ndindex(gradient.shape):
        up, down = leaves[name].copy(), leaves[name].copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (function({**leaves, name: up}) - function({**leaves, name: down})) / (2 * h)
    return gradient


def scaled_error(ours: Array, reference: Array) -> float:
    """Return the largest difference, divided by the largest reference entry (or by 1e-30, so that 0 = 0 is 0)."""
    return float(np.abs(ours - reference).max()) / max(float(np.abs(reference).max()), 1e-30)


def relative_norm_error(ours: Array, reference: Array) -> float:
    """Return ‖a − b‖₂ / (‖a‖₂ + ‖b‖₂), the relative error of the Deep Learning Specialization."""
    difference = np.linalg.norm(ours - reference)
    return float(difference) / max(float(np.linalg.norm(ours) + np.linalg.norm(reference)), 1e-30)
