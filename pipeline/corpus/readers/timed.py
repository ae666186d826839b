"""Lyrics with times: .lrc, .srt, .vtt. Each line keeps when it is sung; a line with several times is sung at each."""

import re
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.errors import SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import FileAccount, Size, size_of
from pipeline.corpus.readers.reader_contract import Hints, Reader
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.song import Items, RawSong, Span

_FIELDS = {"ti": "title", "ar": "artist", "al": "album"}
_HEAD = re.compile(r"^\[(?P<key>ti|ar|al|au|by|la|re|tool|ve|length|offset|lr|#):(?P<value>[^\]\n]*+)\][ \t]*+$", re.I)
_OFFSET = re.compile(r"[ \t]*([+-]?\d{1,7})[ \t]*")  # milliseconds; a positive one has lines come sooner
_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)\] ?")
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?> ?")
_CLOCK = r"(?:(?P<{0}h>\d{{1,3}}):)?(?P<{0}m>\d{{1,2}}):(?P<{0}s>\d{{1,2}}(?:[.,]\d{{1,3}})?)"
_CUE = re.compile(rf"^{_CLOCK.format('a')} +--> +{_CLOCK.format('b')}")
_STYLE = re.compile(r"\{\\[^{}\n]{1,40}\}|</?[a-z][^<>\n]{0,40}>", re.I)
_AROUND = ("WEBVTT", "NOTE", "STYLE", "REGION")  # blocks of .vtt that are no cues


class _Timed(NamedTuple):
    """The lines of a file in the order in which they are sung, when each is, and what its heads say."""

    lines: list[str]
    times: list[Span]
    fields: dict[str, str]
    read: Size  # of what is written, times left out
    heads: Size


def read_timed(data: bytes, name: str, hints: Hints) -> Items:
    """The song of one file. Raises SourceError when it holds times and no text."""
    text = decode_text(data, name)
    timed = (_lrc if name.lower().endswith(".lrc") else _cues)(text.text.lstrip("\ufeff"))
    lyrics = "\n".join(timed.lines)
    if not lyrics.strip():
        raise SourceError("{name} holds times and no line of text.", name=name)
    times = tuple(time for time, line in zip(timed.times, timed.lines, strict=True) if line.strip())
    song = RawSong(lyrics, name, encoding=text.encoding, times=times)
    yield song.described(hints.names.fields | timed.fields, hints.names.facets)
    account = FileAccount(name, timed.read)
    if timed.heads:
        account.set_aside("timed-heads", mark("Heads, numbers and notes of timed lyrics"), timed.heads)
    if again := timed.read - timed.heads - size_of(lyrics):
        account.set_aside("timed-again", mark("Lines with several times: sung at each"), again)
    yield account


def _lrc(text: str) -> _Timed:
    fields: dict[str, str] = {}
    timed: list[tuple[float, int, str]] = []
    read = heads = Size()
    clock = offset = 0.0
    for at, line in enumerate(text.splitlines()):
        if head := _HEAD.match(line):
            heads += size_of(line)
            fields |= {_FIELDS[key]: head["value"].strip() for key in (head["key"].lower(),) if key in _FIELDS}
            if head["key"].lower() == "offset" and (match := _OFFSET.fullmatch(head["value"])):
                offset = int(match[1]) / 1000
            continue
        words, times = line, list[float]()
        while match := _TIME.match(words):
            times.append(60 * int(match[1]) + float(match[2].replace(":", ".")))
            words = words[match.end() :]
        words = _WORD_TIME.sub("", words).strip()
        read += size_of(words)
        timed += [(time, at, words) for time in times or [clock]]
        clock = max([clock, *times[:1]])
    timed.sort()
    ends = [after if not words else None for _, (after, _, words) in pairwise(timed)] + [None] * bool(timed)
    spans = [
        (max(start - offset, 0), None if end is None else max(end - offset, 0))
        for (start, *_), end in zip(timed, ends, strict=True)
    ]
    return _Timed([words for *_, words in timed], spans, fields, read + heads, heads)


def _cues(text: str) -> _Timed:
    """Of subtitles. A number counts as one of a cue when times follow it."""
    rows = [line.strip() for line in text.splitlines()]
    lines, times = list[str](), list[Span]()
    read = heads = Size()
    now: Span | None = None
    aside = False
    for at, row in enumerate(rows):
        if match := _CUE.match(row):
            now, aside = (_seconds(match, "a"), _seconds(match, "b")), False
            continue
        aside = (aside and bool(row)) or (now is None and row.startswith(_AROUND))
        numbers = row.isdigit() and at + 1 < len(rows) and _CUE.match(rows[at + 1])
        read += size_of(row)
        if aside or numbers:
            heads += size_of(row)
        elif row:
            words = _STYLE.sub("", row)
            read += size_of(words) - size_of(row)
            lines.append(words)
            times.append(now or (0.0, None))
        else:
            now = None
    return _Timed(lines, times, {}, read, heads)


def _seconds(match: re.Match[str], which: str) -> float:
    hours, minutes, seconds = (match[which + unit] for unit in "hms")
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds.replace(",", "."))


TIMED = Reader("timed", read_timed, (".lrc", ".srt", ".vtt"), one_song=True)
