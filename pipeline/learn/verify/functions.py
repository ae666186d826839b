"""Claims about sigmoid, tanh, softmax and cross-entropy; about clipping and the optimisers' arithmetic."""

from collections.abc import Callable, Iterator

import numpy as np

from pipeline.cells.activations import (
    Array,
    log_softmax,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    tanh_derivative,
)
from pipeline.cells.optimisers import SGD, Adam, clip_by_global_norm, clip_by_norm, clip_by_value, cosine, global_norm
from pipeline.cells.output_layer import cross_entropy, cross_entropy_backward
from pipeline.core.translation import mark
from pipeline.learn.verify.check import Claim

GROUP = mark("Functions")
COMPLEX_STEP_SIZE = 1e-30
TEST_POINTS = np.linspace(-12, 12, 97)
Z = np.array([1.3, -0.4, 0.2, 2.1])
Y_HAT = softmax(Z)
Y = np.array([0.0, 1.0, 0.0, 0.0])


def claims() -> Iterator[Claim]:
    yield Claim(
        GROUP,
        "σ′ = σ(1 − σ), by the complex step",
        1e-15,
        lambda: _slope(sigmoid) - sigmoid_derivative(sigmoid(TEST_POINTS)),
    )
    yield Claim(
        GROUP,
        "tanh′ = 1 − tanh², by the complex step",
        1e-15,
        lambda: _slope(np.tanh) - tanh_derivative(np.tanh(TEST_POINTS)),
    )
    yield Claim(GROUP, "tanh(z) = 2σ(2z) − 1", 1e-15, lambda: np.tanh(TEST_POINTS) - (2 * sigmoid(2 * TEST_POINTS) - 1))
    yield Claim(GROUP, "σ(±1000) is 0 and 1, without overflow", 0, lambda: sigmoid(np.array([-1e3, 1e3])) - [0, 1])
    yield Claim(
        GROUP,
        "softmax Jacobian = diag(ŷ) − ŷŷᵀ, by the complex step",
        1e-15,
        lambda: _jacobian() - softmax_jacobian(Y_HAT),
    )
    yield Claim(GROUP, "softmax Jacobian: every column sums to 0", 1e-15, lambda: softmax_jacobian(Y_HAT).sum(axis=0))
    yield Claim(
        GROUP, "softmax Jacobian is symmetric", 1e-16, lambda: softmax_jacobian(Y_HAT) - softmax_jacobian(Y_HAT).T
    )
    yield Claim(
        GROUP,
        "erratum: ∂ŷ_j/∂z_i = +ŷ_jŷ_i, as in the article's general formula, is wrong",
        0.1,
        lambda: _jacobian() - np.abs(softmax_jacobian(Y_HAT)),
        at_least=True,
    )
    yield Claim(GROUP, "softmax: adding a constant to z changes nothing", 1e-15, lambda: softmax(Z + 7) - Y_HAT)
    yield Claim(
        GROUP, "softmax does not overflow at 10⁴", 0, lambda: softmax(np.array([1e4, 1e4, 0.0])) - [0.5, 0.5, 0]
    )
    yield Claim(GROUP, "log-softmax = log of softmax", 1e-14, lambda: log_softmax(Z) - np.log(Y_HAT))
    yield Claim(GROUP, "∂E/∂z = ŷ − y, by the complex step", 1e-15, lambda: _loss_slope() - (Y_HAT - Y))
    yield Claim(
        GROUP, "∂E/∂z = Jacobianᵀ · (−y/ŷ)", 1e-15, lambda: softmax_jacobian(Y_HAT).T @ (-Y / Y_HAT) - (Y_HAT - Y)
    )
    yield Claim(
        GROUP,
        "∂J/∂z of the package = ŷ − y",
        1e-15,
        lambda: cross_entropy_backward(*_z_and_y_columns()).ravel() - (Y_HAT - Y),
    )


def _z_and_y_columns() -> tuple[Array, Array]:
    """z and y as one step of one example, `(n_y, 1, 1)`."""
    return Z[:, None, None], Y[:, None, None]


def _slope(function: Callable[[Array], Array]) -> Array:
    return function(TEST_POINTS + 1j * COMPLEX_STEP_SIZE).imag / COMPLEX_STEP_SIZE


def _jacobian() -> Array:
    """∂ŷ_j/∂z_i at [j, i]."""
    return np.stack(
        [softmax(Z + 1j * COMPLEX_STEP_SIZE * unit).imag / COMPLEX_STEP_SIZE for unit in np.eye(len(Z))], axis=1
    )


def _loss_slope() -> Array:
    _, y = _z_and_y_columns()
    steps = [cross_entropy((Z + 1j * COMPLEX_STEP_SIZE * unit)[:, None, None], y) for unit in np.eye(len(Z))]
    return np.array([step.imag / COMPLEX_STEP_SIZE for step in steps])


UPDATE_GROUP_NAME = mark("Clipping and optimisers")


def update_claims() -> Iterator[Claim]:
    g = _outlier_gradients()
    yield Claim(
        UPDATE_GROUP_NAME,
        "clipping by norm keeps the direction: 1 − cos",
        1e-12,
        lambda: 1 - cosine(g, clip_by_norm(g, 1)),
    )
    yield Claim(
        UPDATE_GROUP_NAME,
        "clipping by norm: ‖g‖ is the limit",
        1e-12,
        lambda: global_norm(clip_by_norm(g, 1).values()) - 1,
    )
    yield Claim(
        UPDATE_GROUP_NAME, "clipping by global norm keeps the direction of all: 1 − cos", 1e-12, _global_norm_clip_error
    )
    yield Claim(
        UPDATE_GROUP_NAME,
        "clipping by value changes the direction: 1 − cos",
        0.2,
        lambda: 1 - cosine(g, clip_by_value(g, 1)),
        at_least=True,
    )
    yield Claim(
        UPDATE_GROUP_NAME, "clipping leaves a small gradient unchanged", 0, lambda: clip_by_norm(g, 1e9)["g"] - g["g"]
    )
    yield Claim(UPDATE_GROUP_NAME, "the first step of Adam has size α", 1e-7, _first_adam_step)
    yield Claim(UPDATE_GROUP_NAME, "momentum 0 is plain descent", 0, _zero_momentum_error)


def _outlier_gradients() -> dict[str, Array]:
    """1,000 entries, 2 % of them outliers of size 50."""
    rng = np.random.default_rng(5)
    g = rng.standard_normal(1000)
    g[:20] *= 50
    return {"g": g}


def _global_norm_clip_error() -> float:
    rng = np.random.default_rng(6)
    g = {"a": rng.standard_normal((3, 4)), "b": 20 * rng.standard_normal(5)}
    return 1 - cosine(g, clip_by_global_norm(g, 1))


def _first_adam_step() -> Array:
    """v̂/√ŝ is ±1 whatever the size of the gradient."""
    optimiser, w = Adam(learning_rate=0.01, epsilon=1e-12), {"w": np.zeros(3)}
    moved, _ = optimiser.step(w, {"dw": np.array([1e-3, -1.0, 500.0])}, optimiser.start(w))
    return moved["w"] - 0.01 * np.array([-1, 1, -1])


def _zero_momentum_error() -> Array:
    optimiser, w, g = SGD(0.1), {"w": np.ones(3)}, {"dw": np.array([1.0, 2.0, 3.0])}
    moved, state = optimiser.step(w, g, optimiser.start(w))
    moved, _ = optimiser.step(moved, g, state)
    return moved["w"] - (np.ones(3) - 0.1 * g["dw"] - 0.1 * g["dw"])
