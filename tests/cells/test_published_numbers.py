"""Our cells give the numbers that courses print.

They are the Deep Learning Specialization (Andrew Ng and others; course 5, week 1, its cells and its letters; Adam) and
CS231n (Stanford), with a public variant of it. tests/data/rnn_test_vectors.json holds each number as it was printed
and, of all but a wrong release, one of full precision that was computed independently. The recipes are written afresh.
Rows of CS231n are examples, its kernels are laid out as Keras's, and its inputs are evenly spaced.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.cells import activations, lstm, optimisers, output_layer, rnn
from pipeline.cells.activations import Array
from pipeline.cells.bptt import one_hot
from pipeline.cells.registry import CELLS

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "rnn_test_vectors.json").read_text("utf-8"))["published"]
TOLERANCE = 6e-9  # half of their last printed digit, and a little
NamedNumbers = Iterator[tuple[str, Array]]  # what a number is called, and ours
n_x, n_a, n_y, m = 3, 5, 2, 10
_STEP_SHAPES = {"xt": (n_x, m), "a_prev": (n_a, m)}
_RNN_SHAPES = {"Waa": (n_a, n_a), "Wax": (n_a, n_x), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
_RNN_BACKWARD_SHAPES = {"Wax": (n_a, n_x), **_RNN_SHAPES}  # the other way round: the order of the draws
# The course's order: f, i, o, c, each weight followed by its bias.
_LSTM_SHAPES = {f"{kind}{q}": (n_a, n_a + n_x if kind == "W" else 1) for q in "fioc" for kind in "Wb"}
_LSTM_OUTPUT_SHAPES = {"Wy": (n_y, n_a), "by": (n_y, 1)}


def _printed_entries(function: str, **arrays: Array) -> NamedNumbers:
    """Yield the printed entries of these arrays, which are called `rnn_backward dWax[3][1]`."""
    for name in VECTORS:
        variable, _, indices = name.removeprefix(f"{function} ").partition("[")
        if name.startswith(f"{function} ") and variable in arrays:
            yield name, arrays[variable][tuple(map(int, re.findall(r"\d+", indices)))]


def _normal_arrays(seed: int, **shapes: tuple[int, ...]) -> dict[str, Array]:
    """Standard normal arrays, in the order in which they are named."""
    # NumPy's legacy generator, frozen since 2018: the one that the courses drew from.
    legacy = np.random.RandomState(seed)
    return {name: legacy.randn(*shape) for name, shape in shapes.items()}


def _output(a: Array, d: dict[str, Array], W: str) -> Array:
    """ŷ of one step or of all."""
    whole = a if a.ndim == 3 else a[:, :, None]
    y_hat = activations.softmax(output_layer.dense_forward(whole, d[W], d["by"]))
    return y_hat if a.ndim == 3 else y_hat[:, :, 0]


def _rnn_cell_forward() -> NamedNumbers:
    d = _normal_arrays(1, **_STEP_SHAPES, **_RNN_SHAPES)
    a, _ = rnn.rnn_cell_forward(d["xt"], d["a_prev"], d)
    yield from _printed_entries("rnn_cell_forward", a_next=a, yt_pred=_output(a, d, "Wya"))


def _rnn_forward() -> NamedNumbers:
    d = _normal_arrays(1, x=(n_x, m, 4), a0=(n_a, m), **_RNN_SHAPES)
    (a,), caches = rnn.RNN.forward(d["x"], d, d["a0"])
    yield from _printed_entries("rnn_forward", a=a, y_pred=_output(a, d, "Wya"))
    yield "rnn_forward caches[1][1][3] (=x[1][3])", np.stack([cache.xt for cache in caches], axis=2)[1][3]


def _lstm_cell_forward() -> NamedNumbers:
    d = _normal_arrays(1, **_STEP_SHAPES, c_prev=(n_a, m), **_LSTM_SHAPES, **_LSTM_OUTPUT_SHAPES)
    a, c, cache = lstm.lstm_cell_forward(d["xt"], d["a_prev"], d["c_prev"], d)
    yield from _printed_entries("lstm_cell_forward", a_next=a, c_next=c, yt=_output(a, d, "Wy"))
    yield "lstm_cell_forward cache[1][3] (=c_next[3])", cache.c[3]


def _lstm_forward() -> NamedNumbers:
    d = _normal_arrays(1, x=(n_x, m, 7), a0=(n_a, m), **_LSTM_SHAPES, **_LSTM_OUTPUT_SHAPES)
    (a, c), caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    yield from _printed_entries("lstm_forward", a=a, y=_output(a, d, "Wy"), c=c)
    yield "lstm_forward caches[1][1][1] (=x[1][1])", np.stack([cache.xt for cache in caches], axis=2)[1][1]


def _rnn_cell_backward() -> NamedNumbers:
    d = _normal_arrays(1, **_STEP_SHAPES, **_RNN_BACKWARD_SHAPES, da=(n_a, m))
    _, cache = rnn.rnn_cell_forward(d["xt"], d["a_prev"], d)
    yield from _printed_entries("rnn_cell_backward", **rnn.rnn_cell_backward(d["da"], cache))


def _rnn_backward() -> NamedNumbers:
    d = _normal_arrays(1, x=(n_x, m, 4), a0=(n_a, m), **_RNN_BACKWARD_SHAPES, da=(n_a, m, 4))
    _, caches = rnn.RNN.forward(d["x"], d, d["a0"])
    yield from _printed_entries("rnn_backward", **rnn.RNN.backward(d["da"], caches))


def _lstm_cell_backward() -> NamedNumbers:
    d = _normal_arrays(
        1, **_STEP_SHAPES, c_prev=(n_a, m), **_LSTM_SHAPES, **_LSTM_OUTPUT_SHAPES, da=(n_a, m), dc=(n_a, m)
    )
    *_, cache = lstm.lstm_cell_forward(d["xt"], d["a_prev"], d["c_prev"], d)
    yield from _printed_entries("lstm_cell_backward", **lstm.lstm_cell_backward(d["da"], d["dc"], cache))


def _lstm_backward() -> NamedNumbers:
    """Tx is 7 but the course's da has 4 steps: only the first four take part."""
    d = _normal_arrays(1, x=(n_x, m, 7), a0=(n_a, m), **_LSTM_SHAPES, da=(n_a, m, 4))
    _, caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    yield from _printed_entries("lstm_backward", **lstm.LSTM.backward(d["da"], caches[:4]))


