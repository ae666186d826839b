"""What a visitor may import: files of this machine in the folders that are offered, and files that a browser sent.

Files that were sent are on disk until they are prepared: each under its own name, a day at most, not too many. Knows no
Streamlit.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path, PurePath

from pipeline.core.errors import SourceError
from pipeline.core.owners import OPERATOR
from pipeline.core.paths import jobs_folder

ROOTS_VARIABLE = "SEIZE_IMPORT_ROOTS"  # names the folders that visitors may read, with os.pathsep between
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MAX_PATH_CHARS_SHOWN = 200  # characters of a path in a sentence


def import_roots(*, local: bool) -> list[Path]:
    """Return the folders that visitors may import from: those of `SEIZE_IMPORT_ROOTS`; by default none.

    For a local visitor the default is the user's home.
    """
    named = os.environ.get(ROOTS_VARIABLE)
    if named is None:
        return [Path.home().resolve()] if local else []
    return [Path(folder).resolve() for folder in named.split(os.pathsep) if folder]


def is_local(address: str | None, headers: Mapping[str, str]) -> bool:
    """Return whether the visitor is at this machine: the server listens on loopback alone, and no proxy is between."""
    proxied = any(name.lower() in ("forwarded", "x-forwarded-for", "x-real-ip") for name in headers)
    host = next((value for name, value in headers.items() if name.lower() == "host"), "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return address in LOOPBACK and not proxied and name.strip("[]") in LOOPBACK


def resolve_local_source(typed: str, roots: Sequence[Path]) -> Path:
    """Return the path of the file or folder that a visitor typed, links resolved.

    Raise SourceError where there is none and where it lies outside `roots`.
    """
    try:
        path = Path(typed).expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a loop of links, no such user
        if _is_outside(typed, roots):
            raise _outside_roots_error(typed, roots) from error
        raise SourceError(
            "There is no file or folder {path}. Check the path.", path=typed[:_MAX_PATH_CHARS_SHOWN]
        ) from error
    if not any(path.is_relative_to(root) for root in roots):
        raise _outside_roots_error(typed, roots)
    return path


def _is_outside(typed: str, roots: Sequence[Path]) -> bool:
    """Return whether a path that does not exist is outside the roots: errors must not reveal which files exist."""
    with suppress(OSError, RuntimeError, ValueError):
        path = Path(typed).expanduser().resolve()
        return not any(path.is_relative_to(root) for root in roots)
    return False


def _outside_roots_error(typed: str, roots: Sequence[Path]) -> SourceError:
    return SourceError(
        "{path} is not in a folder open to imports. These are: {roots}.",
        path=typed[:_MAX_PATH_CHARS_SHOWN],
        roots=", ".join(map(str, roots)),
    )


MOST_BYTES = 2 << 30  # of all uploads that wait on disk
VISITOR_BYTES = 512 << 20  # of those of one visitor; the operator may take all
MAX_UPLOAD_SECONDS = 24 * 60 * 60  # seconds after which an upload is deleted
MAX_FILE_NAME_BYTES = 120  # bytes of a stored name; disks take 255


def uploads_folder() -> Path:
    """Return the folder that holds what browsers sent until it is prepared."""
    return jobs_folder() / "uploads"


def uploaded_bytes(owner: str = OPERATOR) -> int:
    """Return the total size in bytes of a visitor's uploads, or of all uploads for the operator."""
    chosen = "*" if owner == OPERATOR else f"{_folder_prefix(owner)}*"
    return sum(_file_size(path) for folder in uploads_folder().glob(chosen) for path in folder.rglob("*"))


def upload_limit(owner: str) -> int:
    """Return how many bytes the waiting uploads of a visitor may take."""
    return MOST_BYTES if owner == OPERATOR else VISITOR_BYTES


def store_upload(files: Sequence[tuple[str, bytes | memoryview]], owner: str = OPERATOR) -> Path:
    """Write uploaded files, (name, content) each, to disk; return the path of the file, or of the folder of several.

    Raise SourceError when they would be too many bytes, together or of their owner, or the disk refuses.
    """
    check_upload_limit(sum(len(content) for _, content in files), owner)
    folder = uploads_folder() / f"{_folder_prefix(owner)}{secrets.token_hex(8)}"
    paths = [folder / name for name in stored_names(name for name, _ in files)]
    try:
        folder.mkdir(parents=True)
        for path, (_, content) in zip(paths, files, strict=True):
            path.write_bytes(content)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise SourceError("The uploaded files cannot be saved ({reason}).", reason=error.strerror or error) from error
    return paths[0] if len(paths) == 1 else folder


def sweep_uploads(now: float | None = None) -> None:
    """Delete uploads older than `MAX_UPLOAD_SECONDS`."""
    limit = (time.time() if now is None else now) - MAX_UPLOAD_SECONDS
    for folder in uploads_folder().glob("*"):
        with suppress(OSError):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder)


def delete_upload(source: Path) -> None:
    """Delete the upload that a path belongs to; do nothing for a path outside the uploads."""
    with suppress(ValueError, IndexError, OSError):
        shutil.rmtree(uploads_folder() / source.relative_to(uploads_folder()).parts[0])


def check_upload_limit(new_bytes: int, owner: str = OPERATOR) -> None:
    """Raise SourceError when so many new bytes would exceed the limit of this visitor or of all uploads."""
    if (waiting := uploaded_bytes()) + new_bytes > MOST_BYTES:
        raise SourceError(
            "No room for {coming} MB more: uploads may use {limit} MB in all, and {waiting} MB are waiting to be "
            "prepared. They are deleted once prepared, or after a day.",
            coming=-(-new_bytes // 1_000_000),
            limit=MOST_BYTES // 1_000_000,
            waiting=waiting // 1_000_000,
        )
    if (own := uploaded_bytes(owner)) + new_bytes > upload_limit(owner):
        raise SourceError(
            "No room for {coming} MB more: your uploads may use {limit} MB, and {waiting} MB of them are waiting to be "
            "prepared. They are deleted once prepared, or after a day.",
            coming=-(-new_bytes // 1_000_000),
            limit=upload_limit(owner) // 1_000_000,
            waiting=own // 1_000_000,
        )


def _folder_prefix(owner: str) -> str:
    """Return the prefix of the names of a visitor's upload folders: a hash, since paths are shown."""
    return f"{blake2b(owner.encode(), digest_size=8).hexdigest()}-"


def stored_names(names: Iterable[str]) -> list[str]:
    r"""Return safe and distinct file names for the names that a browser sent: without folders, short enough.

    >>> stored_names(["a/rue.txt", "b\\rue.txt", "rue.txt", "", "x" * 300 + ".csv"])[:4]
    ['rue.txt', 'rue-2.txt', 'rue-3.txt', 'unnamed']
    """
    taken, stored = set[str](), []
    for name in names:
        path = PurePath(name.replace("\\", "/").replace("\0", "")).name or "unnamed"
        stem, suffix = PurePath(path).stem, PurePath(path).suffix[:12]
        number, chosen = 1, _cut_name(stem, "", suffix)
        while chosen.casefold() in taken:
            number += 1
            chosen = _cut_name(stem, f"-{number}", suffix)
        taken.add(chosen.casefold())
        stored.append(chosen)
    return stored


def _cut_name(stem: str, number: str, suffix: str) -> str:
    """Return stem + number + suffix, the stem cut so that the name has `MAX_FILE_NAME_BYTES` bytes at most."""
    room = MAX_FILE_NAME_BYTES - len((number + suffix).encode())
    cut_stem = stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
    return (cut_stem or "unnamed") + number + suffix


def _file_size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size if path.is_file() else 0
    return 0
