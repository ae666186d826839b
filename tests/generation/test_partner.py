"""A local server proposes lines; whatever it does otherwise ends in a sentence."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.core.errors import SettingError, WriterError
from pipeline.generation.partner import (
    ADDRESS,
    HOSTS,
    MAX_RESPONSE_BYTES,
    MODEL,
    LocalServer,
    PartnerProposer,
    ProposalRequest,
    is_server_configured,
    lines_of,
    local_server,
    models,
)
from pipeline.generation.writing import write
from tests.generation.fakes import asking, index_of, run_of


class Partner:
    """Proposes the same lines each time, and keeps what it was asked."""

    name = "petit"

    def __init__(self, *lines: str) -> None:
        self.lines, self.asked = lines, []

    def ask_for_lines(self, context: str, demand: ProposalRequest, count: int) -> list[str]:
        self.asked.append((context, demand))
        return list(self.lines)


def test_what_meets_everything_is_the_partners_and_the_run_writes_the_rest() -> None:
    run = run_of(index_of("word"))
    settings = replace(asking(scheme="AA", syllables=12, tolerance=1), lines=2)
    wrong, right = "La nuit", "On marche dans la rue et on cherche un chemin"
    partner = Partner(wrong, right)
    writing = write(run, "", settings, 3, PartnerProposer(partner))
    assert len(list(writing)) == 2
    first, second = writing.lines
    assert (first.text, first.by, first.violations) == (right, "petit", ())
    assert (second.by, second.violations) == ("", ())  # it would end on the same word: the run's own
    assert partner.asked[1][1].rhymes
    assert any("La nuit" in what for what in partner.asked[2][1].missing)  # asked again, with what was wrong


ANSWER = {"choices": [{"message": {"content": "Voici :\n- Je marche dans la rue\n- Je marche dans la rue\n- La nuit"}}]}


@contextmanager
def server(answer: bytes = b"", status: int = 200, wait: threading.Event | None = None) -> Iterator[tuple[str, list]]:
    """A server that answers everything alike, and what it was asked."""
    requests: list[tuple[str, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, asked: dict) -> None:
            requests.append((self.path, asked))
            if wait:
                wait.wait(30)
            self.send_response(status)
            self.send_header("Location", "http://localhost:1/")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}", requests
        finally:
            if wait:
                wait.set()
            http.shutdown()


def test_lines_come_clean_and_once_and_the_demand_is_said() -> None:
    with server(json.dumps(ANSWER).encode()) as (address, requests):
        demand = ProposalRequest(
            syllables=12, rhymes=("rue", "vue"), theme=("nuit",), missing=("le vers a 9 syllabes",)
        )
        assert LocalServer(address, "petit").ask_for_lines("Il est tard", demand, 5) == [
            "Je marche dans la rue",
            "La nuit",
        ]
    path, asked = requests[0]
    prompt = asked["messages"][1]["content"]
    assert (path, asked["model"]) == ("/v1/chat/completions", "petit")
    assert all(part in prompt for part in ("Il est tard", "12 syllabes", "rue, vue", "nuit", "9 syllabes"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (b"", 404, "answered 404"),
        (b"", 302, "answered 302"),
        (b"<html>Welcome</html>", 200, "no JSON"),
        (b"{}", 200, "without a text"),
        (b'{"choices": [{"message": {"content": null}}]}', 200, "without a text"),
        (b"[" * (MAX_RESPONSE_BYTES + 10), 200, "more than"),
    ],
)
def test_what_is_no_answer_is_a_sentence(answer: bytes, status: int, says: str) -> None:
    with server(answer, status) as (address, _), pytest.raises(WriterError, match=says):
        LocalServer(address, "petit").ask_for_lines("", ProposalRequest(), 3)


def test_an_empty_text_is_no_line() -> None:
    with server(b'{"choices": [{"message": {"content": "\\n \\n***"}}]}') as (address, _):
        assert LocalServer(address, "petit").ask_for_lines("", ProposalRequest(), 3) == []


def test_a_server_that_is_slow_is_not_waited_for() -> None:
    with (
        server(json.dumps(ANSWER).encode(), wait=threading.Event()) as (address, _),
        pytest.raises(WriterError, match="does not answer"),
    ):
        LocalServer(address, "petit", seconds=0.2).ask_for_lines("", ProposalRequest(), 3)


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with server() as (address, _):
        pass
    with pytest.raises(WriterError, match="is it running"):
        models(address)


def test_it_is_off_until_it_is_named_and_then_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    assert not is_server_configured()
    with pytest.raises(SettingError, match="No partner is named"):
        local_server()
    for address in ("http://example.org:80", "ftp://localhost", "http://localhost.example.org", "http://user@10.0.0.1"):
        monkeypatch.setenv(ADDRESS, address)
        with pytest.raises(SettingError, match="localhost:PORT"):
            local_server()
    monkeypatch.setenv(HOSTS, "example.org")
    monkeypatch.setenv(ADDRESS, "http://example.org/v1/")
    monkeypatch.setenv(MODEL, "petit")
    assert local_server() == LocalServer("http://example.org", "petit")


def test_the_first_model_that_it_offers_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MODEL, raising=False)
    with server(b'{"data": [{"id": "petit"}, {"id": "grand"}]}') as (address, _):
        monkeypatch.setenv(ADDRESS, address)
        assert local_server() == LocalServer(address, "petit")
    with server(b'{"data": []}') as (address, _), pytest.raises(WriterError, match="offers no model"):
        models(address)


def test_a_paragraph_is_no_line() -> None:
    assert lines_of("a " * 200 + "\n\n« Et puis »") == ["Et puis"]
