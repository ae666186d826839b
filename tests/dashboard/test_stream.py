"""The stream of a page: what is sent together, and when; and what the first run of a connection is."""

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import middleware
from dashboard.middleware import Message, PageStream, Receive, Scope, Send
from tests.dashboard.sessions import visit

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
        asyncio.run(PageStream(self.page)({"type": kind}, self.receive, self.send))
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


def heard(*said: bytes) -> list[bytes]:
    """What a page hears of what a browser says on one connection."""
    waiting, arrived = list(said), list[bytes]()

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.extend([(await receive())["bytes"] for _ in said])

    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": waiting.pop(0)}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    asyncio.run(PageStream(page)({"type": "websocket"}, receive, send))
    return arrived


def run_of(fragment: str) -> bytes:
    request = BackMsg()
    request.rerun_script.query_string = "line=un"
    request.rerun_script.fragment_id = fragment
    return request.SerializeToString()


def test_the_first_run_of_a_connection_is_whole() -> None:
    ping = BackMsg(app_heartbeat=True).SerializeToString()
    assert heard(ping, run_of("a"), run_of("a")) == [ping, run_of(""), run_of("a")]
    assert heard(run_of(""), run_of("a")) == [run_of(""), run_of("a")]


def test_what_is_no_message_is_left_to_streamlit() -> None:
    assert heard(b"\xff\xff", run_of("a")) == [b"\xff\xff", run_of("")]


def test_a_page_that_comes_back_to_a_new_server_is_shown(address: str) -> None:
    answer = visit(address, "learn_functions", "", fragment="of-a-server-that-is-gone")
    assert sum(message.WhichOneof("type") == "delta" for message in answer) > 20
    assert answer[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
