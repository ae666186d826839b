"""A function run within limits of memory and time: for work on files that anybody may have made.

    run_limited(preview_as_json, "/tmp/songs.parquet", None)

The function runs in a fresh process, so that a file which takes too much of either costs that process and nothing
else. It is named by its module and name; its arguments and its result travel as JSON, never as a pickle of foreign
data. `memory_limit` is for a process that is its own already, such as a command. Knows nothing of what is run.
Windows has no such limits: there only the clock of `run_limited` holds.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import LimitError, SeizeError, error_from_json

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]


_ENVIRONMENT = {  # address space that libraries take beforehand would count as used
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
_PATIENCE = 3  # seconds on the clock for each of the processor's: others work here too
_LARGEST_RESULT = 256 << 20  # bytes
_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 32 << 20  # of glibc's malloc.h; bytes, its own most


@dataclass(frozen=True)
class Limits:
    """What a function may take: bytes of memory beyond its libraries, and seconds of the processor."""

    memory: int = 2 << 30
    seconds: int = 60


LIMITS = Limits()
_here: list[Limits] = []  # of this process, where `run_limited` began it


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


def is_limited() -> bool:
    """Whether `run_limited` began this process: what it takes too much of ends it alone."""
    return bool(_here)


def run_limited(function: Callable[..., Any], *arguments: Any, limits: Limits = LIMITS) -> Any:
    """Return `function(*arguments)`, run in a process of its own; all of it is plain data.

    Raises the SeizeError or OSError that it raises, and LimitError when it takes more than it may or its process dies.
    """
    request = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "arguments": arguments,
        "memory": limits.memory,
        "seconds": limits.seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.processes.limits"],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE * limits.seconds,
            env={**os.environ, **_ENVIRONMENT},
        )
    except subprocess.TimeoutExpired as error:
        raise _took_too_long(limits) from error
    if resource is not None and done.returncode == -signal.SIGXCPU:
        raise _took_too_long(limits)
    if done.returncode < 0:
        raise _took_too_much(limits.memory)
    if done.returncode:
        raise RuntimeError(f"{request['function']} in a process of its own: {done.stderr.decode(errors='replace')}")
    return _result(json.loads(done.stdout), limits)


@contextmanager
def memory_limit(extra: int) -> Iterator[None]:
    """Let this process take at most `extra` bytes of memory beyond what it has, while the block runs.

    Raises LimitError when that is not enough. Not for a process that does anything else meanwhile.
    """
    before = resource.getrlimit(resource.RLIMIT_AS) if resource is not None else None
    limit_memory(extra)
    try:
        yield
    except MemoryError as error:
        raise _took_too_much(extra) from error
    finally:
        if before is not None:
            resource.setrlimit(resource.RLIMIT_AS, before)


def limit_memory(extra: int) -> None:
    """Let this process take at most `extra` bytes of memory beyond what it has. No limit where the system has none."""
    if resource is None:
        return
    wanted = _address_space() + extra
    with suppress(ValueError, OSError):  # macOS refuses
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1 << 30  # about what the libraries take
    return pages * resource.getpagesize()


def _result(answer: dict[str, Any], limits: Limits) -> Any:
    if "error" in answer:
        raise error_from_json(answer["error"])
    if "refused" in answer:
        raise OSError(*answer["refused"])
    if "limit" in answer:
        raise _took_too_much(limits.memory)
    return answer["result"]


def _took_too_much(memory: int) -> LimitError:
    return LimitError(
        "Reading this takes more than {gigabytes:.1f} GB of memory: it is damaged, or far larger than it looks. Split "
        "it, or choose another file.",
        gigabytes=memory / (1 << 30),
    )


def _took_too_long(limits: Limits) -> LimitError:
    return LimitError(
        "Reading this takes more than {seconds} seconds: it is damaged, or far larger than it looks. Split it, or "
        "choose another file.",
        seconds=limits.seconds,
    )


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    limit_memory(request["memory"])
    try:
        return {"result": function(*request["arguments"])}
    except MemoryError:
        return {"limit": "memory"}
    except SeizeError as error:
        return {"error": error.to_json()}
    except OSError as error:
        return {"refused": [error.errno, error.strerror, error.filename and str(error.filename)]}


def main() -> None:
    """Read a request from stdin, answer it on stdout."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # what is printed meanwhile is no answer
        request = json.load(sys.stdin)
        importlib.import_module("pipeline.processes.limits")._here.append(Limits(request["memory"], request["seconds"]))
        if resource is not None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"] + 1))
        answer = json.dumps(_answer(request)).encode()
        out.write(answer if len(answer) <= _LARGEST_RESULT else b'{"limit": "memory"}')


if __name__ == "__main__":
    main()
