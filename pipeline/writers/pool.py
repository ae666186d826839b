"""The processes that write: started when they are needed, ended when nobody needs them, replaced when they die.

    pool = Pool(2)
    ask = pool.ask("a visitor", {"request": request_to_json(request), "have": 0})
    ask.wait(0.2)                    # the reply, or None; raises what went wrong
    ask.place                        # 3: two visitors come first

Requests and replies are plain data: nothing that a process holds is shared, and nothing is pickled
(`processes.worker`). Knows nothing of what is asked.
"""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock, Thread
from typing import Any, Protocol

from pipeline.core.errors import WriterError, error_from_json, os_errors_as
from pipeline.core.reproducibility import reproducible_environment
from pipeline.core.translation import mark
from pipeline.processes.worker import WorkerDied, WorkerProcess
from pipeline.writers.turns import QueuedRequest, RequestQueue

PROCESS_COUNT_VARIABLE = "SEIZE_WRITERS"  # environment variable: how many; 0 writes in the process that asks
MOST_PROCESSES = 2  # of our own accord
IDLE = 600.0  # seconds after which a process that nobody needs gives its memory back
NICENESS = 5  # of a process that writes: pages come first
LONGEST_REPLY_SECONDS = 600.0  # seconds for one reply: opening the run of a large corpus takes minutes

logger = logging.getLogger(__name__)


def process_count() -> int:
    """Return how many processes are to write: what the environment says, or one a core up to `MOST_PROCESSES`."""
    count = os.environ.get(PROCESS_COUNT_VARIABLE, "")
    return int(count) if count.isdecimal() else min(os.cpu_count() or 1, MOST_PROCESSES)


def open_pool() -> "Pool":
    """Return a pool of so many writers; none is started yet."""
    count = process_count()
    return Pool(count) if count else Pool(1, _start_local_writer)


def _start_local_writer() -> "Writer":
    from pipeline.writers.desk import RequestHandler  # what it opens is what processes keep out of this one

    return RequestHandler()


class Writer(Protocol):
    """Whoever answers messages."""

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]: ...
    def close(self) -> None: ...


class WriterProcess:
    """A process that answers. Raises WriterError when it cannot be started, and once it is gone."""

    def __init__(self) -> None:
        refused = mark("No process could be started to write ({reason}). Close other programs, or come back later.")
        with os_errors_as(WriterError, refused):
            self._process = WorkerProcess(
                patience=LONGEST_REPLY_SECONDS, niceness=NICENESS, environment=reproducible_environment()
            )

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return its answer."""
        try:
            answer: dict[str, Any] = self._process.call("pipeline.writers.desk:answer", message)
        except WorkerDied as error:
            raise WriterError("The writing process stopped. Another takes its place: try again.") from error
        return answer

    def close(self) -> None:
        """End the process and wait for its end."""
        self._process.close()


class Pool:
    """Writers that answer for many visitors, in turns. Safe from many threads."""

    def __init__(self, size: int, start: Callable[[], Writer] = WriterProcess) -> None:
        self._size, self._start, self._turns = size, start, RequestQueue()
        self._lock, self._threads = Lock(), list[Thread]()

    def ask(
        self, visitor: str, message: Mapping[str, Any], home: int | None = None, effort: float = 0.0
    ) -> QueuedRequest:
        """Put a message in line; `home` is the number of the writer who has what it goes on from.

        Raises WriterError once the pool is closed.
        """
        if self._turns.closed:
            raise _closed_pool_error()
        with self._lock:
            if not self._threads:
                self._threads = [Thread(target=self._serve, args=(n,), daemon=True) for n in range(self._size)]
                for thread in self._threads:
                    thread.start()
        return self._turns.add(visitor, message, home, effort)

    def close(self) -> None:
        """End the writers."""
        for ask in self._turns.close():
            ask.settle(ask.home, problem=_closed_pool_error())
        for thread in self._threads:
            thread.join()

    def _serve(self, number: int) -> None:
        """Answer in turns, with a writer that is started when it is needed and replaced when it dies."""
        seat = _WriterSlot(self._start)
        while not self._turns.closed:
            if not seat.is_running and (waiting := self._turns.wait_until_needed(number)):
                seat.warm_up(waiting)
            if ask := self._turns.take(number, IDLE):
                try:
                    answer = seat.answer(ask.message)
                    problem = error_from_json(answer["error"]) if "error" in answer else None
                    ask.settle(number, answer.get("reply"), problem)
                except Exception as error:  # whatever it was, whoever asked is told, and the next is served
                    logger.warning("writer %d: %s", number, error)
                    ask.settle(number, problem=error)
            else:
                seat.end_writer()
        seat.end_writer()


class _WriterSlot:
    """Where a writer sits, when there is one: started at the first message, gone after a problem of its own."""

    def __init__(self, start: Callable[[], Writer]) -> None:
        self._start = start
        self._writer: Writer | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is a writer."""
        return self._writer is not None

    def warm_up(self, message: Mapping[str, Any]) -> None:
        """Have a message answered for nobody, so that all is open that the next ones take."""
        with suppress(Exception):  # it will be told to whoever asks
            self.answer(message)

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer. Raises what the writer raises."""
        self._writer = self._writer or self._start()
        try:
            return self._writer.answer(message)
        except Exception:
            self.end_writer()
            raise

    def end_writer(self) -> None:
        """End the writer."""
        if self._writer:
            self._writer.close()
        self._writer = None


def _closed_pool_error() -> WriterError:
    return WriterError("The server is shutting down. Come back in a moment.")
