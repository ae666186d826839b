"""Jobs run, fail, wait, are cancelled and are found dead, with a stand-in for the pipeline's commands."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.core import translation
from pipeline.core.errors import SeizeError, Sentence, SettingError
from pipeline.processes import jobs
from tests.stopped_calls import KILLED, stop_at_each_call

PYTHON = sys.executable  # jobs are started with a stand-in
STAND_IN = """
import sys, time
from pipeline.processes.jobs import Reporter
r = Reporter()
what = sys.argv[1]
if what == "work":
    r.report_progress(0.5, "half", loss=1.5)
    r.report_end("done")
elif what == "die":
    sys.exit("no space left")
else:
    r.report_progress(0.1, "long", loss=2.0)
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


def wait_until_gone(job: jobs.Job) -> None:
    while jobs.is_locked(job.folder):
        time.sleep(0.01)


def test_a_job_reports_and_ends() -> None:
    job = jobs.submit("train", "A run", ["work"], {"name": "x"})
    assert wait_for(job, "done").share == 1
    assert [step["loss"] for step in job.progress()] == [1.5]
    assert jobs.list_jobs() == [job]


def test_a_message_is_told_in_the_language_of_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"song {done} of {of}": "morceau {done} sur {of}", "Starting": "Démarrage"}
    monkeypatch.setattr(translation, "_catalogue", lambda code: said)
    message = Sentence("song {done} of {of}", done=3, of=40)
    jobs.write_status(tmp_path, jobs.Status("done", message=message))
    read = jobs.read_status(tmp_path)
    with translation.in_language("fr"):
        assert (read.translated_message, read.message) == ("morceau 3 sur 40", "song 3 of 40")
    assert read.translated_message == "song 3 of 40"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ('"half {x}"', "half {x}"),
        ("null", ""),
        ('{"template": "{a"}', ""),
        ('{"template": "{x}", "values": {"y": 1}}', ""),
    ],
)
def test_a_damaged_message_is_none(message: str, text: str, tmp_path: Path) -> None:
    (tmp_path / jobs.STATUS).write_text(f'{{"state": "done", "message": {message}}}')
    with translation.in_language("fr"):
        assert jobs.read_status(tmp_path).translated_message == text


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
    jobs.start_next_job("train")
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
    with pytest.raises(SettingError, match="queued already"):
        jobs.submit("train", "3", ["work"])


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "content",
    ["", "[]", "\x00" * 100, '{"state": "dancing", "share": "x", "pid": "y"}', None],
    ids=["empty", "a list", "zeros", "other values", "missing"],
)
@pytest.mark.parametrize("file", ["status.json", "job.json", "progress.jsonl"])
def test_a_damaged_file_is_read_as_missing(content: str | None, file: str) -> None:
    running = jobs.submit("train", "1", ["long"])
    wait_for_message(running, "long")
    waiting = jobs.submit("train", "2", ["work"])
    ended = jobs.submit("import", "3", ["work"])
    wait_for(ended, "done")
    wait_until_gone(ended)
    for job in (running, waiting, ended):
        if content is None:
            (job.folder / file).unlink(missing_ok=True)
        else:
            (job.folder / file).write_text(content)
        job.progress()
    assert waiting.status().state == "queued"
    assert running.status().state == "running"
    assert ended.status().state == ("failed" if file == "status.json" else "done")  # nobody knows how it ended
    os.killpg(jobs._children[running.id].pid, signal.SIGKILL)
    wait_for(running, "failed")
    jobs.start_next_job("train")
    if file != "job.json":  # what was asked is not known any more
        wait_for(waiting, "done")
        wait_until_gone(waiting)  # as it ends it may start the next one, without our stand-in
    last = jobs.submit("train", "4", ["work"])
    wait_for(last, "done")


def test_the_older_job_goes_first_though_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    running = jobs.submit("train", "1", ["long"])
    older = jobs.submit("train", "2", ["work"])
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() - 3600)
    newer = jobs.submit("train", "3", ["work"])
    assert [job.id for job in jobs.list_jobs("train")] == [running.id, older.id, newer.id]


def test_another_process_of_the_same_id_is_not_the_job() -> None:
    job = jobs.submit("train", "A run", ["die"])
    wait_for(job, "failed")
    jobs.write_status(job.folder, jobs.Status("running", pid=os.getpid()))
    assert job.status().state == "failed"
    jobs.cancel(job)  # sends no signal to this process


def test_a_job_is_cancelled_before_it_listens(tmp_path: Path) -> None:
    """The real command line this time: it asks before it begins."""
    (tmp_path / jobs.CANCEL).touch()
    environment = {**os.environ, jobs.ENVIRONMENT: str(tmp_path)}
    command = [PYTHON, "-m", "pipeline", "phones", "rue"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert jobs.read_status(tmp_path).state == "cancelled"


def test_a_full_disk_is_one_sentence() -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(SeizeError, match=r"The jobs in .* cannot be changed \(File too large\)"):
            jobs.submit("train", "1", ["work"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert jobs.list_jobs() == []
    assert wait_for(jobs.submit("train", "2", ["work"]), "done")


def submit_waiting_job(folder: Path) -> None:
    """Submit a job to the queue in a folder, as if another one were running."""
    os.environ["SEIZE_JOBS"] = str(folder)
    start, jobs._start_process = jobs._start_process, lambda job: None
    jobs.submit("train", "waiting", ["work"])
    jobs._start_process = start


def report_as_job(folder: Path) -> None:
    job = jobs.list_jobs("train")[0]
    lock = jobs.take_lock(job.folder)
    os.environ[jobs.ENVIRONMENT] = str(job.folder)
    reporter = jobs.Reporter()
    reporter.report_progress(0.5, "half", loss=1.5)
    reporter.report_end("done")
    assert lock is not None


@pytest.mark.parametrize(
    ("act", "prepare"),
    [
        (
            lambda folder: jobs.submit("train", "new", ["work"]),
            lambda folder: os.environ.update(SEIZE_JOBS=str(folder)),
        ),
        pytest.param(lambda _: jobs.cancel(jobs.list_jobs("train")[0]), submit_waiting_job, marks=pytest.mark.slow),
        pytest.param(report_as_job, submit_waiting_job, marks=pytest.mark.slow),
    ],
    ids=["submit", "cancel", "report"],
)
def test_killed_between_any_two_steps_no_job_waits_for_ever(
    act, prepare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = tmp_path / "quick"
    launcher.write_text("#!/bin/sh\nsleep 0.02\n")
    launcher.chmod(0o755)
    monkeypatch.setattr(jobs.sys, "executable", str(launcher))
    ends = stop_at_each_call(act, tmp_path / "at", prepare)
    assert len(ends) > 10
    assert set(ends) == {KILLED, 0}
    for number in range(1, len(ends) + 1):
        monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "at" / str(number)))
        until = time.monotonic() + 10
        while busy := [job for job in jobs.list_jobs() if job.status().state in ("queued", "running")]:
            assert time.monotonic() < until, f"killed at call {number}: {busy[0].status()}"
            jobs.start_next_job("train")
            time.sleep(0.005)
        for job in jobs.list_jobs():
            json.loads((job.folder / "status.json").read_text())
