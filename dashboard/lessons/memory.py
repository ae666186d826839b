"""How far back a network looks: Jacobians by lag, connectivity, the echo task."""

from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import START, Setting, leaves, line_of
from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import cost_and_gradients, hidden_states, initial_leaves, logits, memory, memory_bound, one_hot
from pipeline.cells.optimisers import Adam
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward
from pipeline.cells.registry import CELLS


class Reach(NamedTuple):
    """Spectral norms by lag `(T + 1,)`; for an LSTM, of ∏Γf alone; for an RNN, the bound that is never crossed."""

    norms: Array
    forget: Array | None
    bound: Array | None


def reach(text: str, setting: Setting, T: int) -> Reach:
    """‖∂state⟨T⟩/∂state⟨T−lag⟩‖ after the first T characters of the line."""
    held = leaves(text, setting)
    _, caches = hidden_states(setting.cell, {**held, "x": held["x"][:, :, :T]})
    found = memory(setting.cell, caches)
    bound = memory_bound(held["Waa"], len(caches)) if setting.cell == "rnn" else None
    return Reach(found.norms, found.forget_path, bound)


def spectrum(text: str, setting: Setting) -> tuple[Array, Array]:
    """Eigenvalues and singular values of Waa of the RNN."""
    Waa = leaves(text, setting)["Waa"]
    return np.linalg.eigvals(Waa), np.linalg.svd(Waa, compute_uv=False)


def input_gradient(text: str, setting: Setting, t: int) -> Array:
    """‖∂E⟨t⟩/∂x⟨k⟩‖ for k = 0…t, `(t + 1,)`: how much the loss of step `t` hangs on each character read before."""
    line, held = line_of(text), leaves(text, setting)
    a, caches = hidden_states(setting.cell, held)
    z = logits(setting.cell, held)
    mask = np.zeros((1, len(text)))
    mask[0, t] = 1
    da = dense_backward(cross_entropy_backward(z, line.y, mask), a, held["Wya"]).da
    dx = CELLS[setting.cell].backward(da, caches)["dx"]
    return np.linalg.norm(dx[:, 0, : t + 1], axis=0)


def replacement_effect(text: str, setting: Setting) -> Array:
    """How much ŷ⟨T⟩ changes, in total variation (0 to 1), when the character L steps back is another: `(T,)`.

    The mean over three replacements from the same alphabet; L = 0 is the last character read.
    """
    held = leaves(text, setting)
    n, T = held["x"].shape[0], len(text)
    ids = held["x"][:, 0].argmax(axis=0)
    batch = np.tile(ids, (3 * T + 1, 1))
    for lag in range(T):
        for other in range(3):
            batch[1 + 3 * lag + other, T - 1 - lag] = (ids[T - 1 - lag] + 1 + other * (n // 3)) % n
    wide = {**held, "x": one_hot(batch, n)}
    for state in ("a0", "c0"):
        if state in held:
            wide[state] = np.repeat(held[state], len(batch), axis=1)
    y_hat = softmax(logits(setting.cell, wide)[:, :, -1])  # (n_y, 3·T + 1)
    change = 0.5 * np.abs(y_hat[:, 1:] - y_hat[:, :1]).sum(axis=0)
    return change.reshape(T, 3).mean(axis=1)


def echo_accuracy(
    cell: str, lag: int, *, steps: int = 400, n_a: int = 32, symbols: int = 8, T: int = 30, seed: int = 0
) -> float:
    """Accuracy of repeating the symbol read `lag` steps before, on fresh sequences, after `steps` of Adam.

    Knowing nothing scores 1/symbols.
    """
    rng = np.random.default_rng(seed)
    held = initial_leaves(cell, symbols, n_a, symbols, rng, m=32)
    weights = {q: w for q, w in held.items() if q not in START}
    optimiser = Adam(0.01)
    state = optimiser.start(weights)
    for _ in range(steps):
        x, y, mask = _echo_batch(rng, symbols, T, lag)
        _, gradients = cost_and_gradients(cell, {**held, **weights, "x": x}, y, mask)
        weights, state = optimiser.step(weights, gradients, state)
    x, y, mask = _echo_batch(rng, symbols, T, lag)
    right = logits(cell, {**held, **weights, "x": x}).argmax(axis=0) == y.argmax(axis=0)
    return float(right[mask > 0].mean())


def _echo_batch(rng: np.random.Generator, symbols: int, T: int, lag: int) -> tuple[Array, Array, Array]:
    ids = rng.integers(symbols, size=(32, T))
    shifted = np.roll(ids, lag, axis=1)
    mask = np.ones(ids.shape)
    mask[:, :lag] = 0
    return one_hot(ids, symbols), one_hot(shifted, symbols), mask
