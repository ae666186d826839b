"""Long work as subprocesses, each with a folder that says how it goes. Knows nothing of what the work is.

    data/jobs/<id>/
        job.json        the request: title, kind, command, time
        status.json     the last report: state, share done, message, pid
        lock            held by the process of the job for as long as it lives
        cancel          exists once somebody asked it to stop
        progress.jsonl  one JSON object for every step that the work reported
        output.log      what it printed

A job is `python -m pipeline …` in a process session of its own: it outlives the page, the browser and the server.
Jobs of one kind run one after another, in the order of their requests; `start_next_job` starts the next one.

           submit              start                     end
    (none) ──────► queued ──────────────► running ──────────────► done · failed · cancelled
                     │ cancel: cancelled     │ its process is gone: failed, or cancelled after a request

The lock tells whether a job is alive. The process inherits it when it starts and the kernel releases it when the
process ends, so no clock, no reused process id and no restart of the machine can make a dead job look alive, or a live
one dead. Each state is one file replaced as a whole, so a process killed between any two steps leaves one of the states
above. A damaged file is read as missing. Where there is no such lock (`file_locks.POSIX`) the process id is used.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pipeline.core import file_locks
from pipeline.core.checksums import json_with_checksum, read_verified_json
from pipeline.core.errors import SeizeError, Sentence, SettingError, os_errors_as, sentence_from_json, sentence_to_json
from pipeline.core.folders import hold_write_lock, replace_file_atomically, replace_folder_atomically
from pipeline.core.paths import checked_name, jobs_folder
from pipeline.core.translation import mark, translate_sentence

State = Literal["queued", "running", "done", "failed", "cancelled"]
BUSY: tuple[State, ...] = ("queued", "running")  # not ended yet
STATUS, LOCK, CANCEL, LOG, PROGRESS = "status.json", "lock", "cancel", "output.log", "progress.jsonl"
STARTING_MESSAGE = Sentence("Starting")
_STATES: Mapping[str, State] = {state: state for state in get_args(State)}
_ENDED_STATES = ("done", "failed", "cancelled")
_LOG_TAIL_BYTES = 4096  # bytes of the log in which the last words are
ENVIRONMENT, LOCK_ENVIRONMENT = "SEIZE_JOB", "SEIZE_JOB_LOCK"  # tell the subprocess its folder and its lock
WAITING_LIMIT = 20  # a queue longer than this is a mistake or an attack
_JOB_FILE = "job.json"
# What script/server sets for many small requests; a training wants all cores and its threads their own heaps.
_SERVER_ONLY_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "MALLOC_ARENA_MAX")

_children: dict[str, subprocess.Popen[bytes]] = {}  # started by this process: to be reaped when they end


@dataclass(frozen=True)
class Status:
    """The last report of a job: its state, a message, and the share of the work done, 0 to 1.

    `message` is English, or a `Sentence` stored with its template and values; `translated_message` is for people.
    """

    state: State = "queued"
    share: float = 0.0
    message: str = ""
    pid: int | None = None

    @property
    def translated_message(self) -> str:
        return translate_sentence(self.message)


def read_status(folder: Path) -> Status:
    """Return the status of the job in a folder. A job whose process died without a report has failed."""
    alive = is_locked(folder)  # first: what its process wrote last is there once it is gone
    status = _read_report(folder)
    if status.state in _ENDED_STATES:
        return status
    if alive:
        return replace(status, state="running", message=status.message or STARTING_MESSAGE)
    if status.state == "queued" and not (folder / LOG).exists():
        return status
    if (folder / CANCEL).exists():
        return replace(status, state="cancelled")
    stopped = Sentence("The process stopped.")
    if words := _last_log_line(folder):
        stopped = Sentence("The process stopped. {last_words}", last_words=words)
    return replace(status, state="failed", message=stopped)


def write_status(folder: Path, status: Status) -> None:
    """Write the status of the job in a folder. Raise OSError."""
    data = {**asdict(status), "message": sentence_to_json(status.message)}
    with replace_file_atomically(folder / STATUS) as draft:
        draft.write_text(json_with_checksum(data), "utf-8")


def is_locked(folder: Path) -> bool:
    """Return whether the process of a job is alive: whether it holds the lock in the job's folder."""
    if not file_locks.POSIX:
        import psutil

        status = _read_report(folder)
        return status.state == "running" and status.pid is not None and psutil.pid_exists(status.pid)
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not file_locks.lock(handle, shared=True)  # shared: those who ask do not see each other
    finally:
        os.close(handle)


