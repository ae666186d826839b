"""Claims on the name of a run, and the trash: deleted or replaced runs. Knows folders, not what is in them.

models/.trash/<nanoseconds since 1970>-<name>/
    run/          the folder of the run, as it was
    resume.npz    its last checkpoint, if it had one
"""

import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import RunError, Sentence, SettingError, os_errors_as
from pipeline.core.folders import hold_write_lock, replace_folder_atomically
from pipeline.core.paths import checked_name, models_folder
from pipeline.core.translation import mark
from pipeline.runs.config import CONFIG, RUN_OWNERS, run_folder
from pipeline.runs.run import LEARN_PREFIX, Run, checkpoint_path, list_runs, load_run

SHIPPED_PREFIXES = ("demo-", "base-", LEARN_PREFIX)
_RUN, _CHECKPOINT = "run", "resume.npz"


@dataclass(frozen=True)
class TrashedRun:
    """A run in the trash: when it was deleted (seconds since 1970), and its size in bytes on disk."""

    id: str
    name: str
    deleted: float
    bytes: int


def is_shipped(name: str) -> bool:
    """Return whether a name is reserved for the runs included with Seize, which can be neither deleted nor replaced."""
    return name.startswith(SHIPPED_PREFIXES)


def list_trash() -> list[TrashedRun]:
    """Return the runs in the trash, the last deleted first."""
    entries = sorted(_trash_folder().glob(f"[0-9]*-*/{_RUN}"), reverse=True)
    return [_trashed_run(path.parent) for path in entries]


def delete_run(name: str) -> TrashedRun:
    """Move a run and its checkpoint to the trash. Raise RunError when there is none, or it is included with Seize."""
    folder = models_folder() / checked_name(name)
    if is_shipped(name):
        raise RunError("The model {name!r} is included with Seize. Only your own models can be deleted.", name=name)
    if not (folder / CONFIG).is_file():
        names = ", ".join(list_runs()) or Sentence("none yet")
        raise RunError("There is no model {name!r} (models: {known}).", name=name, known=names)
    with hold_write_lock(folder), convert_disk_errors():
        return _move_to_trash(name)


def copy_to_trash(name: str) -> TrashedRun:
    """Copy a run into the trash before it is replaced. The copy is links to its files. Raise RunError."""
    place = _new_trash_folder(name)
    with convert_disk_errors():
        place.mkdir(parents=True)
        if checkpoint_path(name).is_file():
            _link_or_copy(checkpoint_path(name), place / _CHECKPOINT)
        with replace_folder_atomically(place / _RUN) as draft:
            shutil.copytree(run_folder(name), draft, copy_function=_link_or_copy, dirs_exist_ok=True)
    return _trashed_run(place)


def restore_run(identity: str, name: str = "", *, replace: bool = False) -> Run:
    """Move a run out of the trash, under `name` if given. With `replace`, a run of that name goes to the trash first.

    Raise RunError when that name is taken.
    """
    entry = next((entry for entry in list_trash() if entry.id == identity), None)
    if entry is None:
        raise RunError("This model is no longer in the trash: it was restored, or the trash was emptied.")
    name = checked_name(name or entry.name)
    target, place = models_folder() / name, _trash_folder() / entry.id
    with hold_write_lock(target), convert_disk_errors():
        if target.exists():
            if not replace:
                raise RunError(
                    "A model called {name!r} exists again. Restore the deleted one under another name.", name=name
                )
            _move_to_trash(name)
        if (place / _CHECKPOINT).is_file() and not checkpoint_path(name).exists():
            (place / _CHECKPOINT).rename(checkpoint_path(name))  # first: what is killed here is still in the trash
        (place / _RUN).rename(target)
        shutil.rmtree(place)
    return load_run(name)


def empty_trash(awaited: Collection[str] = ()) -> int:
    """Delete all runs in the trash for good and return how many they were.

    Names of which no run is left are free for anybody again, but for those `awaited` by jobs of their owners.
    """
    names = [entry.name for entry in list_trash()]
    with convert_disk_errors():
        if _trash_folder().exists():
            shutil.rmtree(_trash_folder())
    for name in {*names} - {*awaited}:
        if not (models_folder() / name).exists():
            RUN_OWNERS.release(name)
    return len(names)


def _trash_folder() -> Path:
    return models_folder() / ".trash"


def _new_trash_folder(name: str) -> Path:
    return _trash_folder() / f"{time.time_ns()}-{name}"


def _move_to_trash(name: str) -> TrashedRun:
    place = _new_trash_folder(name)
    place.mkdir(parents=True)
    (models_folder() / name).rename(place / _RUN)
    if checkpoint_path(name).is_file():
        checkpoint_path(name).rename(place / _CHECKPOINT)
    return _trashed_run(place)


def _link_or_copy(source: Path | str, target: Path | str) -> None:
    """Make a hard link to a file, or a copy where the disk has no links: files of a run never change in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _trashed_run(place: Path) -> TrashedRun:
    moment, _, name = place.name.partition("-")
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return TrashedRun(place.name, name, int(moment) / 1e9, size)


def convert_disk_errors() -> AbstractContextManager[None]:
    """Return a context manager that turns OSErrors into a RunError with the folder and the reason."""
    sentence = mark("The runs in {folder} cannot be changed ({reason}): make room, or let Seize write there.")
    return os_errors_as(RunError, sentence, folder=str(models_folder()))


@contextmanager
def claim_name(name: str, *, replace: bool = False, resume: bool = False) -> Iterator[None]:
    """Hold a lock on a name while its run is made. With `replace`, a copy of the earlier run goes to the trash.

    With `resume` the run of this name is trained further. Raise SettingError when there is a run of this
    name, SeizeError when another process writes one.
    """
    with hold_write_lock(models_folder() / checked_name(name)):
        if run_folder(name).exists() and not resume:
            if not replace:
                raise _name_taken_error(name)
            copy_to_trash(name)
        yield


def _name_taken_error(name: str) -> SettingError:
    if is_shipped(name):
        return SettingError(
            "The model {name!r} is included with Seize. Choose another name, or add --replace (a copy goes to the "
            "trash).",
            name=name,
        )
    return SettingError(
        "A model called {name!r} exists already. Choose another name, continue with --resume, or add --replace (a copy "
        "goes to the trash).",
        name=name,
    )
