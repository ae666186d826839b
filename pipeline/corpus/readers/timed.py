"""Lyrics with times: .lrc, .srt, .vtt. Times and numbers are set aside; a line with several times is sung at each."""

import re

from pipeline.corpus.account import FileAccount, size_of
from pipeline.corpus.raw import Items, RawSong
from pipeline.corpus.readers.names import Names
from pipeline.corpus.readers.text import decoded
from pipeline.errors import SourceError

_FIELDS = {"ti": "title", "ar": "artist", "al": "album"}
_HEAD = re.compile(r"^\[(?P<key>[a-z]{2,8}):(?P<value>[^\]\n]*+)\][ \t]*+$", re.I)
_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)\] ?")
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?> ?")
_CUE = re.compile(r"^[\d:.,]{5,15} +--> +[\d:.,]{5,15}")
_STYLE = re.compile(r"\{\\[^{}\n]{1,40}\}|</?[a-z][^<>\n]{0,40}>", re.I)


def read(data: bytes, name: str, known: Names) -> Items:
    """The song of one file. Raises SourceError when it holds times and no text."""
    text = decoded(data, name)
    fields, lines = _lrc(text.text) if name.lower().endswith(".lrc") else ({}, _cues(text.text))
    lyrics = "\n".join(lines)
    if not lyrics.strip():
        raise SourceError("times-without-text", "{name} holds times and no line of text.", name=name)
    yield RawSong(lyrics, name, encoding=text.encoding).described(known.fields | fields, known.facets)
    account = FileAccount(name, size_of(text.text))
    account.set_aside("times", "Times, numbers and heads of timed lyrics", account.read - size_of(lyrics))
    yield account


def _lrc(text: str) -> tuple[dict[str, str], list[str]]:
    """(title, artist and album as its heads say them, lines in the order of their times)."""
    fields: dict[str, str] = {}
    timed: list[tuple[float, int, str]] = []
    clock = 0.0
    for at, line in enumerate(text.lstrip("\ufeff").splitlines()):
        if head := _HEAD.match(line):
            if head["key"].lower() in _FIELDS:
                fields[_FIELDS[head["key"].lower()]] = head["value"].strip()
            continue
        words, times = line, list[float]()
        while match := _TIME.match(words):
            times.append(60 * int(match[1]) + float(match[2].replace(":", ".")))
            words = words[match.end() :]
        words = _WORD_TIME.sub("", words).strip()
        timed += [(time, at, words) for time in times or [clock]]
        clock = max([clock, *times[:1]])
    return fields, [words for _, _, words in sorted(timed)]


def _cues(text: str) -> list[str]:
    """The lines of subtitles. A number counts as one of a cue when times follow it."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    numbers = {at for at, line in enumerate(lines[:-1]) if line.isdigit() and _CUE.match(lines[at + 1])}
    kept = [line for at, line in enumerate(lines) if at not in numbers and not _CUE.match(line)]
    return [_STYLE.sub("", line) for line in kept if line and not line.startswith("WEBVTT")]