def take_lock(folder: Path) -> int | None:
    """Lock the lock file of a job, and return its handle; None if another process holds the lock for a second."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    for _ in range(100):
        if not file_locks.POSIX or file_locks.lock(handle):
            return handle
        time.sleep(0.01)
    os.close(handle)
    return None


def read_json(path: Path) -> dict[str, Any]:
    """Return the dict in a JSON file with a checksum; {} when it is missing or damaged."""
    try:
        return read_verified_json(path)
    except (OSError, ValueError):
        return {}


def _read_report(folder: Path) -> Status:
    data = read_json(folder / STATUS)
    with suppress(ValueError, LookupError, TypeError, AttributeError):  # of one that is damaged
        data["message"] = sentence_from_json(data["message"])
    kinds: Mapping[str, Any] = {"share": (int, float), "message": str, "pid": int}
    report = {name: data[name] for name in kinds if isinstance(data.get(name), kinds[name])}
    return Status(state=_STATES.get(str(data.get("state")), "queued"), **report)


def _last_log_line(folder: Path) -> str:
    try:
        with (folder / LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_TAIL_BYTES))
            lines = log.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


@dataclass(frozen=True)
class Job:
    """A job: a request to run `python -m pipeline *command` in a process of its own, in the queue of its `kind`.

    `created` is in seconds since 1970, `about` is anything that pages store with it.
    """

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
        """Return the present status; a job whose process died without a report has failed."""
        if (child := _children.get(self.id)) is not None and child.poll() is not None:
            del _children[self.id]
        return read_status(self.folder)

    def progress(self) -> list[dict[str, Any]]:
        """Return the figures that the job has reported at each step so far, in order; damaged lines are left out."""
        steps = []
        with suppress(OSError):
            for line in (self.folder / PROGRESS).read_text("utf-8", errors="replace").split("\n"):
                with suppress(ValueError, RecursionError):
                    steps.append(json.loads(line))
        return [step for step in steps if isinstance(step, dict)]


def submit(kind: str, title: str, command: Sequence[str], about: Mapping[str, Any] | None = None) -> Job:
    """Queue a job that runs `python -m pipeline *command`, and start it as soon as no other of its kind runs.

    Raise SettingError when the queue is full, SeizeError when the disk refuses.
    """
    now = time.time()
    with _queue_lock(kind):
        before = list_jobs(kind)
        if sum(job.status().state == "queued" for job in before) >= WAITING_LIMIT:
            raise SettingError("{limit} jobs are queued already. Let some finish, or cancel them.", limit=WAITING_LIMIT)
        # Jobs go by their numbers: milliseconds since 1970, or one more than the last where the clock was set back.
        taken = [int(start) for job in before if (start := job.id.partition("-")[0]).isdecimal()]
        number = max([int(now * 1000), *(each + 1 for each in taken)])
        job = Job(f"{number}-{secrets.token_hex(3)}", kind, title, tuple(command), now, dict(about or {}))
        with replace_folder_atomically(job.folder) as draft:
            plain = json.loads(json.dumps(asdict(job), default=float))
            (draft / _JOB_FILE).write_text(json_with_checksum(plain), "utf-8")
            (draft / STATUS).write_text(json_with_checksum(asdict(Status())), "utf-8")
            (draft / LOCK).touch()
    start_next_job(kind)
    return job


def list_jobs(kind: str | None = None) -> list[Job]:
    """Return all jobs, or those of one kind, the oldest first."""
    jobs = (_load_job(path.parent) for path in sorted(jobs_folder().glob(f"[!.]*/{_JOB_FILE}")))
    return [job for job in jobs if job is not None and kind in (None, job.kind)]


def start_next_job(kind: str) -> None:
    """Start the oldest queued job of `kind` unless one is running. Raise SeizeError when the disk cannot be written."""
    with _queue_lock(kind):
        states = [(job, job.status().state) for job in list_jobs(kind)]
        if not any(state == "running" for _, state in states):
            for job in (job for job, state in states if state == "queued"):
                _start_process(job)
                return


def cancel(job: Job) -> None:
    """Ask a job to stop: a queued one never starts, a running one gets SIGTERM and saves what it has."""
    with _queue_lock(job.kind):
        status = job.status()
        if status.state == "queued":
            write_status(job.folder, replace(status, state="cancelled"))
        elif status.state == "running":
            with suppress(OSError):
                (job.folder / CANCEL).touch()  # for a process that does not listen yet
            if status.pid is not None:
                with suppress(OSError):
                    # where there are no process groups (Windows) it ends at once, and keeps nothing
                    (os.killpg if file_locks.POSIX else os.kill)(status.pid, signal.SIGTERM)


class Reporter:
    """Writes the progress and final state of this process into the folder of its job; does nothing outside a job.

    What the disk refuses to store of its progress is lost; the work goes on.
    """

    def __init__(self) -> None:
        folder = os.environ.get(ENVIRONMENT)
        self._folder = Path(folder) if folder else None
        self._last = 0.0

    @property
    def in_job(self) -> bool:
        """Whether this process runs as a job."""
        return self._folder is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether the job was cancelled. A file says so, as the signal may come before this process handles it."""
        return self._folder is not None and (self._folder / CANCEL).exists()

    def report_progress(self, share: float, message: str, **figures: Any) -> None:
        """Report the share of the work done, 0 to 1; messages without figures are written at most 5 times a second."""
        now = time.monotonic()
        if self._folder is None or (not figures and now - self._last < 0.2 and share < 1):
            return
        self._last = now
        with suppress(OSError):
            if figures:
                with (self._folder / PROGRESS).open("a", encoding="utf-8") as file:
                    step = {"share": share, "time": time.time(), **figures}
                    file.write(json.dumps(step, default=float) + "\n")
            write_status(self._folder, Status("running", share, message, os.getpid()))

    def report_end(self, state: State, message: str = "") -> None:
        """Report the final state, and start the next job of the queue."""
        if self._folder is None:
            return
        share = 1.0 if state == "done" else read_status(self._folder).share
        with suppress(OSError):
            write_status(self._folder, Status(state, share, message, os.getpid()))
        if job := _load_job(self._folder):
            with suppress(SeizeError):  # the next page that looks starts it
                start_next_job(job.kind)


