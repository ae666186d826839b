"""minGRU: every state at once equals step by step, its way back the tape's."""

import numpy as np
import pytest
import tensorflow as tf

from pipeline.cells.mingru import MinGRULayer
from pipeline.networks.language_model import MinGRU
from pipeline.networks.scan import scan_mingru

TIME, BATCH, UNITS = 11, 3, 5
RNG = np.random.default_rng(4)
Z = RNG.normal(size=(TIME, BATCH, 2 * UNITS)).astype("f")
FIRST = RNG.normal(size=(BATCH, UNITS)).astype("f")


def step_by_step(z, first, keep):
    h, states = first, []
    for t in range(TIME):
        update = tf.sigmoid(z[t, :, :UNITS])
        h = (1 - update) * h * keep[t] + update * z[t, :, UNITS:]
        states.append(h)
    return tf.stack(states)


@pytest.mark.parametrize("cut", [None, 4])
def test_all_steps_at_once_are_the_steps(cut):
    """States, the last state and the gradient; where a song begins the state is 0."""
    keep = np.ones((TIME, BATCH, 1), "f")
    if cut is not None:
        keep[cut] = 0
    z, weigh = tf.constant(Z), RNG.normal(size=(TIME, BATCH, UNITS)).astype("f")
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        hidden, (last,) = scan_mingru(z, [tf.constant(FIRST)], tf.constant(keep))
        expected = step_by_step(z, FIRST, keep)
        losses = [tf.reduce_sum(states * weigh) for states in (hidden, expected)]
    np.testing.assert_allclose(hidden, expected, atol=1e-6)
    np.testing.assert_allclose(last, expected[-1], atol=1e-6)
    ours, theirs = (tape.gradient(loss, z) for loss in losses)
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_by_hand():
    """One unit, z = 0: each state is half the one before and half the candidate; candidates 1, 1: 0.5, 0.75."""
    layer = MinGRULayer(np.array([[0.0, 1.0]]), np.zeros(2))
    hidden, _ = layer.run(layer.project(np.ones((2, 1, 1))), layer.initial_state(1))
    assert hidden[:, 0, 0].tolist() == [0.5, 0.75]


def test_a_mask_holds_the_state():
    layer = MinGRU(UNITS)
    x = RNG.normal(size=(2, 6, 4)).astype("f")
    mask = np.array([[1] * 6, [1] * 3 + [0] * 3], bool)
    masked = np.asarray(layer(x, mask=mask))
    np.testing.assert_allclose(masked[1], np.asarray(layer(x[1:, :3]))[0], atol=1e-6)
