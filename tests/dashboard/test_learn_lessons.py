"""What the lessons compute, against other ways to compute it: the complex step, closed forms, NumPy by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import learn_data
from dashboard.charts import learn_curves
from dashboard.charts.label_placement import place_labels
from dashboard.lessons import (
    context_windows,
    descent,
    document,
    gates,
    glossary,
    series_play,
    steps,
    through_time,
    word_counting,
)
from dashboard.lessons.study import (
    END,
    LONGEST,
    NetworkSetting,
    clean_line,
    encode_line,
    likeliest,
    network_arrays,
    run_network,
)
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, initial_weights_and_states, parameter_count
from pipeline.cells.bugs import BUGS, LEAST_ERROR_OF_A_BUG
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward, dense_forward
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import NetworkSpec, network_from_weights
from tests.source_tree import ROOT

TEXT = "la rue est vide"
SMALL = NetworkSetting("rnn", 6, trained=5)


@given(st.text())
def test_any_text_becomes_one_short_line(text: str) -> None:
    line = clean_line(text)
    assert len(line) <= LONGEST
    assert line.isprintable()
    assert "  " not in line
    assert clean_line(line).strip() == line.strip()


@given(st.text(min_size=3, max_size=30).map(clean_line).filter(lambda t: len(t) >= 3))
@settings(max_examples=25)
def test_a_line_is_read_and_guessed_a_step_later(text: str) -> None:
    line = encode_line(text)
    assert line.inputs.shape == line.targets.shape == (len(line.alphabet), 1, len(text))
    assert [line.alphabet[i] for i in line.targets[:, 0].argmax(axis=0)] == [*text[1:], END]


def test_surprise_is_the_loss_and_starts_near_ln_v() -> None:
    setting = NetworkSetting("rnn", 32)
    seen = run_network(TEXT, setting)
    assert seen.surprisal.sum() == pytest.approx(
        float(cost("rnn", network_arrays(TEXT, setting), encode_line(TEXT).targets)), rel=1e-12
    )
    assert seen.surprisal.mean() == pytest.approx(np.log(len(encode_line(TEXT).alphabet)), rel=0.25)
    assert run_network(TEXT, setting._replace(trained=60)).surprisal.mean() < 0.5 * seen.surprisal.mean()
    names, shares = likeliest(seen.y_hat.T, encode_line(TEXT).alphabet)
    assert [len(best) for best in names] == [5] * len(TEXT)
    np.testing.assert_array_equal(shares[:, 0], seen.y_hat.max(axis=0))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_dimension_table_counts_what_there_is_to_learn(cell: str) -> None:
    table = steps.dimension_table(cell, 113, 32, 113, 8, 40)
    learnt = sum(int(row[3].replace(",", "")) for row in table if row[0].startswith(("W", "b")))
    assert learnt == parameter_count(cell, 113, 32, 113)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_every_symbol_has_the_shape_that_it_announces(cell: str) -> None:
    n, T = len(encode_line(TEXT).alphabet), len(TEXT)
    sizes = {"n_x": n, "n_y": n, "n_a": 4, "m": 1, "Tx": T, "Ty": T, "n_a + n_x": 4 + n, "1": 1}
    for symbol in glossary.symbols(cell, network_arrays(TEXT, NetworkSetting(cell, 4)), encode_line(TEXT).targets):
        assert symbol.value.shape == tuple(sizes[name] for name in symbol.shape.strip("()").split(", ")), symbol.name


def test_truncation_loses_what_later_errors_add_at_far_steps() -> None:
    setting, T = NetworkSetting("rnn", 6), len(TEXT)
    leaves = network_arrays(TEXT, setting)
    a, caches = hidden_states("rnn", leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])
    da = dense_backward(cross_entropy_backward(z, encode_line(TEXT).targets), a, leaves["Wya"]).da
    parts = np.zeros((T, T, *leaves["Waa"].shape))
    for t in range(T):
        back = da[:, :, t]
        for k in range(t, -1, -1):
            step = CELLS["rnn"].cell_backward(back, caches[k])
            back, parts[t, k] = step["da_prev"], step["dWaa"]
    whole = parts.sum(axis=(0, 1))
    np.testing.assert_allclose(whole, CELLS["rnn"].backward(da, caches)["dWaa"], atol=1e-12)
    lags = np.subtract.outer(np.arange(T), np.arange(T))
    lost = [np.linalg.norm(parts[(lags >= 0) & (lags <= tau)].sum(axis=0) - whole) for tau in range(T)]
    np.testing.assert_allclose(through_time.measure_truncation(TEXT, setting), lost / np.linalg.norm(whole), atol=1e-12)


@pytest.mark.parametrize(
    ("share", "text"), [(2000, "over ×1,000"), (28.1, "×28"), (0.027, "3%"), (0.0003, "0.03%"), (0, "under 0.001%")]
)
def test_what_is_left_of_an_error_has_one_digit(share: float, text: str) -> None:
    assert through_time.remaining_share_text(share) == text


def test_unused_columns_have_no_gradient() -> None:
    held, line = network_arrays(TEXT, NetworkSetting("rnn", 6)), encode_line(TEXT)
    gradient = cost_and_gradients("rnn", held, line.targets)[1]["dWax"]
    read = gradient.any(axis=0)
    assert [symbol for symbol, used in zip(line.alphabet, read, strict=True) if not used] == [END]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_check_on_a_line_is_within_its_tolerances(cell: str) -> None:
    checks = through_time.check_gradients(TEXT[:8], NetworkSetting(cell, 3, trained=3))
    assert max(check.complex_step for check in checks) <= 1e-12
    assert max(check.central for check in checks) <= 1e-6
    hs, central, stepped = through_time.error_curve(TEXT, SMALL)
    assert -6 <= round(np.log10(hs[central.argmin()])) <= -4  # a U
    assert stepped[-1] < 1e-12 < central[-1]


def test_every_bug_is_caught() -> None:
    assert len(BUGS) == 18
    assert all(descent.check_bug(bug.name) > LEAST_ERROR_OF_A_BUG for bug in BUGS)
    assert descent.check_bug("none") < 1e-9
    right, wrong = (descent.training_curve(TEXT, name, "rnn") for name in ("none", "error with the wrong sign"))
    assert right[-1] < right[0] < wrong[-1]
    assert len(right) == descent.STEPS + 1, "so that the last tick of the axis is the end of the curve"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_network_turned_is_the_one_drawn_so(cell: str) -> None:
    held, n = (
        network_arrays(TEXT, NetworkSetting(cell, 4, scale=1.7, forget_bias=3.0)),
        len(encode_line(TEXT).alphabet),
    )
    drawn = initial_weights_and_states(cell, n, 4, n, np.random.default_rng(0), scale=1.7, forget_bias=3.0)
    for name, leaf in drawn.items():
        moved = 2.0 if name == "bz" else 0.0  # Keras starts the gate of a GRU that keeps at 0, that of an LSTM at 1
        np.testing.assert_allclose(held[name], leaf + moved, rtol=1e-15, err_msg=name)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_an_untrained_gate_keeps_about_the_sigmoid_of_its_bias(cell: str) -> None:
    """The bias of Γf starts at 1, that of Γz at 0, and each setting moves it from there."""
    setting = NetworkSetting(cell, 32, forget_bias=1.0 if cell == "lstm" else 2.0)
    reach = through_time.state_jacobian_norms(TEXT, setting)
    assert reach.mean_gate == pytest.approx(1 / (1 + np.exp(-1)), abs=0.02)
    assert reach.gate_path[-1] ** (1 / len(TEXT)) > reach.mean_gate  # of the unit that keeps most


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_an_input_gradient_is_that_of_the_complex_step(cell: str) -> None:
    setting, t = NetworkSetting(cell, 4), 4
    held, line = network_arrays(TEXT, setting), encode_line(TEXT)
    mask = np.zeros((1, len(TEXT)))
    mask[0, t] = 1
    numeric = complex_step(lambda moved: cost(cell, moved, line.targets, mask), held, "x")
    expected = np.linalg.norm(numeric[:, 0, : t + 1], axis=0)
    assert scaled_error(through_time.input_gradient(TEXT, setting, t), expected) <= 1e-12


def test_the_published_echo_curve_begins_at_certainty() -> None:
    table = pd.read_csv(Path(through_time.__file__).parent / "echo.csv")
    assert (table.loc[table["lag"] == 1, "accuracy"] > 0.99).all()
    assert set(table["cell"]) == {"rnn", "lstm", "gru"}


@pytest.mark.parametrize("optimiser", ["SGD", "Momentum", "RMSprop", "Adam"])
def test_the_four_optimisers_all_learn(optimiser: str) -> None:
    rate = {"SGD": 0.05, "Momentum": 0.01, "RMSprop": 0.01, "Adam": 0.02}[optimiser]
    course = descent.train_with_optimiser(TEXT, NetworkSetting("rnn", 8), optimiser, rate, 40)
    assert course.loss[-1] < 0.7 * course.loss[0]
    assert len(course.loss) == len(course.update_norms) + 1


def test_the_detector_hears_an_explosion() -> None:
    assert descent.first_explosion([1.3, 1.25, 11.0]) == 2
    assert descent.first_explosion([2.0, float("nan")]) == 1
    assert descent.best_and_last_steps([2.0, 1.0, 1.1, 1.2], patience=2) == (1, 3)


def tiny_lstm() -> tuple:
    spec = NetworkSpec(cell="lstm", units=5, layers=1, embedding=4, tied=False, vocabulary_size=12)
    rng = np.random.default_rng(3)
    return network_from_weights(spec, [rng.normal(0, 0.6, s) for s in spec.weight_shapes()]), np.arange(3, 10)


def test_the_numbers_on_the_wires_agree() -> None:
    network, tokens = tiny_lstm()
    found = gates.trace_gates(network, tokens)
    cell = found["forget"][1:] * found["cell"][:-1] + found["input"][1:] * found["candidate"][1:]
    np.testing.assert_allclose(found["cell"][1:], cell, atol=1e-6)
    np.testing.assert_allclose(found["hidden"], found["output"] * np.tanh(found["cell"]), atol=1e-6)


def test_no_intervention_changes_nothing() -> None:
    network, tokens = tiny_lstm()
    plain = gates.continue_text(network, tokens, None, 20)
    never = gates.continue_text(network, tokens, gates.force_gate("forget", None, 0.0, at=99), 20)
    assert plain[0] == never[0]
    np.testing.assert_array_equal(plain[1], never[1])
    forced = gates.continue_text(network, tokens, gates.force_gate("forget", None, 0.0, at=None), 20)
    assert np.abs(forced[1] - plain[1]).max() > 1e-6


LINES = [np.array([5, 6, 7, 8, 9, 2]), np.array([5, 7, 2]), np.array([8, 2])]


def test_a_window_is_blind_beyond_its_edge() -> None:
    for k in (1, 3, 9):
        x, _ = context_windows.window_examples(LINES, k)
        assert len(x) == sum(max(0, len(line) - k) for line in LINES)
    network = learn_data.train_window(LINES, 2, steps=3, words=12)
    far, near = np.array([5, 6, 7, 8]), np.array([9, 6, 7, 8])
    np.testing.assert_array_equal(
        context_windows.predict(network, far[None, -2:]), context_windows.predict(network, near[None, -2:])
    )


def test_the_window_network_learns_by_the_same_functions() -> None:
    weights = learn_data.train_window(LINES, 2, steps=2, words=12)._asdict()
    x, y = learn_data.padded_examples(LINES, 2)
    ours = learn_data.window_gradients(weights, x, y)
    for name in ("W1", "b2", "embedding"):
        numeric = complex_step(lambda moved: learn_data.window_loss(moved, x, y), weights, name)
        assert scaled_error(ours[f"d{name}"], numeric) <= 1e-12


def test_words_of_lines_become_classes_of_a_series() -> None:
    ids, edges = series_play.bin_values(np.array([3, 4, 5, 6, 7, 8, 9, 10]), 4)
    assert ids.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert len(edges) == 3
    pattern = [np.tile([0, 1, 2], 12) for _ in range(20)]
    found = series_play.evaluate_forecast(pattern, 3, 6, steps=60)
    assert series_play.median_class_per_row(found.p).tolist() == found.sequence[1:].tolist()
    assert found.network < 0.3 < found.majority  # a cycle is learnt; its last value alone tells it too
    np.testing.assert_allclose(found.p.sum(axis=1), 1, atol=1e-12)


def test_costs_count_vocabulary_and_parameters() -> None:
    characters, words, embedded = word_counting.input_encoding_costs(100, 2000, 16, 8)
    assert (characters.width, words.width, embedded.width) == (100, 2000, 8)
    assert words.parameters == parameter_count("rnn", 2000, 16, 2000)
    assert embedded.parameters == 2000 * 8 + parameter_count("rnn", 8, 16, 2000)


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(0.33, 2.1, "0.1 0.2 0.5 1 2 5 10 20 50"), (0.03, 1, "0.01 0.02 0.05 0.1 0.2 0.5 1 2 5")]
)
def test_a_log_axis_of_few_decades_has_numbers_to_read(low: float, high: float, shown: str) -> None:
    figure = learn_curves.line_chart({"cost": ([1, 2], [low, high])}, x="x", y="y", log=True)
    assert list(figure.layout.yaxis.ticktext) == shown.split()
    wide = learn_curves.line_chart({"cost": ([1, 2], [1e-9, 1])}, x="x", y="y", log=True)
    assert wide.layout.yaxis.tickvals is None


def test_names_on_the_map_do_not_cover_each_other() -> None:
    points = np.random.default_rng(0).normal(size=(60, 2))
    sides = place_labels(points, ["couplet"] * 60)
    assert sides[0], "the word itself is always named"
    assert 5 < sum(map(bool, sides)) < 60, "a crowd leaves some without a name"
    assert all(place_labels(np.array([[0.0, 0.0], [1.0, 1.0]]), ["nuit", "jour"]))


def test_examples_with_the_fewest_unknown_words_come_first() -> None:
    x, y = context_windows.clearest_examples(np.array([[1, 5], [6, 7], [8, 9]]), np.array([4, 1, 4]), count=2)
    assert x.tolist() == [[8, 9], [1, 5]]
    assert y.tolist() == [4, 4]


def test_one_one_a_column() -> None:
    hot, kinds = word_counting.one_hot_sentence(np.array([7, 5, 7]))
    assert hot.sum(axis=0).tolist() == [1, 1, 1]
    assert kinds.tolist() == [5, 7]


def test_tokens_go_there_and_back() -> None:
    from pipeline.language.tokens import tokenise

    text = "J'reviens du seize, t'as peut-être raison"
    assert tokenise(word_counting.tokenise_and_rejoin(text)) == tokenise(text)
    assert word_counting.compare_tokenisers(text)[0][1] == tokenise(text)
    assert " " not in word_counting.compare_tokenisers(text)[-1][1]  # a space is shown as a sign


def test_every_source_says_what_is_here_and_what_differs() -> None:
    text = (ROOT / "docs" / "lesson_sources.md").read_text("utf-8")
    (_, *errata), (_, *sources) = (block.cells for block in document.parse(text) if block.kind == "table")
    assert len(sources) >= 8
    assert all(len(source) == 3 and all(source) for source in sources)
    assert [number for number, *_ in errata] == [str(n) for n in range(1, 16)]
