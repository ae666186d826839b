"""How a job goes, read from its folder and from the lock that its process holds. Knows no processes by number.

           submit              start                     end
    (none) ──────► queued ──────────────► running ──────────────► done · failed · cancelled
                     │ cancel: cancelled     │ its process is gone: failed, or cancelled if that was asked

`status.json` says what was last reported; whether it is still true is asked of the lock. The lock is handed to the
process as it is born and the kernel takes it back when that ends, however it ends: no clock, no reused process id and
no restart of the machine can make a dead job look alive, or a live one dead. Each state is one file replaced as a
whole, so a process killed between any two steps leaves one of the states above. What is damaged is read as missing.
Where there is no such lock (`file_locks.POSIX`) the process id is asked for instead.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pipeline.core import file_locks
from pipeline.core.checksums import note_text, read_note
from pipeline.core.errors import Sentence, from_plain, to_plain
from pipeline.core.folders import replacing_file
from pipeline.core.translation import say

State = Literal["queued", "running", "done", "failed", "cancelled"]
BUSY: tuple[State, ...] = ("queued", "running")  # not ended yet
STATUS, LOCK, CANCEL, LOG, PROGRESS = "status.json", "lock", "cancel", "output.log", "progress.jsonl"
STARTING = Sentence("Starting")
_STATES: Mapping[str, State] = {state: state for state in get_args(State)}
_ENDED = ("done", "failed", "cancelled")
_LOG_END = 4096  # bytes of the log in which the last words are


@dataclass(frozen=True)
class Status:
    """How a job goes. `share` is 0 to 1; `updated` is seconds since 1970, to be shown and never compared.

    `message` is the English text, or a `Sentence`, which is stored with its template and values; `text` is for people.
    """

    state: State = "queued"
    share: float = 0.0
    message: str = ""
    pid: int | None = None
    updated: float = 0.0

    @property
    def text(self) -> str:
        """The message in the language of the moment."""
        return say(self.message)


def read_status(folder: Path) -> Status:
    """Return the present state of the job in `folder`."""
    alive = is_locked(folder)  # first: what its process wrote last is there once it is gone
    status = _read_report(folder)
    if status.state in _ENDED:
        return status
    if alive:
        return replace(status, state="running", message=status.message or STARTING)
    if status.state == "queued" and not (folder / LOG).exists():
        return status
    if (folder / CANCEL).exists():
        return replace(status, state="cancelled")
    stopped = Sentence("The process stopped.")
    if words := _last_words(folder):
        stopped = Sentence("The process stopped. {last_words}", last_words=words)
    return replace(status, state="failed", message=stopped)


def write_status(folder: Path, status: Status) -> None:
    """Replace what was last reported. Raises OSError as the disk does."""
    data = {**asdict(status), "updated": time.time()}
    if isinstance(status.message, Sentence):
        data["said"] = to_plain(status.message)
    with replacing_file(folder / STATUS) as draft:
        draft.write_text(note_text(data), "utf-8")


def is_locked(folder: Path) -> bool:
    """Whether a process holds the job's lock."""
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
    """Open and lock the job's lock; None when a process holds it. Whoever only looks is waited for."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    for _ in range(100):
        if not file_locks.POSIX or file_locks.lock(handle):
            return handle
        time.sleep(0.01)
    os.close(handle)
    return None


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a file; an empty one when it is missing or damaged."""
    try:
        return read_note(path)
    except (OSError, ValueError):
        return {}


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of one a line; what is cut short or damaged is passed over."""
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            yield data


def _read_report(folder: Path) -> Status:
    data = read_json(folder / STATUS)
    kinds: Mapping[str, Any] = {"share": (int, float), "message": str, "pid": int, "updated": (int, float)}
    report = {name: data[name] for name in kinds if isinstance(data.get(name), kinds[name])}
    with suppress(ValueError, LookupError, TypeError, AttributeError):  # of an older Seize, or damaged
        if isinstance(sentence := from_plain(data["said"]), Sentence):
            report["message"] = sentence
    return Status(state=_STATES.get(str(data.get("state")), "queued"), **report)


def _last_words(folder: Path) -> str:
    try:
        with (folder / LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_END))
            lines = log.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
