"""The processes that write: started when they are needed, ended when nobody needs them, replaced when they die.

    pool = WriterPool(2)
    queued = pool.ask("a visitor", {"request": request_to_json(request), "have": 0})
    queued.wait(0.2)                 # the reply, or None; raises what went wrong
    queued.position                  # 3: two visitors come first

The next request is that of the visitor who was served longest ago: a round robin in which newcomers come first. So
the first line of a text waits for no more than what is being written at the moment, twenty texts advance together, and
the second text of one visitor waits behind the first of another.

Requests and replies are plain data: processes share no objects, and nothing is pickled (`processes.worker`). Knows
nothing of what is asked.
"""

import logging
import os
from collections.abc import Callable, Mapping
from itertools import count
from threading import Condition, Event, Lock, Thread
from typing import Any, Protocol

from pipeline.core.errors import SeizeError, WriterError, os_errors_as
from pipeline.core.reproducibility import reproducible_environment
from pipeline.core.translation import mark
from pipeline.processes.worker import WorkerDied, WorkerProcess

PROCESS_COUNT_VARIABLE = "SEIZE_WRITERS"  # environment variable: how many; 0 writes in the process that asks
MOST_PROCESSES = 2  # unless the environment asks for more
IDLE = 600.0  # seconds after which a process that nobody needs gives its memory back
NICENESS = 5  # of a process that writes: pages come first
LONGEST_REPLY_SECONDS = 600.0  # seconds for one reply: opening the run of a large corpus takes minutes
MAX_REMEMBERED_VISITORS = 10_000  # visitors whose last turn is remembered

logger = logging.getLogger(__name__)


def process_count() -> int:
    """Return the number of writer processes: as the environment says, or one per core up to `MOST_PROCESSES`."""
    count = os.environ.get(PROCESS_COUNT_VARIABLE, "")
    return int(count) if count.isdecimal() else min(os.cpu_count() or 1, MOST_PROCESSES)


def open_pool() -> "WriterPool":
    """Return a pool of `process_count()` writers, none started yet. If that is 0, the pool writes in this process."""
    count = process_count()
    return WriterPool(count) if count else WriterPool(1, _start_local_writer)


def _start_local_writer() -> "Writer":
    """Return a writer that answers in this process."""
    from pipeline.writers.desk import RequestHandler  # what it opens is what processes keep out of this one

    return RequestHandler()


class Writer(Protocol):
    """A writer: answers messages, in a process of its own or in this one."""

    def answer(self, message: Mapping[str, Any]) -> Any: ...
    def close(self) -> None: ...


class WriterProcess(WorkerProcess):
    """A writer in a process of its own. Raise WriterError when it cannot be started."""

    def __init__(self) -> None:
        refused = mark("No process could be started to write ({reason}). Close other programs, or come back later.")
        with os_errors_as(WriterError, refused):
            super().__init__(patience=LONGEST_REPLY_SECONDS, niceness=NICENESS, environment=reproducible_environment())

    def answer(self, message: Mapping[str, Any]) -> Any:
        """Return the reply of the process to a message, as `WorkerProcess.call` does."""
        return self.call("pipeline.writers.desk:answer", message)


class QueuedRequest:
    """A visitor's request to the writers: queued, being answered, or answered.

    `process` is the number of the writer that holds the text it continues, None where any may answer; once it is
    answered, of the writer that did.
    """

    def __init__(self, queue: "RequestQueue", visitor: str, message: Mapping[str, Any], process: int | None) -> None:
        self.visitor, self.message, self.process, self.number = visitor, message, process, 0
        self._queue, self._answered = queue, Event()
        self._reply: Any = None
        self._problem: Exception | None = None

    @property
    def position(self) -> int:
        """The place in the queue, from 1; 0 once the request is being answered."""
        return self._queue.position_of(self)

    def wait(self, seconds: float | None = None) -> Any:
        """Return the reply, or None if there is none within so many seconds. Raise the error if the request failed."""
        if not self._answered.wait(seconds):
            return None
        if self._problem:
            raise self._problem
        return self._reply

    def cancel(self) -> None:
        """Leave the queue. If the request is already being answered, the answer is dropped."""
        self._queue.remove(self)

    def finish(self, process: int | None, reply: Any = None, problem: Exception | None = None) -> None:
        """Set the reply or the error of the request, and wake the thread that waits for it."""
        self.process, self._reply, self._problem = process, reply, problem
        self._answered.set()


