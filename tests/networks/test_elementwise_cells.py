"""The cells of benchmarks/elementwise_cells.py are their equations, and their way back finite differences."""

import importlib.util

import numpy as np
import pytest
import tensorflow as tf

from tests.source_tree import ROOT

spec = importlib.util.spec_from_file_location("elementwise_cells", ROOT / "benchmarks" / "elementwise_cells.py")
cells = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cells)

TIME, BATCH, UNITS = 6, 2, 3
KEEP = np.ones((TIME, BATCH, 1))
KEEP[3, 0] = 0


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def qrnn(z, state, v):
    c, *before = state
    of_x, of_before = np.split(z, 2, 1)
    z, f, o = np.split(of_x + np.concatenate(before, 1), 3, 1)
    c = sigmoid(f) * c + (1 - sigmoid(f)) * np.tanh(z)
    return sigmoid(o) * c, [c, *np.split(of_before, 3, 1)]


def sru(z, state, v):
    (c,), (x, skip, f, r), (vf, vr) = state, np.split(z, 4, 1), np.split(v, 2)
    f, r = sigmoid(f + vf * c), sigmoid(r + vr * c)
    c = f * c + (1 - f) * x
    return r * c + (1 - r) * skip, [c]


def minlstm(z, state, v):
    f, i, x = np.split(z, 3, 1)
    h = (sigmoid(f) * state[0] + sigmoid(i) * x) / (sigmoid(f) + sigmoid(i))
    return h, [h]


def read(step, z, state, v):
    """Hidden states (time, batch, units) and the last state; a song begins where `KEEP` is 0."""
    hidden = []
    for t in range(TIME):
        h, state = step(z[t], [part * KEEP[t] for part in state], v)
        hidden.append(h)
    return np.stack(hidden), state


def differences(loss, x, width=1e-6):
    """The gradient of a number by central differences."""
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = width
        slopes[place] = (loss(x + nudge) - loss(x - nudge)) / (2 * width)
    return slopes


@pytest.mark.parametrize(("step", "blocks", "states", "vectors"), [(qrnn, 6, 4, 0), (sru, 4, 1, 2), (minlstm, 3, 1, 0)])
def test_all_steps_at_once_are_the_steps(step, blocks, states, vectors):
    """States, the last state, and the gradient of what the first layer gives and of v."""
    rng = np.random.default_rng(5)
    z, v, weigh = (rng.normal(size=s) for s in ((TIME, BATCH, blocks * UNITS), vectors * UNITS, (TIME, BATCH, UNITS)))
    first = [rng.normal(size=(BATCH, UNITS)) for _ in range(states)]
    inputs = [tf.constant(x, tf.float32) for x in (z, *([v] if vectors else []))]
    begin, keep = [tf.constant(part, tf.float32) for part in first], tf.constant(KEEP, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        hidden, last = getattr(cells, step.__name__)(inputs[0], begin, keep, *inputs[1:])
        loss = tf.reduce_sum(hidden * tf.constant(weigh, tf.float32))
    expected, after = read(step, z, first, v)
    np.testing.assert_allclose(hidden, expected, atol=1e-5)
    for ours, theirs in zip(last, after, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    of_z, *of_v = tape.gradient(loss, inputs)
    np.testing.assert_allclose(of_z, differences(lambda x: (read(step, x, first, v)[0] * weigh).sum(), z), atol=1e-5)
    for slopes in of_v:
        np.testing.assert_allclose(
            slopes, differences(lambda x: (read(step, z, first, x)[0] * weigh).sum(), v), atol=1e-5
        )
