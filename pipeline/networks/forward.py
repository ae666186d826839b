"""A language model's network as one function of its weights: tokens -> hidden states -> logits, in TensorFlow.

What training, dynamic evaluation and nothing else needs: gradients flow through it. Weights are in Keras's order.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from pipeline.language.vocabulary import SONG
from pipeline.networks import scan

_SCANS: dict[str, Callable[..., Any]] = {"rnn": scan.rnn, "lstm": scan.lstm, "gru": scan.gru}
STATES = {"rnn": 1, "lstm": 2, "gru": 1}


def forward(
    spec: Mapping[str, Any],
    weights: Sequence[Any],
    x: Any,
    state: Sequence[Any],
    seed: Any = None,
    products: tf.DType = tf.float32,
) -> tuple[Any, list[Any]]:
    """Logits (time, batch, V) of tokens x (batch, time) from `state`, and the state after; dropout when seeded.

    Matrix products are computed in the type `products`.
    """
    hidden, after = hidden_states(spec, weights, x, state, seed, products)
    words, bias = output_of(spec, weights)
    return _rows(hidden, words, products, transpose_b=True) + bias, after


def output_of(spec: Mapping[str, Any], weights: Sequence[Any]) -> tuple[Any, Any]:
    """The matrix (V, width) and the bias (V,) that make logits of the last hidden states."""
    return (weights[0] if spec["tied"] else tf.transpose(weights[-2])), weights[-1]


def hidden_states(
    spec: Mapping[str, Any],
    weights: Sequence[Any],
    x: Any,
    state: Sequence[Any],
    seed: Any = None,
    products: tf.DType = tf.float32,
) -> tuple[Any, list[Any]]:
    """What the logits are made of (time, batch, width), and the state after; as `forward`.

    A small vocabulary's projection (embedding times kernel) is one small product and a look-up, instead of a product at
    every step; its embedding sees no dropout.
    """
    embedding, rest = weights[0], list(weights[1:])
    rate = spec.get("dropout", 0.0) if seed is not None else 0.0
    states_each, after = STATES[spec["cell"]], []
    tokens = tf.transpose(x)  # (time, batch)
    keep = tf.cast(tf.not_equal(tokens, SONG), tf.float32)[:, :, None]
    hidden = None
    for number in range(spec["layers"]):
        kernel, recurrent, bias = rest[3 * number : 3 * number + 3]
        into, inner = (bias[0], (bias[1],)) if spec["cell"] == "gru" else (bias, ())
        if number == 0 and spec["vocabulary_size"] <= 1000:
            z = tf.gather(tf.matmul(embedding, kernel) + into, tokens)
        else:
            source = tf.gather(embedding, tokens) if hidden is None else hidden
            source = dropout(source, rate, seed, number)
            z = _rows(source, kernel, products) + into
        before = state[number * states_each : (number + 1) * states_each]
        hidden, last = _SCANS[spec["cell"]](z, before, keep, recurrent, *inner, products)
        after += last
    rest = rest[3 * spec["layers"] :]
    hidden = dropout(hidden, rate, seed, spec["layers"])
    projected = spec["tied"] and len(rest) == 2
    return (_rows(hidden, rest[0], products) if projected else hidden), after


def _rows(x: Any, kernel: Any, products: tf.DType, **transposed: bool) -> Any:
    """x (time, batch, n) times a matrix, one product for all steps."""
    flat = scan.product(tf.reshape(x, (-1, x.shape[-1])), kernel, products, **transposed)
    return tf.reshape(flat, (x.shape[0], -1, flat.shape[-1]))


def dropout(x: Any, rate: float, seed: Any, number: int) -> Any:
    """Leave out a share `rate` of the numbers of x, drawn from `seed` and the place `number`; scale up the rest."""
    if not rate:
        return x
    kept = tf.random.stateless_uniform(tf.shape(x), tf.add(seed, [1000 * number, 0])) >= rate
    return tf.where(kept, x / (1 - rate), 0.0)
