"""What each architecture can and cannot see; its gradients are claimed in pipeline.learn.verify.invariants."""

import numpy as np

from pipeline.cells.bptt import initial_leaves
from pipeline.cells.encoder_decoder import attention_forward, bidirectional_forward, encoder_decoder_forward

n_x, n_a, m, Tx = 3, 4, 2, 5
RNG = np.random.default_rng(0)
WEIGHTS = [initial_leaves("rnn", n_x, n_a, 2, RNG, m=m) for _ in range(2)]
X = RNG.standard_normal((n_x, m, Tx))
ZERO = np.zeros((n_a, m))


def changed(step):
    moved = X.copy()
    moved[:, :, step] += 1
    return moved


def test_forward_rows_see_the_past_and_backward_rows_the_future():
    a, _ = bidirectional_forward(X, (ZERO, ZERO), *WEIGHTS)
    moved, _ = bidirectional_forward(changed(2), (ZERO, ZERO), *WEIGHTS)
    differs = np.any(a != moved, axis=1)  # (2·n_a, Tx)
    assert np.any(differs[:n_a], axis=0).tolist() == [False, False, True, True, True]
    assert np.any(differs[n_a:], axis=0).tolist() == [True, True, True, False, False]


def test_one_vector_passes_from_encoder_to_decoder():
    """Two inputs whose encoder ends in the same state give the same reply: here, by leaving the last state alone."""
    start = np.zeros((n_x, m, 3))
    a, caches = encoder_decoder_forward(X, start, ZERO, *WEIGHTS)
    np.testing.assert_array_equal(caches.decoder[0].a_prev, caches.encoder[-1].a)
    alone, _ = encoder_decoder_forward(X[:, :, -1:], start, caches.encoder[-2].a, *WEIGHTS)
    np.testing.assert_array_equal(a, alone)


def test_attention_by_hand():
    """v = 0: all scores are equal, the weights uniform over what is not padding, the context a mean."""
    parameters = {"Ws": np.ones((1, n_a)), "Wh": np.ones((1, n_x)), "be": np.zeros((1, 1)), "v": np.zeros((1, 1))}
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]], bool)
    context, alpha, _ = attention_forward(ZERO, X, parameters, mask)
    np.testing.assert_allclose(alpha, [[0.2] * 5, [0.5, 0.5, 0, 0, 0]])
    np.testing.assert_allclose(context[:, 1], X[:, 1, :2].mean(axis=1))
