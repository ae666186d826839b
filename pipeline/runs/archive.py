"""A run as one file: a zip of the files of its folder, and back. What comes in is checked before anything has a name.

An archive may come from anyone. A process of its own, within limits (`run_limited`), unpacks and checks it: only flat
names of known kinds, into a draft folder, within a size that counts the zips inside it as well; then every part is
opened and the model predicts a line. Nothing in it can run.
"""

import errno
import json
import math
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np

from pipeline.cells.activations import log_softmax
from pipeline.core.errors import DAMAGED_FILE_ERRORS, RunError, SeizeError, os_errors_as
from pipeline.core.folders import hold_write_lock, replace_file_atomically, replace_folder_atomically
from pipeline.core.paths import checked_name, models_folder
from pipeline.core.translation import mark
from pipeline.language.vocabulary import SONG
from pipeline.language_models.units import encode_text
from pipeline.processes.worker import run_limited
from pipeline.runs.config import CONFIG, KINDS, write_config
from pipeline.runs.run import CARD, CASING, HISTORY, NGRAMS, WEIGHTS, Run, load_run, read_run
from pipeline.runs.summary import run_summary, validation_curve
from pipeline.runs.trash import convert_disk_errors, is_shipped

LARGEST_TEXT = 1 << 28  # bytes of a .json, .csv or .md part, which take several times that once read
LARGEST_CARD = 64 << 10  # bytes; those that Seize writes have 3,000
LARGEST_CONFIG = 4 << 20  # bytes
MOST_FILES = 64
UNLISTED_FILES = {CONFIG, HISTORY, CARD}  # config.json lists, with its checksum, every other part
_PART_NAME_PATTERN = re.compile(r"[a-z0-9_-]{1,64}\.(?:json|npz|keras|csv|md)")
_EXTERNAL_LINK = re.compile(r"!\[|\]\s*+[(:\[]|://|www\.|mailto:", re.I)  # links and pictures of Markdown
_SAMPLE = re.compile(r"^```text\n.*?^```$", re.M | re.S)  # what the run wrote is shown as it is
_BLOCK_BYTES = 1 << 20
# What says of the disk, and not of the file, that it cannot be unpacked.
_DISK_ERROR_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG)


def archived_run_name(source: str) -> str:
    """Return the name of the run in an archive file. Raise RunError when the file is no archive of a run."""
    with _open_archive(Path(source)) as archive:
        return str(_archived_config(archive).get("name", ""))


def unpack_run(source: str, folder: str, largest: int) -> None:
    """Unpack the run in an archive into an empty folder and check it. Raise RunError if it is damaged or larger than
    `largest` bytes, and OSError."""
    with _open_archive(Path(source), largest) as archive:
        _unpack_files(archive, Path(folder))
        _check_unpacked_run(Path(folder), largest)


@contextmanager
def _open_archive(source: Path, largest: int = 1 << 40) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            _check_part_list(archive, largest)
            yield archive
    except SeizeError as error:
        raise RunError("This file does not contain a complete model: {reason}", reason=error.as_sentence) from error
    except FileNotFoundError as error:
        raise RunError("There is no file {file}.", file=error.filename) from error
    except DAMAGED_FILE_ERRORS as error:
        if isinstance(error, OSError) and error.errno in _DISK_ERROR_NUMBERS:
            raise
        raise RunError("This file is not a model exported by Seize, or it is damaged. Choose another one.") from error


