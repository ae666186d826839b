"""A source as named bytes: the files of a folder, the members of a zip, or one file. Nothing is unpacked onto the disk.

A zip is read in place, member by member, so no name in it can choose a path; a file compressed with gzip, xz or bzip2,
and a tar, is unpacked into memory. Sizes are bounded against bombs.
"""

import bz2
import gzip
import io
import lzma
import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pipeline.core.errors import DAMAGED_FILE_ERRORS, Sentence, SourceError, short_reason
from pipeline.corpus.readers import reader_for_suffix
from pipeline.corpus.song import SkippedItem

TAR_SUFFIXES = (".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2")
UNREAD_SUFFIXES = (".7z", ".rar", ".tar", ".tgz", ".zst", ".zip")  # inside a folder or an archive, or as a source

MAX_FILE_BYTES = 512 << 20  # bytes of one file
MAX_ZIP_BYTES = 4 << 30  # bytes of all members, unpacked
MAX_FILES = 500_000
MAX_UNPACK_RATIO = 100  # times its size in an archive that a text takes unpacked: lyrics take 3, with much repeated 20
MIN_UNPACK_LIMIT_BYTES = 16 << 20  # bytes that anything may unpack to


def unpacked_size_limit(size: int) -> int:
    """Return the largest number of bytes that a compressed file of `size` bytes may have unpacked."""
    return min(MAX_FILE_BYTES, max(MIN_UNPACK_LIMIT_BYTES, MAX_UNPACK_RATIO * size))


_NOT_LYRICS = re.compile(
    r"(?:read[ _-]?me|lisez[ _-]?moi|[àa][ _-]lire|licen[sc]e|datasheet|changelog)(?:[._-]\w\w)?", re.I
)
_DOCUMENT_MEMBERS = {"word/document.xml": "Word", "content.xml": "OpenDocument", "META-INF/container.xml": "EPUB"}


