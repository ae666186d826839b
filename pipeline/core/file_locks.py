"""Locks on open files and folders that the kernel takes back when their process ends, however it ends (flock).

Windows has none of this kind: it locks bytes of files, no folders, and hands no lock to a process as it is born; it
does not open folders either. There `POSIX` is False and nothing is locked: Seize works for one person at one keyboard,
whose second training of the same name would replace the first. This was not tried on Windows itself: a test takes the
module away.
"""

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

POSIX = fcntl is not None


def lock(handle: int, *, shared: bool = False, wait: bool = False) -> bool:
    """Lock an open file or folder, shared or exclusively; return False when another process holds the lock."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def unlock(handle: int) -> None:
    """Release the lock on an open file, also for processes forked meanwhile. Closing the file would not do that."""
    fcntl.flock(handle, fcntl.LOCK_UN)
