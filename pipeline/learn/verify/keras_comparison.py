"""Claims that need TensorFlow: our cells, Keras's layers, and the tape agree. Imported only when asked for."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, logits, parameter_count
from pipeline.cells.encoder_decoder import attention_forward, bidirectional_forward
from pipeline.cells.gradient_checks import scaled_error
from pipeline.cells.optimisers import SGD, Adam, Optimiser, RMSprop, clip_by_global_norm, clip_by_norm, clip_by_value
from pipeline.cells.registry import CELLS
from pipeline.cells.self_attention import positional_encoding
from pipeline.core.translation import mark
from pipeline.learn.verify.check import Claim, Example, example
from pipeline.networks.language_model import TRAINED_CELLS

GROUP = mark("TensorFlow and Keras")
LAYERS: dict[str, Any] = {name: cell.layer for name, cell in TRAINED_CELLS.items()}
CLIPPINGS = {"clipvalue": clip_by_value, "clipnorm": clip_by_norm, "global_clipnorm": clip_by_global_norm}


def claims() -> Iterator[Claim]:
    for cell in CELLS:
        named = {"layer": LAYERS[cell].__name__}
        yield Claim(GROUP, "{layer} hidden states, float64", 1e-14, partial(_forward_difference, cell), values=named)
        replayed, masked = partial(_replay_difference, cell), partial(_masked_state_difference, cell)
        yield Claim(GROUP, "{layer} hidden states, float32, replayed in float32", 5e-6, replayed, values=named)
        yield Claim(GROUP, "{layer}: padding keeps the state", 1e-14, masked, values=named)
        yield Claim(
            GROUP,
            "{layer} + Dense: GradientTape, all tensors",
            1e-11,
            partial(_tape_gradient_error, cell),
            values=named,
        )
        yield Claim(GROUP, "{layer} + Dense: parameters", 0, partial(_parameter_count_difference, cell), values=named)
    yield Claim(
        GROUP, "LSTM read in the order f, i, c, o makes a difference", 0.1, _wrong_order_difference, at_least=True
    )
    yield Claim(GROUP, "RNN by hand (tf.matmul, tf.tanh): GradientTape, all leaves", 1e-11, _by_hand_gradient_error)
    yield Claim(GROUP, "Bidirectional(SimpleRNN), concat", 1e-14, _bidirectional_difference)
    yield Claim(GROUP, "AdditiveAttention = softmax(vᵀ·tanh(q + k))", 1e-12, _additive_attention_error)
    yield Claim(GROUP, "Attention(q, v, k), causal", 1e-13, lambda: _self_attention_errors()[0])
    yield Claim(GROUP, "Attention + Dense: GradientTape, all leaves", 1e-11, lambda: _self_attention_errors()[1])
    yield Claim(GROUP, "CategoricalCrossentropy = J/T: the mean over steps too", 1e-6, _loss_scale)
    yield Claim(GROUP, "masked loss = mean over the real steps only", 1e-5, _masked_loss)
    for name, ours, theirs in _optimisers():
        yield Claim(
            GROUP, "{optimiser}: five steps", 1e-6, partial(_five_steps_error, ours, theirs), values={"optimiser": name}
        )
    for name, clip in CLIPPINGS.items():
        yield Claim(GROUP, "{name} = 1", 1e-6, partial(_clipping_error, name, clip), values={"name": name})


@cache
def _example(cell: str) -> Example:
    """a0 and c0 are zero, as Keras starts."""
    e = example(cell)
    return Example(cell, {q: 0 * w if q in ("a0", "c0") else w for q, w in e.leaves.items()}, e.y, e.mask)


def _layer(cell: str, dtype: str = "float64") -> Any:
    """A Keras layer with the example's weights."""
    e = _example(cell)
    layer = LAYERS[cell](len(e.leaves["a0"]), return_sequences=True, dtype=dtype)
    layer.build((None, None, len(e.leaves["x"])))
    layer.set_weights(CELLS[cell].to_keras(e.leaves))
    return layer


def _to_keras_layout(x: Array) -> Array:
    """`(n, m, T)` → Keras's `(m, T, n)`."""
    return x.transpose(1, 2, 0)


def _forward_difference(cell: str) -> Array:
    e = _example(cell)
    theirs = np.asarray(_layer(cell)(_to_keras_layout(e.leaves["x"])))
    return _to_keras_layout(hidden_states(cell, e.leaves)[0]) - theirs


def _replay_difference(cell: str) -> Array:
    e = _example(cell)
    layer = _layer(cell, "float32")
    x = _to_keras_layout(e.leaves["x"]).astype(np.float32)
    ours = CELLS[cell].layer.from_keras(*layer.get_weights())
    hidden, _ = ours.run(ours.project(x.swapaxes(0, 1)), ours.initial_state(len(x)))
    return hidden.swapaxes(0, 1) - np.asarray(layer(x))


