"""A process that calls functions for another: each call is a line of JSON on its stdin, each answer one on its stdout.

    run_limited(preview_as_json, "songs.parquet", None)  # one call within limits, and the end of the process

    process = WorkerProcess(patience=600)
    process.call("pipeline.writers.desk:answer", message)  # one call after another, until close()

A function is named by its module and name; its arguments and its result are plain data, never a pickle. What takes too
much memory or time costs this process and nothing else: that is for work on files that anybody may have made. It ends
at once when its stdin does: whoever started it is gone, in whatever way. Knows nothing of what is called.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from queue import SimpleQueue
from threading import Thread, Timer
from typing import IO, Any

from pipeline.core.errors import SeizeError, error_from_json
from pipeline.processes import limits as limits_here
from pipeline.processes.limits import LIMITS, Limits, limit_memory, memory_limit_error, time_limit_error

_PATIENCE_PER_CPU_SECOND = 3  # seconds on the clock for each of the processor's: others work here too
_LARGEST_RESULT = 256 << 20  # bytes
_FRUGAL_LIBRARIES = {  # address space that libraries take beforehand would count as used
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class WorkerDied(Exception):
    """Raised when a worker process ends without an answer. `late` means that it was killed for taking too long."""

    def __init__(self, status: int, *, late: bool) -> None:
        super().__init__(f"status {status}")
        self.status, self.late = status, late


class WorkerProcess:
    """A separate process that calls functions within `limits`. Each call may take `patience` seconds.

    What it prints goes to `errors`, or where our errors go. Raise OSError when it cannot be started.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        patience: float,
        niceness: int = 0,
        environment: Mapping[str, str] | None = None,
        errors: IO[bytes] | None = None,
    ) -> None:
        self._patience, self._late = patience, False
        options = json.dumps({"limits": limits and asdict(limits), "niceness": niceness})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.processes.worker", options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(environment or {})},
            start_new_session=True,  # it ends with its pipe, not by a Ctrl-C that whoever started it hears too
        )

    def call(self, function: str, *arguments: Any) -> Any:
        """Return the result of the function `module:name`, called in the worker process.

        Raise the SeizeError, OSError or MemoryError that it raises, and WorkerDied.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = Timer(self._patience, self._kill_late_process)
        timer.daemon = True
        timer.start()
        try:
            request = json.dumps({"function": function, "arguments": arguments})
            self._process.stdin.write(request.encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise WorkerDied(self._process.wait(), late=self._late)
        return _result_or_raise(json.loads(line))

    def close(self) -> None:
        """End the process and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with suppress(OSError):  # what it was still to be told
            self._process.stdin.close()

    def _kill_late_process(self) -> None:
        self._late = True
        self._process.kill()


def run_limited(function: Callable[..., Any], *arguments: Any, limits: Limits = LIMITS) -> Any:
    """Return `function(*arguments)`, computed in a subprocess with limits. Arguments and result are plain data.

    Raise the SeizeError or OSError that it raises, and LimitError when it takes more than it may or its process dies.
    """
    name = f"{function.__module__}:{function.__qualname__}"
    with tempfile.TemporaryFile() as errors:
        worker = WorkerProcess(
            limits, patience=_PATIENCE_PER_CPU_SECOND * limits.seconds, environment=_FRUGAL_LIBRARIES, errors=errors
        )
        try:
            return worker.call(name, *arguments)
        except MemoryError as error:
            raise memory_limit_error(limits.memory) from error
        except WorkerDied as error:
            if error.late or error.status == -getattr(signal, "SIGXCPU", 0):
                raise time_limit_error(limits.seconds) from error
            if error.status < 0:
                raise memory_limit_error(limits.memory) from error
            errors.seek(0)
            raise RuntimeError(f"{name} in a process of its own: {errors.read().decode(errors='replace')}") from error
        finally:
            worker.close()


def _result_or_raise(answer: Mapping[str, Any]) -> Any:
    if "error" in answer:
        raise error_from_json(answer["error"])
    if "refused" in answer:
        raise OSError(*answer["refused"])
    if "limit" in answer:
        raise MemoryError
    return answer["result"]


def _answer_request(request: Mapping[str, Any], limits: Limits | None) -> bytes:
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    if limits:
        limit_memory(limits.memory)
    try:
        answer = json.dumps({"result": function(*request["arguments"])}).encode()
        return answer if len(answer) <= _LARGEST_RESULT else b'{"limit": "memory"}'
    except MemoryError:
        return b'{"limit": "memory"}'
    except SeizeError as error:
        return json.dumps({"error": error.to_json()}).encode()
    except OSError as error:
        refused = [error.errno, error.strerror, error.filename and str(error.filename)]
        return json.dumps({"refused": refused}).encode()


def _forward_requests(requests: SimpleQueue[bytes]) -> None:
    """Put each line of stdin into a queue. End the process when stdin ends, even amid its work."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def main() -> None:
    """Answer the calls on stdin until it ends."""
    options = json.loads(sys.argv[1])
    limits = Limits(**options["limits"]) if options["limits"] else None
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # what is printed meanwhile is no answer
        if options["niceness"]:
            os.nice(options["niceness"])
        if limits:
            limits_here.start_process_limits(limits)
        requests = SimpleQueue[bytes]()
        Thread(target=_forward_requests, args=(requests,), daemon=True).start()
        while True:
            out.write(_answer_request(json.loads(requests.get()), limits) + b"\n")
            out.flush()


if __name__ == "__main__":
    try:
        main()
    except Exception:  # a fault of ours, told by whoever called
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # Python would wait for the thread that reads
