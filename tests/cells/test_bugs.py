"""The check is red for each of the 18 bugs, and green for the package as it is."""

import numpy as np
import pytest

from pipeline.cells.bptt import cost_and_gradients
from pipeline.cells.bugs import BUGS, LEAST_ERROR_OF_A_BUG, broken_gradients, largest_gradient_error
from tests.cells.examples import example


def test_there_are_eighteen_and_each_has_its_belief():
    assert len(BUGS) == len({bug.name for bug in BUGS}) == 18
    assert all(bug.belief and bug.right != bug.wrong for bug in BUGS)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_right_code_is_green(cell):
    assert largest_gradient_error(cost_and_gradients, cell) <= 1e-12


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_is_caught(bug):
    assert largest_gradient_error(broken_gradients(bug), bug.cell) > LEAST_ERROR_OF_A_BUG


def test_a_bug_leaves_the_package_and_the_cost_as_they_were():
    for bug in BUGS:
        leaves, y, _ = example(bug.cell)
        before = cost_and_gradients(bug.cell, leaves, y)
        assert broken_gradients(bug)(bug.cell, leaves, y)[0] == before[0]  # mistakes of the way back
        after = cost_and_gradients(bug.cell, leaves, y)
        for name, gradient in before[1].items():
            np.testing.assert_array_equal(gradient, after[1][name])
