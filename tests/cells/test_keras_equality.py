"""The replayed network equals the Keras network it was read from, and its file reads the same; the cells, their
gradients, attention, losses and optimisers equal TensorFlow's and Keras's.

TensorFlow is imported in this module of the cells' tests only.
"""

import os

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from pipeline.cells.activations import softmax
from pipeline.cells.attention import attention_forward
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, logits, parameter_count
from pipeline.cells.gradient_checks import scaled_error
from pipeline.cells.keras_file import read_keras_weights
from pipeline.cells.optimisers import SGD, Adam, RMSprop, clip_by_global_norm
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.cells.self_attention import positional_encoding
from pipeline.networks.language_model import TRAINED_CELLS
from tests.cells.examples import example

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


def from_zero(cell):
    """The example of a cell from zero states, as Keras starts; its Keras layer; x in Keras's layout."""
    leaves, y, mask = example(cell)
    leaves |= {name: 0 * leaves[name] for name in CELLS[cell].initial_state_names}
    layer = LAYERS[cell](len(leaves["a0"]), return_sequences=True, dtype="float64")
    layer.build((None, None, len(leaves["x"])))
    layer.set_weights(CELLS[cell].to_keras(leaves))
    return leaves, y, mask, layer, keras_layout(leaves["x"])


def keras_layout(x):
    """`(n, m, T)` → `(m, T, n)`."""
    return x.transpose(1, 2, 0)


