"""What the stream of a page sends together, and when."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import middleware
from dashboard.middleware import Message, MessageBursts, Receive, Scope, Send

DELTA, END = ForwardMsg(), ForwardMsg()
DELTA.delta.new_element.text.body = "Je compte les mesures"
END.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def as_message(said: ForwardMsg) -> Message:
    return {"type": "websocket.send", "bytes": said.SerializeToString()}


class Stream:
    """A stream of which a test says what the page sends, and sees what goes out."""

    def __init__(self, *script: Message | None) -> None:
        self.script, self.sent, self.counts = script, [], []  # type: ignore[var-annotated]

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        for message in self.script:  # None: wait until all that is due has gone out
            if message is None:
                await asyncio.sleep(0.01)
            else:
                await send(message)
            self.counts.append(len(self.sent))

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def receive(self) -> Message:
        return {}

    def run(self, kind: str = "websocket") -> list[int]:
        """Return how much had gone out after each step."""
        asyncio.run(MessageBursts(self.page)({"type": kind}, self.receive, self.send))
        return self.counts


def test_a_run_goes_out_at_its_end_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BURST_SECONDS", 60)
    stream = Stream({"type": "websocket.accept"}, as_message(DELTA), as_message(DELTA), None, as_message(END))
    assert stream.run() == [1, 1, 1, 1, 4]
    assert stream.sent == [message for message in stream.script if message]


def test_what_is_held_does_not_wait_for_a_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BURST_SECONDS", 0)
    assert Stream(as_message(DELTA), as_message(DELTA), None, as_message(DELTA), None).run() == [0, 0, 2, 2, 3]


def test_nothing_is_held_when_the_stream_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BURST_SECONDS", 60)
    assert Stream(as_message(DELTA), {"type": "websocket.close"}).run() == [0, 2]


def test_answers_to_requests_are_not_held() -> None:
    assert Stream({"type": "http.response.start"}, {"type": "http.response.body"}).run("http") == [1, 2]
