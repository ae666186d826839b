"""What one takes along from a lesson is short, needs NumPy alone, runs, and ends with a check that holds."""

import re

import pytest

from dashboard.lessons.course import NUMBERS
from dashboard.lessons.take_along import SCRIPTS, script_of


@pytest.mark.parametrize("lesson", SCRIPTS)
def test_a_script_runs_and_its_check_holds(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = script_of(lesson, NUMBERS[lesson])
    lines = script.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 120
    assert set(re.findall(r"^(?:from|import) (\w+)", script, re.M)) == {"__future__", "typing", "numpy"}
    exec(compile(script, lesson, "exec"), {"__name__": "__main__"})
    out = capsys.readouterr().out
    assert len(out.splitlines()) > 1
    assert float(out.split("error ")[-1]) < 1e-7
