"""Runs that were deleted, kept until the trash is emptied. Knows folders, not what is in them.

models/.trash/<nanoseconds since 1970>-<name>/
    run/          the folder of the run, as it was
    resume.npz    its last checkpoint, if it had one
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.paths import checked_name, models_folder
from pipeline.runs.run import CONFIG, LEARN_PREFIX, Run, checkpoint_path, list_runs, load_run

SHIPPED_PREFIXES = ("demo-", LEARN_PREFIX)
_RUN, _CHECKPOINT = "run", "resume.npz"


@dataclass(frozen=True)
class Trashed:
    """A deleted run: when (seconds since 1970), and how many bytes it still takes."""

    id: str
    name: str
    deleted: float
    bytes: int


def is_shipped(name: str) -> bool:
    """Whether a run of this name came with Seize: it is neither deleted nor replaced."""
    return name.startswith(SHIPPED_PREFIXES)


def list_trash() -> list[Trashed]:
    """What can be restored, the last deleted first."""
    entries = sorted(_trash().glob(f"[0-9]*-*/{_RUN}"), reverse=True)
    return [_entry(path.parent) for path in entries]


def delete_run(name: str) -> Trashed:
    """Move a run and its checkpoint to the trash. Raises RunError when there is none, or it came with Seize."""
    folder = models_folder() / checked_name(name)
    if is_shipped(name):
        raise RunError(f"The run {name!r} came with Seize and stays: only runs of your own can be deleted.")
    if not (folder / CONFIG).is_file():
        raise RunError(f"There is no run {name!r} (runs: {', '.join(list_runs()) or 'none yet'}).")
    place = _trash() / f"{time.time_ns()}-{name}"
    with disk_errors(f"The run {name!r} could not be deleted"):
        place.mkdir(parents=True)
        folder.rename(place / _RUN)
        if checkpoint_path(name).is_file():
            checkpoint_path(name).rename(place / _CHECKPOINT)
    return _entry(place)


def restore_run(identity: str, name: str = "") -> Run:
    """Put a deleted run back, under another name if one is given. Raises RunError when that name is taken."""
    found = next((entry for entry in list_trash() if entry.id == identity), None)
    if found is None:
        raise RunError("This run is not in the trash any more: it was restored, or the trash was emptied.")
    name = checked_name(name or found.name)
    target, place = models_folder() / name, _trash() / found.id
    if target.exists():
        raise RunError(f"There is a run {name!r} again: restore the deleted one under another name.")
    with disk_errors(f"The run {name!r} could not be restored"):
        (place / _RUN).rename(target)
        if (place / _CHECKPOINT).is_file() and not checkpoint_path(name).exists():
            (place / _CHECKPOINT).rename(checkpoint_path(name))
        shutil.rmtree(place)
    return load_run(name)


def empty_trash() -> int:
    """Delete what is in the trash for good; how many runs that were."""
    count = len(list_trash())
    with disk_errors("The trash could not be emptied"):
        if _trash().exists():
            shutil.rmtree(_trash())
    return count


def _trash() -> Path:
    return models_folder() / ".trash"


def _entry(place: Path) -> Trashed:
    moment, _, name = place.name.partition("-")
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return Trashed(place.name, name, int(moment) / 1e9, size)


@contextmanager
def disk_errors(failure: str) -> Iterator[None]:
    """Raise RunError, which begins with `failure` and names the folder and the reason, for what the disk refuses."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{failure} in {models_folder()} ({error.strerror or error}).") from error