def _lstm_backward_2018() -> NamedNumbers:
    """The first release printed the numbers of a bug: neither da_prev nor dc_prev is carried back. Wrong on purpose."""
    d = _normal_arrays(1, x=(n_x, m, 7), a0=(n_a, m), **_LSTM_SHAPES, da=(n_a, m, 4))
    _, caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    steps = [lstm.lstm_cell_backward(d["da"][:, :, t], np.zeros((n_a, m)), caches[t]) for t in range(4)]
    dx = np.stack([step["dxt"] for step in steps], axis=2)
    yield ("lstm_backward 2018 release (WRONG, for reference)"), dx[1][2]


def _sample() -> NamedNumbers:
    """One letter after another from an untrained RNN of 100 units over 27 letters, until the line end, letter 0."""
    d = _normal_arrays(24, Wax=(100, 27), Waa=(100, 100), Wya=(27, 100), ba=(100, 1), by=(27, 1))
    x, a = np.zeros((27, 1)), np.zeros((100, 1))
    letters: list[int] = []
    while len(letters) < 50 and letters[-1:] != [0]:
        a, _ = rnn.rnn_cell_forward(x, a, d)
        legacy = np.random.RandomState(len(letters) + len(letters))  # the course's seed + counter
        letters.append(int(legacy.choice(27, p=_output(a, d, "Wya").ravel())))
        x = one_hot(np.array([[letters[-1]]]), 27)[:, :, 0]
    yield "sample seed 24", np.array(letters)


def _optimize() -> NamedNumbers:
    """One step of training on six letters; the first input is the zero vector, the cost a sum over steps."""
    d = _normal_arrays(1, a_prev=(100, 1), Wax=(100, 27), Waa=(100, 100), Wya=(27, 100), ba=(100, 1), by=(27, 1))
    x = one_hot(np.array([[12, 3, 5, 11, 22, 3]]), 27)
    y = one_hot(np.array([[4, 14, 11, 22, 25, 26]]), 27)
    (a,), caches = rnn.RNN.forward(x, d, d["a_prev"])
    z = output_layer.dense_forward(a, d["Wya"], d["by"])
    output = output_layer.dense_backward(output_layer.cross_entropy_backward(z, y), a, d["Wya"])
    g = {**rnn.RNN.backward(output.da, caches), "dWya": output.dW, "dby": output.db}
    g = {name: np.clip(gradient, -5, 5) for name, gradient in g.items()}
    named = {**g, "db": g["dba"], "a_last": a[:, :, -1], "loss": output_layer.cross_entropy(z, y)}
    yield from _printed_entries("optimize", **named)
    yield "optimize argmax(dWax)", np.array(np.argmax(g["dWax"]))


