"""Scenes of the lessons hold the numbers that the cells compute, a row a step; the course is in an order that works."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import cache
from dashboard.components.lesson import lesson
from dashboard.lessons import (
    cell_scenes,
    diagrams,
    gates,
    named_units,
    scenes,
    self_attention,
    shapes,
    through_time,
)
from dashboard.lessons.cell_scenes import CellTrainingSetting
from dashboard.lessons.course import COURSE, MAP_PARTS
from dashboard.lessons.overrides import GATES, STATES, Override, parse_number_overrides, trace_cell, write_overrides
from dashboard.lessons.scenes import Scene
from dashboard.lessons.study import (
    Descent,
    NetworkSetting,
    encode_line,
    network_arrays,
    run_network,
    visible_symbol,
)
from dashboard.navigation import LESSONS
from pipeline.cells.activations import softmax
from pipeline.cells.bptt import cost_and_gradients, hidden_states, one_hot
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.core.translation import in_language
from pipeline.language.vocabulary import Vocabulary
from pipeline.learn import reply
from pipeline.learn.architectures import ARCHITECTURES

LINE = "La nuit tombe sur la ville"


@pytest.fixture(scope="module")
def model():
    return ARCHITECTURES["classic"].load()


@pytest.fixture(scope="module")
def trace(model):
    return scenes.trace_line(model.networks["lstm"], model.vocabulary, LINE)


def rows_of(scene: Scene) -> list[int]:
    """How many steps each track has."""
    return [len(track["values"]) for part in scene.parts for track in part.tracks if track["kind"] != "fold"]


def test_the_course_is_that_of_the_menu_and_needs_what_comes_before() -> None:
    assert list(COURSE) == list(LESSONS)
    for number, (file, study) in enumerate(COURSE.items()):
        assert set(study.needs) <= set(COURSE) - {file}
        assert set(study.parts) <= set(MAP_PARTS)
        assert all(list(COURSE).index(need) < number for need in study.needs)
    assert {part for study in COURSE.values() for part in study.parts} == set(MAP_PARTS)
    assert {lesson for _, _, lesson in MAP_PARTS.values()} <= set(COURSE)


def test_the_map_reads_as_the_trained_network_does(model, trace) -> None:
    tokens = np.array([[model.vocabulary.word2index["<song>"], *model.vocabulary.encode(LINE)]])
    logits, _ = model.networks["lstm"].run(tokens)
    np.testing.assert_allclose(trace.y_hat, softmax(logits[0].T), atol=2e-5)
    np.testing.assert_array_equal(trace.ids, tokens[0])
    np.testing.assert_allclose(trace.loss, -np.log(trace.y_hat[trace.came, np.arange(len(trace.came))]))


def test_a_run_of_the_visitor_is_read_as_it_reads_with_tied_weights_too() -> None:
    vocabulary = Vocabulary.from_counts(dict.fromkeys("abcdef ", 1), level="char")
    spec = NetworkSpec(cell="lstm", units=8, layers=1, embedding=5, tied=True, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(0)
    network = network_from_weights(spec, [rng.normal(0, 0.5, shape) for shape in spec.weight_shapes()])
    logits, _ = network.run(gates.tokens_of("abc fed", vocabulary)[None])
    y_hat = scenes.trace_line(network, vocabulary, "abc fed").y_hat
    assert y_hat == pytest.approx(softmax(logits[0].T.astype(float)), abs=1e-6)


def test_a_touch_of_the_map_shows_from_its_step_on(model, trace) -> None:
    unit = int(trace.shown[0])
    overridden = scenes.apply_overrides(trace, model.networks["lstm"], [Override("Γf", 9, unit, 0, 0.0)])
    scene = scenes.network_map_scene(overridden, model.vocabulary.index2word, trace)
    assert max(scene.moved[:8]) == 0 < max(scene.moved[8:])
    (gate,) = [track for track in scene.parts[2].tracks if track.get("touch", {}).get("name") == "Γf"]
    assert gate["values"][8][0] == 0 < gate["before"][8][0]
    lettered = scenes.trace_line(model.networks["lstm"], model.vocabulary, LINE, [Override("x", 3, 0, 0, 7.0)])
    assert lettered.ids[2] == 7
    assert (lettered.influence[:2] == trace.influence[:2]).all()
    assert (lettered.influence[5] != trace.influence[5]).any()


def test_a_guess_hangs_on_nothing_that_comes_later_and_a_step_helps(trace) -> None:
    assert (np.triu(trace.influence, 1) == 0).all()
    np.testing.assert_allclose(trace.influence.max(axis=1), 1)
    np.testing.assert_allclose(trace.update[:, 0], np.exp(-trace.loss))
    assert np.log(trace.update[:, 1]).mean() > -trace.loss.mean()


def test_a_draw_falls_on_a_symbol_as_often_as_its_share() -> None:
    y_hat = np.tile([[0.2], [0.5], [0.3]], 4000)
    drawn, taken = scenes.sample_symbols(y_hat)
    np.testing.assert_allclose(np.bincount(taken) / 4000, [0.2, 0.5, 0.3], atol=0.02)
    assert (taken[drawn < 0.5] == 1).all()


def test_every_track_of_the_map_has_a_row_for_each_step(model, trace) -> None:
    scene = scenes.network_map_scene(trace, model.vocabulary.index2word)
    assert [part.lesson for part in scene.parts] == [lesson for *_, lesson in MAP_PARTS.values()]
    assert set(rows_of(scene)) == {len(scene.symbols)} == {len(LINE) + 1}


def bars_of(part: scenes.ScenePart, name: str) -> dict:
    """The bars of a part whose first name this is."""
    return next(track for track in part.tracks if track["kind"] == "bars" and track["names"][0] == name)


def test_the_rnn_at_play_shows_the_states_and_guesses_of_the_line() -> None:
    setting = NetworkSetting("rnn", cell_scenes.RNN_UNITS, trained=cell_scenes.TRAINING_STEPS)
    scene, seen = cell_scenes.rnn_scene(LINE), run_network(LINE, setting)
    np.testing.assert_allclose(bars_of(scene.parts[2], "a1")["values"], seen.a.T, atol=1e-5)
    np.testing.assert_allclose(np.array(scene.parts[3].tracks[1]["values"])[:, 0], seen.y_hat.max(axis=0), atol=1e-5)
    assert set(rows_of(scene)) == {len(LINE)}
    assert max(scene.moved) == 0
    (bent,) = [node for node in scene.diagram["nodes"] if node["above"] == "a⟨t⟩"]
    np.testing.assert_allclose(bent["values"], seen.a.T, atol=1e-5)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_unit_at_play_is_that_of_the_trained_network(model, cell: str) -> None:
    network, unit = model.networks[cell], 5
    tokens = gates.tokens_of(LINE, model.vocabulary)
    held, came = scenes.to_bptt_arrays(network), np.append(tokens[1:], 2)
    scene = cell_scenes.unit_scene(cell, held, tokens, came, model.vocabulary.index2word, unit)
    traced = network.trace(tokens[None]).layers[-1]
    states = {
        "lstm": (("Γf", "forget"), ("c⟨t⟩", "cell"), ("a⟨t⟩", "hidden")),
        "gru": (("Γz", "update"), ("a⟨t⟩", "hidden")),
    }
    for label, name in states[cell]:
        (node,) = [node for node in scene.diagram["nodes"] if node["label"] == label]
        np.testing.assert_allclose(node["values"], traced[name][0, :, unit], atol=2e-5)
    assert set(rows_of(scene)) == {len(tokens)}


@pytest.mark.parametrize(
    "draw",
    [diagrams.draw_rnn, diagrams.draw_lstm, diagrams.draw_gru, diagrams.draw_self_attention, diagrams.draw_network_map],
)
def test_a_drawing_lights_something_in_each_of_its_parts(draw, model, trace) -> None:
    shipped = {"lstm": diagrams.draw_lstm, "gru": diagrams.draw_gru}
    if draw is diagrams.draw_rnn:
        scene = cell_scenes.rnn_scene(LINE)
    elif draw is diagrams.draw_network_map:
        scene = scenes.network_map_scene(trace, model.vocabulary.index2word)
    elif draw is diagrams.draw_self_attention:
        scene = self_attention.head_scene(LINE)
    else:
        cell = next(cell for cell, own in shipped.items() if own is draw)
        tokens = gates.tokens_of(LINE, model.vocabulary)
        held = scenes.to_bptt_arrays(model.networks[cell])
        scene = cell_scenes.unit_scene(cell, held, tokens, tokens, model.vocabulary.index2word, 5)
    pieces = [*scene.diagram["nodes"], *scene.diagram["wires"]]
    assert {piece["part"] for piece in pieces} == set(range(len(scene.parts)))
    assert {len(piece["values"]) for piece in pieces if piece["values"] is not None} == {len(scene.symbols)}
    assert scene.part < len(scene.parts)


@pytest.mark.parametrize("door", ["vector", "attention"])
def test_a_reply_is_drawn_as_it_was_written(door: str) -> None:
    replies = ARCHITECTURES["reply"].load()
    for line in ("la nuit", LINE):
        answer = reply.reply_to(replies, line, door)
        scene = shapes.seq2seq_scene(replies.networks[door], replies.vocabulary, answer.source, answer.reply)
        pieces = [*scene.diagram["nodes"], *scene.diagram["wires"]]
        assert {piece["part"] for piece in pieces} == set(range(len(scene.parts))) == {0, 1, 2, 3}
        assert {len(piece["values"]) for piece in pieces if piece["values"] is not None} == {len(answer.reply)}
        guesses = scene.parts[3].tracks[0]["names"][0]
        assert guesses == [visible_symbol(word) for word in answer.reply]  # the likeliest is what was written
        if door == "attention":
            (look,) = [track for track in scene.parts[2].tracks if track["kind"] == "bars"]
            np.testing.assert_allclose(look["values"], answer.weights, atol=1e-5)


def test_the_map_says_when_it_clips_and_where_a_share_falls(model, trace) -> None:
    said = scenes.network_map_scene(trace, model.vocabulary.index2word).parts[8].tracks[0]["values"]
    assert trace.norm > scenes.LIMIT
    assert all("it is clipped" in each for each in said)
    rises = trace.update[:, 1] > trace.update[:, 0]
    assert 0 < rises.sum() < len(rises)
    assert [" rises here" in each for each in said] == rises.tolist()
    calm = scenes.network_map_scene(trace._replace(norm=0.5), model.vocabulary.index2word).parts[8].tracks[0]["values"]
    assert all("it is not clipped" in each for each in calm)


def test_named_units_are_measured_on_texts_that_did_not_find_them(model) -> None:
    texts = ["la rue (la nuit) dort\n", "je (tu) marche\n", "et (la mer) monte\n", "la (ville) dort\n"] * 3
    found = named_units.find_named_units(model.networks["lstm"], model.vocabulary, texts)
    unit = found["brackets"]
    assert unit.low <= unit.correlation <= unit.high
    assert abs(unit.correlation) > 0.8
    assert unit.sections == len(texts) // 2
    states = np.tanh(
        model.networks["lstm"].trace(gates.tokens_of(texts[0][:-1], model.vocabulary)[None]).layers[-1]["cell"]
    )
    inside = named_units.character_features(texts[0])["brackets"][:-1]
    said = 1 - inside if unit.label == "outside brackets" else inside
    assert np.corrcoef(states[0, 1:, unit.unit], said)[0, 1] > 0.8, "a high value is what its label says"


@pytest.mark.parametrize(
    ("cell", "text", "name"),
    [("rnn", "a.5.1=1", "a"), ("lstm", "c.5.1=2", "c"), ("lstm", "Γf.5.1=0", "Γf"), ("gru", "Γz.5.1=1", "Γz")],
)
def test_an_override_is_read_and_nothing_before_it_moves(cell: str, text: str, name: str) -> None:
    held, ids = network_arrays(LINE, NetworkSetting(cell, 3, trained=20)), encode_line(LINE).ids[:-1]
    base, overridden = trace_cell(cell, held, ids), trace_cell(cell, held, ids, parse_number_overrides(text))
    moved = np.abs(overridden.y_hat - base.y_hat).sum(axis=1)
    assert (moved[:4] == 0).all()
    assert (moved[4:] > 0).any()
    assert overridden.values[name][4, 1] == float(text.partition("=")[2])
    if cell == "lstm":
        v = overridden.values
        np.testing.assert_allclose(v["a"], v["Γo"] * np.tanh(v["c"]), atol=1e-12)


def test_what_teachers_are_told_to_find_is_there() -> None:
    """The figures of docs/recipes/teachers.md, on the line that the pages begin with."""
    line = lesson.DEFAULT
    ids = encode_line(line).ids[:-1]
    model = ARCHITECTURES["classic"].load()
    unit, tokens = 5, gates.tokens_of(named_units.put_middle_word_in_brackets(line), model.vocabulary)
    at, close = (int(np.flatnonzero(tokens == model.vocabulary.word2index[sign])[0]) for sign in "()")
    trained = scenes.to_bptt_arrays(model.networks["lstm"])
    base = trace_cell("lstm", trained, tokens)
    held = trace_cell("lstm", trained, tokens, [Override("Γf", at + 1, unit, 0, 1.0)])
    found = [
        base.before["c"][at, unit],
        base.values["Γf"][at, unit],
        base.values["c"][at, unit],
        base.values["c"][close - 1, unit],
        base.values["c"][close, unit],
    ]
    np.testing.assert_allclose(found, [1.03, 0, 0, 0.10, 1.10], atol=0.005)
    assert held.values["c"][at : close - 1, unit] == pytest.approx(1.02, abs=0.006)
    closing = [trace.y_hat[at + 3, tokens[close]] for trace in (base, held)]
    assert closing == pytest.approx([0.226, 0.006], abs=0.001)
    whole, half = (
        through_time.state_jacobian_norms(line, NetworkSetting("rnn", 32, scale)).norms for scale in (1.0, 0.5)
    )
    assert whole[10] == pytest.approx(0.51, abs=0.005)
    assert half[5] == pytest.approx(0.03, abs=0.002)
    assert half[10] < 1e-3
    gated = [through_time.state_jacobian_norms(line, NetworkSetting("lstm", 32, forget_bias=b)) for b in (1.0, 3.0)]
    assert [reach.norms[-1] for reach in gated] == pytest.approx([0.196, 91.0], rel=0.01)
    left = cell_scenes.back_scene(line, len(line)).foot[0]["values"]
    assert (left[0][0], left[1][0], left[5][0], left[10][0]) == pytest.approx((1, 0.40, 0.017, 0.002), abs=5e-4)
    held = network_arrays(line, NetworkSetting("rnn", 3, trained=50))
    assert trace_cell("rnn", held, ids, parse_number_overrides("Waa.0.0.0=9")).values["a"][2:, 0] == pytest.approx(
        1.0, abs=5e-4
    )


def test_weights_and_letters_are_touched_too() -> None:
    held, ids = network_arrays(LINE, NetworkSetting("rnn", 3, trained=20)), encode_line(LINE).ids[:-1]
    overridden = trace_cell("rnn", held, ids, parse_number_overrides("Waa.0.0.1=0.5 x.3.0=2"))
    assert overridden.leaves["Waa"][0, 1] == 0.5 != held["Waa"][0, 1]
    moved = {**held, "Waa": overridden.leaves["Waa"], "x": one_hot(overridden.ids[None], len(held["by"]))}
    np.testing.assert_allclose(overridden.values["a"].T, hidden_states("rnn", moved)[0][:, 0], atol=1e-12)
    assert overridden.ids[2] == 2


@given(st.text(max_size=80))
@settings(max_examples=50)
def test_any_text_of_touches_can_be_played(text: str) -> None:
    overrides = parse_number_overrides(text)
    assert parse_number_overrides(write_overrides(overrides)) == overrides
    held, ids = network_arrays("la rue", NetworkSetting("gru", 2)), encode_line("la rue").ids[:-1]
    assert np.isfinite(trace_cell("gru", held, ids, overrides).y_hat).all()


@pytest.mark.parametrize(
    "text", ["a.99.0=1", "a.2.99=1", "x.1.0=99", "x.1.0=-1", "Wzz.0.0.0=1", "by.0.0.7=1", "Γf.1.0=1"]
)
def test_what_is_not_there_is_passed_over(text: str) -> None:
    held, ids = network_arrays(LINE, NetworkSetting("rnn", 3)), encode_line(LINE).ids[:-1]
    np.testing.assert_array_equal(
        trace_cell("rnn", held, ids, parse_number_overrides(text)).y_hat, trace_cell("rnn", held, ids).y_hat
    )


def test_a_panel_computes_what_a_visitor_overrides() -> None:
    """The sum of a step stays that of the cell; what was set by hand is said apart."""
    touches = parse_number_overrides("a.4.0=-1")
    told, plain = (cell_scenes.rnn_scene(LINE, own).parts[2].tracks[0]["values"][3] for own in (touches, ()))
    assert told == f"{plain}\nSet by hand: a1 = -1"


def test_a_gru_has_no_number_of_an_lstm() -> None:
    touches = parse_number_overrides("Γf.16.5=1 c.16.5=1 Γz.16.5=1 bf.0.5=1 a.2.1=0")
    assert [touch.name for touch in cell_scenes.overrides_of_cell("gru", touches)] == ["Γz", "a"]
    assert [touch.name for touch in cell_scenes.overrides_of_cell("lstm", touches)] == ["Γf", "c", "bf", "a"]


def test_every_value_of_a_cell_has_a_name() -> None:
    assert set(cell_scenes.LABELS) == {*GATES, *STATES}


def test_a_run_learns_the_line_and_each_switch_matters() -> None:
    runs = [
        CellTrainingSetting("rnn"),
        CellTrainingSetting("rnn", clipped=False),
        CellTrainingSetting("lstm"),
    ]
    scene = cell_scenes.compared_trainings_scene(LINE, [(str(run), run) for run in runs[:2]])
    assert set(rows_of(scene)) == {len(LINE)}
    trained = [cell_scenes.train_cell_on_line(LINE, run) for run in runs]
    for y_hat, _ in trained:
        np.testing.assert_allclose(y_hat.sum(axis=1), 1, atol=1e-6)
    last = [losses[-1] for _, losses in trained]
    assert last[0] < 0.1 < 3 < last[1]  # clipped, and not
    assert last[2] != last[0]


def test_a_head_looks_back_alone_and_needs_positions_for_order() -> None:
    seen = self_attention.apply_head("(la nuit tombe")
    np.testing.assert_allclose(seen.alpha.sum(axis=1), 1)
    ordered, unordered = self_attention.order_effect(LINE)
    assert unordered < 1e-12 < 1e-3 < ordered
    scene = self_attention.head_scene(LINE)
    assert set(rows_of(scene)) == {len(scene.symbols)}


def test_an_error_that_went_back_has_added_up_to_its_gradient() -> None:
    setting, at = NetworkSetting("rnn", cell_scenes.RNN_UNITS, trained=cell_scenes.TRAINING_STEPS), 12
    scene = cell_scenes.back_scene(LINE, at)
    mask = np.zeros((1, len(LINE)))
    mask[0, at - 1] = 1
    whole = cost_and_gradients("rnn", network_arrays(LINE, setting), encode_line(LINE).targets, mask)[1]["dWaa"]
    pieces = [*scene.diagram["nodes"], *scene.diagram["wires"]]
    (learnt,) = [piece for piece in pieces if piece["label"] == "‖∂E/∂Waa‖"]
    assert learnt["values"][-1] == pytest.approx(np.linalg.norm(whole), abs=1e-5)
    values = {piece["above"]: np.array(piece["values"]) for piece in pieces if piece.get("above")}
    np.testing.assert_allclose(values["dz⟨t⟩"], values["da⟨t⟩"] * values["1 − (a⟨t⟩)²"], atol=2e-5)
    np.testing.assert_array_equal(
        values["da⟨t⟩"][1:], values["da⟨t−1⟩"][:-1]
    )  # what leaves a step arrives at the one before
    assert scene.symbols == list(map(visible_symbol, LINE[at - 1 :: -1]))
    assert scene.backwards
    assert {piece["part"] for piece in pieces} == set(range(len(scene.parts)))
    own, loop = (np.array(piece["when"]) for piece in scene.diagram["wires"][:2])  # the guess, then the step after
    assert own.tolist() == [True] + [False] * (at - 1)
    assert (own != loop).all()
    assert set(rows_of(scene)) == {at}


def test_a_race_that_explodes_still_is_numbers() -> None:
    course = Descent([{"W": np.array([w])} for w in (0.0, 1.0, np.inf)], np.array([3.0, np.inf, np.nan]))
    scene = scenes.compare_optimisers({"SGD": course})
    first, *moved = scene.parts[0].tracks[2]["values"]
    assert first == [0]
    assert all(moved), "the last step moved the weights too"
    values = [value for track in scene.parts[0].tracks for row in track["values"] for value in row]
    assert np.isfinite(values).all()
    assert set(rows_of(scene)) == {3}


@pytest.mark.parametrize(
    ("top", "bottom", "ticks"), [(4.66, 0, "0 2 4"), (0.6, 0, "0 0.2 0.4 0.6"), (10, 0.01, "0.01 0.1 1 10")]
)
def test_a_curve_has_numbers_on_its_axis(top: float, bottom: float, ticks: str) -> None:
    track = scenes.animated_curves(["loss"], np.ones((3, 1)), top, x="step", bottom=bottom)
    assert [text for _, text in track["ticks"]] == ticks.split()
    assert [value for value, _ in track["ticks"]] == pytest.approx(list(map(float, ticks.split())))


def test_the_drawing_of_the_rnn_has_a_box_for_each_of_its_matrices() -> None:
    labels = {node["label"] for node in cell_scenes.rnn_scene(LINE).diagram["nodes"]}
    assert {"Wax ·", "Waa ·", "Wya ·"} <= labels


def test_a_scene_is_kept_for_each_language() -> None:
    """A visitor who reads French gets no scene that was drawn for one who reads English."""
    said = []
    for code in ("en", "fr", "en"):
        with in_language(code):
            said.append(str(cache.call(cell_scenes.rnn_scene, LINE)))
    assert "Reads" in said[0]
    assert said[0] == said[2] != said[1]
