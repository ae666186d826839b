"""The loss of a window of tokens: of all of the vocabulary, or of a sample of it; control tokens are not predicted.

Cross-entropy over a sample (Jean et al. 2015) is what makes training a word model affordable. The sample follows the
log-uniform law over ranks, p(k) = log((k + 2) / (k + 1)) / log(V + 1), which is near that of words in a vocabulary
sorted by falling frequency. Each sampled word stands for as many as its expected count says, so that the sum over the
vocabulary is right on average, and the loss that of the full softmax as the sample grows. Only training samples:
whatever is reported uses every word.
"""

import math
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from pipeline.cells.replay import NetworkSpec
from pipeline.networks import scan
from pipeline.networks.forward import forward, hidden_states, output_of

ABOVE = 10_000  # entries of a vocabulary; below, the full softmax is as quick
SAMPLES = 2048

Tensor = Any


def draw(size: int, count: int, seed: Tensor) -> Tensor:
    """`count` entries of a vocabulary of `size`, with replacement, that follow from `seed` (2,): int32 (count,)."""
    u = tf.random.stateless_uniform((count,), seed)
    return tf.cast(tf.exp(u * math.log(size + 1.0)) - 1.0, tf.int32) % size


def expected_log_count(entries: Tensor, size: int, count: int) -> Tensor:
    """log of how often each entry is drawn on average."""
    rank = tf.cast(entries, tf.float32)
    return tf.math.log(count * tf.math.log1p(1.0 / (rank + 1.0)) / math.log(size + 1.0))


def sampled_cross_entropy(
    hidden: Tensor, words: Tensor, bias: Tensor, targets: Tensor, seed: Tensor, products: tf.DType, count: int = SAMPLES
) -> Tensor:
    """Cross-entropy of each target, (n,): hidden (n, d), output matrix (V, d), bias (V,), targets (n,)."""
    size = words.shape[0]
    sample = draw(size, count, seed)
    true = tf.reduce_sum(hidden * tf.gather(words, targets), 1) + tf.gather(bias, targets)
    others = scan.product(hidden, tf.gather(words, sample), products, transpose_b=True) + tf.gather(bias, sample)
    others -= expected_log_count(sample, size, count)
    hit = tf.equal(sample[None, :], tf.cast(targets, tf.int32)[:, None])  # a target among the sample counts once
    others = tf.where(hit, -1e9, others)
    return tf.reduce_logsumexp(tf.concat([true[:, None], others], 1), 1) - true


def window_loss(
    spec: NetworkSpec, weights: list[Any], x: Any, y: Any, state: list[Any], seed: Any = None
) -> tuple[Any, list[Any]]:
    """Mean cross-entropy (natural) of a window (batch, time), and the state after it. Dropout when seeded."""
    products = scan.fast_products() if seed is not None else tf.float32
    targets = tf.transpose(y)
    if seed is not None and spec.vocabulary_size > ABOVE:
        hidden, state = hidden_states(spec, weights, x, state, seed, products)
        flat = tf.reshape(hidden, (-1, hidden.shape[-1]))
        words, bias = output_of(spec, weights)
        loss = sampled_cross_entropy(flat, words, bias, tf.reshape(targets, (-1,)), seed, products)
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
