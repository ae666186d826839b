"""Scenes of the lessons hold the numbers that the cells compute, a row a step; the course is in an order that works."""

import numpy as np
import pytest

from dashboard.lessons import descent, scenes
from dashboard.lessons.course import COURSE, PARTS
from dashboard.lessons.scenes import Scene
from dashboard.lessons.study import Setting, leaves, line_of, read_line
from dashboard.navigation import LESSONS
from pipeline.cells.bptt import cost_and_gradients
from pipeline.learn.architectures import ARCHITECTURES

LINE = "La nuit tombe sur la ville"


@pytest.fixture(scope="module")
def model():
    return ARCHITECTURES["classic"].load()


@pytest.fixture(scope="module")
def way(model):
    return scenes.way_of_line(model.networks["lstm"], model.vocabulary, LINE)


def rows_of(scene: Scene) -> list[int]:
    """How many steps each track has."""
    return [len(track["values"]) for part in scene.parts for track in part.tracks]


def test_the_course_is_that_of_the_menu_and_needs_what_comes_before() -> None:
    assert list(COURSE) == list(LESSONS)
    for number, (file, study) in enumerate(COURSE.items()):
        assert set(study.needs) <= set(COURSE) - {file}
        assert set(study.parts) <= set(PARTS)
        assert all(list(COURSE).index(need) < number for need in study.needs)
    assert {part for study in COURSE.values() for part in study.parts} == set(PARTS)
    assert {lesson for _, _, lesson in PARTS.values()} <= set(COURSE)


def test_the_map_reads_as_the_trained_network_does(model, way) -> None:
    tokens = np.array([[model.vocabulary.word2index["<song>"], *model.vocabulary.encode(LINE)]])
    logits, _ = model.networks["lstm"].run(tokens)
    np.testing.assert_allclose(way.logits, logits[0].T, atol=2e-5)
    assert way.symbols[1:] == tuple(LINE)
    np.testing.assert_allclose(way.loss, -np.log(way.y_hat[way.came, np.arange(len(way.came))]))


def test_a_guess_hangs_on_nothing_that_comes_later_and_a_step_helps(way) -> None:
    assert (np.triu(way.hangs, 1) == 0).all()
    np.testing.assert_allclose(way.hangs.max(axis=1), 1)
    assert np.log(way.after).mean() > -way.loss.mean()


def test_a_draw_falls_on_a_symbol_as_often_as_its_share() -> None:
    y_hat = np.tile([[0.2], [0.5], [0.3]], 4000)
    drawn, taken = scenes.draws(y_hat)
    np.testing.assert_allclose(np.bincount(taken) / 4000, [0.2, 0.5, 0.3], atol=0.02)
    assert (taken[drawn < 0.5] == 1).all()


def test_every_track_of_the_map_has_a_row_for_each_step(model, way) -> None:
    scene = scenes.map_scene(way, model.vocabulary.index2word)
    assert [part.lesson for part in scene.parts] == [lesson for *_, lesson in PARTS.values()]
    assert set(rows_of(scene)) == {len(scene.symbols)} == {len(LINE) + 1}


def test_the_cell_at_play_shows_the_states_and_bets_of_the_line() -> None:
    setting = Setting("rnn", 3, trained=20)
    scene, seen = scenes.cell_scene(LINE, setting), read_line(LINE, setting)
    tracks = {track["label"]: track for track in scene.parts[0].tracks if track["kind"] == "bars"}
    np.testing.assert_allclose(tracks["the state after: tanh(z)"]["values"], seen.a.T, atol=1e-5)
    np.testing.assert_allclose(np.tanh(tracks["the sum z"]["values"]), seen.a.T, atol=1e-4)
    np.testing.assert_allclose(tracks["the state before"]["values"][1:], seen.a.T[:-1], atol=1e-5)
    assert set(rows_of(scene)) == {len(LINE)}


def test_an_error_has_taught_at_the_end_what_its_gradient_is() -> None:
    setting, at = Setting("rnn", 5, trained=10), 12
    scene = scenes.walk_back_scene(LINE, setting, at)
    mask = np.zeros((1, len(LINE)))
    mask[0, at - 1] = 1
    whole = cost_and_gradients("rnn", leaves(LINE, setting), line_of(LINE).y, mask)[1]["dWaa"]
    taught = scene.parts[0].tracks[-1]["values"]
    assert taught[-1][1] == pytest.approx(np.linalg.norm(whole), abs=1e-5)
    assert set(rows_of(scene)) == {at}


def test_a_race_that_explodes_still_is_numbers() -> None:
    course = descent.Course(np.array([3.0, np.inf, np.nan]), np.array([1.0, np.inf]))
    scene = scenes.race_scene({"SGD": course})
    values = [value for track in scene.parts[0].tracks for row in track["values"] for value in row]
    assert np.isfinite(values).all()
    assert set(rows_of(scene)) == {3}
