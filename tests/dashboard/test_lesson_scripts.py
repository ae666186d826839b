"""What one takes along from a lesson is short, needs NumPy alone, runs, and ends with a check that holds."""

import re

import pytest

from dashboard.lessons.course import LESSON_NUMBERS
from dashboard.lessons.lesson_scripts import SCRIPTS, numpy_script_of_lesson


def test_every_lesson_goes_along() -> None:
    assert list(SCRIPTS) == list(LESSON_NUMBERS)


@pytest.mark.parametrize("lesson", SCRIPTS)
def test_a_script_is_short_and_needs_little(lesson: str) -> None:
    script = numpy_script_of_lesson(lesson, LESSON_NUMBERS[lesson])
    lines = script.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 130
    imported = set(re.findall(r"^(?:from|import) (\w+)", script, re.M))
    assert imported == {"__future__", "typing", "numpy"}


@pytest.mark.parametrize("lesson", SCRIPTS)
def test_a_script_runs_and_its_check_holds(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(numpy_script_of_lesson(lesson, LESSON_NUMBERS[lesson]), lesson, "exec"), {"__name__": "__main__"})
    out = capsys.readouterr().out
    assert len(out.splitlines()) > 1
    assert float(out.split("error ")[-1]) < 1e-7
