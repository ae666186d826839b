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
    """What a function may take: bytes of memory beyond its libraries, and seconds of the processor."""

    memory: int = 2 << 30
    seconds: int = 60


LIMITS = Limits()
_here: list[Limits] = []  # of this process, where `begin_process_limits` was called


def give_back_memory() -> None:
    """Give what was freed back: glibc does so at the end of its heap alone, Arrow's pool after a while."""
    if (arrow := sys.modules.get("pyarrow")) is not None:
        arrow.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def bound_heap() -> None:
    """Have glibc keep no more than little of what is freed at the end of its heap.

    By itself it keeps more with each large array that is freed: counting the songs of 17 million words left 208 MB.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def collect_seldom() -> None:
    """Have Python look for cycles seldom: columns have few, and looking took a twentieth of preparing them."""
    gc.set_threshold(*_GC_THRESHOLDS)


def is_limited() -> bool:
    """Whether this process was begun within limits: what it takes too much of ends it alone."""
    return bool(_here)


def begin_process_limits(limits: Limits) -> None:
    """Let this process take so many seconds of the processor, and know that it is limited."""
    _here.append(limits)
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))


@contextmanager
def limit_memory_temporarily(extra: int) -> Iterator[None]:
    """Let this process take at most `extra` bytes of memory beyond what it has, while the block runs.

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
    """Let this process take at most `extra` bytes of memory beyond what it has. No limit where the system has none."""
    if resource is None:
        return
    limit = _address_space() + extra
    with suppress(ValueError, OSError):  # macOS refuses
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


@contextmanager
def limit_processor_time(seconds: float, error: SeizeError) -> Iterator[None]:
    """Raise `error` in the block once this process takes more than so many seconds of the processor.

    Code in C is not interrupted. No limit outside of the main thread, and where the system has no such timer.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds, _SECONDS_TO_END)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1 << 30  # about what the libraries take
    return pages * resource.getpagesize()


def memory_limit_error(memory: int) -> LimitError:
    """Return the error to raise where so many bytes were not enough."""
    return LimitError(
        "Reading this takes more than {gigabytes:.1f} GB of memory: it is damaged, or far larger than it looks. Split "
        "it, or choose another file.",
        gigabytes=memory / (1 << 30),
    )


def time_limit_error(seconds: int) -> LimitError:
    """Return the error to raise where so many seconds of the processor were not enough."""
    return LimitError(
        "Reading this takes more than {seconds} seconds: it is damaged, or far larger than it looks. Split it, or "
        "choose another file.",
        seconds=seconds,
    )
