"""Whose request is next: that of the visitor who was served longest ago. A round robin in which newcomers come first.

So the first line of a text waits for no more than what is being written at the moment, twenty texts advance together,
and the second text of one visitor waits behind the first of another. Knows nothing of what is asked and who answers.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import count
from threading import Condition, Event
from typing import Any

MAX_REMEMBERED_VISITORS = 10_000  # visitors whose last turn is remembered


class RequestQueue:
    """Requests that wait, and when each visitor was served last. Safe from many threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: list[QueuedRequest] = []
        self._served: dict[str, int] = {}  # visitor -> number of their last turn, the latest last
        self._numbers = count(1)
        self.idle: set[int] = set()  # processes that wait
        self._busy: dict[int, QueuedRequest] = {}  # what each process is answering
        self._latest: Mapping[str, Any] | None = None  # the message that was answered last
        self._closed = False

    def add(
        self, visitor: str, message: Mapping[str, Any], home: int | None = None, effort: float = 0.0
    ) -> "QueuedRequest":
        """Put a request in line."""
        ask = QueuedRequest(self, visitor, message, home, effort)
        with self._changed:
            ask.number = next(self._numbers)
            self._waiting.append(ask)
            self._changed.notify_all()
        return ask

    def remove(self, ask: "QueuedRequest") -> None:
        """Take a request out of the line, if it is still there."""
        with self._changed:
            if ask in self._waiting:
                self._waiting.remove(ask)

    def place(self, ask: "QueuedRequest") -> int:
        """Return how many visitors come before it, and one; 0 when it is not in line any more."""
        with self._changed:
            if ask not in self._waiting:
                return 0
            before = (other for other in self._waiting if self._order(other) < self._order(ask))
            rivals = {other.visitor for other in before if None in (other.home, ask.home) or other.home == ask.home}
            return len(rivals - {ask.visitor}) + 1

    def wait_until_needed(self, process: int) -> Mapping[str, Any] | None:
        """Wait until a process that is not started yet is needed; return the message that it is to open all for.

        It is needed when something waits while all before it are answering, and as soon as another has answered: a
        class comes at once, and opening takes seconds. None at the end.
        """
        with self._changed:
            self._busy.pop(process, None)
            before, latest = set(range(process)), self._latest
            self._changed.wait_for(
                lambda: self._closed or self._latest is not latest or (self._waiting and before <= self._busy.keys())
            )
            if self._closed:
                return None
            return self._waiting[0].message if self._waiting else self._latest

    def take(self, process: int, patience: float) -> "QueuedRequest | None":
        """Wait for the next request that this process is to answer; None after `patience` seconds, or at the end.

        What any process may answer goes to the first that is idle: it has more open than the others.
        """
        with self._changed:
            if answered := self._busy.pop(process, None):
                self._latest = answered.message
            self.idle.add(process)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or self._next(process), patience)
            ask = None if self._closed else self._next(process)
            self.idle.discard(process)
            if ask:
                self._waiting.remove(ask)
                self._serve(ask.visitor)
                self._busy[process] = ask
            self._changed.notify_all()
            return ask

    def close(self) -> list["QueuedRequest"]:
        """End all waiting; return what was not answered."""
        with self._changed:
            self._closed, left, self._waiting = True, self._waiting, []
            self._changed.notify_all()
            return left

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def _next(self, process: int) -> "QueuedRequest | None":
        anyone = process == min(self.idle)
        mine = (ask for ask in self._waiting if ask.home == process or (ask.home is None and anyone))
        return min(mine, key=self._order, default=None) or self._take_over(process)

    def _take_over(self, process: int) -> "QueuedRequest | None":
        """Return what an idle process takes over from one for which two wait or more: what is least to do again."""
        crowds = Counter(ask.home for ask in self._waiting)
        others = (ask for ask in self._waiting if ask.home not in (None, process) and crowds[ask.home] > 1)
        return min(others, key=lambda ask: ask.effort, default=None)

    def _order(self, ask: "QueuedRequest") -> tuple[int, int]:
        return self._served.get(ask.visitor, 0), ask.number

    def _serve(self, visitor: str) -> None:
        self._served.pop(visitor, None)
        self._served[visitor] = next(self._numbers)
        if len(self._served) > MAX_REMEMBERED_VISITORS:
            del self._served[next(iter(self._served))]


class QueuedRequest:
    """A request of a visitor on its way.

    home    the process that has what it goes on from, None where there is none
    effort  the seconds that another one takes to get there
    Whoever answers says so by `settle`; `home` is then their number.
    """

    def __init__(
        self, turns: RequestQueue, visitor: str, message: Mapping[str, Any], home: int | None, effort: float
    ) -> None:
        self.visitor, self.message, self.home, self.effort = visitor, message, home, effort
        self.number = 0
        self._turns, self._settled = turns, Event()
        self._reply: Any = None
        self._problem: Exception | None = None

    @property
    def place(self) -> int:
        """The place in line, the first being 1; 0 when it is being answered, or was."""
        return self._turns.place(self)

    def wait(self, seconds: float | None = None) -> Any:
        """Return the reply, None when there is none within so many seconds. Raises what went wrong."""
        if not self._settled.wait(seconds):
            return None
        if self._problem:
            raise self._problem
        return self._reply

    def cancel(self) -> None:
        """Leave the line; what is being answered already is answered in vain."""
        self._turns.remove(self)

    def settle(self, home: int | None, reply: Any = None, problem: Exception | None = None) -> None:
        """Say what the reply is, or the problem."""
        self.home, self._reply, self._problem = home, reply, problem
        self._settled.set()