DECOMPRESSORS: dict[str, Callable[[io.BytesIO], Any]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


def _unpacked_size_error(name: str, most: int) -> SourceError:
    return SourceError("{name} is too large: over {megabytes} MB unpacked.", name=name, megabytes=most >> 20)


def decompress(data: bytes, suffix: str, name: str, largest: int) -> bytes:
    """Return the bytes of a compressed file. Raises SourceError if damaged or larger than `largest` bytes."""
    try:
        with DECOMPRESSORS[suffix](io.BytesIO(data)) as file:
            unpacked = file.read(largest + 1)
    except (lzma.LZMAError, *DAMAGED_FILE_ERRORS) as error:
        raise SourceError("{name} cannot be unpacked ({reason}).", name=name, reason=short_reason(error)) from error
    if len(unpacked) > largest:
        raise _unpacked_size_error(name, largest)
    return bytes(unpacked)


class Blob(NamedTuple):
    """A file of a source: its name, size, path on disk, and functions to load all or the first of its bytes."""

    name: str
    size: int
    load: Callable[[], bytes]
    load_first: Callable[[int], bytes] | None = None
    path: str = ""

    @property
    def suffix(self) -> str:
        """The suffix in lower case, such as ".txt". A file named only `.txt` has this suffix too."""
        name = PurePosixPath(self.name).name.lower()
        return name if reader_for_suffix(name) else PurePosixPath(name).suffix


def open_source(path: Path) -> tuple[list[Blob], list[SkippedItem]]:
    """Return (files in a fixed order, skipped files) of a folder, zip or file. Raises SourceError if it is missing."""
    try:
        if _is_special_file(path):
            raise SourceError(
                "{path} is not a file or folder but a device, a pipe or part of the system. Choose a file.",
                path=path,
            )
        if path.is_dir():
            items = list(_walk_folder(path))
        elif not path.exists():
            raise SourceError(
                "There is nothing at {path}. Give a folder of text files, a table of songs, or a zip.", path=path
            )
        elif zipfile.is_zipfile(path) and not (path.suffix and reader_for_suffix(path.suffix.lower())):
            items = list(_zip_members(path))
        elif path.suffix.lower() == ".zip" and path.stat().st_size:
            raise SourceError(
                "{file} is not a complete zip archive: it was cut short, or it is something else.", file=path.name
            )
        else:
            items = list(_files_in_tar_or_file(path, _replace_surrogates(path.name), path.stat().st_size))
    except (OSError, ValueError) as error:
        raise SourceError("{path} cannot be opened ({reason}).", path=path, reason=_error_reason(error)) from error
    unpacked = [_unpack_if_compressed(item) if isinstance(item, Blob) else item for item in items]
    blobs = [item for item in unpacked if isinstance(item, Blob)]
    skips = [item for item in unpacked if isinstance(item, SkippedItem)]
    if not blobs and skips and not path.is_dir():
        raise SourceError("{file}: {reason}.", file=path.name, reason=skips[0].reason)
    return blobs, skips


def _is_special_file(path: Path) -> bool:
    """Return whether reading a path might never end: a device, a pipe, a socket, a file of /proc."""
    real = path.resolve()
    made = any(real.is_relative_to(folder) for folder in ("/dev", "/proc", "/sys"))
    return made or (real.exists() and not real.is_file() and not real.is_dir())


def size_in_bytes(path: Path) -> int:
    """Return the size in bytes of a file, or of all files of a folder. It is 0 if nothing can be read."""
    total = 0
    for file in _files_at(path):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def count_files(path: Path) -> int:
    """Return the number of files at a path, with the members of a zip. It is at least 1."""
    with suppress(OSError, SourceError):
        if path.is_file() and zipfile.is_zipfile(path):
            return len(_open_zip(str(path), path.stat().st_mtime_ns).infolist())
    return max(1, sum(1 for _ in _files_at(path)))


def _files_at(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
    for folder, _, files in os.walk(path):
        yield from (Path(folder, file) for file in files)


def _unpack_if_compressed(blob: Blob) -> Blob | SkippedItem:
    """Return the file inside a compressed file. An unsupported archive becomes a SkippedItem."""
    if blob.suffix in UNREAD_SUFFIXES:
        return SkippedItem(blob.name, _unread_reason(blob.suffix))
    if blob.suffix not in DECOMPRESSORS:
        return blob
    name = blob.name[: -len(blob.suffix)]
    return Blob(name, blob.size, partial(_decompress, blob, name))


def _unread_reason(suffix: str) -> Sentence:
    if suffix == ".zip":
        return Sentence("it is an archive (.zip) inside an archive, which is not opened")
    return Sentence(
        "it is an archive ({suffix}) that Seize does not read: unpack it and give the folder", suffix=suffix
    )


def _decompress(blob: Blob, name: str) -> bytes:
    data = blob.load()
    return decompress(data, blob.suffix, name, unpacked_size_limit(len(data)))


def _walk_folder(path: Path) -> Iterator[Blob | SkippedItem]:
    """Yield the files in a folder and its sub-folders, in alphabetical order, and SkippedItems for unreadable ones."""
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for file in sorted(files):
            file_path = Path(folder) / file
            name = _replace_surrogates(file_path.relative_to(path).as_posix())
            if not _may_hold_lyrics(name):
                continue
            try:
                size = file_path.stat().st_size
                if _is_special_file(file_path):
                    yield SkippedItem(name, Sentence("it is a device, a pipe or a part of the system"))
                else:
                    yield from _files_in_tar_or_file(file_path, name, size)
            except SourceError as error:
                yield SkippedItem(name, error.as_sentence)
            except OSError as error:
                yield SkippedItem(name, Sentence("it cannot be opened ({reason})", reason=_error_reason(error)))


def _zip_members(path: Path) -> Iterator[Blob | SkippedItem]:
    """Yield the files in a zip, and its skipped items. Raise SourceError if it is too large or a Word document."""
    members = _open_zip(str(path), path.stat().st_mtime_ns).infolist()
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_ZIP_BYTES:
        raise SourceError(
            "{file} is too large: more than {files:,} files or {gigabytes} GB unpacked.",
            file=path.name,
            files=MAX_FILES,
            gigabytes=MAX_ZIP_BYTES >> 30,
        )
    names = {member.filename for member in members}
    if kind := next((kind for name, kind in _DOCUMENT_MEMBERS.items() if name in names), None):
        raise SourceError(
            "{file} is a document ({kind}), which Seize does not read. Save its text as .txt.",
            file=path.name,
            kind=kind,
        )
    if any(name.endswith(".mtx") for name in names):
        raise SourceError(
            "{file} contains a document-term matrix: word counts per song, without lines or word order. Give the "
            "lyrics themselves, or another export of them (text, TEI, CoNLL-U).",
            file=path.name,
        )
    for member in sorted(members, key=lambda member: member.filename):
        name = member.filename.replace("\\", "/")
        if member.is_dir():
            continue
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            yield SkippedItem(name, Sentence("its name points outside the archive"))
        elif not _may_hold_lyrics(name):
            continue
        elif member.flag_bits & 1:
            yield SkippedItem(name, Sentence("it is encrypted"))
        elif member.file_size > max(MIN_UNPACK_LIMIT_BYTES, MAX_UNPACK_RATIO * member.compress_size):
            yield SkippedItem(
                name,
                Sentence("it unpacks to more than {times} times its size, unlike any text", times=MAX_UNPACK_RATIO),
            )
        else:
            yield Blob(name, member.file_size, partial(_read_member, str(path), member.filename, name))


def _replace_surrogates(name: str) -> str:
    """Return a file name in which lone surrogates, which UTF-8 cannot represent, are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _may_hold_lyrics(name: str) -> bool:
    """Return whether a file may contain lyrics by its name: it is not hidden, no readme and no licence."""
    parts = name.lower().split("/")
    if any(part.startswith((".", "__macosx")) for part in parts[:-1]) or parts[-1] in ("thumbs.db", "desktop.ini"):
        return False
    if parts[-1].startswith(".") and not reader_for_suffix(parts[-1]):
        return False
    return not _NOT_LYRICS.fullmatch(PurePosixPath(parts[-1]).stem)


def _files_in_tar_or_file(path: Path, name: str, size: int) -> Iterator[Blob | SkippedItem]:
    """Yield a file, or the files in it if it is a tar. Raises SourceError when it is damaged or too large."""
    if not name.lower().endswith(TAR_SUFFIXES):
        yield _file_to_blob(path, name, size)
        return
    changed, folder = path.stat().st_mtime_ns, PurePosixPath(name).parent
    for member, data in _tar_members(str(path), changed).items():
        inside = str(folder / member)
        if member.startswith("/") or ".." in member.split("/"):
            yield SkippedItem(inside, Sentence("its name points outside the archive"))
        elif _may_hold_lyrics(member):
            yield Blob(inside, len(data), partial(_read_tar_member, str(path), changed, member))


@lru_cache(1)
def _tar_members(path: str, changed: int) -> dict[str, bytes]:
    """Return name -> bytes of the files of a tar. Raises SourceError when it is damaged or too large."""
    most = unpacked_size_limit(os.path.getsize(path))
    members, size = dict[str, bytes](), 0
    try:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                size += max(member.size, 0)
                if size > most or len(members) >= MAX_FILES:
                    raise _unpacked_size_error(Path(path).name, most)
                if member.isfile() and (file := archive.extractfile(member)):
                    members[_replace_surrogates(member.name).removeprefix("./")] = file.read()
    except (tarfile.TarError, lzma.LZMAError, *DAMAGED_FILE_ERRORS) as error:
        name, reason = Path(path).name, short_reason(error)
        raise SourceError("{name} cannot be unpacked ({reason}).", name=name, reason=reason) from error
    return dict(sorted(members.items()))


def _read_tar_member(path: str, changed: int, member: str) -> bytes:
    return _tar_members(path, changed)[member]


def _file_to_blob(path: Path, name: str, size: int) -> Blob:
    read = partial(_read_file, str(path), name)
    return Blob(name, size, read, read, str(path))


def _read_file(path: str, name: str, most: int = -1) -> bytes:
    try:
        if os.path.getsize(path) > MAX_FILE_BYTES:
            raise SourceError(
                "{name} is too large: over {megabytes} MB. Split it.", name=name, megabytes=MAX_FILE_BYTES >> 20
            )
        with open(path, "rb") as file:
            return file.read(most)
    except OSError as error:
        raise SourceError("{name} cannot be opened ({reason}).", name=name, reason=_error_reason(error)) from error


def _read_member(path: str, member: str, name: str) -> bytes:
    try:
        with _open_zip(path, os.stat(path).st_mtime_ns).open(member) as file:
            data = file.read(MAX_FILE_BYTES + 1)  # the size that a zip states may be a lie
    except DAMAGED_FILE_ERRORS as error:
        raise SourceError("{name} cannot be unpacked ({reason}).", name=name, reason=_error_reason(error)) from error
    if len(data) > MAX_FILE_BYTES:
        raise _unpacked_size_error(name, MAX_FILE_BYTES)
    return data


@lru_cache(2)
def _open_zip(path: str, changed: int) -> zipfile.ZipFile:
    """Return the open zip. `changed`, its modification time, only keys the cache."""
    try:
        return zipfile.ZipFile(path)
    except DAMAGED_FILE_ERRORS as error:
        raise SourceError(
            "{file} is not a complete zip archive ({reason}).", file=Path(path).name, reason=_error_reason(error)
        ) from error


def _error_reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
