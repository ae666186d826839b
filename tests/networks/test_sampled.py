"""The sampled loss: its law, near the full softmax's on average, the same for the same seed."""

import numpy as np
import pytest
import tensorflow as tf

from pipeline.networks.forward import draw_log_uniform, log_expected_count, sampled_cross_entropy

SIZE = 50


def test_the_law_of_the_sample():
    entries = draw_log_uniform(SIZE, 200_000, tf.constant([1, 2])).numpy()
    assert entries.min() == 0
    assert entries.max() == SIZE - 1
    expected = np.exp(log_expected_count(tf.range(SIZE), SIZE, 200_000).numpy())
    assert expected.sum() == pytest.approx(200_000, rel=1e-3)
    np.testing.assert_allclose(np.bincount(entries, minlength=SIZE), expected, rtol=0.1)


def test_it_is_the_full_cross_entropy_on_average():
    rng = np.random.default_rng(0)
    hidden, words = (tf.constant(rng.normal(size=shape).astype("f")) for shape in ((40, 8), (SIZE, 8)))
    bias, targets = tf.zeros(SIZE), tf.constant(rng.integers(0, SIZE, 40))
    full = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, hidden @ tf.transpose(words)).numpy()
    losses = [
        sampled_cross_entropy(hidden, words, bias, targets, tf.constant([n, 0]), tf.float32, count=4000).numpy()
        for n in range(30)
    ]
    np.testing.assert_allclose(np.mean(losses, 0), full, atol=0.05)
    again = sampled_cross_entropy(hidden, words, bias, targets, tf.constant([3, 0]), tf.float32, count=4000).numpy()
    np.testing.assert_array_equal(again, losses[3])
