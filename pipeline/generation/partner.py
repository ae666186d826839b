"""Lines from a language model that runs on one's own machine, beside those of Seize's networks.

`PartnerProposer` gives the lines that meet what is asked, `LocalServer` asks a server of the OpenAI
kind (Ollama, LM Studio, llama.cpp's llama-server, vLLM): `GET /v1/models` and `POST /v1/chat/completions`. It is off
until `SEIZE_PARTNER` names it (`http://localhost:11434`), and asks this machine only, unless `SEIZE_PARTNER_HOSTS`
names other hosts: a text that nobody has heard yet stays here. Such a server is slow, wrong and chatty at times: what
it says is bounded in time and size, its lines are taken out of whatever stands around them, every failure is one
sentence.
"""

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from pipeline.core.errors import SettingError, WriterError
from pipeline.generation.constraints import violation_text
from pipeline.generation.demand import Choice, LineDemand, unlike_each_other

ADDRESS, HOSTS, MODEL = "SEIZE_PARTNER", "SEIZE_PARTNER_HOSTS", "SEIZE_PARTNER_MODEL"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT_SECONDS = 60.0  # for one answer: a model of a billion weights says some ten tokens a second on two cores
MAX_RESPONSE_BYTES = 256 * 1024  # of an answer that are read
LONGEST_LINE = 200  # characters; more is a paragraph, not a line
_MARKER = re.compile(r"^\s*(?:[-*•–—]|\d{1,2}\s*[.):])\s+")  # of a list
_QUOTES = "«»“”\"' \t"


