"""The two checks on a function whose derivative is known, and the U of central differences."""

import numpy as np
import pytest

from pipeline.cells.gradient_checks import central_differences, complex_step, relative_norm_error, scaled_error

LEAVES = {"w": np.array([[0.3, -1.2], [2.0, 0.1]]), "other": np.array(2.0)}
TRUE = 2.0 * np.cos(LEAVES["w"])


def function(leaves):
    return leaves["other"] * np.sin(leaves["w"]).sum()


def test_complex_step_is_exact_to_rounding():
    assert scaled_error(complex_step(function, LEAVES, "w"), TRUE) < 1e-15
    assert complex_step(function, LEAVES, "other") == pytest.approx(np.sin(LEAVES["w"]).sum(), abs=1e-15)


def test_central_differences_err_least_in_the_middle():
    """The curve falls as h² and rises as 1/h."""
    errors = {h: scaled_error(central_differences(function, LEAVES, "w", h), TRUE) for h in (1e-2, 1e-5, 1e-10)}
    assert errors[1e-5] < 1e-9 < errors[1e-10] < 1e-4
    assert errors[1e-2] == pytest.approx(1e-4 / 6, rel=0.01)  # h²/6 of the third derivative, here cos


def test_leaves_are_left_as_they_were():
    before = LEAVES["w"].copy()
    central_differences(function, LEAVES, "w")
    np.testing.assert_array_equal(LEAVES["w"], before)


def test_error_measures_by_hand():
    ours, reference = np.array([1.0, 2.1]), np.array([1.0, 2.0])
    assert scaled_error(ours, reference) == pytest.approx(0.1 / 2)
    assert relative_norm_error(ours, reference) == pytest.approx(0.1 / (5.41**0.5 + 5**0.5))
    assert scaled_error(np.zeros(2), np.zeros(2)) == relative_norm_error(np.zeros(2), np.zeros(2)) == 0
