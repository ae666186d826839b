"""A run as one file: a zip of the files of its folder. What comes in is checked before anything has a name.

An archive may come from anyone. Only flat names of known kinds are unpacked, into a draft folder, within a size that
counts the zips inside it as well; then every part is opened and the model predicts a line. Nothing in it can run.
"""

import errno
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np

from pipeline.cells.activations import log_softmax
from pipeline.errors import RunError, SeizeError
from pipeline.folders import locked, replacing, replacing_file
from pipeline.language.vocabulary import SONG
from pipeline.language_models.units import encode
from pipeline.paths import checked_name, models_folder
from pipeline.runs.run import CARD, CASING, CONFIG, HISTORY, KINDS, WEIGHTS, Run, load_run, read_run
from pipeline.runs.summary import summary, validation_curve
from pipeline.runs.trash import disk_errors, is_shipped

LARGEST = 1 << 30  # bytes, unpacked: the shipped runs have 7 MB, a large word model some hundred
LARGEST_TEXT = 1 << 28  # bytes of a .json, .csv or .md part, which take several times that once read
MOST_FILES = 64
_PART = re.compile(r"[a-z0-9_-]{1,64}\.(?:json|npz|keras|csv|md)")
_UNLISTED = {CONFIG, HISTORY, CARD}  # config.json lists, with its checksum, every other part
_BLOCK = 1 << 20
# What says of the disk, and not of the file, that it cannot be unpacked.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG)
# What a part that is not what it seems makes the libraries raise.
_DAMAGE = (
    *(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RuntimeError),
    *(MemoryError, EOFError, AssertionError, zipfile.BadZipFile),
)


