"""How long a preparation lives on once it is cancelled, at moments of all its phases.

    python benchmarks/cancelling.py F 55        a world of shape F (tests/worlds) of 55 megabytes
    python benchmarks/cancelling.py FOLDER      a source of your own

The job is started and cancelled as the Import page does it. A line a moment: where it was, the seconds until no process
of it was left, and whether its folder says that it was cancelled.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from pipeline.processes import jobs

# what its message holds at that moment, and seconds to wait from then on
MOMENTS: Sequence[tuple[str, float]] = (
    ("reading", 0.5), ("reading", 8), ("writing", 0), ("writing", 1), ("hearing the words", 1),
    ("transcribing", 0), ("transcribing", 3), ("transcribing the lines, 100%", 0),
    ("transcribing the lines, 100%", 1.5),
)  # fmt: skip


def processes_of(pid: int) -> list[int]:
    """The processes of the session of a job."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (OSError, psutil.Error):
            continue
    return found


def cancel_at(source: Path, doing: str, wait: float) -> str:
    """One preparation, cancelled `wait` seconds after it says what it is `doing`."""
    job = jobs.submit("prepare", "cancelled", ["prepare", str(source), "--name", "cancelled"])
    while doing not in (status := job.status()).message:
        if status.state not in ("queued", "running"):
            return f"{doing} {wait:g}: ended before, {status.state} {status.message}"
        time.sleep(0.01)
    time.sleep(wait)
    status = job.status()
    assert status.pid is not None
    start = time.perf_counter()
    jobs.cancel(job)
    while processes_of(status.pid):
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    return f"{seconds:5.2f} s  {job.status().state}  {status.message} (+ {wait:g} s)"


def main(given: Sequence[str]) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SEIZE_PREPARED": f"{folder}/prepared", "SEIZE_JOBS": f"{folder}/jobs"}
        if len(given) > 1:
            source = make_world(given[0], Path(folder), megabytes=float(given[1]), seed=16).source
        else:
            source = Path(given[0])
        for doing, wait in MOMENTS:
            print(cancel_at(source, doing, wait), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