class RequestQueue:
    """A queue of requests that serves visitors in turns: the one served longest ago first. Safe from many threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: list[QueuedRequest] = []
        self._last_turns: dict[str, int] = {}  # visitor -> number of their last turn, the latest last
        self._numbers = count(1)
        self.idle: set[int] = set()  # writers that wait
        self.closed = False

    def enqueue(self, visitor: str, message: Mapping[str, Any], process: int | None = None) -> QueuedRequest:
        """Put a request into the queue."""
        request = QueuedRequest(self, visitor, message, process)
        with self._changed:
            request.number = next(self._numbers)
            self._waiting.append(request)
            self._changed.notify_all()
        return request

    def remove(self, request: QueuedRequest) -> None:
        """Take a request out of the queue if it is in it."""
        with self._changed:
            if request in self._waiting:
                self._waiting.remove(request)

    def position_of(self, request: QueuedRequest) -> int:
        """Return the place of a request in the queue, counted in visitors, from 1; 0 if it has left the queue."""
        with self._changed:
            if request not in self._waiting:
                return 0
            before = (other for other in self._waiting if self._priority(other) < self._priority(request))
            rivals = (other for other in before if request.process in (None, other.process) or other.process is None)
            return len({other.visitor for other in rivals} - {request.visitor}) + 1

    def take_request(self, process: int, patience: float) -> QueuedRequest | None:
        """Wait for a request that this writer is to answer; return None after `patience` seconds, or once closed.

        A request that any may answer goes to the first writer that is idle: it has more runs open than the others.
        """
        with self._changed:
            self.idle.add(process)
            self._changed.wait_for(lambda: self.closed or self._next_request(process), patience)
            request = None if self.closed else self._next_request(process)
            self.idle.discard(process)
            if request:
                self._waiting.remove(request)
                self._last_turns.pop(request.visitor, None)
                self._last_turns[request.visitor] = next(self._numbers)
                if len(self._last_turns) > MAX_REMEMBERED_VISITORS:
                    del self._last_turns[next(iter(self._last_turns))]
            self._changed.notify_all()
            return request

    def close(self) -> list[QueuedRequest]:
        """End the queue; return the requests that were not answered."""
        with self._changed:
            self.closed, left, self._waiting = True, self._waiting, []
            self._changed.notify_all()
            return left

    def _next_request(self, process: int) -> QueuedRequest | None:
        is_first = process == min(self.idle)
        mine = (each for each in self._waiting if each.process == process or (each.process is None and is_first))
        return min(mine, key=self._priority, default=None)

    def _priority(self, request: QueuedRequest) -> tuple[int, int]:
        return self._last_turns.get(request.visitor, 0), request.number


class WriterPool:
    """A pool of writers that serve many visitors in turns. Safe from many threads."""

    def __init__(self, size: int, start: Callable[[], Writer] = WriterProcess) -> None:
        self.size, self._start, self._queue = size, start, RequestQueue()
        self._starting, self._threads = Lock(), list[Thread]()

    def ask(self, visitor: str, message: Mapping[str, Any], process: int | None = None) -> QueuedRequest:
        """Queue a message to the writers. `process` is the number of the writer that holds the text to continue.

        Raises WriterError once the pool is closed.
        """
        if self._queue.closed:
            raise _closed_pool_error()
        with self._starting:
            if not self._threads:
                self._threads = [Thread(target=self._answer_requests, args=(n,), daemon=True) for n in range(self.size)]
                for thread in self._threads:
                    thread.start()
        return self._queue.enqueue(visitor, message, process)

    def close(self) -> None:
        for request in self._queue.close():
            request.finish(request.process, problem=_closed_pool_error())
        for thread in self._threads:
            thread.join()

    def _answer_requests(self, number: int) -> None:
        """Answer requests until the pool is closed. The writer is started at the first one and replaced when it
        dies."""
        writer: Writer | None = None
        while not self._queue.closed:
            if request := self._queue.take_request(number, IDLE):
                try:
                    writer = writer or self._start()
                    request.finish(number, writer.answer(request.message))
                    continue
                except SeizeError as error:  # of the request: the writer is as good as before
                    request.finish(number, problem=error)
                    continue
                except Exception as error:  # whatever it was, whoever asked is told, and the next is served
                    logger.warning("writer %d: %s", number, error)
                    died = WriterError("The writing process stopped. Another takes its place: try again.")
                    request.finish(number, problem=died if isinstance(error, WorkerDied) else error)
            if writer:  # it died, or nobody needs it
                writer.close()
                writer = None
        if writer:
            writer.close()


def _closed_pool_error() -> WriterError:
    return WriterError("The server is shutting down. Come back in a moment.")
