"""Exercises take what is right however it is written, refuse what is not, and keep what came of it."""

import re
from pathlib import Path

import numpy as np
import pytest

from dashboard.components.lesson.exercise import HINTS
from dashboard.lessons import document
from dashboard.lessons.calculator import calculate
from dashboard.lessons.document import parse, split_parts
from dashboard.lessons.exercises import (
    HINT_AFTER,
    WAY_AFTER,
    Attempt,
    Exercise,
    exercises_of,
    progress_sheet,
    read_progress,
    write_progress,
)
from dashboard.navigation import LESSONS
from pipeline.core.errors import SettingError
from pipeline.core.translation import LANGUAGES, in_language

TEXTS = Path(document.__file__).parents[1] / "texts"


def exercises(code: str, lesson: str) -> dict[str, Exercise]:
    return exercises_of(parse((TEXTS / code / f"{lesson}.md").read_text("utf-8")), lesson)


ALL = {name: exercise for lesson in LESSONS for name, exercise in exercises("en", lesson).items()}


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_lesson_asks_two_to_four_and_both_languages_the_same(lesson: str) -> None:
    ours, theirs = (list(exercises(code, lesson).values()) for code in LANGUAGES)
    assert len(ours) in (2, 3, 4)
    for one, other in zip(ours, theirs, strict=True):
        assert one.kind == other.kind
        if one.kind == "choice":
            assert one.options.index(one.solution) == other.options.index(other.solution)
            assert len(one.options) == len(other.options)
        else:
            assert one.answer == other.answer
        assert one.question != other.question


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_formula_stands_open_beside_a_line_of_numpy_to_write(lesson: str) -> None:
    for part in split_parts(parse((TEXTS / "en" / f"{lesson}.md").read_text("utf-8")))[1]:
        asked = any(exercise.kind == "numpy" for exercise in exercises_of(part, lesson).values())
        assert not (asked and any(block.kind == "formula" for block in part))


@pytest.mark.parametrize("name", ALL)
def test_an_exercise_takes_its_own_answer_and_no_other(name: str) -> None:
    exercise = ALL[name]
    assert exercise.check(exercise.solution)
    others = {
        "number": lambda: "7777",
        "shape": lambda: "9 9 9 9",
        "choice": lambda: next(option for option in exercise.options if option != exercise.solution),
        "numpy": lambda: next(iter(exercise.array_shapes)),
    }
    other = others[exercise.kind]()
    assert not exercise.check(other)


def asked(kind: str, answer: str) -> Exercise:
    return Exercise("?", kind, answer, "hint", "way")  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["0.25", "0,25", " 1/4 ", ".252", "25 %", "2.5e-1"])
def test_a_number_is_read_in_either_language(given: str) -> None:
    for code in LANGUAGES:
        with in_language(code):
            assert asked("number", "1/4 ± 0.005").check(given)


def test_thousands_stand_as_they_are_written() -> None:
    assert asked("number", "320000").check("320,000")
    with in_language("fr"):
        assert asked("number", "320000").check("320\u202f000")
        assert not asked("number", "320000").check("320,000")


@pytest.mark.parametrize("given", ["(3, 1)", "3x1", "3 × 1", "[3 1]"])
def test_a_shape_is_its_sizes_in_order(given: str) -> None:
    assert asked("shape", "3 1").check(given)
    assert not asked("shape", "1 3").check(given)


@pytest.mark.parametrize("given", ["W@a + b", "b + np.matmul(W, a)", "np.add(np.dot(W, a), b)"])
def test_a_line_of_numpy_is_right_if_it_gives_the_same(given: str) -> None:
    exercise = asked("numpy", "W @ a + b where W 3 4, a 4 1, b 3 1")
    assert exercise.check(given)
    assert not exercise.check("W @ a - b")
    assert not exercise.check("(W @ a + b).T")


@pytest.mark.parametrize(
    "given", ["__import__('os').system('true')", "a.__class__", "W @", "np.zeros(10**9)", "x" * 999]
)
def test_a_line_is_read_and_never_run(given: str) -> None:
    with pytest.raises(SettingError):
        asked("numpy", "W @ a where W 3 4, a 4 1").check(given)


@pytest.mark.parametrize("given", ["", "two", "b", "[1, 2]", "1/0", "1/", "__import__"])
def test_what_is_no_number_is_said_without_a_list_of_functions(given: str) -> None:
    with pytest.raises(SettingError, match="not a number"):
        asked("number", "2").check(given)


@pytest.mark.parametrize("given", ["", "?", "three by one"])
def test_what_is_no_shape_is_said(given: str) -> None:
    with pytest.raises(SettingError):
        asked("shape", "3 1").check(given)


@pytest.mark.parametrize(
    "given", ["np.softmax(1)", "np.softmax(W, 7)", "q", "np.q(W)", "np.multiply(W, 0, W)", "np.clip(W, 0, 1, W)"]
)
def test_what_numpy_cannot_do_is_said_and_changes_no_input(given: str) -> None:
    W = np.ones((3, 4))
    try:
        calculate(given, {"W": W})
    except SettingError:
        assert given != "np.softmax(1)"
    assert (W == 1).all()


def test_a_wrong_line_does_not_pass_by_overwriting_what_it_is_compared_with() -> None:
    exercise = asked("numpy", "da * (1 - a**2) where da 4 1, a 4 1")
    with pytest.raises(SettingError):
        exercise.check("np.multiply(da, 0, da)")


@pytest.mark.parametrize("name", ALL)
def test_no_label_of_an_answer_is_an_answer(name: str) -> None:
    exercise = ALL[name]
    label = HINTS[exercise.kind]
    numbers = re.findall(r"[\d./×*]+", label)
    assert not any(exercise.kind == "number" and exercise.check(number) for number in numbers)


def test_help_comes_after_misses() -> None:
    assert [Attempt(n).help for n in range(WAY_AFTER + 1)] == ["", "", "hint", "hint", "way"]
    assert Attempt(HINT_AFTER, solved=True).help == "way"


def test_progress_goes_there_and_back() -> None:
    progress = {"learn_rnn-1": Attempt(3, solved=True), "learn_rnn-2": Attempt(1)}
    assert read_progress(write_progress(progress), ALL) == progress


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"exercises": 3}', '{"exercises": {"learn_rnn-1": {"misses": "x"}}}', "[" * 99_999]
)
def test_a_file_that_holds_no_progress_is_said(text: str) -> None:
    with pytest.raises(SettingError, match="not a progress file"):
        read_progress(text, ALL)


def test_a_file_of_others_brings_only_what_is_known() -> None:
    text = '{"exercises": {"learn_rnn-1": {"misses": -5, "solved": 1}, "<b>": {"misses": 1, "solved": true}}}'
    assert read_progress(text, ALL) == {"learn_rnn-1": Attempt(0, solved=False)}


def test_the_sheet_has_a_row_for_each_exercise() -> None:
    rows = progress_sheet({"learn_rnn-1": Attempt(2, solved=True)}, dict(LESSONS), ALL).splitlines()
    assert len(rows) == 1 + len(ALL)
    assert sum(",2,yes," in row for row in rows) == 1