def _masked_state_difference(cell: str) -> Array:
    e = _example(cell)
    x, mask = _to_keras_layout(e.leaves["x"]), e.mask.astype(bool)
    theirs = np.asarray(_layer(cell)(x, mask=mask))[:, -1]
    ours = CELLS[cell].layer.from_keras(*_layer(cell).get_weights())
    _, state = ours.run(ours.project(x.swapaxes(0, 1)), ours.initial_state(len(x)), mask.T)
    return state[0] - theirs


def _tape_gradient_error(cell: str) -> float:
    """Keras's gradients of our J, brought to the article's layout; two biases of one gate have one gradient."""
    e = _example(cell)
    layer, x = _layer(cell), tf.constant(_to_keras_layout(e.leaves["x"]))
    dense = keras.layers.Dense(len(e.y), dtype="float64")
    dense.build((None, None, len(e.leaves["a0"])))
    dense.set_weights([e.leaves["Wya"].T, e.leaves["by"][:, 0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        losses = tf.nn.softmax_cross_entropy_with_logits(tf.constant(_to_keras_layout(e.y)), dense(layer(x)))  # (m, T)
        J = tf.reduce_sum(losses * e.mask) / len(e.mask)
    tensors = [x, *(v.value for v in layer.trainable_variables), *(v.value for v in dense.trainable_variables)]
    dx, *arrays, dW, db = (g.numpy() for g in tape.gradient(J, tensors))
    if twice := CELLS[cell].double_biases * len(e.leaves["a0"]):
        arrays[-1][0, :twice] = 0  # counted once, in row 1
    theirs = {**CELLS[cell].from_keras(*arrays), "x": dx.transpose(2, 0, 1), "Wya": dW.T, "by": db[:, None]}
    _, ours = cost_and_gradients(cell, e.leaves, e.y, e.mask)
    return max(scaled_error(ours[f"d{name}"], gradient) for name, gradient in theirs.items())


def _wrong_order_difference() -> Array:
    layer = _layer("lstm")
    x = _to_keras_layout(_example("lstm").leaves["x"])
    theirs = np.asarray(layer(x))
    swapped = []
    for w in layer.get_weights():
        i, f, c, o = np.split(w, 4, axis=-1)
        swapped.append(np.concatenate([f, i, c, o], axis=-1))
    ours = CELLS["lstm"].layer.from_keras(*swapped)
    hidden, _ = ours.run(ours.project(x.swapaxes(0, 1)), ours.initial_state(len(x)))
    return hidden.swapaxes(0, 1) - theirs


def _by_hand_gradient_error() -> float:
    """No Keras layer: the article's equations in TensorFlow, differentiated by the tape."""
    e = example("rnn")
    leaves = {name: tf.Variable(leaf) for name, leaf in e.leaves.items()}
    with tf.GradientTape() as tape:
        a, J = leaves["a0"], tf.constant(0.0, tf.float64)
        for t in range(e.y.shape[2]):
            a = tf.tanh(leaves["Waa"] @ a + leaves["Wax"] @ leaves["x"][:, :, t] + leaves["ba"])
            z = leaves["Wya"] @ a + leaves["by"]
            J += tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(e.y[:, :, t].T, tf.transpose(z)) * e.mask[:, t])
        J /= len(e.mask)
    theirs = tape.gradient(J, leaves)
    _, ours = cost_and_gradients("rnn", e.leaves, e.y, e.mask)
    return max(scaled_error(ours[f"d{name}"], gradient.numpy()) for name, gradient in theirs.items())


def _bidirectional_difference() -> Array:
    e = _example("rnn")
    n_a, x = len(e.leaves["a0"]), e.leaves["x"]
    one_way = keras.layers.SimpleRNN(n_a, return_sequences=True, dtype="float64")
    layer = keras.layers.Bidirectional(one_way, dtype="float64")
    theirs = np.asarray(layer(_to_keras_layout(x)))
    weights = [np.asarray(w, float) for w in layer.get_weights()]
    ours, _ = bidirectional_forward(
        x,
        (e.leaves["a0"], e.leaves["a0"]),
        CELLS["rnn"].from_keras(*weights[:3]),
        CELLS["rnn"].from_keras(*weights[3:]),
    )
    return _to_keras_layout(ours) - theirs


def _additive_attention_error() -> Array:
    """With identity projections and no bias ours is Keras's, which has neither."""
    rng = np.random.default_rng(12)
    n, m, Tx = 4, 2, 6
    s, h, v = rng.standard_normal((n, m)), rng.standard_normal((n, m, Tx)), rng.standard_normal((n, 1))
    mask = np.array([[1] * 6, [1] * 4 + [0] * 2], bool)
    layer = keras.layers.AdditiveAttention(dtype="float64")
    layer.build([(None, 1, n), (None, Tx, n)])
    layer.set_weights([v[:, 0]])
    theirs = np.asarray(layer([s.T[:, None], _to_keras_layout(h)], mask=[None, mask]))[:, 0]
    parameters = {"Ws": np.eye(n), "Wh": np.eye(n), "be": np.zeros((n, 1)), "v": v}
    return attention_forward(s, h, parameters, mask)[0].T - theirs


@cache
def _self_attention_errors() -> tuple[Array, float]:
    """Keras's dot-product attention between our embedding with positions and our sum: the states, and the tape of J."""
    e = example("attention")
    p = {name: tf.Variable(leaf) for name, leaf in e.leaves.items()}
    n_a, T = len(e.leaves["We"]), e.y.shape[2]
    layer = keras.layers.Attention(dtype="float64")
    with tf.GradientTape() as tape:
        rows = tf.einsum("an,nmt->mta", p["We"], p["x"]) + _to_keras_layout(positional_encoding(n_a, T))
        q, k, v = (tf.einsum("ab,mtb->mta", p[name], rows) for name in ("Wq", "Wk", "Wv"))
        context = layer([q / np.sqrt(n_a), v, k], use_causal_mask=True)
        a = rows + tf.einsum("ab,mtb->mta", p["Wo"], context)
        z = tf.einsum("ya,mta->mty", p["Wya"], a) + p["by"][:, 0]
        J = tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(_to_keras_layout(e.y), z) * e.mask) / len(e.mask)
    theirs = tape.gradient(J, p)
    _, ours = cost_and_gradients("attention", e.leaves, e.y, e.mask)
    worst = max(scaled_error(ours[f"d{name}"], gradient.numpy()) for name, gradient in theirs.items())
    return _to_keras_layout(hidden_states("attention", e.leaves)[0]) - a.numpy(), worst


def _parameter_count_difference(cell: str) -> int:
    """The table of dimensions against `count_params`, without the biases of which Keras's GRU has two a gate."""
    n_x, n_a = 113, 32
    model = keras.Sequential([keras.Input((None, n_x)), LAYERS[cell](n_a), keras.layers.Dense(n_x)])
    twice = CELLS[cell].double_biases * n_a
    return int(model.count_params()) - twice - parameter_count(cell, n_x, n_a, n_x)


def _loss_scale() -> float:
    e = _example("rnn")
    y_hat = softmax(logits("rnn", e.leaves))
    theirs = float(keras.losses.CategoricalCrossentropy()(_to_keras_layout(e.y), _to_keras_layout(y_hat)))
    return theirs - float(cost("rnn", e.leaves, e.y)) / e.y.shape[2]


def _masked_loss() -> float:
    """What `model.evaluate` reports when an Embedding masks the padding."""
    rng = np.random.default_rng(13)
    tokens, targets = rng.integers(1, 7, (3, 5)), rng.integers(0, 7, (3, 5))
    tokens[1, 3:] = tokens[2, 1:] = 0
    embedding = keras.layers.Embedding(7, 4, mask_zero=True)
    model = keras.Sequential([keras.Input((None,), dtype="int32"), embedding, keras.layers.Dense(7)])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    theirs = model.evaluate(tokens, targets, verbose=0)
    y_hat = softmax(np.asarray(model(tokens), float), axis=-1)
    losses = -np.log(np.take_along_axis(y_hat, targets[..., None], axis=-1)[..., 0])
    return float(losses[tokens > 0].mean()) - theirs


def _optimisers() -> Iterator[tuple[str, Optimiser, Callable[[], Any]]]:
    yield "SGD", SGD(0.05), partial(keras.optimizers.SGD, 0.05)
    yield "SGD, momentum 0.9", SGD(0.05, 0.9), partial(keras.optimizers.SGD, 0.05, momentum=0.9)
    yield "RMSprop", RMSprop(0.01), partial(keras.optimizers.RMSprop, 0.01)
    yield "Adam (epsilon hat)", Adam(0.01, keras=True), partial(keras.optimizers.Adam, 0.01)


def _five_steps_error(ours: Optimiser, theirs: Callable[[], Any]) -> Array:
    rng = np.random.default_rng(14)
    w = {"w": rng.standard_normal((3, 4))}
    variable, optimiser, state = keras.Variable(w["w"], dtype="float32"), theirs(), ours.start(w)
    for _ in range(5):
        g = rng.standard_normal((3, 4))
        w, state = ours.step(w, {"dw": g}, state)
        optimiser.apply([keras.ops.convert_to_tensor(g, "float32")], [variable])
    return w["w"] - np.asarray(variable)


def _clipping_error(name: str, clip: Callable[[dict[str, Array], float], dict[str, Array]]) -> float:
    rng = np.random.default_rng(15)
    g = {"a": 3 * rng.standard_normal((3, 4)), "b": rng.standard_normal(5)}
    variables = [keras.Variable(np.zeros(w.shape), dtype="float32") for w in g.values()]
    optimiser = keras.optimizers.SGD(1.0, **{name: 1.0})
    optimiser.apply([keras.ops.convert_to_tensor(w, "float32") for w in g.values()], variables)
    ours = clip(g, 1.0).values()
    return max(float(np.abs(mine + np.asarray(v)).max()) for mine, v in zip(ours, variables, strict=True))