def _adam() -> NamedNumbers:
    """The course's first step is counted t = 2, after empty averages."""
    d = _normal_arrays(1, W1=(2, 3), b1=(2, 1), W2=(3, 3), b2=(3, 1), dW1=(2, 3), db1=(2, 1), dW2=(3, 3), db2=(3, 1))
    weights = {name: d[name] for name in ("W1", "b1", "W2", "b2")}
    optimiser = optimisers.Adam(learning_rate=0.01, epsilon=1e-8)
    start = optimiser.initial_state(weights)
    moved, state = optimiser.step(weights, d, optimisers.OptimiserState(1, start.v, start.s))
    yield from _printed_entries("Adam t=2", **moved)
    W2 = "Adam t=2 W2 (paper's epsilon; some copies print -1.09245036 at [2][1]: epsilon inside the root)"
    yield W2, moved["W2"]
    yield "Adam t=2 v[dW1]", state.v["W1"]


def _sigmoid() -> NamedNumbers:
    yield "sigmoid([1,2,3])", activations.sigmoid(np.array([1.0, 2.0, 3.0]))


def _evenly_spaced(low: float, high: float, *shape: int) -> Array:
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape)


def _cs231n_rnn_step() -> NamedNumbers:
    x, h = _evenly_spaced(-0.4, 0.7, 3, 10), _evenly_spaced(-0.2, 0.5, 3, 4)
    p = CELLS["rnn"].from_keras(
        _evenly_spaced(-0.1, 0.9, 10, 4), _evenly_spaced(-0.3, 0.7, 4, 4), _evenly_spaced(-0.2, 0.4, 4)
    )
    a, _ = rnn.rnn_cell_forward(x.T, h.T, p)
    yield "CS231n rnn_step_forward", a.T


def _cs231n_lstm(kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """CS231n's gate order i, f, o, g into Keras's i, f, c, o."""

    def reorder(w: Array) -> Array:
        i, f, o, g = np.split(w, 4, axis=-1)
        return np.concatenate([i, f, g, o], axis=-1)

    return CELLS["lstm"].from_keras(reorder(kernel), reorder(recurrent_kernel), reorder(bias))


def _cs231n_lstm_step() -> NamedNumbers:
    x, h, c = _evenly_spaced(-0.4, 1.2, 3, 4), _evenly_spaced(-0.3, 0.7, 3, 5), _evenly_spaced(-0.4, 0.9, 3, 5)
    p = _cs231n_lstm(_evenly_spaced(-2.1, 1.3, 4, 20), _evenly_spaced(-0.7, 2.2, 5, 20), _evenly_spaced(0.3, 0.7, 20))
    a, c, _ = lstm.lstm_cell_forward(x.T, h.T, c.T, p)
    yield from _printed_entries("CS231n lstm_step_forward", next_h=a.T, next_c=c.T)


def _cs231n_lstm_forward() -> NamedNumbers:
    x, h = _evenly_spaced(-0.4, 0.6, 2, 3, 5), _evenly_spaced(-0.4, 0.8, 2, 4)
    p = _cs231n_lstm(_evenly_spaced(-0.2, 0.9, 5, 16), _evenly_spaced(-0.3, 0.6, 4, 16), _evenly_spaced(0.2, 0.7, 16))
    (a, _), _ = lstm.LSTM.forward(x.transpose(2, 0, 1), p, h.T)
    yield "CS231n lstm_forward h", a.transpose(1, 2, 0)


def _cs231n_style_rnn_step_backward() -> NamedNumbers:
    d = _normal_arrays(231, x=(2, 1), h=(2, 2), Wx=(1, 2), Wh=(2, 2), b=(2,), da=(2, 2))
    _, cache = rnn.rnn_cell_forward(d["x"].T, d["h"].T, CELLS["rnn"].from_keras(d["Wx"], d["Wh"], d["b"]))
    g = rnn.rnn_cell_backward(d["da"].T, cache)
    named = {"dx": g["dxt"].T, "dprev_h": g["da_prev"].T, "dWx": g["dWax"].T, "dWh": g["dWaa"].T, "db": g["dba"][:, 0]}
    yield from _printed_entries("CS231n-style rnn_step_backward", **named)


RECIPES = (
    *(_rnn_cell_forward, _rnn_forward, _lstm_cell_forward, _lstm_forward, _rnn_cell_backward, _rnn_backward),
    *(_lstm_cell_backward, _lstm_backward, _lstm_backward_2018, _sample, _optimize, _adam, _sigmoid),
    *(_cs231n_rnn_step, _cs231n_lstm_step, _cs231n_lstm_forward, _cs231n_style_rnn_step_backward),
)


NUMBERS = [number for recipe in RECIPES for number in recipe()]


@pytest.mark.parametrize(("name", "ours"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_a_published_number(name, ours):
    printed = VECTORS[name]
    np.testing.assert_allclose(np.ravel(ours), np.ravel(printed["published"]), rtol=0, atol=TOLERANCE)
    if "recomputed" in printed:
        np.testing.assert_allclose(np.ravel(ours), np.ravel(printed["recomputed"]), rtol=1e-10, atol=1e-12)


def test_no_published_number_is_forgotten():
    assert {name for name, _ in NUMBERS} == set(VECTORS)
