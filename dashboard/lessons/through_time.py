"""Backpropagation through time on one line: the factors in numbers, who teaches what, how the checks err with h; and how
far back a network looks: Jacobians by lag, connectivity, the echo task.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons.study import NetworkSetting, line_of, network_leaves
from pipeline.cells.activations import Array, softmax, softmax_jacobian
from pipeline.cells.bptt import (
    cost,
    cost_and_gradients,
    hidden_states,
    jacobian_norm_bound,
    jacobian_norms_by_lag,
    logits,
    one_hot,
)
from pipeline.cells.gradient_checks import central_differences, complex_step, norm_error, scaled_error
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward, dense_forward
from pipeline.cells.registry import CELLS

DRAWN_WEIGHT_NAMES = {"rnn": "Waa", "lstm": "Wf", "gru": "Wz"}  # the weight whose teaching is drawn


class StepFactors(NamedTuple):
    """The three factors of ∂E/∂V at one step, and what they multiply to."""

    first: Array  # −y/ŷ (n_y,)
    jacobian: Array  # (n_y, n_y)
    state: Array  # (n_a,)
    error: Array  # ŷ − y (n_y,)
    product: Array  # their outer product (n_y, n_a)


def step_factors(text: str, setting: NetworkSetting, t: int) -> StepFactors:
    """At step `t`, from 0."""
    line, leaves = line_of(text), network_leaves(text, setting)
    a, _ = hidden_states(setting.cell, leaves)
    y_hat = softmax(dense_forward(a, leaves["Wya"], leaves["by"]))[:, 0, t]
    y = line.y[:, 0, t]
    jacobian = softmax_jacobian(y_hat)
    error = y_hat - y
    return StepFactors(-y / y_hat, jacobian, a[:, 0, t], error, np.outer(error, a[:, 0, t]))


def article_jacobian(y_hat: Array) -> Array:
    """The article's general line, without the minus sign off the diagonal: wrong, to be seen failing."""
    return np.where(np.eye(len(y_hat), dtype=bool), y_hat * (1 - y_hat), np.outer(y_hat, y_hat))


def logit_gradient(jacobian: Array, y_hat: Array, target: int) -> Array:
    """∂E/∂z = Jᵀ·(−y/ŷ): ŷ − y with the right Jacobian."""
    y = np.eye(len(y_hat))[target]
    return jacobian.T @ (-y / y_hat)


def output_gradient(text: str, setting: NetworkSetting, upto: int) -> Array:
    """Σ over the first `upto` steps of (ŷ − y)·aᵀ `(n_y, n_a)`."""
    line, leaves = line_of(text), network_leaves(text, setting)
    a, _ = hidden_states(setting.cell, leaves)
    dz = softmax(dense_forward(a, leaves["Wya"], leaves["by"])) - line.y
    return np.tensordot(dz[:, 0, :upto], a[:, 0, :upto], axes=(1, 1))


class Contributions(NamedTuple):
    """‖C(t, k)‖ `(T, T)`, and the relative error of the gradient cut after τ = 0, 1, …, T − 1 steps."""

    norms: Array
    lost: Array


def contribution_norms(text: str, setting: NetworkSetting) -> Contributions:
    """The triangle and the price of truncation, all errors at once: each goes back in a column of its own.

    C(t, k) is the outer product of dz of the weight's sum, from the error of t, and of what it reads at k. dz is read
    off the gradient of the weights of the input, whose row t stands at 1 in column t alone.
    """
    line, leaves = line_of(text), network_leaves(text, setting)
    a, caches = hidden_states(setting.cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])
    da = dense_backward(cross_entropy_backward(z, line.y), a, leaves["Wya"]).da[:, 0]  # (n_a, T)
    T, inputs = len(text), "dWax" if setting.cell == "rnn" else f"d{DRAWN_WEIGHT_NAMES[setting.cell]}"
    flowing = [np.zeros_like(da) for _ in CELLS[setting.cell].states]
    dz, read = np.zeros((T, *da.shape)), list[Array]()  # (k, n_a, t)
    for k in reversed(range(T)):
        flowing[0][:, k] = da[:, k]
        step = CELLS[setting.cell].cell_backward(*flowing, _repeat(caches[k], T)._replace(xt=np.eye(T)))
        dz[k], flowing = step[inputs][:, -T:], [step[f"d{state}_prev"] for state in CELLS[setting.cell].states]
        both = [caches[k].a_prev, *([] if setting.cell == "rnn" else [caches[k].xt])]
        read.insert(0, np.concatenate(both)[:, 0])
    norms = (np.linalg.norm(dz, axis=1) * np.linalg.norm(read, axis=1)[:, None]).T
    ks = np.arange(T)
    by_lag = np.array([dz[ks[: T - lag], :, ks[lag:]].T @ np.array(read[: T - lag]) for lag in range(T)])
    truncated = np.cumsum(by_lag, axis=0)
    lost = np.linalg.norm(truncated - truncated[-1], axis=(1, 2)) / max(float(np.linalg.norm(truncated[-1])), 1e-300)
    return Contributions(np.where(np.tri(T, dtype=bool), norms, np.nan), lost)


