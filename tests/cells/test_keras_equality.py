"""The replayed network equals the Keras network it was read from, and its file reads the same.

TensorFlow is imported in this module of the cells' tests only.
"""

import os

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from pipeline.cells.keras_file import read_keras_weights
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.networks.language_model import TRAINED_CELLS

V, UNITS = 11, 8
TOLERANCE = {"float32": 5e-6, "float64": 1e-13}
LAYERS = {name: cell.layer for name, cell in TRAINED_CELLS.items()}


def keras_logits(cell, layers, tied, embedding, dtype, tokens):
    """A Keras network with random weights (biases too), its logits on `tokens`, and its weights."""
    keras.utils.set_random_seed(7)
    embed = keras.layers.Embedding(V, embedding, dtype=dtype)
    inputs = keras.Input((None,), dtype="int32")
    x = embed(inputs)
    for _ in range(layers):
        x = LAYERS[cell](UNITS, return_sequences=True, dtype=dtype)(x)
    if not tied:
        x = keras.layers.Dense(V, dtype=dtype)(x)
    elif embedding != UNITS:
        x = keras.layers.Dense(embedding, use_bias=False, dtype=dtype)(x)
    model = keras.Model(inputs, x)
    rng = np.random.default_rng(7)
    model.set_weights([rng.normal(0, 0.6, w.shape) for w in model.get_weights()])
    weights, logits = model.get_weights(), np.asarray(model(tokens))
    if tied:
        bias = rng.standard_normal(V).astype(dtype)
        weights, logits = [*weights, bias], logits @ weights[0].T + bias
    return model, weights, logits


@pytest.mark.sampled(3)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", LAYERS)
@pytest.mark.parametrize(("layers", "tied", "embedding"), [(1, False, 5), (2, False, 5), (1, True, 8), (2, True, 5)])
def test_replay_equals_keras(cell, layers, tied, embedding, dtype):
    tokens = np.random.default_rng(1).integers(V, size=(3, 20))
    _, weights, logits = keras_logits(cell, layers, tied, embedding, dtype, tokens)
    spec = NetworkSpec(cell=cell, units=UNITS, layers=layers, embedding=embedding, tied=tied, vocabulary_size=V)
    ours, _ = network_from_weights(spec, weights, dtype).run(tokens)
    assert ours.dtype == dtype
    assert np.abs(ours - logits).max() <= TOLERANCE[dtype]


def test_two_layers_read_back_from_a_file_in_order(tmp_path):
    model, weights, _ = keras_logits("gru", 2, False, 5, "float32", np.zeros((1, 1), int))
    model.compile("adam", "mse")  # so that the file holds an optimiser too
    model.save(tmp_path / "model.keras")
    read = read_keras_weights(tmp_path / "model.keras")
    assert [w.shape for w in read] == [w.shape for w in weights]
    for ours, theirs in zip(read, weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("tied", [False, True])
def test_a_saved_language_model_replays_from_its_file(tmp_path, tied):
    """The network that training saves, its tied embedding and own bias layer included."""
    from pipeline.networks.language_model import language_model

    spec = NetworkSpec(cell="lstm", units=UNITS, layers=2, embedding=5, tied=tied, vocabulary_size=V)
    model = language_model(spec)
    rng = np.random.default_rng(4)
    model.set_weights([rng.normal(0, 0.6, w.shape) for w in model.get_weights()])
    model.save(tmp_path / "model.keras")
    tokens = rng.integers(V, size=(2, 15))
    ours, _ = network_from_weights(spec, read_keras_weights(tmp_path / "model.keras")).run(tokens)
    assert np.abs(ours - np.asarray(model(tokens))).max() <= 5e-6


def test_bidirectional_and_dropout_read_back_in_order(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None, 3)),
            keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True)),
            keras.layers.Dropout(0.2),
            keras.layers.SimpleRNN(4),
            keras.layers.Dense(2),
        ]
    )
    model.save(tmp_path / "model.keras")
    for ours, theirs in zip(read_keras_weights(tmp_path / "model.keras"), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("cell", LAYERS)
def test_masked_steps_hold_the_state(cell):
    layer = LAYERS[cell](UNITS, dtype="float64")
    x = np.random.default_rng(3).standard_normal((2, 6, 4))  # (batch, time, n_x)
    mask = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]], bool)
    last = np.asarray(layer(x, mask=mask))
    ours = CELLS[cell].layer.from_keras(*(np.asarray(w) for w in layer.get_weights()))
    _, state = ours.run(ours.project(x.swapaxes(0, 1)), ours.initial_state(2), mask.T)
    assert np.abs(state[0] - last).max() <= 1e-14


def test_a_wrong_gate_order_is_seen():
    """The negative control: read f, i, c, o as if it were i, f, c, o."""
    tokens = np.random.default_rng(1).integers(V, size=(3, 20))
    _, weights, logits = keras_logits("lstm", 1, False, 5, "float64", tokens)
    wrong = list(weights)
    for i in (1, 2, 3):
        a, b, c, o = np.split(weights[i], 4, axis=-1)
        wrong[i] = np.concatenate([b, a, c, o], axis=-1)
    spec = NetworkSpec(cell="lstm", units=UNITS, layers=1, embedding=5, tied=False, vocabulary_size=V)
    ours, _ = network_from_weights(spec, wrong, np.float64).run(tokens)
    assert np.abs(ours - logits).max() > 0.1
