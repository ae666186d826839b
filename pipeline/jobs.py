"""Long work as subprocesses, each with a folder that says how it goes. Knows nothing of what the work is.

    data/jobs/<id>/
        job.json        what was asked: title, kind, command, when
        status.json     state, share done, message, pid and its start time; replaced atomically
        progress.jsonl  one JSON object for every step that the work reported
        output.log      what it printed

A job is `python -m pipeline …` in a process session of its own: it outlives the page, the browser and the server.
Jobs of one kind run one after another, in the order they were asked for; `refresh` starts the next one.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import psutil

from pipeline.errors import SeizeError, SettingError
from pipeline.paths import checked_name, jobs_folder

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENVIRONMENT = "SEIZE_JOB"  # tells the subprocess its folder
WAITING_LIMIT = 20  # a queue longer than this is a mistake or an attack
# What script/server sets for many small requests; a training wants all cores and its threads their own heaps.
_SERVER_ONLY = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MALLOC_ARENA_MAX")
_GRACE = 60.0  # seconds that a fresh process has to speak for the first time, on a busy machine

_children: dict[str, subprocess.Popen[bytes]] = {}  # started by this process: to be reaped when they end


@dataclass(frozen=True)
class Status:
    """How a job goes. `share` is 0 to 1; `started` is the start time of process `pid`, so a reused pid is not ours."""

    state: State
    share: float = 0.0
    message: str = ""
    pid: int | None = None
    started: float | None = None
    updated: float = 0.0


@dataclass(frozen=True)
class Job:
    """A job as it was asked for. `kind` names its queue, `about` is for whoever shows it."""

    id: str
    kind: str
    title: str
    command: tuple[str, ...]
    created: float
    about: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return jobs_folder() / self.id

    def status(self) -> Status:
        """The present state; a job whose process died without a word has failed."""
        status = Status(**_read(self.folder / "status.json"))
        if status.state == "running" and not _alive(self, status):
            status = Status(**_read(self.folder / "status.json"))  # it may have ended between the two looks
            if status.state == "running":
                status = replace(status, state="failed", message=f"The process stopped. {self._last_words()}".strip())
                _write(self.folder / "status.json", asdict(status))
        return status

    def progress(self) -> list[dict[str, Any]]:
        """Every step reported so far, in order."""
        return list(_read_lines(self.folder / "progress.jsonl"))

    def _last_words(self) -> str:
        try:
            lines = (self.folder / "output.log").read_text("utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def submit(kind: str, title: str, command: Sequence[str], about: Mapping[str, Any] | None = None) -> Job:
    """Queue `python -m pipeline *command` and start it as soon as its kind is free. Raises SettingError when full."""
    if sum(job.status().state == "queued" for job in list_jobs(kind)) >= WAITING_LIMIT:
        raise SettingError(f"{WAITING_LIMIT} jobs are waiting already: let some finish, or cancel them.")
    now = time.time()
    job = Job(f"{int(now * 1000)}-{secrets.token_hex(3)}", kind, title, tuple(command), now, dict(about or {}))
    job.folder.mkdir(parents=True)
    _write(job.folder / "status.json", asdict(Status("queued", updated=now)))
    (job.folder / "queued").touch()
    _write(job.folder / "job.json", asdict(job))  # last: a folder with it is complete
    refresh(kind)
    return job


def list_jobs(kind: str | None = None) -> list[Job]:
    """All jobs, oldest first."""
    folders = sorted(path.parent for path in jobs_folder().glob("*/job.json"))
    jobs = (_load(folder) for folder in folders)
    return [job for job in jobs if job is not None and kind in (None, job.kind)]


def find_job(identity: str) -> Job:
    """The job with this id. Raises SeizeError when there is none."""
    job = _load(jobs_folder() / checked_name(identity))
    if job is None:
        raise SeizeError(f"There is no job {identity!r}: it may have been removed.")
    return job


def refresh(kind: str) -> None:
    """Start the oldest queued job of `kind` when none of that kind runs."""
    jobs = list_jobs(kind)
    if any(job.status().state == "running" for job in jobs):
        return
    for job in jobs:
        if job.status().state == "queued" and _claim(job):
            _start(job)
            return


def cancel(job: Job) -> None:
    """Ask a job to stop: a queued one never starts, a running one is sent SIGTERM and keeps what it has."""
    status = job.status()
    if status.state == "queued" and _claim(job):
        _write(job.folder / "status.json", asdict(Status("cancelled", updated=time.time())))
    elif status.state == "running" and status.pid is not None and _alive(job, status):
        os.killpg(status.pid, signal.SIGTERM)


class Reporter:
    """Held by the subprocess: writes its progress and its end into its folder; does nothing outside a job."""

    def __init__(self) -> None:
        folder = os.environ.get(ENVIRONMENT)
        self._folder = Path(folder) if folder else None
        self._last = 0.0

    @property
    def in_job(self) -> bool:
        """Whether this process is a job."""
        return self._folder is not None

    def step(self, share: float, message: str, **figures: Any) -> None:
        """Report how far the work is; messages without figures are thinned to five a second."""
        now = time.time()
        if self._folder is None or (not figures and now - self._last < 0.2 and share < 1):
            return
        self._last = now
        if figures:
            with (self._folder / "progress.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"share": share, "time": now, **figures}, default=float) + "\n")
        self._update("running", share, message)

    def end(self, state: State, message: str = "") -> None:
        """Report the end and let the next job of the queue start."""
        if self._folder is not None:
            self._update(
                state, 1.0 if state == "done" else Status(**_read(self._folder / "status.json")).share, message
            )
            if job := _load(self._folder):
                refresh(job.kind)

    def _update(self, state: State, share: float, message: str) -> None:
        assert self._folder is not None
        status = Status(state, share, message, os.getpid(), psutil.Process().create_time(), time.time())
        _write(self._folder / "status.json", asdict(status))


def _claim(job: Job) -> bool:
    """Whether we are the one who takes the job off its queue: the removal of a file succeeds once."""
    try:
        (job.folder / "queued").unlink()
    except FileNotFoundError:
        return False
    return True


def _start(job: Job) -> None:
    # Written before the process exists, so that it can never overwrite what the process says of itself.
    _write(job.folder / "status.json", asdict(Status("running", message="Starting", updated=time.time())))
    environment = {name: value for name, value in os.environ.items() if name not in _SERVER_ONLY}
    with (job.folder / "output.log").open("wb") as log:
        _children[job.id] = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *job.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**environment, ENVIRONMENT: str(job.folder), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )


def _alive(job: Job, status: Status) -> bool:
    child = _children.get(job.id)
    if child is not None and child.poll() is not None:
        del _children[job.id]
        return False
    if status.pid is None:
        return time.time() - status.updated < _GRACE
    try:
        process = psutil.Process(status.pid)
        return process.status() != psutil.STATUS_ZOMBIE and (
            status.started is None or abs(process.create_time() - status.started) < 1
        )
    except psutil.Error:
        return False


def _load(folder: Path) -> Job | None:
    try:
        data = _read(folder / "job.json")
        return Job(**{**data, "command": tuple(data["command"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # the last line may still be in writing
            return


def _write(path: Path, data: Mapping[str, Any]) -> None:
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(json.dumps(data, ensure_ascii=False, default=float), "utf-8")
    os.replace(draft, path)
