"""Mutation test: the checks go red for each of the 18 bugs, and stay green for the package as it is."""

import numpy as np
import pytest

from pipeline.cells.bptt import cost, cost_and_gradients, initial_leaves, one_hot
from pipeline.cells.bugs import BUGS, broken_gradients
from pipeline.cells.gradient_checks import central_differences, complex_step, scaled_error
from pipeline.cells.registry import CELLS

n_x, n_a, n_y, m, Tx = 4, 5, 3, 2, 6


def example(cell: str, seed: int = 0):
    rng = np.random.default_rng(seed)
    leaves = initial_leaves(cell, n_x, n_a, n_y, rng, m=m)
    leaves = {name: rng.normal(0, 0.6, leaf.shape) for name, leaf in leaves.items()}
    leaves["x"] = one_hot(rng.integers(n_x, size=(m, Tx)), n_x)
    return leaves, one_hot(rng.integers(n_y, size=(m, Tx)), n_y)


def worst_error(gradients, leaves, y, cell, check):
    """Over every weight, a0 and c0, the scaled error of the gradient against the check."""
    _, ours = gradients(cell, leaves, y)
    names = [name for name in leaves if name != "x"]
    references = {name: check(lambda moved: cost(cell, moved, y), leaves, name) for name in names}
    return max(scaled_error(ours[f"d{name}"], references[name]) for name in names)


def test_there_are_eighteen_and_each_says_what_was_believed():
    assert len(BUGS) == len({bug.name for bug in BUGS}) == 18
    assert all(bug.belief and bug.right != bug.wrong for bug in BUGS)


@pytest.mark.parametrize("check", [complex_step, central_differences])
@pytest.mark.parametrize("cell", CELLS)
def test_the_right_code_is_green(cell, check):
    leaves, y = example(cell)
    tolerance = 1e-12 if check is complex_step else 1e-5
    assert worst_error(cost_and_gradients, leaves, y, cell, check) <= tolerance


@pytest.mark.parametrize("check", [complex_step, central_differences])
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_is_caught(bug, check):
    leaves, y = example(bug.cell)
    assert worst_error(broken_gradients(bug), leaves, y, bug.cell, check) > 1e-3


def test_a_bug_leaves_the_package_as_it_was():
    leaves, y = example("lstm")
    before = cost_and_gradients("lstm", leaves, y)[1]
    broken_gradients(BUGS[-1])("lstm", leaves, y)
    after = cost_and_gradients("lstm", leaves, y)[1]
    for name, gradient in before.items():
        np.testing.assert_array_equal(gradient, after[name])


def test_the_cost_itself_is_not_changed_by_a_bug():
    """They are mistakes of the way back: the broken lab still computes the right J."""
    for bug in BUGS:
        leaves, y = example(bug.cell)
        assert broken_gradients(bug)(bug.cell, leaves, y)[0] == cost_and_gradients(bug.cell, leaves, y)[0]
