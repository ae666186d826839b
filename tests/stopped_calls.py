"""What an action leaves behind when its process is killed, or refused by the system, at any of its calls to it."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

KILLED, REFUSED, RECOVERED = 7, 5, 4  # how a process ended that was stopped; 0: it had fewer calls than that
# Calls that Python reports to audit hooks: opening, making, renaming, removing, locking, starting, ending.
_EVENTS = {
    *("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.killpg"),
    *("fcntl.flock", "subprocess.Popen"),
}


def stop_at_each_call(
    act: Callable[[Path], Any], base: Path, prepare: Callable[[Path], Any], *, refuse: bool = False
) -> list[int]:
    """Run `act` in the folders 1, 2, … of `base`, in a process of its own that is stopped at its n-th call.

    `prepare` is run in each folder before, not stopped. Return how each process ended, the last with 0.
    """
    ends = list[int]()
    while not ends or ends[-1]:
        folder = base / str(len(ends) + 1)
        folder.mkdir(parents=True)
        if not (child := os.fork()):
            _act_in_child(act, folder, prepare, len(ends) + 1, refuse)
        ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return ends


def _act_in_child(
    act: Callable[[Path], Any], folder: Path, prepare: Callable[[Path], Any], number: int, refuse: bool
) -> NoReturn:
    calls = 0

    def stop(event: str, args: object) -> None:
        nonlocal calls
        calls += event in _EVENTS
        if calls == number and event in _EVENTS:
            if refuse:
                raise OSError(28, "No space left on device")
            os._exit(KILLED)

    try:
        prepare(folder)
        sys.addaudithook(stop)
        act(folder)
    except OSError:
        os._exit(REFUSED)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(RECOVERED if calls >= number else 0)
