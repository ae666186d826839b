"""A text on the side of whoever asked for it: as far as it has come, and its place in the queue."""

from collections import deque
from typing import Any

from pipeline.core.plain_data import from_plain_data
from pipeline.generation.lyric import GeneratedLine, TextSoFar
from pipeline.writers.pool import QueuedRequest, WriterPool
from pipeline.writers.requests import WriteRequest, request_to_json


class RequestedText(TextSoFar):
    """A text that the writers write for a visitor slice by slice while it is read.

    `partner` is what `PartnerProposer.usage` says. A text that is not read costs nothing and can be read on
    at any time: a part that its writer has let go is written again, the same.
    """

    def __init__(self, pool: WriterPool, visitor: str, request: WriteRequest) -> None:
        super().__init__(request.run, request.seed, request.settings, request.random_seed)
        self.request, self.done = request, False
        self.partner: dict[str, Any] | None = None
        self._pool, self._visitor = pool, visitor
        self._queued: QueuedRequest | None = None
        self._process: int | None = None  # the writer that holds it
        self._steps = deque[dict[str, Any]]()  # that came and were not read yet
        self._have = 0  # steps that came
        self._all_came = False

    def read(self, seconds: float) -> str:
        """Return the characters written within so many seconds, possibly none; writing goes on meanwhile.

        Raises the SeizeError of a run that cannot be opened or of settings that it cannot meet, and WriterError when
        the writer died: reading on then goes on where the text stands.
        """
        self._receive_steps(seconds)
        text = ""
        while self._steps:
            text += self._append_step(self._steps.popleft())
        self.done = self._all_came
        return text

    @property
    def queue_position(self) -> int:
        """Position of the text in the queue, from 1; 0 while it is being written, or when no request is open."""
        return self._queued.position if self._queued else 0

    def stop(self) -> None:
        """Request no more of the text until it is read again."""
        if self._queued:
            self._queued.cancel()
            self._queued = None

    def _receive_steps(self, seconds: float) -> None:
        """Wait up to `seconds` for the next steps and store them; then request more steps immediately."""
        if self._all_came:
            return
        queued = self._queued = self._queued or self._request_more()
        try:
            reply = queued.wait(seconds)
        except BaseException:
            self.stop()
            raise
        if reply is None:
            return
        self._process, self._queued = queued.process, None
        self._steps.extend(reply["steps"])
        self._have += len(reply["steps"])
        self.unknown = tuple(reply["unknown"])
        self._all_came, self.partner = reply["done"], reply["partner"]
        if not self._all_came:
            self._queued = self._request_more()

    def _request_more(self) -> QueuedRequest:
        message = {"request": request_to_json(self.request), "have": self._have}
        return self._pool.ask(self._visitor, message, self._process)

    def _append_step(self, step: dict[str, Any]) -> str:
        """Append one step to the text and its lines, and return its characters."""
        self.lines += from_plain_data(tuple[GeneratedLine, ...], step["lines"])
        self.written += step["text"]
        self.ended = step["ended"]
        return str(step["text"])
