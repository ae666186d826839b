"""Jacobians of the state against the complex step, and how their norms fall or rise by lag."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.cells.bptt import (
    hidden_states,
    initial_weights_and_states,
    jacobian_norm_bound,
    jacobian_norms_by_lag,
    jacobian_products,
    one_hot,
)
from pipeline.cells.gradient_checks import scaled_error
from pipeline.cells.registry import CELLS
from tests.cells.examples import example

CURVES = json.loads((Path(__file__).parents[1] / "data" / "rnn_test_vectors.json").read_text("utf-8"))["vanishing"]
T, n_a, n_x = 60, 32, 20


def curve(cell, **start):
    rng = np.random.default_rng(0)
    leaves = initial_weights_and_states(cell, n_x, n_a, n_x, rng, **start)
    leaves["x"] = one_hot(rng.integers(n_x, size=(1, T)), n_x)
    return jacobian_norms_by_lag(cell, hidden_states(cell, leaves)[1]), leaves


@pytest.mark.parametrize("steps", [1, 8])
@pytest.mark.parametrize("cell", CELLS)
def test_the_product_of_the_steps_is_the_jacobian_of_the_complex_step(cell, steps):
    leaves = example(cell, m=1, T=steps).leaves
    names, n_units, columns = CELLS[cell].initial_state_names, len(leaves["a0"]), []
    for unit in np.eye(n_units * len(names)):  # a column a unit of the first state
        parts = np.split(unit[:, None], len(names))
        moved = [leaves[name] + 1e-30j * part for name, part in zip(names, parts, strict=True)]
        states, _ = CELLS[cell].forward(leaves["x"], leaves, *moved)
        columns.append(np.concatenate([state[:, 0, -1].imag / 1e-30 for state in states]))
    identity, *_, last = jacobian_products(cell, hidden_states(cell, leaves)[1])
    np.testing.assert_array_equal(identity, np.eye(len(last)))
    assert scaled_error(last, np.stack(columns, axis=1)) <= 1e-12


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5, 4.0])
def test_an_rnn_vanishes_or_explodes_with_the_scale_of_its_state_weights(scale):
    """Another random network of the same kind was measured elsewhere: the same order of magnitude at lag 20."""
    norms = curve("rnn", scale=scale)[0].norms
    elsewhere = CURVES[f"RNN {scale}*orthogonal"][20]
    assert abs(np.log10(norms[20] / elsewhere)) < 1


def test_the_bound_is_never_crossed():
    found, leaves = curve("rnn", scale=1.5)
    assert np.all(found.norms <= jacobian_norm_bound(leaves["Waa"], T) * (1 + 1e-12))
    assert jacobian_norm_bound(leaves["Waa"], 2) == pytest.approx([1, 1.5, 2.25])


def test_the_forget_bias_decides_what_an_lstm_keeps():
    """Bias 0 vanishes, 1 holds, 3 can explode: the LSTM mitigates vanishing, it does not abolish it."""
    lost, kept, blown = (curve("lstm", forget_bias=b)[0].norms[59] for b in (0.0, 1.0, 3.0))
    assert lost < 1e-5 < kept < blown


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_way_through_the_gate_alone_is_a_product_of_gates(cell):
    found, _ = curve(cell)
    assert found.gate_path is not None
    assert np.all(np.diff(found.gate_path) <= 0)  # gates are below 1
    if cell == "lstm":
        assert found.gate_path[1] == pytest.approx(found.norms[1])  # c⟨T−1⟩ → c⟨T⟩ has no other path
