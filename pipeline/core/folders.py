"""Folders and files that are replaced as a whole or not at all. Knows nothing of what is in them.

    <parent>/
        <name>              the target: always whole
        .draft-<random>/    locked by the process that works in it, gone when it is done
            <name>          what is being written
            <name>.old      what it replaces, where the system cannot exchange two names in one step
        .<name>.lock        there while somebody writes the target for longer (`hold_write_lock`)

What is written is synced before it gets its name, so a power cut leaves the old or the new as well. The locks are the
kernel's: they end with the process that holds them, however it ends, and what it leaves behind is swept. Without such
locks (`file_locks.POSIX`) writers do not see each other, and drafts of killed processes stay.
"""

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pipeline.core import file_locks
from pipeline.core.errors import SeizeError

T = TypeVar("T")

DRAFT_PREFIX = ".draft-"
_OLD_SUFFIX = ".old"
_RENAME_EXCHANGE, _HERE = 2, -100  # linux/fs.h and AT_FDCWD of fcntl.h
_UNSUPPORTED_ERRNOS = (
    errno.ENOSYS,
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EXDEV,
)  # what this system or file system cannot do


@contextmanager
def replace_folder_atomically(target: Path) -> Iterator[Path]:
    """Yield an empty draft folder. It takes the place of `target` when the block ends without an error.

    Where the system can exchange two names (Linux), there is no moment without a folder of this name. Elsewhere there
    is one between two renames; if the second fails the old folder gets its name back, if the process is killed there
    the next `remove_stale_drafts` gives it back. Raise OSError as the disk does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked_temporary_path(target) as draft:
        draft.mkdir()
        yield draft
        _fsync_tree(draft)
        _move_draft_to_target(draft, target)
        _fsync(target.parent)


@contextmanager
def replace_file_atomically(target: Path) -> Iterator[Path]:
    """Yield a path to write to. It takes the place of the file `target` when the block ends without an error.

    A full disk or a killed process leaves the file of before, or none if there was none. What is no regular file,
    such as /dev/stdout, is written in place.
    """
    if target.exists() and not target.is_file():
        yield target
        return
    with _locked_temporary_path(target) as draft:
        yield draft
        _fsync(draft)
        os.replace(draft, target)
        _fsync(target.parent)


@contextmanager
def hold_write_lock(target: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a lock on writing `target`, a file or folder, while the block runs.

    For work that takes long before it replaces anything: of two trainings of one name the second is told at once.
    Raise SeizeError when another holds the lock, unless it is to be waited for.
    """
    path = target.with_name(f".{target.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not file_locks.POSIX:
        yield
        return
    while (handle := _lock(path, os.O_RDWR | os.O_CREAT, wait=wait)) is None and wait:
        pass  # whoever held it has removed it
    if handle is None:
        raise SeizeError(
            "{name!r} is being written by another process. Wait until it ends, or choose another name.",
            name=target.name,
        )
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # while it is locked: whoever opened it before sees that it is gone
        _unlock(handle)


def remove_stale_drafts(parent: Path) -> None:
    """Remove the drafts that killed processes left in a folder, and restore files or folders that they moved aside."""
    for draft in (
        parent.glob(f"{DRAFT_PREFIX}*") if file_locks.POSIX else ()
    ):  # else one in use looks like one left behind
        with suppress(OSError):
            if (handle := _lock(draft, os.O_RDONLY)) is not None:
                try:
                    _remove_draft(draft)
                finally:
                    _unlock(handle)


def _remove_draft(draft: Path) -> None:
    for old in draft.glob(f"*{_OLD_SUFFIX}"):
        target = draft.parent / old.name.removesuffix(_OLD_SUFFIX)
        if not os.path.lexists(target):
            old.rename(target)
    shutil.rmtree(draft)


def read_consistently(folder: Path, read: Callable[[Path], T]) -> T:
    """Return `read(folder)`. Repeat it if the folder was replaced meanwhile, so that no result mixes two versions."""
    while file_locks.POSIX:
        handle = os.open(folder, os.O_RDONLY)  # while it is open, no other folder gets its number
        try:
            result = read(folder)
        except Exception:
            if _is_same_file(folder, handle):
                raise
        else:
            if _is_same_file(folder, handle):
                return result
        finally:
            os.close(handle)
    return read(folder)


@contextmanager
def _locked_temporary_path(target: Path) -> Iterator[Path]:
    """Yield a path, with the target's name, in a new locked folder beside the target; remove the folder at the end."""
    try:
        remove_stale_drafts(target.parent)
        folder, handle = _make_draft_folder(target.parent)
        try:
            yield folder / target.name
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            _unlock(handle)
    except OSError as error:
        if str(error.filename or "").startswith(str(target.parent / DRAFT_PREFIX)):
            error.filename = str(target)
        raise


def _make_draft_folder(parent: Path) -> tuple[Path, int | None]:
    """Return a new temporary folder and the handle of its lock (None without locks)."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=parent))
        if not file_locks.POSIX:
            return folder, None
        if (handle := _lock(folder, os.O_RDONLY)) is not None:
            return folder, handle


def _lock(path: Path, flags: int, *, wait: bool = False) -> int | None:
    """Open and lock a path, and return the handle; None when another process holds it or has removed the path."""
    try:
        handle = os.open(path, flags, 0o666)
    except FileNotFoundError:
        return None
    if not file_locks.lock(handle, wait=wait):
        os.close(handle)
        return None
    if _is_same_file(path, handle):
        return handle
    _unlock(handle)
    return None


def _unlock(handle: int | None) -> None:
    if handle is not None:
        file_locks.unlock(handle)
        os.close(handle)


def _move_draft_to_target(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        if not _swap_paths_atomically(draft, target):  # there is one already
            _replace_by_two_renames(draft, target)


def _replace_by_two_renames(draft: Path, target: Path) -> None:
    old = draft.with_name(draft.name + _OLD_SUFFIX)
    target.rename(old)
    try:
        draft.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _swap_paths_atomically(one: Path, other: Path) -> bool:
    """Exchange two files or folders in one atomic step; return False where the system cannot. Raise OSError."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    if (code := ctypes.get_errno()) in _UNSUPPORTED_ERRNOS:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def _fsync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _fsync(path)
    _fsync(folder)


def _fsync(path: Path) -> None:
    if not file_locks.POSIX:  # Windows opens no folders, and syncs what is open for writing only
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems sync no folders
            raise
    finally:
        os.close(handle)


def _is_same_file(path: Path, handle: int) -> bool:
    """Return whether an open handle is still the file or folder at `path`."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False