@pytest.mark.parametrize("cell", CELLS)
def test_states_and_gradients_of_a_cell_are_keras_and_its_tape(cell):
    leaves, y, mask, layer, x = from_zero(cell)
    np.testing.assert_allclose(keras_layout(hidden_states(cell, leaves)[0]), layer(x), rtol=0, atol=1e-14)
    dense, x = keras.layers.Dense(len(y), dtype="float64"), tf.constant(x)
    dense.build((None, None, len(leaves["a0"])))
    dense.set_weights([leaves["Wya"].T, leaves["by"][:, 0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        J = tape_cost(keras_layout(y), dense(layer(x)), mask)
    tensors = [x, *(v.value for v in layer.trainable_variables), *(v.value for v in dense.trainable_variables)]
    dx, *arrays, dW, db = (g.numpy() for g in tape.gradient(J, tensors))
    if twice := CELLS[cell].double_biases * len(leaves["a0"]):
        arrays[-1][0, :twice] = 0  # two biases of one gate have one gradient: counted once, in row 1
    theirs = {**CELLS[cell].from_keras(*arrays), "x": dx.transpose(2, 0, 1), "Wya": dW.T, "by": db[:, None]}
    assert_equal_gradients(cost_and_gradients(cell, leaves, y, mask)[1], theirs)


def tape_cost(y, z, mask):
    return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(y, z) * mask) / len(mask)


def assert_equal_gradients(ours, theirs):
    for name, gradient in theirs.items():
        assert scaled_error(ours[f"d{name}"], np.asarray(gradient)) <= 1e-11, name


def test_a_head_of_self_attention_is_keras_attention():
    e = example("attention")
    p = {name: tf.Variable(leaf) for name, leaf in e.leaves.items()}
    n_a, layer = len(e.leaves["We"]), keras.layers.Attention(dtype="float64")
    with tf.GradientTape() as tape:
        rows = tf.einsum("an,nmt->mta", p["We"], p["x"]) + keras_layout(positional_encoding(n_a, e.y.shape[2]))
        q, k, v = (tf.einsum("ab,mtb->mta", p[name], rows) for name in ("Wq", "Wk", "Wv"))
        a = rows + tf.einsum("ab,mtb->mta", p["Wo"], layer([q / np.sqrt(n_a), v, k], use_causal_mask=True))
        J = tape_cost(keras_layout(e.y), tf.einsum("ya,mta->mty", p["Wya"], a) + p["by"][:, 0], e.mask)
    np.testing.assert_allclose(keras_layout(hidden_states("attention", e.leaves)[0]), a, rtol=0, atol=1e-13)
    assert_equal_gradients(cost_and_gradients("attention", *e)[1], tape.gradient(J, p))


def test_additive_attention_is_keras_without_projections():
    rng = np.random.default_rng(12)
    s, h, v = rng.standard_normal((4, 2)), rng.standard_normal((4, 2, 6)), rng.standard_normal((4, 1))
    mask = np.array([[1] * 6, [1] * 4 + [0] * 2], bool)
    layer = keras.layers.AdditiveAttention(dtype="float64")
    layer.build([(None, 1, 4), (None, 6, 4)])
    layer.set_weights([v[:, 0]])
    theirs = np.asarray(layer([s.T[:, None], keras_layout(h)], mask=[None, mask]))[:, 0]
    ours = attention_forward(s, h, {"Ws": np.eye(4), "Wh": np.eye(4), "be": np.zeros((4, 1)), "v": v}, mask)[0]
    np.testing.assert_allclose(ours.T, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_keras_counts_as_many_parameters(cell):
    """But for the biases of which Keras's GRU has two a gate."""
    model = keras.Sequential([keras.Input((None, 113)), LAYERS[cell](32), keras.layers.Dense(113)])
    assert model.count_params() - 32 * CELLS[cell].double_biases == parameter_count(cell, 113, 32, 113)


def test_keras_reports_the_mean_over_steps_and_no_padding():
    leaves, y, _, _, _ = from_zero("rnn")
    y_hat = softmax(logits("rnn", leaves))
    theirs = keras.losses.CategoricalCrossentropy()(keras_layout(y), keras_layout(y_hat))
    assert float(theirs) == pytest.approx(float(cost("rnn", leaves, y)) / y.shape[2], abs=1e-6)
    rng = np.random.default_rng(13)
    tokens, targets = rng.integers(1, 7, (3, 5)), rng.integers(0, 7, (3, 5))
    tokens[1, 3:] = tokens[2, 1:] = 0
    embedding = keras.layers.Embedding(7, 4, mask_zero=True)
    model = keras.Sequential([keras.Input((None,), dtype="int32"), embedding, keras.layers.Dense(7)])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    p = softmax(np.asarray(model(tokens), float), axis=-1)
    real = -np.log(np.take_along_axis(p, targets[..., None], axis=-1)[..., 0])[tokens > 0]
    assert model.evaluate(tokens, targets, verbose=0) == pytest.approx(real.mean(), abs=1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(0.05), lambda: keras.optimizers.SGD(0.05)),
        (SGD(0.05, 0.9), lambda: keras.optimizers.SGD(0.05, momentum=0.9)),
        (RMSprop(0.01), lambda: keras.optimizers.RMSprop(0.01)),
        (Adam(0.01, keras=True), lambda: keras.optimizers.Adam(0.01)),
    ],
)
def test_five_steps_of_an_optimiser_are_those_of_keras(ours, theirs):
    rng = np.random.default_rng(14)
    w = {"w": rng.standard_normal((3, 4))}
    variable, optimiser, state = keras.Variable(w["w"], dtype="float32"), theirs(), ours.initial_state(w)
    for _ in range(5):
        g = rng.standard_normal((3, 4))
        w, state = ours.step(w, {"dw": g}, state)
        optimiser.apply([keras.ops.convert_to_tensor(g, "float32")], [variable])
    np.testing.assert_allclose(w["w"], variable, rtol=0, atol=1e-6)


def test_clipping_is_that_of_keras():
    rng = np.random.default_rng(15)
    g = {"a": 3 * rng.standard_normal((3, 4)), "b": rng.standard_normal(5)}
    variables = [keras.Variable(np.zeros(w.shape), dtype="float32") for w in g.values()]
    optimiser = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
    optimiser.apply([keras.ops.convert_to_tensor(w, "float32") for w in g.values()], variables)
    for ours, theirs in zip(clip_by_global_norm(g, 1.0).values(), variables, strict=True):
        np.testing.assert_allclose(-ours, theirs, rtol=0, atol=1e-6)
