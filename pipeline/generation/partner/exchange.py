"""One request to a server, which may be slow, wrong or chatty: its answer as bytes, or one WriterError.

A thread reads the answer, so that whoever waits for it can do something else. One deadline holds for all of it: name,
connection, status, headers and body, however they drip.
"""

import asyncio
import json
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from pipeline.core.errors import WriterError

MAX_RESPONSE_BYTES = 2**21  # of an answer: a streamed word takes some 300 bytes, a long thought 2,000 words
IDLE_SECONDS = 20.0  # without anybody who takes what came: whoever asked has stopped, and the server may too
TICK_SECONDS = 0.2  # after which the thread looks whether it is to end


class HttpRequest:
    """One HTTP request that a thread performs: GET, or POST if there is `data`."""

    def __init__(self, url: str, data: Any = None, *, seconds: float, idle: float = IDLE_SECONDS) -> None:
        self.url, self.is_abandoned = url, False
        self._data, self._seconds, self._idle = data, seconds, idle
        self._parts: SimpleQueue[bytes | WriterError | None] = SimpleQueue()
        self._taken = time.monotonic()
        Thread(target=lambda: asyncio.run(self._run_request()), daemon=True).start()

    def receive_bytes(self, seconds: float) -> bytes | None:
        """Return the bytes that came within so many seconds, b"" for none yet, None at the end. Raises WriterError."""
        self._taken = time.monotonic()
        try:
            part = self._parts.get(timeout=seconds)
        except Empty:
            return b""
        if isinstance(part, WriterError):
            raise part
        return part

    def read(self) -> bytes:
        """Return the whole body of the response. Raises WriterError."""
        whole = b""
        while (part := self.receive_bytes(TICK_SECONDS)) is not None:
            whole += part
        return whole

    def close(self) -> None:
        """Stop reading the response."""
        self._idle = 0.0

    async def _run_request(self) -> None:
        reading, end = asyncio.ensure_future(self._read_response()), time.monotonic() + self._seconds
        while not reading.done() and (left := end - time.monotonic()) > 0 and not self.is_abandoned:
            await asyncio.wait([reading], timeout=min(left, TICK_SECONDS))
            self.is_abandoned = time.monotonic() - self._taken > self._idle and not reading.done()
        problem = reading.exception() if reading.done() else None if self.is_abandoned else TimeoutError()
        if problem is not None and not isinstance(problem, WriterError):  # of httpx, of the network, of a library below
            problem = WriterError("The server at {url} does not respond as expected. Is it running?", url=self.url)
        self._parts.put(problem)  # before the loop ends, which waits for a name that is being looked up
        if reading.cancel():
            with suppress(asyncio.CancelledError):
                await reading

    async def _read_response(self) -> None:
        import httpx  # here: no page waits for it

        headers = {"Accept-Encoding": "identity", "Authorization": "Bearer local"}
        method, length = ("GET" if self._data is None else "POST"), 0
        # trust_env: no proxy gets to see a text; redirects are not followed: this machine need not send us elsewhere
        async with (
            httpx.AsyncClient(trust_env=False, timeout=None, headers=headers) as client,
            client.stream(method, self.url, json=self._data) as response,
        ):
            if response.status_code != 200:
                raise WriterError("The server at {url} answered {status}.", url=self.url, status=response.status_code)
            async for part in response.aiter_raw():
                length += len(part)
                if length > MAX_RESPONSE_BYTES:
                    raise WriterError(
                        "The answer from the server at {url} has more than {most:,} bytes.",
                        url=self.url,
                        most=MAX_RESPONSE_BYTES,
                    )
                self._parts.put(part)


def parse_json(text: bytes, url: str) -> Any:
    """Return the value in a JSON answer. Raises WriterError for other text, and for JSON nested too deep to read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WriterError("The answer from the server at {url} is not JSON.", url=url) from error
