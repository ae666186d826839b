"""Backpropagation through time on one line: what truncation loses, how the checks err with h; and how far back a network
looks: Jacobians by lag, connectivity, the echo task.
"""

from collections.abc import Mapping
from math import floor, log10
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons.study import NetworkSetting, encode_line, network_arrays
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array, tanh_derivative
from pipeline.cells.bptt import (
    LagNorms,
    cost,
    cost_and_gradients,
    hidden_states,
    jacobian_norms_by_lag,
    logits,
)
from pipeline.cells.gradient_checks import central_differences, complex_step, relative_norm_error, scaled_error
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward, dense_forward
from pipeline.cells.registry import CELLS
from pipeline.core.translation import format_decimal, format_percentage, t


def remaining_share_text(share: float) -> str:
    """Return what is left of an error as a percentage with one significant digit, or above 1 as a factor."""
    if share > 1000:
        return t("over ×{n}", n=format_decimal(1000))
    if share >= 1:
        return f"×{format_number(share, '.2g' if share < 100 else '.0f')}"
    if share < 1e-5:
        return t("under {share}", share=format_percentage(1e-5, 3))
    return format_percentage(share, max(0, -floor(log10(share)) - 2))


def measure_truncation(text: str, setting: NetworkSetting) -> Array:
    """Return the relative error of ∂J/∂Waa of an RNN that read the text when errors go back 0, 1, …, T − 1 steps, `(T,)`."""
    line, leaves = encode_line(text), network_arrays(text, setting)
    a, caches = hidden_states("rnn", leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])
    da = dense_backward(cross_entropy_backward(z, line.targets), a, leaves["Wya"]).da[:, 0]  # (n_a, T)
    T, flow = len(text), np.zeros_like(da)  # all errors go back at once, each in its own column
    dz = np.zeros((T, *da.shape))  # (k, n_a, t)
    for k in reversed(range(T)):
        flow[:, k] = da[:, k]
        dz[k] = flow * tanh_derivative(caches[k].a)
        flow = leaves["Waa"].T @ dz[k]
    read = np.array([cache.a_prev[:, 0] for cache in caches])  # (k, n_a)
    ks = np.arange(T)
    by_lag = np.array([dz[ks[: T - lag], :, ks[lag:]].T @ read[: T - lag] for lag in range(T)])
    truncated = np.cumsum(by_lag, axis=0)
    lost: Array = np.linalg.norm(truncated - truncated[-1], axis=(1, 2))
    return lost / max(float(np.linalg.norm(truncated[-1])), 1e-300)


class GradientCheck(NamedTuple):
    """Errors of one gradient against the complex step and against central differences."""

    name: str
    entries: int
    complex_step: float
    central: float


def check_gradients(text: str, setting: NetworkSetting) -> list[GradientCheck]:
    """Check the gradient of every weight, bias and first state of a network on the line by two numeric derivatives."""
    line, parameters = encode_line(text), network_arrays(text, setting)
    _, ours = cost_and_gradients(setting.cell, parameters, line.targets)

    def cost_with(moved: Mapping[str, Array]) -> Array:
        return cost(setting.cell, moved, line.targets)

    return [
        GradientCheck(
            name,
            leaf.size,
            scaled_error(ours[f"d{name}"], complex_step(cost_with, parameters, name)),
            relative_norm_error(ours[f"d{name}"], central_differences(cost_with, parameters, name)),
        )
        for name, leaf in parameters.items()
        if name != "x"
    ]


def error_curve(text: str, setting: NetworkSetting) -> tuple[Array, Array, Array]:
    """Return step sizes h, and the relative errors of central differences and of the complex step at each h."""
    line, leaves = encode_line(text), network_arrays(text, setting)
    exact = cost_and_gradients("rnn", leaves, line.targets)[1]["dWaa"].ravel()[:4]
    hs = 10.0 ** -np.arange(1, 15)

    def cost_after(i: int, step: complex) -> Any:
        moved = leaves["Waa"].astype(complex if isinstance(step, complex) else float)
        moved.flat[i] += step
        return cost("rnn", {**leaves, "Waa": moved}, line.targets)

    central = [max(abs((cost_after(i, h) - cost_after(i, -h)) / (2 * h) - exact[i]) for i in range(4)) for h in hs]
    stepped = [max(abs(cost_after(i, 1j * h).imag / h - exact[i]) for i in range(4)) for h in hs]
    scale = float(np.abs(exact).max())
    return hs, np.array(central, float) / scale, np.maximum(np.array(stepped, float) / scale, 1e-17)


def state_jacobian_norms(text: str, setting: NetworkSetting) -> LagNorms:
    """Return ‖∂state⟨T⟩/∂state⟨T−lag⟩‖ by lag, after the T characters of the line."""
    _, caches = hidden_states(setting.cell, network_arrays(text, setting))
    return jacobian_norms_by_lag(setting.cell, caches)


def input_gradient(text: str, setting: NetworkSetting, t: int) -> Array:
    """Return ‖∂E⟨t⟩/∂x⟨k⟩‖ for k = 0…t, `(t + 1,)`: how strongly the loss of step `t` depends on each character."""
    line, leaves = encode_line(text), network_arrays(text, setting)
    a, caches = hidden_states(setting.cell, leaves)
    z = logits(setting.cell, leaves)
    mask = np.zeros((1, len(text)))
    mask[0, t] = 1
    da = dense_backward(cross_entropy_backward(z, line.targets, mask), a, leaves["Wya"]).da
    dx = CELLS[setting.cell].backward(da, caches)["dx"]
    return np.linalg.norm(dx[:, 0, : t + 1], axis=0)
