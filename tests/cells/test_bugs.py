"""The check is red for each of the 18 bugs, and green for the package as it is."""

import numpy as np
import pytest

from pipeline.cells.bptt import cost_and_gradients, initial_weights_and_states, one_hot
from pipeline.cells.bugs import BUGS, LEAST_ERROR_OF_A_BUG, broken_gradients, largest_gradient_error
from pipeline.cells.gradient_checks import relative_norm_error
from tests.cells.examples import example


def test_there_are_eighteen_and_each_has_its_belief():
    assert len(BUGS) == len({bug.name for bug in BUGS}) == 18
    assert all(bug.belief and bug.right != bug.wrong for bug in BUGS)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_right_code_is_green(cell):
    assert largest_gradient_error(cost_and_gradients, cell) <= 1e-12


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_is_caught(bug):
    error = largest_gradient_error(broken_gradients(bug), bug.cell)
    assert error > 0.3 > LEAST_ERROR_OF_A_BUG  # 0.3: as the lesson says


def test_a_tolerance_of_a_hundredth_lets_the_subtlest_bug_pass():
    """With small weights, and the relative error in which tutorials give their tolerance."""
    rng = np.random.default_rng(0)
    drawn = initial_weights_and_states("lstm", 4, 5, 3, rng, m=2)
    leaves = {name: rng.normal(0, 0.1, leaf.shape) for name, leaf in drawn.items()}
    leaves["x"], y = one_hot(rng.integers(4, size=(2, 6)), 4), one_hot(rng.integers(3, size=(2, 6)), 3)
    right = cost_and_gradients("lstm", leaves, y)[1]
    least = min(
        max(relative_norm_error(broken_gradients(bug)("lstm", leaves, y)[1][name], right[name]) for name in right)
        for bug in BUGS
        if bug.cell == "lstm"
    )
    assert least == pytest.approx(0.006, abs=5e-4)  # as the lesson says


def test_a_bug_leaves_the_package_and_the_cost_as_they_were():
    for bug in BUGS:
        leaves, y, _ = example(bug.cell)
        before = cost_and_gradients(bug.cell, leaves, y)
        assert broken_gradients(bug)(bug.cell, leaves, y)[0] == before[0]  # mistakes of the way back
        after = cost_and_gradients(bug.cell, leaves, y)
        for name, gradient in before[1].items():
            np.testing.assert_array_equal(gradient, after[1][name])
