"""Gradients against the complex step, central differences and the closed double sum; truncation; batches; padding."""

import numpy as np
import pytest

from pipeline.cells.bptt import (
    contributions,
    cost,
    cost_and_gradients,
    hidden_states,
    initial_leaves,
    logits,
    one_hot,
    rnn_contribution,
)
from pipeline.cells.gradient_checks import central_differences, complex_step, norm_error, scaled_error
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward
from pipeline.cells.registry import CELLS, LAYERS
from tests.cells.examples import example, one_of_batch


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


@pytest.mark.parametrize("counted", ["every step", "the last step"])  # the last: many to one
@pytest.mark.parametrize("cell", LAYERS)
def test_every_gradient_is_that_of_the_complex_step(cell, counted):
    leaves, y, mask = example(cell)
    if counted == "the last step":
        mask = np.zeros_like(mask)
        mask[0, -1] = mask[1, -3] = 1
    _, ours = cost_and_gradients(cell, leaves, y, mask)
    for name in leaves:
        reference = complex_step(lambda moved: cost(cell, moved, y, mask), leaves, name)
        assert scaled_error(ours[f"d{name}"], reference) <= 1e-12, name


@pytest.mark.parametrize("cell", LAYERS)
def test_central_differences_agree_as_far_as_they_can(cell):
    leaves, y, mask = example(cell)
    _, ours = cost_and_gradients(cell, leaves, y, mask)
    numeric = [central_differences(lambda moved: cost(cell, moved, y, mask), leaves, name) for name in leaves]
    exact = np.concatenate([ours[f"d{name}"].ravel() for name in leaves])
    assert norm_error(exact, np.concatenate([part.ravel() for part in numeric])) <= 1e-8


def own_errors(leaves, y):
    """What each step's own loss says of z `(n_y, m, T)` and of a `(n_a, m, T)`, and the caches."""
    a, caches = hidden_states("rnn", leaves)
    dz = cross_entropy_backward(logits("rnn", leaves), y)
    return dz, dense_backward(dz, a, leaves["Wya"]).da, caches


def test_the_recursion_is_the_double_sum():
    leaves, y, _ = example("rnn", m=1)
    dz, _, caches = own_errors(leaves, y)
    total = sum(rnn_contribution(t, k, dz[:, :, t], caches, leaves) for t in range(6) for k in range(t + 1))
    assert scaled_error(cost_and_gradients("rnn", leaves, y)[1]["dWaa"], total) <= 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_contributions_are_a_triangle_that_adds_up_to_the_gradient(cell):
    leaves = example(cell).leaves
    _, caches = hidden_states(cell, leaves)
    da = np.random.default_rng(1).standard_normal((5, 2, 6))
    parts = list(contributions(cell, da, caches))
    assert [(part.t, part.k) for part in parts] == [(t, k) for t in range(6) for k in range(t, -1, -1)]
    whole = CELLS[cell].backward(da, caches)
    weight = next(name for name in whole if name.startswith("dW"))
    np.testing.assert_allclose(sum(part.gradients[weight] for part in parts), whole[weight], atol=1e-13)


@pytest.mark.parametrize("cell", CELLS)
def test_truncation_after_all_steps_cuts_nothing(cell):
    leaves, y, mask = example(cell)
    _, whole = cost_and_gradients(cell, leaves, y, mask)
    _, truncated = cost_and_gradients(cell, leaves, y, mask, truncation=5)
    assert max(scaled_error(truncated[name], whole[name]) for name in whole) <= 1e-13


def test_truncation_after_no_step_holds_the_past_constant():
    leaves, y, _ = example("rnn")
    _, da, caches = own_errors(leaves, y)
    formula = sum((da[:, :, t] * (1 - c.a**2)) @ c.a_prev.T for t, c in enumerate(caches))
    assert scaled_error(cost_and_gradients("rnn", leaves, y, truncation=0)[1]["dWaa"], formula) <= 1e-14


def test_longer_truncation_comes_closer():
    leaves, y, _ = example("rnn", T=12)
    whole = cost_and_gradients("rnn", leaves, y)[1]["dWaa"]
    errors = [norm_error(cost_and_gradients("rnn", leaves, y, truncation=tau)[1]["dWaa"], whole) for tau in (0, 3, 11)]
    assert errors[0] > 1e-2
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-13


def test_the_gradient_of_a_batch_is_the_mean_over_its_examples():
    leaves, y, _ = example("lstm")
    alone = [cost_and_gradients("lstm", one_of_batch(leaves, i), y[:, i : i + 1])[1] for i in range(2)]
    together = cost_and_gradients("lstm", leaves, y)[1]
    for name in set(together) - {"dx", "da0", "dc0"}:
        assert scaled_error((alone[0][name] + alone[1][name]) / 2, together[name]) <= 1e-12


def test_symbols_that_do_not_occur_teach_nothing():
    leaves, y, _ = example("rnn", n_x=12, T=4)
    absent = leaves["x"].sum(axis=(1, 2)) == 0
    assert np.all(cost_and_gradients("rnn", leaves, y)[1]["dWax"][:, absent] == 0)


def test_padding_does_not_count():
    leaves, y, mask = example("lstm")
    alone = 0.0
    for i, length in enumerate(mask.sum(axis=1).astype(int)):
        own = one_of_batch(leaves, i)
        alone += cost("lstm", {**own, "x": own["x"][:, :, :length]}, y[:, i : i + 1, :length])
    assert cost("lstm", leaves, y, mask) == pytest.approx(alone / 2, abs=1e-14)


def test_an_untrained_network_costs_ln_n_y_a_step():
    rng, n, m, T = np.random.default_rng(10), 50, 4, 20
    ids = rng.integers(n, size=(m, T))
    leaves = {**initial_leaves("lstm", n, 16, n, rng, m=m), "x": one_hot(ids, n)}
    J = cost("lstm", leaves, one_hot(rng.permutation(ids.ravel()).reshape(m, T), n))
    assert pytest.approx(np.log(n), rel=0.2) == J / T
