"""A run as one file: a zip of the files of its folder, and back. What comes in is checked before anything has a name.

An archive may come from anyone: a process of its own, within limits, unpacks and checks it (`archive_checks`).
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from pipeline.core.errors import RunError, SeizeError
from pipeline.core.folders import locking, replacing, replacing_file
from pipeline.core.paths import checked_name, models_folder
from pipeline.processes.limits import run_limited
from pipeline.runs.archive_checks import UNLISTED, name_in, unpack_run
from pipeline.runs.config import CONFIG, write_config
from pipeline.runs.run import Run, load_run
from pipeline.runs.trash import disk_errors, is_shipped

LARGEST = 1 << 30  # bytes, unpacked: the shipped runs have 7 MB, a large word model some hundred


def export_run(run: Run, target: Path | IO[bytes]) -> None:
    """Write a run as one zip. Raises RunError when it cannot be written."""
    try:
        with (
            replacing_file(target) if isinstance(target, Path) else nullcontext(target) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for part in sorted({*run.config["files"], *UNLISTED}):
                archive.write(run.folder / part, part)
    except OSError as error:
        raise RunError(
            "The run {name!r} could not be exported ({reason}).", name=run.name, reason=error.strerror or str(error)
        ) from error


def archived_name(source: Path | IO[bytes]) -> str:
    """The name that the run in a file had, "" when it cannot be used here. Raises RunError when it is no archive."""
    with disk_errors("import", ""), tempfile.TemporaryDirectory() as folder, _as_file(source, Path(folder)) as file:
        name = str(run_limited(name_in, str(file)))
    try:
        return "" if is_shipped(name) else checked_name(name)
    except SeizeError:
        return ""


def import_run(source: Path | IO[bytes], name: str = "") -> Run:
    """Unpack, check and keep a run, under `name` or the one that it had. Raises RunError; then nothing was kept."""
    if not (name := name or archived_name(source)):
        raise RunError("The name of the run in this file cannot be used here: give it another name.")
    name = checked_name(name)
    target = models_folder() / name
    if is_shipped(name):
        raise RunError(
            "Names like {name!r} are those of the runs that come with Seize: choose another name.", name=name
        )
    if target.exists():
        raise RunError("There is a run {name!r} already: choose another name, or delete that run first.", name=name)
    with (
        disk_errors("import", name),
        locking(target),
        replacing(target) as draft,
        _as_file(source, draft.parent) as file,
    ):
        run_limited(unpack_run, str(file), str(draft), LARGEST)
        _rename(draft, name)
    return load_run(name)


@contextmanager
def _as_file(source: Path | IO[bytes], folder: Path) -> Iterator[Path]:
    """A file that another process can read, in `folder` when `source` is none."""
    if isinstance(source, Path):
        yield source
        return
    with (folder / "archive.zip").open("wb") as file:
        source.seek(0)
        shutil.copyfileobj(source, file)
    yield folder / "archive.zip"


def _rename(folder: Path, name: str) -> None:
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    write_config(folder, {**config, "name": name})
