"""A local model proposes lines; whatever its server does otherwise ends in one sentence."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.core.errors import SettingError, WriterError
from pipeline.core.paths import partner_file
from pipeline.generation.partner.answer import AnswerText, extract_lines
from pipeline.generation.partner.exchange import MAX_RESPONSE_BYTES, HttpRequest
from pipeline.generation.partner.mending import variants_by_syllable_count
from pipeline.generation.partner.proposer import ROUNDS, PartnerProposer
from pipeline.generation.partner.server import (
    ADDRESS,
    HOSTS,
    MODE,
    MODEL,
    LocalServer,
    choose_server,
    chosen_server,
    find_servers,
    is_server_configured,
    local_server,
    offered_models,
)
from pipeline.generation.writing import write
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.writers import desk
from pipeline.writers.requests import WriteRequest, request_to_json
from tests.generation.fakes import asking, index_of, run_of


class Said:
    """An answer that came: nothing yet, so many times, then a text."""

    url, is_abandoned = "http://localhost:1", False

    def __init__(self, text: str, waits: int = 0) -> None:
        self.parts = [b""] * waits + [json.dumps({"choices": [{"message": {"content": text}}]}).encode(), None]
        self.closed = False

    def receive_bytes(self, seconds: float) -> bytes | None:
        return self.parts.pop(0)

    def close(self) -> None:
        self.closed = True


class Partner:
    """Says these texts one after the other, the last again and again, and keeps what it was asked."""

    model = "petit"

    def __init__(self, *texts: str, waits: int = 0) -> None:
        self.texts, self.waits, self.asked = texts, waits, []

    def request_lines(self, instructions: str, request: str, beginning: str) -> Said:
        self.asked.append((request, beginning))
        return Said(self.texts[min(len(self.asked), len(self.texts)) - 1], self.waits)


RIGHT = "On marche dans la rue et on cherche un chemin"


def written(partner: Partner, lines: int = 2, **constraints: object):
    settings = replace(asking(**{"scheme": "AA", "syllables": 12, "tolerance": 1, **constraints}), lines=lines)
    proposer = PartnerProposer(partner)
    writing = write(run_of(index_of("word")), "", settings, 3, proposer)
    steps = list(writing)
    return writing.lines, proposer, steps


def test_what_meets_everything_is_the_partners_and_the_run_writes_the_rest() -> None:
    partner = Partner(f"La nuit\n{RIGHT}")
    (first, second), proposer, _ = written(partner)
    assert (first.text, first.by, first.violations) == (RIGHT, "petit", ())
    assert (second.by, second.violations) == ("", ())  # it would end on the same word: the run's own
    request, beginning = partner.asked[0]
    assert "les 2 vers" in request
    assert "12 syllabes" in request
    assert "le dernier mot est un de ceux-ci" in request
    assert "Rimes : " in beginning
    assert len(partner.asked) == ROUNDS
    assert "« La nuit » : " in partner.asked[1][0]  # asked again, with what was missing
    assert proposer.usage() | {"seconds": 0} == {"name": "petit", "proposed": 2, "accepted": 1, "seconds": 0}


def test_a_line_of_the_example_is_not_the_models() -> None:
    (first, *_), proposer, _ = written(Partner("La lune est sur le toit, je regarde la nuit"), lines=1, scheme="free")
    assert first.by == ""
    assert proposer.proposed == 0


def test_a_line_that_nothing_rhymes_with_opens_no_rhyme() -> None:
    line = "On marche dans la rue et on attend le quatorze"
    assert written(Partner(line), lines=1, scheme="free")[0][0].by == "petit"
    lines, _, _ = written(Partner(line))
    assert [(each.by, each.violations) for each in lines] == [("", ()), ("", ())]


def test_one_question_gives_a_couplet() -> None:
    partner = Partner(f"{RIGHT}\nEt ma mère me dit que j'irai loin demain")
    lines, _, _ = written(partner)
    assert [line.by for line in lines] == ["petit", "petit"]
    assert len(partner.asked) == 1


def test_a_line_that_lacks_a_syllable_is_mended_and_says_so() -> None:
    line = "Il faut marcher ce soir et je cherche un chemin"
    (first, *_), _, _ = written(Partner(line), syllables=11, tolerance=0, scheme="free")
    assert first.by == "petit + Seize"
    assert (first.text, first.syllables) == ("Il faut marcher ce soir et j'cherche un chemin", 11)
    assert first.violations == ()


@pytest.mark.parametrize(
    ("line", "excess", "mended"),
    [
        ("Je suis dans la rue", 1, "J'suis dans la rue"),
        ("On ne sait pas", 1, "On sait pas"),
        ("Je n'ai pas peur", 1, "J'ai pas peur"),
        ("Et la nuit tombe", 1, "La nuit tombe"),
        ("J'suis dans la rue", -1, "Je suis dans la rue"),
        ("Je pars demain", -1, "Moi je pars demain"),
        ("La nuit je pars", -1, "La nuit moi je pars"),
    ],
)
def test_an_elision_or_a_word_changes_the_count(line: str, excess: int, mended: str) -> None:
    assert mended in variants_by_syllable_count(line, excess)
    before, after = (scan_line(text, Pronunciations()).syllables.spoken for text in (line, mended))
    assert before - after == excess


def test_a_line_that_is_far_off_is_another_line() -> None:
    assert list(variants_by_syllable_count("Je suis dans la rue", 3)) == []


def test_others_are_served_while_a_model_thinks() -> None:
    partner = Partner(f"{RIGHT}\nEt ma mère me dit que j'irai loin demain", waits=2)
    lines, _, steps = written(partner)
    assert steps.count("") >= 2
    assert len(lines) == 2


# An answer as it may come


def test_lines_come_clean_and_once() -> None:
    text = "Voici :\n- Je marche dans la rue\n\n- Je marche dans la rue\n- La nuit\nsous"
    assert extract_lines(text) == [(0, "Je marche dans la rue"), (1, "La nuit"), (2, "sous")]
    assert extract_lines(text, whole=False)[-1] == (1, "La nuit")  # the last one is under way
    assert extract_lines("a " * 200 + "\n\n« Et puis »") == [(0, "Et puis")]
    assert extract_lines("\n \n***\nLa rue (une image)\nLa rue, le soir.") == [
        (0, "La rue, le soir")
    ]  # no ad-lib: a remark


def test_thoughts_are_no_lines() -> None:
    assert extract_lines("<think>\nUn vers\n</think>\nLa rue") == [(0, "La rue")]
    assert extract_lines("Un vers\n</think>\nLa rue") == [(0, "La rue")]
    assert extract_lines("La rue\n<think>\nUn vers\nencore") == [(0, "La rue")]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_streamed_answer_is_a_text_as_it_comes(size: int) -> None:
    events = [{"choices": [{"delta": {"role": "assistant"}}]}, {"choices": [{"delta": {"content": "La é"}}]},
              {"choices": [{"text": "té"}]}, {"choices": []}]  # fmt: skip
    body = ": hello\r\n\r\n" + "".join(f"data: {json.dumps(each)}\r\n\r\n" for each in events) + "data: [DONE]\n\n"
    text = AnswerText("u")
    for at in range(0, len(body), size):
        text.add_bytes(body.encode()[at : at + size])
    text.read_end_of_answer()
    assert text.text == "La été"


# A server that misbehaves


@contextmanager
def socket_server(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads what it is asked, once for each connection, and then does as it likes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, suppress(OSError):
                        connection.recv(65536)
                        act(connection)
                        connection.shutdown(socket.SHUT_WR)
                        while connection.recv(65536):  # what is not read would break off what was sent
                            pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def sends(*parts: bytes) -> Callable[[socket.socket], None]:
    def act(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return act


def drips(before: bytes, part: bytes) -> Callable[[socket.socket], None]:
    """Sends a part again and again, a moment between, until nobody listens."""

    def act(connection: socket.socket) -> None:
        connection.sendall(before)
        connection.settimeout(0.02)
        while True:
            connection.sendall(part)
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return

    return act


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def body(text: bytes) -> bytes:
    return OK + b"Content-Length: %d\r\n\r\n" % len(text) + text


MISBEHAVIOURS = {
    "says nothing": drips(b"", b""),
    "drips its status": drips(b"HTTP/1.1 2", b"0"),
    "drips its headers": drips(OK, b"X-A: a\r\n"),
    "drips its body": drips(OK + b"Content-Length: 100000\r\n\r\n", b" "),
    "says Continue for ever": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "ends at once": sends(),
    "sends garbage": sends(bytes(range(256)) * 20),
    "sends a long header": sends(OK + b"X-A: " + b"a" * 300_000 + b"\r\n\r\n{}"),
    "sends many headers": sends(OK + b"X-A: a\r\n" * 50_000 + b"\r\n{}"),
    "sends a bad chunk": sends(CHUNKED, b"zz\r\n{}\r\n"),
    "sends a short chunk": sends(CHUNKED, b"ff\r\n{}"),
    "sends less than it said": sends(OK + b"Content-Length: 100\r\n\r\n{}"),
    "sends deep JSON": sends(body(b"[" * 200_000)),
    "sends a number for a list": sends(body(b'{"choices": 5, "data": 5}')),
    "sends a number alone": sends(body(b"5")),
    "sends no text": sends(body(b'{"choices": [{"message": {"content": null}}]}')),
    "sends a page": sends(body(b"<html>Welcome</html>")),
    "sends too much": sends(body(b" " * (MAX_RESPONSE_BYTES + 10))),
    "sends elsewhere": sends(b"HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n"),
    "fails": sends(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"),
    "streams not JSON": sends(body(b"data: {\n\ndata: [DONE]\n\n")),
    "streams an error": sends(body(b'data: {"error": "no memory"}\n\n')),
    "packs its body": sends(OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
}


@pytest.mark.parametrize("act", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_whatever_a_server_does_is_one_sentence(act: Callable[[socket.socket], None]) -> None:
    with socket_server(act) as address:
        proposer = PartnerProposer(LocalServer(address, "petit", seconds=0.5))
        writing = write(run_of(index_of("word")), "", replace(asking(scheme="AA", syllables=12), lines=2), 3, proposer)
        with pytest.raises(WriterError, match=address):
            list(writing)
        with pytest.raises(WriterError, match=address):
            offered_models(address, 0.5)


def test_the_writer_that_others_share_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(index_of("word"))
    monkeypatch.setattr(desk, "run_version", lambda name: 1)
    monkeypatch.setattr(desk, "open_run", lambda name: run)
    handler = desk.RequestHandler()
    request = WriteRequest("mots", "", 3, replace(asking(scheme="AA", syllables=12), lines=2))
    with socket_server(MISBEHAVIOURS["sends deep JSON"]) as address:
        monkeypatch.setenv(ADDRESS, address)
        monkeypatch.setenv(MODEL, "petit")
        answer = partial(handler.answer, {"request": request_to_json(replace(request, writer="partner")), "have": 0})
        with pytest.raises(WriterError, match="not JSON"):
            list(iter(answer, None))
    assert handler.answer({"request": request_to_json(request), "have": 0})["steps"]


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with socket_server(sends()) as address:
        pass
    with pytest.raises(WriterError, match="Is it running"):
        offered_models(address)


def test_whoever_stops_is_hung_up_on() -> None:
    gone = threading.Event()

    def wait(connection: socket.socket) -> None:
        if not connection.recv(1):
            gone.set()

    with socket_server(wait) as address:
        exchange = HttpRequest(address, seconds=60, idle=0.1)
        assert gone.wait(60)
        assert exchange.receive_bytes(30) is None
        assert exchange.is_abandoned


# Which server is asked


@contextmanager
def server(answer: bytes = b"") -> Iterator[tuple[str, list]]:
    """A server that answers everything alike, and what it was asked."""
    requests: list[tuple[str, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, asked: dict) -> None:
            requests.append((self.path, asked))
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}", requests
        finally:
            http.shutdown()


@pytest.fixture(autouse=True)
def _no_partner(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    for name in (ADDRESS, HOSTS, MODEL, MODE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEIZE_HOME", str(tmp_path))


def test_a_chat_is_asked_and_a_base_model_goes_on() -> None:
    with server(b"{}") as (address, requests):
        for completes in (False, True):
            LocalServer(address, "petit", completes).request_lines("be brief", "lines, please", "La rue\n").read()
    (path, chat), (other, completion) = requests
    assert (path, other) == ("/v1/chat/completions", "/v1/completions")
    assert [message["content"] for message in chat["messages"]] == ["be brief", "lines, please"]
    assert (completion["prompt"], completion["model"]) == ("La rue\n", "petit")


def test_only_this_machine_is_asked_unless_hosts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_server_configured()
    with pytest.raises(SettingError, match="No local model is chosen"):
        local_server()
    for address in ("http://example.org:80", "ftp://localhost", "http://localhost.example.org", "http://u@10.0.0.1",
                    "http://localhost:99999", "http://[::1"):  # fmt: skip
        monkeypatch.setenv(ADDRESS, address)
        with pytest.raises(SettingError, match="localhost:PORT"):
            local_server()
    monkeypatch.setenv(HOSTS, "example.org")
    monkeypatch.setenv(ADDRESS, "http://example.org/v1/")
    monkeypatch.setenv(MODEL, "petit")
    monkeypatch.setenv(MODE, "completion")
    assert local_server() == LocalServer("http://example.org", "petit", completes=True)


def test_the_first_model_that_it_offers_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(b'{"data": [{"id": "petit"}, {"id": "grand"}]}') as (address, _):
        monkeypatch.setenv(ADDRESS, address)
        assert local_server() == LocalServer(address, "petit")
    with server(b'{"data": []}') as (address, _), pytest.raises(WriterError, match="has no model"):
        offered_models(address)


def test_models_of_this_machine_are_found_and_the_choice_is_remembered() -> None:
    with server(b'{"data": [{"id": "petit"}, {"id": "grand"}]}') as (address, _), socket_server(sends()) as other:
        ports = tuple(int(each.rpartition(":")[2]) for each in (address, other))
        found = find_servers(ports)
    assert [each.model for each in found] == ["petit", "grand"]
    choose_server(replace(found[1], completes=True))
    assert local_server() == replace(found[1], completes=True)
    for damaged in ("{", "5", '{"address": "http://example.org", "model": "x"}', '{"address": 5, "model": "x"}'):
        partner_file().write_text(damaged)
        assert chosen_server() is None


def test_a_choice_that_cannot_be_written_down_is_a_sentence(tmp_path) -> None:
    os.mkdir(tmp_path / "partner.json")
    with pytest.raises(SettingError, match="cannot be written"):
        choose_server(LocalServer("http://localhost:1", "petit"))


def test_words_that_do_not_agree_are_asked_for_again() -> None:
    index = copy(index_of("word"))
    index.avoided_word_pairs = frozenset({("un", "chemin")})
    partner = Partner(RIGHT)
    lines = [
        *write(run_of(index), "", replace(asking(scheme="free", syllables=12), lines=1), 3, PartnerProposer(partner))
    ]
    assert RIGHT not in "".join(lines)
    assert "un chemin" in partner.asked[1][0].rpartition("À corriger")[2]