@dataclass(frozen=True, kw_only=True)
class ProposalRequest:
    """What a line is asked for. `missing` says what the lines proposed so far lacked, in words."""

    syllables: int | None = None
    rhymes: Sequence[str] = ()  # words that it may end on
    theme: Sequence[str] = ()
    missing: Sequence[str] = ()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A server of this machine has no reason to send us to another one."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class LocalServer:
    """A server at an address, and which of its models is asked. Build one with `local_server`."""

    address: str
    model: str
    seconds: float = TIMEOUT_SECONDS

    @property
    def name(self) -> str:
        """Who is said to have written a line."""
        return self.model

    def ask_for_lines(self, context: str, demand: ProposalRequest, count: int) -> list[str]:
        """Return at most `count` lines that may follow `context`, asked for once.

        Raises WriterError when the server is not there, is slow, or answers something else.
        """
        messages = [
            {"role": "system", "content": _SYSTEM_PROMPT},
            {"role": "user", "content": _prompt(context, demand, count)},
        ]
        request = {"model": self.model, "messages": messages, "max_tokens": 48 * count, "temperature": 0.8}
        answer = _ask(f"{self.address}/v1/chat/completions", request, self.seconds)
        try:
            text = answer["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError):
            text = None
        if not isinstance(text, str):
            raise WriterError("The server at {address} answered without a text.", address=self.address)
        return lines_of(text)[:count]


PROPOSED, ROUNDS, MAX_RHYME_HINTS = 4, 2, 12  # lines asked for at once, how often, and words that one may end on


class AskedForLines(Protocol):
    """Whoever answers with lines: `LocalServer`, or a stand-in."""

    @property
    def name(self) -> str:
        """Who is said to have written them."""

    def ask_for_lines(self, context: str, demand: ProposalRequest, count: int) -> list[str]:
        """Return at most `count` lines. Raises WriterError for what gives no answer."""


@dataclass(frozen=True)
class PartnerProposer:
    """A language model of one's own as a proposer of lines (`demand.Proposer`)."""

    partner: AskedForLines

    def propose(self, demand: LineDemand, count: int) -> list[Choice]:
        """Return its lines that meet everything, asked for once more with what was missing; none where none does."""
        song, theme = demand.song, demand.song.settings.theme
        rhymes = [song.index.endings.words[at].text for at in demand.constraints.endings[:MAX_RHYME_HINTS]]
        request = ProposalRequest(
            syllables=demand.slot.constraints.syllables,
            rhymes=rhymes if demand.answer else (),
            theme=[word for word, _ in theme.words[:5]] if theme else (),
        )
        for _ in range(ROUNDS if not song.context.before else 0):  # it has no way to finish a line that was begun
            texts = self.partner.ask_for_lines("\n".join(song.lines), request, max(count, PROPOSED))
            choices = [replace(demand.check(song.as_candidate(text)), by=self.partner.name) for text in texts]
            if met := [choice for choice in choices if not choice.violations]:
                return unlike_each_other(met, count)
            lacking = [f"{each.text} : {violation_text(lack)}" for each in choices for lack in each.violations]
            request = replace(request, missing=lacking[:PROPOSED])
        return []


def is_server_configured() -> bool:
    """Whether the environment names a server."""
    return bool(os.environ.get(ADDRESS, "").strip())


def local_server() -> LocalServer:
    """Return the server that the environment names.

    Raises SettingError where it names none, or one that is not on this machine, WriterError when it has no model.
    """
    address = os.environ.get(ADDRESS, "").strip().rstrip("/").removesuffix("/v1")
    if not address:
        raise SettingError(
            "No partner is named: set {variable} to the address of a local server, such as http://localhost:11434.",
            variable=ADDRESS,
        )
    parts = urlsplit(address)
    allowed = LOOPBACK | set(os.environ.get(HOSTS, "").split())
    if parts.scheme not in ("http", "https") or parts.hostname not in allowed:
        raise SettingError(
            "{variable} is {address!r}: take http://localhost:PORT, or name the host in {hosts}.",
            variable=ADDRESS,
            address=address,
            hosts=HOSTS,
        )
    return LocalServer(address, os.environ.get(MODEL, "").strip() or models(address)[0])


def models(address: str, seconds: float = 3.0) -> list[str]:
    """Return the models that a server offers, at least one. Raises WriterError where it does not answer or has none."""
    answer = _ask(f"{address}/v1/models", None, seconds)
    entries = answer.get("data") if isinstance(answer, dict) else None
    names = [entry["id"] for entry in entries or () if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    if not names:
        raise WriterError("The server at {address} offers no model: load one there first.", address=address)
    return names


def _ask(url: str, data: dict[str, Any] | None, seconds: float) -> Any:
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", "Authorization": "Bearer local"})
    try:
        with _OPENER.open(request, timeout=seconds) as response:
            answer = _read(response, time.monotonic() + seconds)
    except urllib.error.HTTPError as error:
        raise WriterError("The server at {url} answered {status}.", url=url, status=error.code) from error
    except (OSError, ValueError) as error:  # not there, too slow, no such protocol
        raise WriterError("The server at {url} does not answer: is it running?", url=url) from error
    if len(answer) > MAX_RESPONSE_BYTES:
        raise WriterError(
            "The server at {url} answered with more than {most:,} bytes.", url=url, most=MAX_RESPONSE_BYTES
        )
    try:
        return json.loads(answer)
    except ValueError as error:
        raise WriterError("The server at {url} answered something that is no JSON.", url=url) from error


def _read(response: Any, end: float) -> bytes:
    """Return an answer, of a long one the beginning. Raises TimeoutError for one that trickles in."""
    answer = b""
    while len(answer) <= MAX_RESPONSE_BYTES and (part := response.read1(MAX_RESPONSE_BYTES)):
        answer += part
        if time.monotonic() > end:
            raise TimeoutError
    return answer


_SYSTEM_PROMPT = (
    "Tu écris des vers de rap en français simple et parlé. Chaque vers est une phrase entière, compréhensible, qui "
    "suit ce qui précède. Réponds seulement par des vers, un par ligne, sans numéro, sans guillemets, sans commentaire."
)


def _prompt(context: str, demand: ProposalRequest, count: int) -> str:
    parts = [
        f"Le texte jusqu'ici :\n{context.strip() or '(rien encore)'}\n",
        f"Propose {count} vers qui peuvent suivre.",
    ]
    if demand.syllables:
        parts.append(f"Chaque vers a {demand.syllables} syllabes, comptées comme on parle.")
    if demand.rhymes:
        parts.append(f"Chaque vers finit par un de ces mots : {', '.join(demand.rhymes)}.")
    if demand.theme:
        parts.append(f"Thème : {', '.join(demand.theme)}.")
    parts += [f"À corriger : {what}" for what in demand.missing]
    return "\n".join(parts)


def lines_of(text: str) -> list[str]:
    """Return the lines in an answer, each once: without list markers, quotes and fences, without paragraphs.

    >>> lines_of("Voici :\\n1. « Je marche dans la nuit »\\n2) J'ai froid aux doigts\\n")
    ['Je marche dans la nuit', "J'ai froid aux doigts"]
    """
    lines = (_MARKER.sub("", line).strip(_QUOTES) for line in text.replace("```", "").splitlines())
    whole = (line for line in lines if line and len(line) <= LONGEST_LINE and not line.endswith(":"))
    return list(dict.fromkeys(line for line in whole if any(map(str.isalpha, line))))
