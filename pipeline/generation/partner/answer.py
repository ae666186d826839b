"""The lines in what a model says: streamed or whole, in a chat or as the rest of a prompt, with whatever stands around.

Knows nothing of servers and of what a line was asked for.
"""

import re
from collections.abc import Iterator
from typing import Any

from pipeline.core.errors import WriterError
from pipeline.generation.partner.exchange import parse_json

LONGEST_LINE = 200  # characters; more is a paragraph, not a line
_THOUGHT = re.compile(r"<(think(?:ing)?|thought|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL)
_END_OF_THOUGHT = re.compile(
    r".*</(?:think(?:ing)?|thought|reasoning)>", re.DOTALL
)  # whose beginning was in the prompt
_MARKER = re.compile(r"^\s*(?:[-*•–—]|(?:vers\s+)?\d{1,2}\s*[.):])\s*", re.IGNORECASE)  # of a list
_HEADER = re.compile(r"(?:rimes|thème|version)\b", re.IGNORECASE)  # of what was asked, said again
_QUOTES = "«»“”\"'*# \t"


class AnswerText:
    """The text of a server's answer (OpenAI API, streamed or whole), extended as bytes arrive."""

    def __init__(self, url: str) -> None:
        self.text = ""
        self._url, self._rest, self._is_stream = url, b"", False

    def add_bytes(self, part: bytes) -> None:
        """Read the next bytes of the answer. Raises WriterError for an event that holds no JSON or no text."""
        *lines, rest = (self._rest + part).split(b"\n")
        events = [line.removeprefix(b"data:").strip() for line in lines if line.startswith(b"data:")]
        if not (self._is_stream or events):
            self._rest += part  # one object, to be read when all of it is here
            return
        self._is_stream, self._rest = True, rest
        for event in events:
            if event and event != b"[DONE]":
                self.text += _message_text(parse_json(event, self._url), self._url, streamed=True)

    def read_end_of_answer(self) -> None:
        """Read the end of the answer. Raises WriterError for one without a text."""
        self.add_bytes(b"\n" if self._is_stream else b"")
        if not self._is_stream:
            self.text = _message_text(parse_json(self._rest, self._url), self._url, streamed=False)


def _message_text(answer: Any, url: str, *, streamed: bool) -> str:
    """Return the text in an object of the OpenAI API; "" for a streamed object without text."""
    try:
        choice: Any = answer["choices"][0] if answer["choices"] or not streamed else {"text": ""}
        text = choice["text"] if "text" in choice else choice["delta" if streamed else "message"].get("content")
    except (KeyError, IndexError, TypeError, AttributeError):
        text, streamed = None, False
    if not isinstance(text, str) and not (streamed and text is None):
        raise WriterError("The answer from the server at {url} has no text.", url=url)
    return text or ""


def extract_lines(text: str, *, whole: bool = True) -> list[tuple[int, str]]:
    """Return (place in its stanza, text) of each distinct line of lyrics in a model's answer, without its thoughts,
    comments and markup. Skip the last line, perhaps cut off, if `whole` is False.

    >>> extract_lines("<think>Un…</think>Voici :\\n1. « Je marche dans la nuit »\\n2) J'ai froid aux doigts\\n")
    [(0, 'Je marche dans la nuit'), (1, "J'ai froid aux doigts")]
    """
    text = _END_OF_THOUGHT.sub("", _THOUGHT.sub("", text)).replace("```", "")
    lines = text.split("\n")
    found: dict[str, int] = {}
    for place, line in _numbered_lines(lines if whole else lines[:-1]):
        found.setdefault(line, place)
    return [(place, line) for line, place in found.items()]


def _is_lyrics_line(text: str) -> bool:
    return not text.endswith(":") and "(" not in text and not _HEADER.match(text) and any(map(str.isalpha, text))


def _numbered_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    place = 0
    for line in lines:
        clean = _MARKER.sub("", line).strip(_QUOTES).rstrip(".,; ")
        if not clean:
            place = 0
        elif len(clean) <= LONGEST_LINE and _is_lyrics_line(clean):
            yield place, clean
            place += 1
