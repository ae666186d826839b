"""Jobs run, fail, wait, are cancelled and are found dead, with a stand-in for the pipeline's commands."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.errors import SettingError

STAND_IN = """
import sys, time
from pipeline.jobs import Reporter
r = Reporter()
what = sys.argv[1]
if what == "work":
    r.step(0.5, "half", loss=1.5)
    r.end("done")
elif what == "die":
    sys.exit("no space left")
else:
    r.step(0.1, "long", loss=2.0)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)
    launcher = tmp_path / "python"
    launcher.write_text(f'#!/bin/sh\nshift 2\nexec "{sys.executable}" "{script}" "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setattr(jobs.sys, "executable", str(launcher))
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    yield
    for job in jobs.list_jobs():
        jobs.cancel(job)
    for child in jobs._children.values():
        child.kill()
        child.wait()
    jobs._children.clear()


def wait_for(job: jobs.Job, *states: str, seconds: float = 20) -> jobs.Status:
    until = time.monotonic() + seconds
    while (status := job.status()).state not in states:
        assert time.monotonic() < until, f"still {status}"
        time.sleep(0.05)
    return status


def wait_for_message(job: jobs.Job, message: str) -> jobs.Status:
    until = time.monotonic() + 20
    while (status := job.status()).message != message:
        assert time.monotonic() < until, f"still {status}"
        time.sleep(0.05)
    return status


def test_a_job_reports_and_ends() -> None:
    job = jobs.submit("train", "A run", ["work"], {"name": "x"})
    assert wait_for(job, "done").share == 1
    assert [step["loss"] for step in job.progress()] == [1.5]
    assert jobs.find_job(job.id) == job


def test_a_process_that_dies_has_failed_with_its_last_words() -> None:
    job = jobs.submit("train", "A run", ["die"])
    assert wait_for(job, "failed").message == "The process stopped. no space left"


def test_one_of_a_kind_at_a_time_and_the_next_starts_by_itself() -> None:
    first = jobs.submit("train", "1", ["long"])
    second = jobs.submit("train", "2", ["work"])
    other = jobs.submit("import", "3", ["work"])
    assert wait_for(other, "done")
    assert second.status().state == "queued"
    wait_for_message(first, "long")
    jobs.cancel(first)
    wait_for(first, "failed", "cancelled")
    jobs.refresh("train")
    assert wait_for(second, "done")


def test_a_killed_process_is_not_taken_for_running() -> None:
    job = jobs.submit("train", "A run", ["long"])
    status = wait_for_message(job, "long")
    os.kill(status.pid or 0, signal.SIGKILL)
    assert wait_for(job, "failed").share == 0.1


def test_a_queued_job_that_is_cancelled_never_starts() -> None:
    jobs.submit("train", "1", ["long"])
    second = jobs.submit("train", "2", ["work"])
    jobs.cancel(second)
    assert second.status().state == "cancelled"
    assert not (second.folder / "output.log").exists()


def test_the_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WAITING_LIMIT", 1)
    jobs.submit("train", "1", ["long"])
    jobs.submit("train", "2", ["work"])
    with pytest.raises(SettingError, match="waiting already"):
        jobs.submit("train", "3", ["work"])
