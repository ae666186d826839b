"""Gradients against the complex step and central differences; batches; padding."""

import numpy as np
import pytest

from pipeline.cells.bptt import cost, cost_and_gradients, initial_weights_and_states, one_hot
from pipeline.cells.gradient_checks import central_differences, complex_step, relative_norm_error, scaled_error
from pipeline.cells.registry import LAYERS
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
    assert relative_norm_error(exact, np.concatenate([part.ravel() for part in numeric])) <= 1e-8


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
    leaves = {**initial_weights_and_states("lstm", n, 16, n, rng, m=m), "x": one_hot(ids, n)}
    J = cost("lstm", leaves, one_hot(rng.permutation(ids.ravel()).reshape(m, T), n))
    assert pytest.approx(np.log(n), rel=0.2) == J / T
