"""What each architecture can and cannot see, and its gradients against the complex step."""

import numpy as np
import pytest

from pipeline.cells.bptt import hidden_states, initial_leaves
from pipeline.cells.encoder_decoder import (
    attention_backward,
    attention_forward,
    bidirectional_backward,
    bidirectional_forward,
    encoder_decoder_backward,
    encoder_decoder_forward,
)
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.cells.self_attention import head_forward, head_step
from tests.cells.examples import example

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


def random_arrays(**shapes):
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}


def rnn_shapes(prefix, inputs):
    return {f"{prefix}Waa": (n_a, n_a), f"{prefix}Wax": (n_a, inputs), f"{prefix}ba": (n_a, 1)}


def own(leaves, prefix):
    return {name.removeprefix(prefix): leaf for name, leaf in leaves.items() if name.startswith(prefix)}


def assert_gradients(forward, da, leaves, ours):
    """`forward` gives states of the leaves; `ours` are the gradients of their sum weighted by da."""
    for name, gradient in ours.items():
        reference = complex_step(lambda moved: (forward(moved)[0] * da).sum(), leaves, name)
        assert scaled_error(gradient, reference) <= 1e-12, name


def test_bidirectional_gradients():
    shapes = {"x": (n_x, m, Tx), "fa0": (n_a, m), "ba0": (n_a, m)}
    leaves = random_arrays(**shapes, **rnn_shapes("f", n_x), **rnn_shapes("b", n_x))
    da = RNG.standard_normal((2 * n_a, m, Tx))

    def forward(moved):
        f, b = own(moved, "f"), own(moved, "b")
        return bidirectional_forward(moved["x"], (f["a0"], b["a0"]), f, b)

    dx, f, b = bidirectional_backward(da, forward(leaves)[1])
    ours = {"x": dx} | {f"f{q[1:]}": g for q, g in f.items()} | {f"b{q[1:]}": g for q, g in b.items()}
    assert_gradients(forward, da, leaves, ours)


def test_encoder_decoder_gradients():
    shapes = {"ex": (n_x, m, Tx), "ea0": (n_a, m), "dx": (3, m, 4)}
    leaves = random_arrays(**shapes, **rnn_shapes("e", n_x), **rnn_shapes("d", 3))
    da = RNG.standard_normal((n_a, m, 4))

    def forward(moved):
        e, d = own(moved, "e"), own(moved, "d")
        return encoder_decoder_forward(e["x"], d["x"], e["a0"], e, d)

    e, d = encoder_decoder_backward(da, forward(leaves)[1])
    d.pop("da0")  # no leaf: it is the encoder's last state
    ours = {f"e{q[1:]}": g for q, g in e.items()} | {f"d{q[1:]}": g for q, g in d.items()}
    assert_gradients(forward, da, leaves, ours)


def test_attention_gradients_and_weights():
    shapes = {"s": (3, m), "h": (n_x, m, Tx), "Ws": (n_a, 3), "Wh": (n_a, n_x), "be": (n_a, 1), "v": (n_a, 1)}
    leaves, mask = random_arrays(**shapes), np.array([[1] * Tx, [1, 1, 1, 0, 0]], bool)
    _, alpha, cache = attention_forward(leaves["s"], leaves["h"], leaves, mask)
    np.testing.assert_allclose(alpha.sum(axis=1), 1, atol=1e-15)
    assert np.all(alpha[1, 3:] == 0)  # padding
    da = RNG.standard_normal((n_x, m))
    ours = {name: attention_backward(da, cache)[f"d{name}"] for name in leaves}
    assert_gradients(lambda moved: attention_forward(moved["s"], moved["h"], moved, mask), da, leaves, ours)


def test_self_attention_sees_nothing_that_comes_later():
    _, (cache,) = hidden_states("attention", example("attention").leaves)
    assert np.all(np.triu(cache.alpha, 1) == 0)


def test_self_attention_a_step_at_a_time_is_that_of_the_whole_line():
    leaves = example("attention").leaves
    a, _ = hidden_states("attention", leaves)
    keys = values = np.zeros((*a.shape[:2], 0))
    for t in range(a.shape[2]):
        at, keys, values = head_step(leaves["x"][:, :, t], keys, values, leaves)
        np.testing.assert_allclose(at, a[:, :, t], atol=1e-13)


@pytest.mark.parametrize(("waves", "moves"), [(0.0, False), (1.0, True)])
def test_self_attention_knows_the_order_by_its_positions_alone(waves, moves):
    leaves = example("attention").leaves
    (a,), _ = head_forward(leaves["x"], leaves, waves=waves)
    (b,), _ = head_forward(leaves["x"][:, :, [2, 0, 3, 1, 4, 5]], leaves, waves=waves)
    assert (scaled_error(b[:, :, -1], a[:, :, -1]) > 1e-2) == moves
    assert moves or scaled_error(b[:, :, -1], a[:, :, -1]) <= 1e-14
