"""How much memory and time this process may take, and what it gives back.

`worker.run_limited` begins a process within limits; `limit_memory_temporarily` is for one that is its own already, such
as a command. Windows has no such limits: there only the clock of `run_limited` holds.
"""

import ctypes
import gc
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import LimitError, SeizeError

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]


_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 32 << 20  # of glibc's malloc.h; bytes, its own most
_SECONDS_TO_END = 5  # of the processor, after which a block that went on is told to end again
_GC_THRESHOLDS = 50_000, 20, 20  # objects after which Python looks for cycles; else 700, 10, 10


@dataclass(frozen=True)
class Limits:
    """Limits of a process: bytes of memory beyond its libraries, and seconds of processor time."""

    memory: int = 2 << 30
    seconds: int = 60


LIMITS = Limits()
_here: list[Limits] = []  # of this process, where `start_process_limits` was called


def give_back_memory() -> None:
    """Return freed memory to the system, which the C library and Arrow's pool would keep for later."""
    if (arrow := sys.modules.get("pyarrow")) is not None:
        arrow.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def free_blocks_at_once() -> None:
    """Make the C library (glibc) return large freed blocks of memory to the system at once.

    By itself it keeps more with each large array that is freed: counting the songs of 17 million words left 208 MB.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def collect_garbage_less_often() -> None:
    """Make Python's garbage collector run less often: it took a twentieth of the time of `prepare`."""
    gc.set_threshold(*_GC_THRESHOLDS)


def is_limited() -> bool:
    """Return whether this process was started with limits on memory and processor time."""
    return bool(_here)


def start_process_limits(limits: Limits) -> None:
    """Limit the processor time of this process, and mark it as limited."""
    _here.append(limits)
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))


@contextmanager
def limit_memory_temporarily(extra: int) -> Iterator[None]:
    """Limit this process to `extra` bytes of memory beyond what it has, while the block runs.

    Raise LimitError when that is not enough. Not for a process that does anything else meanwhile.
    """
    before = resource.getrlimit(resource.RLIMIT_AS) if resource is not None else None
    limit_memory(extra)
    try:
        yield
    except MemoryError as error:
        raise memory_limit_error(extra) from error
    finally:
        if before is not None:
            resource.setrlimit(resource.RLIMIT_AS, before)


def limit_memory(extra: int) -> None:
    """Limit this process to `extra` bytes of memory beyond what it has, where the system can."""
    if resource is None:
        return
    limit = _address_space_bytes() + extra
    with suppress(ValueError, OSError):  # macOS refuses
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


@contextmanager
def limit_processor_time(seconds: float, error: SeizeError) -> Iterator[None]:
    """Raise `error` in the block once the block has used so many seconds of processor time.

    Code in C is not interrupted. No limit outside of the main thread, and where the system has no such timer.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def raise_time_limit_error(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGPROF, raise_time_limit_error)
    signal.setitimer(signal.ITIMER_PROF, seconds, _SECONDS_TO_END)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _address_space_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1 << 30  # about what the libraries take
    return pages * resource.getpagesize()


def memory_limit_error(memory: int) -> LimitError:
    """Return the error for a file that needs more than so many bytes of memory."""
    return LimitError(
        "Reading this takes more than {gigabytes:.1f} GB of memory: it is damaged, or far larger than it looks. Split "
        "it, or choose another file.",
        gigabytes=memory / (1 << 30),
    )


def time_limit_error(seconds: int) -> LimitError:
    """Return the error for a file that needs more than so many seconds of processor time."""
    return LimitError(
        "Reading this takes more than {seconds} seconds: it is damaged, or far larger than it looks. Split it, or "
        "choose another file.",
        seconds=seconds,
    )