def export_run(run: Run, target: Path | IO[bytes]) -> None:
    """Write a run as one zip. Raises RunError when it cannot be written."""
    try:
        with (
            replacing_file(target) if isinstance(target, Path) else nullcontext(target) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for part in sorted({*run.config["files"], *_UNLISTED}):
                archive.write(run.folder / part, part)
    except OSError as error:
        raise RunError(
            "run-not-exported",
            "The run {name!r} could not be exported ({reason}).",
            name=run.name,
            reason=error.strerror or str(error),
        ) from error


def archived_name(source: Path | IO[bytes]) -> str:
    """The name that the run in a file had, "" when it cannot be used here. Raises RunError when it is no archive."""
    with _opened(source) as archive:
        name = str(_config(archive).get("name", ""))
    try:
        return "" if is_shipped(name) else checked_name(name)
    except SeizeError:
        return ""


def import_run(source: Path | IO[bytes], name: str = "") -> Run:
    """Unpack, check and keep a run, under `name` or the one that it had. Raises RunError; then nothing was kept."""
    if not (name := name or archived_name(source)):
        raise RunError(
            "archive-name-unusable", "The name of the run in this file cannot be used here: give it another name."
        )
    name = checked_name(name)
    target = models_folder() / name
    if is_shipped(name):
        raise RunError(
            "run-name-reserved",
            "Names like {name!r} are those of the runs that come with Seize: choose another name.",
            name=name,
        )
    if target.exists():
        raise RunError(
            "run-name-taken",
            "There is a run {name!r} already: choose another name, or delete that run first.",
            name=name,
        )
    with disk_errors("import", name), locked(target), replacing(target) as draft, _opened(source) as archive:
        _unpack(archive, draft)
        _check(draft)
        _rename(draft, name)
    return load_run(name)


@contextmanager
def _opened(source: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            _check_list(archive)
            yield archive
    except SeizeError as error:
        raise RunError("archive-no-whole-run", "This file holds no whole run: {reason}", reason=str(error)) from error
    except FileNotFoundError as error:
        raise RunError("file-missing", "There is no file {file}.", file=error.filename) from error
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno in _DISK:
            raise
        raise RunError(
            "archive-not-a-run", "This file is not a run that Seize exported, or it is damaged: choose another one."
        ) from error


def _check_list(archive: zipfile.ZipFile) -> None:
    """Refuse by the table of contents, before anything is unpacked."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_FILES or len(set(names)) < len(names) or not all(map(_PART.fullmatch, names)):
        raise RunError("archive-strange-parts", "it has parts that no run has.")
    if missing := {CONFIG, HISTORY, CARD} - set(names):
        raise RunError("archive-parts-missing", "{parts} missing.", parts=", ".join(sorted(missing)))
    _check_size(parts)
    if any(part.file_size > LARGEST_TEXT for part in parts if not part.filename.endswith((".npz", ".keras"))):
        raise RunError(
            "archive-text-too-large", "a text part is larger than {megabytes} MB.", megabytes=LARGEST_TEXT >> 20
        )


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    # `zipfile` gives no more bytes of a part than its entry declares, so the declared sizes are the bound
    if sum(part.file_size for part in parts) > LARGEST:
        raise RunError("archive-too-large", "unpacked it is larger than {megabytes} MB.", megabytes=LARGEST >> 20)


def _config(archive: zipfile.ZipFile) -> dict[str, Any]:
    config = json.loads(archive.read(CONFIG))
    if not isinstance(config, dict) or not isinstance(config.get("files"), dict):
        raise RunError("archive-config-damaged", "config.json is not the configuration of a run.")
    return config


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    listed = set(_config(archive)["files"]) | _UNLISTED
    if (names := set(archive.namelist())) != listed:
        raise RunError(
            "archive-parts-differ",
            "its parts and its list of parts differ ({parts}).",
            parts=", ".join(sorted(names ^ listed)),
        )
    for name in names:
        with archive.open(name) as part, (folder / name).open("wb") as file:
            while block := part.read(_BLOCK):
                file.write(block)


def _check(folder: Path) -> None:
    """Open every part, and let the model predict a line. Raises what the parts raise."""
    for path in folder.iterdir():
        if path.suffix in (".npz", ".keras"):
            with zipfile.ZipFile(path) as inner:
                _check_size(inner.infolist())
    if (folder / WEIGHTS).is_file():
        _check_weights(folder / WEIGHTS)
    try:
        run = read_run(folder)
        if run.kind not in KINDS:
            raise RunError("archive-kind-unknown", "it is of kind {kind!r}, which cannot write.", kind=run.kind)
        for file in run.config["files"]:
            if file.endswith(".npz"):
                run.arrays(file)
        summary(run), validation_curve(run), run.card()
        if run.has(CASING):
            run.complement.parts(["On a monté"], ["monté"])
        _check_probabilities(run)
    except SeizeError as error:
        raise error.with_values(
            **{key: _without_place(value, folder) for key, value in error.values.items()}
        ) from error


def _without_place(value: Any, folder: Path) -> Any:
    """A value of an error without the draft folder in it, which the reader does not know."""
    if isinstance(value, str | Path):
        return str(value).replace(f"{folder}/", "").replace(folder.name, "in it")
    return value


def _check_probabilities(run: Run) -> None:
    """Let the model predict a line."""
    model, tokens = run.language_model(), encode("On a monté\n", run.vocabulary)
    scores, _ = model.run(np.concatenate([[SONG], tokens])[None])
    if not np.isfinite(log_softmax(np.asarray(scores, np.float64), axis=-1)).all():
        raise RunError("archive-model-improper", "its model gives no probabilities.")


def _check_weights(path: Path) -> None:
    """HDF5 can point at other files and claim more numbers than are in it: neither is opened."""
    with zipfile.ZipFile(path) as inner, inner.open("model.weights.h5") as weights, h5py.File(weights, "r") as file:
        _check_group(file, depth=8)


def _check_group(group: h5py.Group, depth: int) -> int:
    """Bytes of the arrays in it. Raises RunError."""
    size = 0
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink) or not depth:
            raise RunError("archive-weights-point-outside", "model.keras points outside itself.")
        item = group[name]
        if isinstance(item, h5py.Group):
            size += _check_group(item, depth - 1)
        elif item.external or item.is_virtual:
            raise RunError("archive-weights-point-outside", "model.keras points outside itself.")
        else:
            size += item.nbytes
        if size > LARGEST:
            raise RunError(
                "archive-weights-too-large", "its weights take more than {megabytes} MB.", megabytes=LARGEST >> 20
            )
    return size


def _rename(folder: Path, name: str) -> None:
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    (folder / CONFIG).write_text(json.dumps({**config, "name": name}, ensure_ascii=False, indent=1) + "\n", "utf-8")
