"""Replay against arithmetic by hand, and against itself. (Against Keras: test_keras_equality.py.)"""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.cells.registry import CELLS
from pipeline.cells.replay import Network, NetworkSpec, network_from_weights
from pipeline.core.errors import RunError

V = 7


def spec_of(cell="lstm", units=4, layers=1, embedding=3, tied=False):
    return NetworkSpec(cell=cell, units=units, layers=layers, embedding=embedding, tied=tied, vocabulary_size=V)


def random_network(spec, dtype=np.float64) -> Network:
    rng = np.random.default_rng(0)
    return network_from_weights(spec, [rng.standard_normal(s) for s in spec.weight_shapes()], dtype)


ALL = [spec_of(cell, layers=layers, tied=tied) for cell in CELLS for layers in (1, 2) for tied in (False, True)]


def test_one_step_by_hand():
    """One unit, all weights 1, first token: embedding 0.5, z = 0.5 + 0 + 1, a = tanh(1.5), logits = a + 1."""
    spec = NetworkSpec(cell="rnn", units=1, layers=1, embedding=1, tied=False, vocabulary_size=2)
    one = np.ones((1, 1))
    weights = [np.array([[0.5], [0.0]]), one, one, np.ones(1), np.ones((1, 2)), np.ones(2)]
    logits, state = network_from_weights(spec, weights, np.float64).step([0], ((np.zeros((1, 1)),),))
    assert state[0][0] == pytest.approx(np.tanh(1.5))
    assert logits == pytest.approx(np.full((1, 2), np.tanh(1.5) + 1))


@pytest.mark.parametrize("spec", ALL, ids=lambda s: f"{s.cell}-{s.layers}-{s.tied}")
def test_stepping_running_and_tracing_agree(spec, monkeypatch):
    monkeypatch.setattr("pipeline.cells.replay.STEPS_PER_BLOCK", 4)  # 9 steps: two whole blocks and a rest
    network = random_network(spec)
    tokens = np.random.default_rng(1).integers(V, size=(2, 9))
    state, stepped = network.initial_state(2), []
    for column in tokens.T:
        logits, state = network.step(column, state)
        stepped.append(logits)
    run, after = network.run(tokens)
    trace = network.trace(tokens)
    np.testing.assert_allclose(run, np.stack(stepped, axis=1), atol=1e-14)
    np.testing.assert_array_equal(trace.logits, np.stack(stepped, axis=1))
    np.testing.assert_allclose(network.states(tokens), trace.layers[-1]["hidden"], atol=1e-14)
    for layer, layer_state in enumerate(state):
        for mine, theirs in zip(layer_state, after[layer], strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-14)
        np.testing.assert_array_equal(trace.layers[layer]["hidden"][:, -1], layer_state[0])


@pytest.mark.parametrize("spec", ALL, ids=lambda s: f"{s.cell}-{s.layers}-{s.tied}")
def test_carried_state_equals_the_whole_prefix(spec):
    network = random_network(spec)
    tokens = np.random.default_rng(2).integers(V, size=(1, 12))
    _, state = network.run(tokens[:, :5])
    rest, _ = network.run(tokens[:, 5:], state)
    whole, _ = network.run(tokens)
    np.testing.assert_allclose(rest, whole[:, 5:], atol=1e-14)


def test_what_is_too_large_for_a_table_projects_each_token_and_says_the_same():
    network = random_network(spec_of("gru"))
    assert network.table is not None
    without, state, other = replace(network, table=None), network.initial_state(), network.initial_state()
    for token in (3, 1, 3):
        logits, state = network.step([token], state)
        again, other = without.step([token], other)
        np.testing.assert_allclose(again, logits, atol=1e-14)


def test_dropping_the_cell_state_shows():
    """The negative control of the test above: an LSTM carries c too."""
    network = random_network(spec_of("lstm"))
    tokens = np.random.default_rng(2).integers(V, size=(1, 12))
    _, ((h, c),) = network.run(tokens[:, :5])
    without, _ = network.run(tokens[:, 5:], ((h, np.zeros_like(c)),))
    whole, _ = network.run(tokens)
    assert np.abs(without - whole[:, 5:]).max() > 1e-2


@pytest.mark.parametrize("cell", CELLS)
def test_a_large_vocabulary_is_not_tabled_and_gives_the_same(cell, monkeypatch):
    spec, tokens = spec_of(cell), np.arange(V)[None]
    with_table = random_network(spec)
    monkeypatch.setattr("pipeline.cells.replay.MAX_TABLE_NUMBERS", 0)
    without = random_network(spec)
    assert with_table.table is not None
    assert without.table is None
    np.testing.assert_allclose(with_table.run(tokens)[0], without.run(tokens)[0], atol=1e-14)


def test_a_closed_output_gate_silences_the_hidden_state():
    network = random_network(spec_of("lstm"))
    closed = network.trace([[1, 2, 3]], alter={0: lambda g: g._replace(output=0 * g.output)})
    assert np.all(closed.layers[0]["hidden"] == 0)
    assert np.any(closed.layers[0]["cell"] != 0)


def test_float32_stays_float32():
    network = random_network(spec_of("gru", layers=2), np.float32)
    logits, state = network.run([[1, 2]])
    assert logits.dtype == state[1][0].dtype == np.float32


def test_weights_of_another_configuration_are_refused():
    spec = spec_of("lstm")
    weights = [np.zeros(s) for s in spec.weight_shapes()]
    with pytest.raises(RunError, match="do not match"):
        network_from_weights(replace(spec, cell="gru"), weights)
    with pytest.raises(RunError, match="unknown cell 'lsmt'"):
        replace(spec, cell="lsmt")
    with pytest.raises(RunError, match="do not match"):
        network_from_weights(spec, weights[:-1])
    with pytest.raises(RunError, match="units missing"):
        NetworkSpec.from_json({key: value for key, value in spec.to_json().items() if key != "units"})


def test_a_specification_survives_json():
    spec = replace(spec_of("gru", tied=True), dropout=0.3, conditions=2)
    assert NetworkSpec.from_json(spec.to_json()) == spec
    assert NetworkSpec.from_json({**spec.to_json(), "made_by": "a later version"}) == spec
    with pytest.raises(RunError, match="missing"):
        NetworkSpec.from_json([])
