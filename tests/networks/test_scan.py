"""The written-out way back against Keras's layers with automatic differentiation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from pipeline.networks import scan

TIME, BATCH, INPUT, UNITS = 7, 3, 4, 5
CELLS = {
    "rnn": (keras.layers.SimpleRNN, scan.scan_rnn, 1),
    "lstm": (keras.layers.LSTM, scan.scan_lstm, 2),
    "gru": (keras.layers.GRU, scan.scan_gru, 1),
}


def setting(cell):
    rng = np.random.default_rng(5)
    layer_class, function, states = CELLS[cell]
    layer = layer_class(UNITS, return_sequences=True, return_state=True)
    layer.build((BATCH, TIME, INPUT))
    layer.set_weights([rng.normal(0, 0.5, w.shape) for w in layer.get_weights()])
    x = tf.constant(rng.normal(size=(TIME, BATCH, INPUT)), tf.float32)
    state = [tf.constant(rng.normal(size=(BATCH, UNITS)), tf.float32) for _ in range(states)]
    weigh = tf.constant(rng.normal(size=(TIME, BATCH, UNITS)), tf.float32)  # a loss that looks at every output
    return layer, function, x, state, weigh


def by_scan(layer, function, x, state, keep):
    kernel, recurrent, bias = (w.value for w in layer.weights)
    into, inner = (bias[0], (bias[1],)) if len(bias.shape) == 2 else (bias, ())
    return function(tf.einsum("tbi,ij->tbj", x, kernel) + into, state, keep, recurrent, *inner)


@pytest.mark.parametrize("cell", CELLS)
def test_forward_and_gradients_equal_keras(cell):
    layer, function, x, state, weigh = setting(cell)
    variables = [w.value for w in layer.weights]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        expected, *last = layer(tf.transpose(x, (1, 0, 2)), initial_state=state)
        hidden, after = by_scan(layer, function, x, state, tf.ones((TIME, BATCH, 1)))
        losses = [tf.reduce_sum(tf.transpose(expected, (1, 0, 2)) * weigh), tf.reduce_sum(hidden * weigh)]
    np.testing.assert_allclose(hidden, tf.transpose(expected, (1, 0, 2)), atol=1e-6)
    for ours, theirs in zip(after, last, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    for source in (*variables, x):
        theirs, ours = (tape.gradient(loss, source) for loss in losses)
        np.testing.assert_allclose(ours, theirs, atol=2e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_keep_puts_the_state_back_to_zero(cell):
    """A window that holds the end of one song and the beginning of the next is the two read apart."""
    layer, function, x, state, weigh = setting(cell)
    cut = 3
    keep = np.ones((TIME, BATCH, 1), np.float32)
    keep[cut] = 0
    recurrent = layer.weights[1].value
    with tf.GradientTape(persistent=True) as tape:
        whole, _ = by_scan(layer, function, x, state, tf.constant(keep))
        first, _ = by_scan(layer, function, x[:cut], state, tf.ones((cut, BATCH, 1)))
        zeros = [tf.zeros_like(s) for s in state]
        second, _ = by_scan(layer, function, x[cut:], zeros, tf.ones((TIME - cut, BATCH, 1)))
        apart = tf.concat([first, second], 0)
        losses = [tf.reduce_sum(part * weigh) for part in (whole, apart)]
    np.testing.assert_allclose(whole, apart, atol=1e-6)
    ours, expected = (tape.gradient(loss, recurrent) for loss in losses)
    np.testing.assert_allclose(ours, expected, atol=2e-5)
