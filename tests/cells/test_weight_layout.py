"""Keras's layout and the article's are the same numbers: there and back is the identity."""

import numpy as np
import pytest

from pipeline.cells.bptt import hidden_states, initial_weights_and_states, parameter_count
from pipeline.cells.registry import CELLS

n_x, n_a, m, T = 3, 4, 2, 5


def random_leaves(cell):
    rng = np.random.default_rng(0)
    leaves = initial_weights_and_states(cell, n_x, n_a, 2, rng, m=m)
    return {name: rng.standard_normal(leaf.shape) for name, leaf in leaves.items()}


@pytest.mark.parametrize("cell", CELLS)
def test_round_trip(cell):
    leaves = random_leaves(cell)
    back = CELLS[cell].from_keras(*CELLS[cell].to_keras(leaves))
    assert set(back) == set(leaves) - {"a0", "c0", "Wya", "by"}
    for name, weight in back.items():
        np.testing.assert_array_equal(weight, leaves[name])


@pytest.mark.parametrize("cell", CELLS)
def test_both_styles_compute_the_same_states(cell):
    leaves = random_leaves(cell)
    leaves["x"] = np.random.default_rng(1).standard_normal((n_x, m, T))
    a, _ = hidden_states(cell, leaves)  # (n_a, m, T)
    layer = CELLS[cell].layer.from_keras(*CELLS[cell].to_keras(leaves))
    start = tuple(leaves[name].T for name in ("a0", "c0") if name in leaves)
    hidden, _ = layer.run(layer.project(leaves["x"].transpose(2, 1, 0)), start)  # (T, m, n_a)
    np.testing.assert_allclose(hidden.transpose(2, 1, 0), a, atol=1e-14)


def test_keras_gate_order():
    """Column blocks of an LSTM kernel are i, f, c, o."""
    kernel = np.repeat([[1.0, 2.0, 3.0, 4.0]], n_a, axis=1).reshape(1, -1)  # 1…1 2…2 3…3 4…4
    weights = CELLS["lstm"].from_keras(kernel, np.zeros((n_a, 4 * n_a)), np.zeros(4 * n_a))
    assert [weights[f"W{q}"][0, n_a] for q in "ifco"] == [1, 2, 3, 4]


@pytest.mark.parametrize("cell", CELLS)
def test_parameter_count_is_the_number_of_numbers(cell):
    leaves = random_leaves(cell)
    weights = [leaf.size for name, leaf in leaves.items() if name not in ("a0", "c0")]
    assert parameter_count(cell, n_x, n_a, 2) == sum(weights)
