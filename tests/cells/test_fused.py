"""The fast gradients equal those of the readable cells."""

import numpy as np
import pytest

from pipeline.cells import bptt, fused


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "mingru"])
@pytest.mark.parametrize(("m", "T"), [(1, 9), (3, 1)])
def test_fused_gradients_are_those_of_the_equations(cell: str, m: int, T: int) -> None:
    rng = np.random.default_rng(0)
    leaves = bptt.initial_leaves(cell, 4, 5, 3, rng, m=m)
    leaves = {name: leaf + 0.3 * rng.standard_normal(leaf.shape) for name, leaf in leaves.items()}
    leaves["x"], y = bptt.one_hot(rng.integers(4, size=(m, T)), 4), bptt.one_hot(rng.integers(3, size=(m, T)), 3)
    J, gradients = bptt.cost_and_gradients(cell, leaves, y)
    fast, ours = fused.cost_and_gradients(cell, leaves, y)
    assert fast == pytest.approx(J, rel=1e-13)
    assert {name for name in gradients if name[1:] not in ("x", "a0", "c0")} <= set(ours)
    assert all(ours[name] == pytest.approx(gradients[name], rel=1e-11, abs=1e-13) for name in ours)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_its_cost_is_that_of_the_gradients(cell: str) -> None:
    rng = np.random.default_rng(0)
    leaves = bptt.initial_leaves(cell, 4, 5, 4, rng)
    leaves["x"] = y = bptt.one_hot(rng.integers(4, size=(1, 7)), 4)
    assert fused.cost(cell, leaves, y) == fused.cost_and_gradients(cell, leaves, y)[0]
