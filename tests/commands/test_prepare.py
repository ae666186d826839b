"""A preparation that is cancelled is gone at once, whatever its threads still compute."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.processes import jobs

# `python -m pipeline …` whose first precomputed answer takes a minute
SLOW = """
import runpy, time
from dataclasses import replace

if __name__ == "__main__":
    from pipeline.analysis import methods
    from pipeline.commands import prepare

    prepare.LARGE_CORPUS_LINES = 1
    first, *others = methods.PRECOMPUTED_RESULTS
    methods.PRECOMPUTED_RESULTS = (replace(first, function=lambda corpus: time.sleep(60)), *others)
    runpy.run_module("pipeline", run_name="__main__", alter_sys=True)
"""


@pytest.mark.slow
def test_answers_that_are_computed_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "source.txt").write_text("Samedi soir\nJ'ai pas d'espoir\n" * 20)
    launcher = tmp_path / "python"
    launcher.write_text(f'#!/bin/sh\nshift 2\nexec "{sys.executable}" "{tmp_path}/slow.py" "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setattr(jobs.sys, "executable", str(launcher))
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    job = jobs.submit("prepare", "slow", ["prepare", str(tmp_path / "source.txt"), "--name", "slow"])
    until = time.monotonic() + 60
    while "transcribing the lines, 100%" not in (status := job.status()).message:
        assert time.monotonic() < until, status
        assert status.state in ("queued", "running"), status
        time.sleep(0.05)
    process = psutil.Process(status.pid)
    jobs.cancel(job)
    assert process.wait(10) == 130
    assert job.status().state == "cancelled"