def _repeat(part: Any, columns: int) -> Any:
    """Return a cache of one example, or what is in it, for so many."""
    if isinstance(part, tuple):
        return type(part)(*(_repeat(each, columns) for each in part))
    return np.repeat(part, columns, axis=1) if isinstance(part, np.ndarray) else part


class GradientCheck(NamedTuple):
    """One gradient checked twice, as `gradient_checks` measures."""

    name: str
    entries: int
    complex_step: float
    central: float


def check_gradients(text: str, setting: NetworkSetting, central: bool = True) -> list[GradientCheck]:
    """Every weight, bias and first state of a small network on the line, against the two numeric derivatives; without
    the `central` one, which takes twice as long, that error is not a number."""
    line, parameters = line_of(text), network_leaves(text, setting)
    _, ours = cost_and_gradients(setting.cell, parameters, line.y)

    def function(moved: Mapping[str, Array]) -> Array:
        return cost(setting.cell, moved, line.y)

    return [
        GradientCheck(
            name,
            leaf.size,
            scaled_error(ours[f"d{name}"], complex_step(function, parameters, name)),
            norm_error(ours[f"d{name}"], central_differences(function, parameters, name)) if central else math.nan,
        )
        for name, leaf in parameters.items()
        if name != "x"
    ]


def error_curve(text: str, setting: NetworkSetting) -> tuple[Array, Array, Array]:
    """h, and the error of central differences and of the complex step of the first entries of Waa at that h."""
    line, leaves = line_of(text), network_leaves(text, setting)
    exact = cost_and_gradients("rnn", leaves, line.y)[1]["dWaa"].ravel()[:4]
    hs = 10.0 ** -np.arange(1, 15)

    def at(i: int, step: complex) -> Any:
        moved = leaves["Waa"].astype(complex if isinstance(step, complex) else float)
        moved.flat[i] += step
        return cost("rnn", {**leaves, "Waa": moved}, line.y)

    central = [max(abs((at(i, h) - at(i, -h)) / (2 * h) - exact[i]) for i in range(4)) for h in hs]
    stepped = [max(abs(at(i, 1j * h).imag / h - exact[i]) for i in range(4)) for h in hs]
    scale = float(np.abs(exact).max())
    return hs, np.array(central, float) / scale, np.maximum(np.array(stepped, float) / scale, 1e-17)


class StateJacobianNorms(NamedTuple):
    """Spectral norms by lag `(T + 1,)`; for an LSTM, of ∏Γf alone; for an RNN, the bound that is never crossed."""

    norms: Array
    forget: Array | None
    bound: Array | None


def state_jacobian_norms(text: str, setting: NetworkSetting, T: int) -> StateJacobianNorms:
    """‖∂state⟨T⟩/∂state⟨T−lag⟩‖ after the first T characters of the line."""
    leaves = network_leaves(text, setting)
    _, caches = hidden_states(setting.cell, {**leaves, "x": leaves["x"][:, :, :T]})
    jacobians = jacobian_norms_by_lag(setting.cell, caches)
    bound = jacobian_norm_bound(leaves["Waa"], len(caches)) if setting.cell == "rnn" else None
    return StateJacobianNorms(jacobians.norms, jacobians.forget_path, bound)


def spectrum(text: str, setting: NetworkSetting) -> tuple[Array, Array]:
    """Eigenvalues and singular values of Waa of the RNN."""
    Waa = network_leaves(text, setting)["Waa"]
    return np.linalg.eigvals(Waa), np.linalg.svd(Waa, compute_uv=False)


def input_gradient(text: str, setting: NetworkSetting, t: int) -> Array:
    """‖∂E⟨t⟩/∂x⟨k⟩‖ for k = 0…t, `(t + 1,)`: how much the loss of step `t` depends on each character read before."""
    line, leaves = line_of(text), network_leaves(text, setting)
    a, caches = hidden_states(setting.cell, leaves)
    z = logits(setting.cell, leaves)
    mask = np.zeros((1, len(text)))
    mask[0, t] = 1
    da = dense_backward(cross_entropy_backward(z, line.y, mask), a, leaves["Wya"]).da
    dx = CELLS[setting.cell].backward(da, caches)["dx"]
    return np.linalg.norm(dx[:, 0, : t + 1], axis=0)


def replacement_effect(text: str, setting: NetworkSetting) -> Array:
    """How much ŷ⟨T⟩ changes, in total variation (0 to 1), when the character L steps back is another: `(T,)`.

    The mean over three replacements from the same alphabet; L = 0 is the last character read.
    """
    parameters = network_leaves(text, setting)
    n, T = parameters["x"].shape[0], len(text)
    ids = parameters["x"][:, 0].argmax(axis=0)
    batch = np.tile(ids, (3 * T + 1, 1))
    for lag in range(T):
        for other in range(3):
            batch[1 + 3 * lag + other, T - 1 - lag] = (ids[T - 1 - lag] + 1 + other * (n // 3)) % n
    wide = {**parameters, "x": one_hot(batch, n)}
    for state in ("a0", "c0"):
        if state in parameters:
            wide[state] = np.repeat(parameters[state], len(batch), axis=1)
    y_hat = softmax(logits(setting.cell, wide)[:, :, -1])  # (n_y, 3·T + 1)
    change = 0.5 * np.abs(y_hat[:, 1:] - y_hat[:, :1]).sum(axis=0)
    return change.reshape(T, 3).mean(axis=1)