def _check_part_list(archive: zipfile.ZipFile, largest: int) -> None:
    """Raise RunError if the names, number or sizes of an archive's parts cannot be those of a run."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_FILES or len(set(names)) < len(names) or not all(map(_PART_NAME_PATTERN.fullmatch, names)):
        raise RunError("it has parts that no model has.")
    if missing := UNLISTED_FILES - set(names):
        raise RunError("{parts} missing.", parts=", ".join(sorted(missing)))
    _check_size(parts, largest)
    if any(part.file_size > LARGEST_TEXT for part in parts if not part.filename.endswith((".npz", ".keras"))):
        raise RunError("a text part is larger than {megabytes} MB.", megabytes=LARGEST_TEXT >> 20)

    sizes = {part.filename: part.file_size for part in parts}
    if sizes[CARD] > LARGEST_CARD or sizes[CONFIG] > LARGEST_CONFIG:
        raise RunError(
            "card.md may have {card:,} bytes and config.json {config:,}.", card=LARGEST_CARD, config=LARGEST_CONFIG
        )


def _check_size(parts: list[zipfile.ZipInfo], largest: int) -> None:
    # `zipfile` gives no more bytes of a part than its entry declares, so the declared sizes are the bound
    if sum(part.file_size for part in parts) > largest:
        raise RunError("unpacked it is larger than {megabytes} MB.", megabytes=largest >> 20)


def _archived_config(archive: zipfile.ZipFile) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(archive.read(CONFIG))  # of another type it is an error when it is used
    return config


def _unpack_files(archive: zipfile.ZipFile, folder: Path) -> None:
    listed = set(_archived_config(archive)["files"]) | UNLISTED_FILES
    if (names := set(archive.namelist())) != listed:
        raise RunError("its parts differ from its list of parts ({parts}).", parts=", ".join(sorted(names ^ listed)))
    for name in names:
        with archive.open(name) as part, (folder / name).open("wb") as file:
            while block := part.read(_BLOCK_BYTES):
                file.write(block)


def _check_unpacked_run(folder: Path, largest: int) -> None:
    """Raise an error unless every part of an unpacked run opens and its model predicts a line."""
    _check_packed_parts(folder, largest)
    if (folder / WEIGHTS).is_file():
        with (
            zipfile.ZipFile(folder / WEIGHTS) as packed,
            packed.open("model.weights.h5") as weights,
            h5py.File(weights, "r") as file,
        ):
            _check_weights(file, 8, largest)
    _check_card(folder / CARD)
    try:
        run = read_run(folder)
        if run.kind not in KINDS:
            raise RunError("it is of type {kind!r}, which cannot write.", kind=run.kind)
        for file in run.config["files"]:
            if file.endswith(".npz"):
                run.read_npz(file)
        run_summary(run), validation_curve(run), run.card(), run.training_texts
        if run.has_file(NGRAMS):
            _ = run.ngram_model, run.word_contexts
        if run.has_file(CASING):
            run.spelling_and_casing_bits.bits_by_component(["On a monté"], ["monté"])
        _check_probabilities(run)
    except SeizeError as error:
        raise error.with_values(
            **{key: _strip_draft_folder(value, folder) for key, value in error.values.items()}
        ) from error


def _strip_draft_folder(value: Any, folder: Path) -> Any:
    """Return a value of an error message without the path of the temporary folder, which the reader does not know."""
    if isinstance(value, str | Path):
        return str(value).replace(f"{folder}/", "").replace(folder.name, "in it")
    return value


def _check_probabilities(run: Run) -> None:
    """Raise RunError unless the model gives finite log-probabilities for a line."""
    model, tokens = run.language_model(), encode_text("On a monté\n", run.vocabulary)
    scores, _ = model.feed_sequences(np.concatenate([[SONG], tokens])[None])
    if not np.isfinite(log_softmax(np.asarray(scores, np.float64), axis=-1)).all():
        raise RunError("its model gives no probabilities.")


def _check_packed_parts(folder: Path, largest: int) -> None:
    """Raise RunError if .npz or .keras parts unpack to more than `largest` bytes, or arrays state a wrong size."""
    inside: list[zipfile.ZipInfo] = []
    for path in folder.iterdir():
        if path.suffix in (".npz", ".keras"):
            with zipfile.ZipFile(path) as inner:
                inside += inner.infolist()
                _check_size(inside, largest)
                if path.suffix == ".npz":
                    for member in inner.infolist():
                        with inner.open(member) as array:
                            _check_array(array, member.file_size)


def _check_array(array: IO[bytes], size: int) -> None:
    version = np.lib.format.read_magic(array)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, kind = read(array)
    if kind.hasobject or math.prod(shape) * kind.itemsize != size - array.tell():
        raise RunError("an array in it has a different size from the one it claims.")


def _check_card(path: Path) -> None:
    text = path.read_text("utf-8")
    if text.count("```") == 2 and "````" not in text and "~~~" not in text:
        text = _SAMPLE.sub("", text)
    if _EXTERNAL_LINK.search(text):
        raise RunError("card.md contains links or pictures, which a card does not need: remove them.")


def _check_weights(group: h5py.Group, depth: int, largest: int) -> int:
    """Return the total size in bytes of the arrays in an HDF5 group. Raise RunError when too large or linked."""
    size = 0
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink) or not depth:
            raise RunError("model.keras refers to other files.")
        item = group[name]
        if isinstance(item, h5py.Group):
            size += _check_weights(item, depth - 1, largest)
        elif item.external or item.is_virtual:
            raise RunError("model.keras refers to other files.")
        else:
            size += item.nbytes
        if size > largest:
            raise RunError("its weights take more than {megabytes} MB.", megabytes=largest >> 20)
    return size


LARGEST_UNPACKED_RUN = 1 << 30  # bytes, unpacked: the shipped runs have 7 MB, a large word model some hundred


def export_run(run: Run, target: Path | IO[bytes]) -> None:
    """Write a run to an archive, a zip of its files. Raise RunError when it cannot be written."""
    with (
        os_errors_as(RunError, mark("The model {name!r} could not be exported ({reason})."), name=run.name),
        replace_file_atomically(target) if isinstance(target, Path) else nullcontext(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in sorted({*run.config["files"], *UNLISTED_FILES}):
            archive.write(run.folder / part, part)


def usable_archived_name(source: Path | IO[bytes]) -> str:
    """Return the name of the run in an archive, or "" if it is reserved or invalid. Raise RunError for other files."""
    with (
        convert_disk_errors(),
        tempfile.TemporaryDirectory() as folder,
        _local_file(source, Path(folder)) as file,
    ):
        name = str(run_limited(archived_run_name, str(file)))
    try:
        return "" if is_shipped(name) else checked_name(name)
    except SeizeError:
        return ""


def import_run(source: Path | IO[bytes], name: str = "") -> Run:
    """Unpack and check the run in an archive, store it under `name` or its own, and return it.

    Raise RunError when the archive is damaged or the name taken; then nothing is stored.
    """
    if not (name := name or usable_archived_name(source)):
        raise RunError("The name of the model in this file cannot be used here. Give it another name.")
    name = checked_name(name)
    target = models_folder() / name
    if is_shipped(name):
        raise RunError(
            "Names like {name!r} are reserved for the models included with Seize. Choose another name.", name=name
        )
    if target.exists():
        raise RunError(
            "A model called {name!r} exists already. Choose another name, or delete that model first.", name=name
        )
    with (
        convert_disk_errors(),
        hold_write_lock(target),
        replace_folder_atomically(target) as draft,
        _local_file(source, draft.parent) as file,
    ):
        run_limited(unpack_run, str(file), str(draft), LARGEST_UNPACKED_RUN)
        write_config(draft, {**json.loads((draft / CONFIG).read_text("utf-8")), "name": name})
    return load_run(name)


@contextmanager
def _local_file(source: Path | IO[bytes], folder: Path) -> Iterator[Path]:
    """Yield the path of a file that another process can read: `source`, or its copy in `folder`."""
    if isinstance(source, Path):
        yield source
        return
    with (folder / "archive.zip").open("wb") as file:
        source.seek(0)
        shutil.copyfileobj(source, file)
    yield folder / "archive.zip"
