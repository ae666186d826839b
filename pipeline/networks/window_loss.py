"""The loss of a window of tokens: of all of the vocabulary, or of a sample of it; control tokens are not predicted."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.cells.spec import NetworkSpec
from pipeline.networks import sampled, scan
from pipeline.networks.forward import forward, hidden_states, output_of


def window_loss(
    spec: NetworkSpec, weights: list[Any], x: Any, y: Any, state: list[Any], seed: Any = None
) -> tuple[Any, list[Any]]:
    """Mean cross-entropy (natural) of a window (batch, time), and the state after it. Dropout when seeded."""
    products = scan.fast_products() if seed is not None else tf.float32
    targets = tf.transpose(y)
    if seed is not None and spec.vocabulary_size > sampled.ABOVE:
        hidden, state = hidden_states(spec, weights, x, state, seed, products)
        flat = tf.reshape(hidden, (-1, hidden.shape[-1]))
        words, bias = output_of(spec, weights)
        loss = sampled.sampled_cross_entropy(flat, words, bias, tf.reshape(targets, (-1,)), seed, products)
        loss = tf.reshape(loss, tf.shape(targets))
    else:
        logits, state = forward(spec, weights, x, state, seed, products)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
    if spec.conditions:
        loss = tf.boolean_mask(loss, targets < spec.vocabulary_size - spec.conditions)
    return tf.reduce_mean(loss), state


def split_rows(x: Any, y: Any, state: Sequence[Any], parts: int) -> list[tuple[Any, Any, list[Any]]]:
    """A window as `parts` windows of fewer rows; as one when the rows cannot be shared out."""
    rows = x.shape[0]
    size = rows if rows % parts else rows // parts
    cuts = [slice(at, at + size) for at in range(0, rows, size)]
    return [(x[cut], y[cut], [part[cut] for part in state]) for cut in cuts]
