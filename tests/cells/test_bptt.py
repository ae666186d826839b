"""What each error teaches through each step. That gradients are right is claimed in pipeline.learn.verify.gradients."""

import numpy as np
import pytest

from pipeline.cells.bptt import contributions, cost_and_gradients, hidden_states, initial_leaves, one_hot


def example(cell, n_a=5, T=6, m=2):
    rng = np.random.default_rng(0)
    leaves = initial_leaves(cell, 4, n_a, 3, rng, m=m)
    return {**leaves, "x": one_hot(rng.integers(4, size=(m, T)), 4)}, one_hot(rng.integers(3, size=(m, T)), 3)


def test_one_step_by_hand():
    """Wya = 0, so ŷ = (½, ½) and J = ln 2; ∂J/∂by = ŷ − y = (−½, ½); nothing flows back."""
    one = np.ones((1, 1))
    leaves = {"x": one[:, :, None], "a0": 0 * one, "Waa": one, "Wax": one, "ba": 0 * one}
    leaves |= {"Wya": np.zeros((2, 1)), "by": np.zeros((2, 1))}
    J, gradients = cost_and_gradients("rnn", leaves, np.array([1.0, 0.0])[:, None, None])
    assert pytest.approx(np.log(2)) == J
    assert gradients["dby"].ravel() == pytest.approx([-0.5, 0.5])
    assert gradients["dWya"].ravel() == pytest.approx(np.tanh(1) * np.array([-0.5, 0.5]))
    assert gradients["dWaa"] == 0


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_contributions_are_a_triangle_that_adds_up_to_the_gradient(cell):
    leaves, _ = example(cell)
    _, caches = hidden_states(cell, leaves)
    da = np.random.default_rng(1).standard_normal((5, 2, 6))
    parts = list(contributions(cell, da, caches))
    assert [(part.t, part.k) for part in parts] == [(t, k) for t in range(6) for k in range(t, -1, -1)]
    from pipeline.cells.registry import CELLS

    whole = CELLS[cell].backward(da, caches)
    weight = "dWaa" if cell != "lstm" else "dWc"
    np.testing.assert_allclose(sum(part.gradients[weight] for part in parts), whole[weight], atol=1e-13)


def test_longer_truncation_comes_closer():
    leaves, y = example("rnn", T=12)
    whole = cost_and_gradients("rnn", leaves, y)[1]["dWaa"]
    errors = [
        np.linalg.norm(cost_and_gradients("rnn", leaves, y, truncation=tau)[1]["dWaa"] - whole) for tau in (0, 3, 11)
    ]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-13
