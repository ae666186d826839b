"""Additive attention and self-attention: what they look at, and gradients against the complex step."""

import numpy as np
import pytest

from pipeline.cells.attention import attention_backward, attention_forward
from pipeline.cells.bptt import hidden_states
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.cells.self_attention import head_forward, head_step
from tests.cells.examples import example

n_x, n_a, m, Tx = 3, 4, 2, 5


def test_attention_by_hand():
    """v = 0: all scores are equal, the weights uniform over what is not padding, the context a mean."""
    parameters = {"Ws": np.ones((1, n_a)), "Wh": np.ones((1, n_x)), "be": np.zeros((1, 1)), "v": np.zeros((1, 1))}
    X, mask = np.random.default_rng(0).standard_normal((n_x, m, Tx)), np.array([[1] * 5, [1, 1, 0, 0, 0]], bool)
    context, alpha, _ = attention_forward(np.zeros((n_a, m)), X, parameters, mask)
    np.testing.assert_allclose(alpha, [[0.2] * 5, [0.5, 0.5, 0, 0, 0]])
    np.testing.assert_allclose(context[:, 1], X[:, 1, :2].mean(axis=1))


def test_attention_gradients_and_weights():
    shapes = {"s": (3, m), "h": (n_x, m, Tx), "Ws": (n_a, 3), "Wh": (n_a, n_x), "be": (n_a, 1), "v": (n_a, 1)}
    rng = np.random.default_rng(3)
    leaves = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    mask = np.array([[1] * Tx, [1, 1, 1, 0, 0]], bool)
    _, alpha, cache = attention_forward(leaves["s"], leaves["h"], leaves, mask)
    np.testing.assert_allclose(alpha.sum(axis=1), 1, atol=1e-15)
    assert np.all(alpha[1, 3:] == 0)  # padding
    da = rng.standard_normal((n_x, m))

    def read(moved):
        return (attention_forward(moved["s"], moved["h"], moved, mask)[0] * da).sum()

    for name in leaves:
        assert scaled_error(attention_backward(da, cache)[f"d{name}"], complex_step(read, leaves, name)) <= 1e-12, name


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
