"""Progress where nobody looks on: milestones alone, a line each."""

import pytest

from pipeline.commands.output import Progress


def test_a_log_holds_milestones_and_no_other_progress(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress(0.1, "step 50")
    progress.report_milestone(0.5, "valid 2.1\x1b[31m", loss=2.1)
    assert capsys.readouterr().err == " 50%  valid 2.1�[31m\n"


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    Progress(quiet=True).report_milestone(0.5, "valid 2.1")
    assert capsys.readouterr().err == ""
