"""A lesson as a script of at most 60 lines with NumPy alone, made of the very functions of the cells.

Their source is taken as it stands, without its docstrings, so that what one takes along cannot drift from what the
lesson shows; below it stands a short use of them, which ends with a check.
"""

import ast
import inspect
from collections.abc import Callable
from typing import Any

from pipeline.cells import activations, lstm, output_layer, rnn

_HEAD = '''"""Seize, lesson {number}: {about} NumPy alone; run it with Python."""

from __future__ import annotations
from typing import NamedTuple
import numpy as np
'''
_LINE = """line = "je compte les mesures"
alphabet = sorted(set(line))
ids, n, V, rng = [alphabet.index(c) for c in line], 16, len(alphabet), np.random.default_rng(0)
"""
_RNN = """p = {"Waa": np.linalg.qr(rng.normal(size=(n, n)))[0], "ba": np.zeros((n, 1))}
p |= {"Wax": rng.normal(0, 0.3, (n, V)), "Wya": rng.normal(0, 0.3, (V, n))}
"""
_CELL = """a, nats = np.zeros((n, 1)), 0.0
for read, came in zip(ids, ids[1:]):
    a, _ = rnn_cell_forward(np.eye(V)[:, [read]], a, p)
    y_hat = softmax(p["Wya"] @ a)[:, 0]
    nats -= np.log(y_hat[came])
    bet = alphabet[y_hat.argmax()]
    print(f"reads {alphabet[read]!r}, bets on {bet!r}; {alphabet[came]!r} came, at {y_hat[came]:.2f}")
print(f"{nats / (len(ids) - 1):.3f} nats a character; knowing nothing costs {np.log(V):.3f}")
by_hand = np.tanh(p["Waa"] @ np.zeros((n, 1)) + p["Wax"][:, [ids[0]]] + p["ba"])
first, _ = rnn_cell_forward(np.eye(V)[:, [ids[0]]], np.zeros((n, 1)), p)
print(f"error {abs(by_hand - first).max():.1e}")
"""
_BPTT = """
def loss_and_caches(p):
    a, loss, caches, dz = np.zeros((n, 1)), 0.0, [], []
    for read, came in zip(ids, ids[1:]):
        a, cache = rnn_cell_forward(np.eye(V)[:, [read]], a, p)
        y_hat = (e := np.exp(p["Wya"] @ a)) / e.sum()
        loss -= np.log(y_hat[came, 0])
        caches.append(cache), dz.append(y_hat - np.eye(V)[:, [came]])
    return loss, caches, dz

loss, caches, dz = loss_and_caches(p)
dWaa, da = np.zeros((n, n)), np.zeros((n, 1))
for cache, error in zip(caches[::-1], dz[::-1]):  # from the end: the step's own error, and what comes from after it
    step = rnn_cell_backward(p["Wya"].T @ error + da, cache)
    dWaa, da = dWaa + step["dWaa"], step["da_prev"]
moved = [p["Waa"] + h * np.eye(n)[:, [1]] * np.eye(n)[[2]] for h in (1e-5, -1e-5)]
slope = np.subtract(*(loss_and_caches({**p, "Waa": W})[0] for W in moved)) / 2e-5
print(f"loss {loss:.3f}, gradient of Waa[1, 2] {dWaa[1, 2]:+.8f}, slope of the loss {slope:+.8f}")
print(f"error {abs(dWaa[1, 2] - slope):.1e}")
"""
_VANISHING = """for scale in (0.5, 1.0, 1.5):
    weights, a, product = {**p, "Waa": scale * p["Waa"]}, np.zeros((n, 1)), np.eye(n)
    for lag, read in enumerate(ids, 1):
        a, cache = rnn_cell_forward(np.eye(V)[:, [read]], a, weights)
        product = rnn_jacobian(cache) @ product
        if lag % 7 == 0:
            print(f"scale {scale}: of an error {np.linalg.norm(product, 2):.1e} is left after {lag} steps")
z = 1j * 1e-30 * np.eye(n)  # the complex step of the last Jacobian, a column a unit
moved = rnn_state(weights["Waa"] @ (cache.a_prev + z) + weights["Wax"] @ cache.xt).imag / 1e-30
print(f"error {abs(moved - rnn_jacobian(cache)).max():.1e}")
"""
_LSTM = """p = {f"W{q}": rng.normal(0, 0.3, (n, n + V)) for q in "ifco"} | {f"b{q}": np.zeros((n, 1)) for q in "ifco"}
p["bf"] += 1  # keep, until there is a reason to forget
a, c, direct = np.zeros((n, 1)), np.zeros((n, 1)), np.ones((n, 1))
for read in ids:
    a, c, cache = lstm_cell_forward(np.eye(V)[:, [read]], a, c, p)
    direct *= cache.gates.forget
    kept, written = cache.gates.forget.mean(), cache.gates.input.mean()
    print(f"reads {alphabet[read]!r}: keeps {kept:.2f}, writes {written:.2f}; of c0 there is {direct.mean():.1e} left")
again = cache.gates.forget * cache.c_prev + cache.gates.input * cache.gates.candidate
print(f"error {abs(again - c).max():.1e}")
"""
_COST = """z = rng.normal(size=(V, 1, len(ids) - 1))  # logits, one column a step
y = np.eye(V)[ids[1:]].T[:, None]
for step in range(61):
    J = cross_entropy(z, y)
    if step % 10 == 0:
        mean = J / y.shape[2]
        print(f"step {step}: {mean:.3f} nats, {mean / np.log(2):.3f} bits, perplexity {np.exp(mean):.2f}")
    z -= 0.5 * cross_entropy_backward(z, y)
h = np.zeros_like(z)
h[1, 0, 2] = 1e-5
slope = (cross_entropy(z + h, y) - cross_entropy(z - h, y)) / 2e-5
print(f"error {abs(slope - cross_entropy_backward(z, y)[1, 0, 2]):.1e}")
"""
_FORWARD = (rnn.RNNCache, rnn.rnn_state, rnn.rnn_cell_forward)
_TANH = (activations.tanh_derivative,)
# lesson -> (what it shows, the functions that it takes, how they are used)
SCRIPTS: dict[str, tuple[str, tuple[Callable[..., Any], ...], str]] = {
    "learn_rnn": ("one cell reads a line.", (activations.softmax, *_FORWARD), _LINE + _RNN + _CELL),
    "learn_bptt": (
        "an error goes back through time.",
        (*_TANH, *_FORWARD, rnn.rnn_cell_backward),
        _LINE + _RNN + _BPTT,
    ),
    "learn_vanishing": ("how far an error reaches.", (*_TANH, *_FORWARD, rnn.rnn_jacobian), _LINE + _RNN + _VANISHING),
    "learn_lstm": (
        "gates over a line.",
        (activations.sigmoid, lstm.LSTMGates, lstm.LSTMCache, lstm.lstm_gates, lstm.lstm_state, lstm.lstm_cell_forward),
        _LINE + _LSTM,
    ),
    "learn_cost": (
        "the cost of a line, and its descent.",
        (
            activations.softmax, activations.log_softmax, output_layer.step_losses, output_layer.cross_entropy,
            output_layer.cross_entropy_backward,
        ),
        _LINE + _COST,
    ),
}  # fmt: skip


def script_of(lesson: str, number: int) -> str:
    """Return the script of a lesson."""
    about, functions, use = SCRIPTS[lesson]
    sources = "\n".join(map(bare_source, functions))
    return f"{_HEAD.format(number=number, about=about)}\n{sources}\n{use}"


def bare_source(function: Callable[..., Any]) -> str:
    """Return the source of a function or class without its docstring."""
    source = inspect.getsource(function)
    body = ast.parse(source).body[0].body  # type: ignore[attr-defined]
    first, lines = body[0], source.splitlines(keepends=True)
    if not isinstance(first, ast.Expr):
        return source
    kept = lines[: first.lineno - 1] + lines[first.end_lineno :]
    return "".join(line for at, line in enumerate(kept) if line.strip() or at != first.lineno - 1)