def keep_lock_from_children() -> None:
    """Keep child processes of this job from inheriting its lock, which would make it look alive."""
    if handle := os.environ.pop(LOCK_ENVIRONMENT, ""):
        os.set_inheritable(int(handle), False)
        os.register_at_fork(after_in_child=lambda: os.close(int(handle)))


@contextmanager
def _queue_lock(kind: str) -> Iterator[None]:
    """Hold the lock of a queue while the block runs, so that two processes never start its next job twice."""
    refused = mark("The jobs in {folder} cannot be changed ({reason}): make room, or let Seize write there.")
    with (
        os_errors_as(SeizeError, refused, folder=str(jobs_folder())),
        hold_write_lock(jobs_folder() / checked_name(kind), wait=True),
    ):
        yield


def _start_process(job: Job) -> None:
    lock = take_lock(job.folder)
    if lock is None:
        return
    try:
        environment = {name: value for name, value in os.environ.items() if name not in _SERVER_ONLY_VARIABLES}
        environment |= {ENVIRONMENT: str(job.folder), "PYTHONUNBUFFERED": "1"}
        if file_locks.POSIX:
            environment[LOCK_ENVIRONMENT] = str(lock)
        with (job.folder / LOG).open("wb") as log:
            _children[job.id] = child = subprocess.Popen(
                [sys.executable, "-m", "pipeline", *job.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                pass_fds=[lock] if file_locks.POSIX else (),
                start_new_session=file_locks.POSIX,
            )
        if not file_locks.POSIX:  # long before the process reports anything itself
            write_status(job.folder, Status("running", 0, "", child.pid))
    finally:
        os.close(lock)  # the process has it now


def _load_job(folder: Path) -> Job | None:
    data = read_json(folder / _JOB_FILE)
    try:
        job = Job(**{**data, "command": tuple(data["command"])})
    except (TypeError, KeyError):
        return None
    texts = (job.id, job.kind, job.title, *job.command)
    return job if all(isinstance(text, str) for text in texts) and isinstance(job.about, dict) else None
