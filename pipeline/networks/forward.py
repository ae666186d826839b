"""A language model's network as one function of its weights: tokens -> hidden states -> logits, in TensorFlow.

What training, dynamic evaluation and nothing else needs: gradients flow through it. Weights are in Keras's order.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import NetworkSpec
from pipeline.language.vocabulary import SONG
from pipeline.networks import scan
from pipeline.networks.language_model import TRAINED_CELLS


def forward(
    spec: NetworkSpec,
    weights: Sequence[Any],
    x: Any,
    state: Sequence[Any],
    seed: Any = None,
    matmul_dtype: tf.DType = tf.float32,
) -> tuple[Any, list[Any]]:
    """Return logits (time, batch, V) of tokens x (batch, time), and the state after them; dropout when seeded.

    Matrix products are computed in the type `matmul_dtype`.
    """
    hidden, after = hidden_states(spec, weights, x, state, seed, matmul_dtype)
    words, bias = output_weights(spec, weights)
    return _multiply_all_steps(hidden, words, matmul_dtype, transpose_b=True) + bias, after


def output_weights(spec: NetworkSpec, weights: Sequence[Any]) -> tuple[Any, Any]:
    """Return the matrix (V, width) and the bias (V,) that turn the last hidden states into logits."""
    return (weights[0] if spec.tied else tf.transpose(weights[-2])), weights[-1]


def hidden_states(
    spec: NetworkSpec,
    weights: Sequence[Any],
    x: Any,
    state: Sequence[Any],
    seed: Any = None,
    matmul_dtype: tf.DType = tf.float32,
) -> tuple[Any, list[Any]]:
    """Return the hidden states (time, batch, width) from which logits are computed, and the state after.

    A small vocabulary's projection (embedding times kernel) is one small product and a look-up, instead of a product at
    every step; its embedding sees no dropout.
    """
    embedding, rest = weights[0], list(weights[1:])
    rate = spec.dropout if seed is not None else 0.0
    cell, states_each, after = TRAINED_CELLS[spec.cell], len(CELLS[spec.cell].states), []
    tokens = tf.transpose(x)  # (time, batch)
    keep = tf.cast(tf.not_equal(tokens, SONG), tf.float32)[:, :, None]
    hidden = None
    for number in range(spec.layers):
        kernel, bias, recurrent = cell.kernel_and_bias(rest[spec.variables * number : spec.variables * (number + 1)])
        if number == 0 and spec.vocabulary_size <= 1000:
            z = tf.gather(tf.matmul(embedding, kernel) + bias, tokens)
        else:
            source = tf.gather(embedding, tokens) if hidden is None else hidden
            source = dropout(source, rate, seed, number)
            z = _multiply_all_steps(source, kernel, matmul_dtype) + bias
        before = state[number * states_each : (number + 1) * states_each]
        hidden, last = cell.scan(z, before, keep, *recurrent, matmul_dtype)
        after += last
    rest = rest[spec.variables * spec.layers :]
    hidden = dropout(hidden, rate, seed, spec.layers)
    projected = spec.tied and len(rest) == 2
    return (_multiply_all_steps(hidden, rest[0], matmul_dtype) if projected else hidden), after


def _multiply_all_steps(x: Any, kernel: Any, matmul_dtype: tf.DType, **transposed: bool) -> Any:
    """Return x (time, batch, n) times a matrix, one product for all steps."""
    flat = scan.matmul_as(tf.reshape(x, (-1, x.shape[-1])), kernel, matmul_dtype, **transposed)
    return tf.reshape(flat, (x.shape[0], -1, flat.shape[-1]))


def dropout(x: Any, rate: float, seed: Any, number: int) -> Any:
    """Return x with a share `rate` of its numbers set to 0, drawn from `seed` and `number`, and the rest scaled up."""
    if not rate:
        return x
    mask = tf.random.stateless_uniform(tf.shape(x), tf.add(seed, [1000 * number, 0])) >= rate
    return tf.where(mask, x / (1 - rate), 0.0)


def zero_state(spec: NetworkSpec, batch: int) -> list[Array]:
    """Return the state at the beginning of a song: float32 (batch, units) for each state of each layer."""
    count = spec.layers * len(CELLS[spec.cell].states)
    return [np.zeros((batch, spec.units), np.float32) for _ in range(count)]


def drop_recurrent_weights(spec: NetworkSpec, weights: list[Any], seed: Any) -> list[Any]:
    """Return the weights with a share `spec.recurrent_dropout` of the recurrent ones set to 0 (DropConnect)."""
    place = TRAINED_CELLS[spec.cell].recurrent
    if place is None:
        return weights
    recurrent = {1 + place + spec.variables * number: 10 + number for number in range(spec.layers)}
    rate = spec.recurrent_dropout
    return [dropout(w, rate, seed, recurrent[i]) if i in recurrent else w for i, w in enumerate(weights)]


MAX_FULL_SOFTMAX_SIZE = 10_000  # entries of a vocabulary; below, the full softmax is as quick
NEGATIVE_SAMPLE_COUNT = 2048

Tensor = Any


def draw_log_uniform(size: int, count: int, seed: Tensor) -> Tensor:
    """Draw `count` indices below `size`, log-uniform (small ones more often) and with replacement: int32 (count,)."""
    u = tf.random.stateless_uniform((count,), seed)
    return tf.cast(tf.exp(u * math.log(size + 1.0)) - 1.0, tf.int32) % size


def log_expected_count(entries: Tensor, size: int, count: int) -> Tensor:
    """Return the log of the expected number of times that `count` draws give each vocabulary entry."""
    rank = tf.cast(entries, tf.float32)
    return tf.math.log(count * tf.math.log1p(1.0 / (rank + 1.0)) / math.log(size + 1.0))


def sampled_cross_entropy(
    hidden: Tensor,
    words: Tensor,
    bias: Tensor,
    targets: Tensor,
    seed: Tensor,
    matmul_dtype: tf.DType,
    count: int = NEGATIVE_SAMPLE_COUNT,
) -> Tensor:
    """Return the cross-entropy of each target over a sample of the vocabulary, (n,).

    hidden (n, d), output matrix (V, d), bias (V,), targets (n,).
    """
    size = words.shape[0]
    sample = draw_log_uniform(size, count, seed)
    true = tf.reduce_sum(hidden * tf.gather(words, targets), 1) + tf.gather(bias, targets)
    others = scan.matmul_as(hidden, tf.gather(words, sample), matmul_dtype, transpose_b=True) + tf.gather(bias, sample)
    others -= log_expected_count(sample, size, count)
    hit = tf.equal(sample[None, :], tf.cast(targets, tf.int32)[:, None])  # a target among the sample counts once
    others = tf.where(hit, -1e9, others)
    return tf.reduce_logsumexp(tf.concat([true[:, None], others], 1), 1) - true


def window_loss(
    spec: NetworkSpec, weights: list[Any], x: Any, y: Any, state: list[Any], seed: Any = None
) -> tuple[Any, list[Any]]:
    """Return the mean cross-entropy of a window (batch, time) in nats, and the state after it. Dropout when seeded."""
    products = scan.fast_matmul_dtype() if seed is not None else tf.float32
    targets = tf.transpose(y)
    if seed is not None and spec.vocabulary_size > MAX_FULL_SOFTMAX_SIZE:
        hidden, state = hidden_states(spec, weights, x, state, seed, products)
        flat = tf.reshape(hidden, (-1, hidden.shape[-1]))
        words, bias = output_weights(spec, weights)
        loss = sampled_cross_entropy(flat, words, bias, tf.reshape(targets, (-1,)), seed, products)
        loss = tf.reshape(loss, tf.shape(targets))
    else:
        logits, state = forward(spec, weights, x, state, seed, products)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
    if spec.conditions:
        loss = tf.boolean_mask(loss, targets < spec.vocabulary_size - spec.conditions)
    return tf.reduce_mean(loss), state


def split_batch(x: Any, y: Any, state: Sequence[Any], parts: int) -> list[tuple[Any, Any, list[Any]]]:
    """Split a window into `parts` windows of fewer rows. Leave it whole if the rows do not divide."""
    rows = x.shape[0]
    size = rows if rows % parts else rows // parts
    cuts = [slice(at, at + size) for at in range(0, rows, size)]
    return [(x[cut], y[cut], [part[cut] for part in state]) for cut in cuts]
