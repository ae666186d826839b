"""Numbers by hand, and derivatives by the complex step."""

import numpy as np
import pytest

from pipeline.cells.activations import (
    log_softmax,
    log_sum_exp,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    tanh_derivative,
)
from pipeline.cells.output_layer import cross_entropy, cross_entropy_backward

STEP, POINTS, Z = 1e-30, np.linspace(-12, 12, 97), np.array([1.3, -0.4, 0.2, 2.1])
MOVED = [Z + 1j * STEP * unit for unit in np.eye(4)]


@pytest.mark.parametrize(("function", "derivative"), [(sigmoid, sigmoid_derivative), (np.tanh, tanh_derivative)])
def test_derivatives_of_the_activations(function, derivative):
    slope = function(POINTS + 1j * STEP).imag / STEP
    np.testing.assert_allclose(derivative(function(POINTS)), slope, rtol=0, atol=1e-15)


def test_tanh_is_a_sigmoid_and_neither_overflows():
    np.testing.assert_allclose(np.tanh(POINTS), 2 * sigmoid(2 * POINTS) - 1, rtol=0, atol=1e-15)
    assert sigmoid(np.array([-1e3, 1e3])).tolist() == [0, 1]
    assert softmax(np.array([1e4, 1e4, 0.0])).tolist() == [0.5, 0.5, 0]
    np.testing.assert_allclose(softmax(Z + 7), softmax(Z), rtol=0, atol=1e-15)


def test_softmax_jacobian_and_the_gradient_of_the_loss():
    """Not with a plus off the diagonal, as the article has it; then ∂E/∂z = Jᵀ(−y/ŷ) = ŷ − y."""
    y_hat, y = softmax(Z), np.array([0.0, 1, 0, 0])
    exact = np.stack([softmax(z).imag / STEP for z in MOVED], axis=1)
    np.testing.assert_allclose(softmax_jacobian(y_hat), exact, rtol=0, atol=1e-15)
    assert np.abs(np.abs(softmax_jacobian(y_hat)) - exact).max() > 0.1
    slope = [cross_entropy(z[:, None, None], y[:, None, None]).imag / STEP for z in MOVED]
    np.testing.assert_allclose(slope, y_hat - y, rtol=0, atol=1e-15)
    np.testing.assert_allclose(exact.T @ (-y / y_hat), y_hat - y, rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        cross_entropy_backward(Z[:, None, None], y[:, None, None]).ravel(), y_hat - y, atol=1e-15
    )


def test_sigmoid_by_hand():
    """σ(ln 3) = 3/(3 + 1)."""
    assert sigmoid(np.array([np.log(3), -np.log(3)])) == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_sums_to_one_along_its_axis(axis):
    z = np.random.default_rng(0).normal(0, 100, (3, 4, 5))
    np.testing.assert_allclose(softmax(z, axis).sum(axis=axis), 1)
    np.testing.assert_allclose(np.exp(log_softmax(z, axis)), softmax(z, axis), atol=1e-15)


def test_temperature_goes_from_argmax_to_uniform():
    z = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(softmax(z / 1e-3), [0, 0, 1], atol=1e-15)
    np.testing.assert_allclose(softmax(z / 1e9), [1 / 3] * 3, atol=1e-9)


@pytest.mark.parametrize("function", [sigmoid, softmax, log_softmax])
def test_float32_stays_float32(function):
    assert function(np.zeros(3, np.float32)).dtype == np.float32


def test_log_probabilities_of_float32_logits_are_float64_and_normalised():
    z = np.array([1000.0, 0.0], np.float32)
    result = z - log_sum_exp(z)
    assert result.dtype == np.float64
    assert result.tolist() == [0.0, -1000.0]
