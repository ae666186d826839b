"""Lyrics with times: .lrc, .srt, .vtt, .ttml. Each line keeps when it is sung; one with several times is sung at each.

Who sings becomes a tag above the line: the marks M:, F: and D: of duets in .lrc, `ttm:agent` in .ttml, whose backing
vocals (`x-bg`) become ad-libs and whose `itunes:song-part` says what kind of section it is.
"""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.errors import SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import NOTHING, Account, Size, size_of
from pipeline.corpus.readers import Hints, Reader
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.song import Items, RawSong, Span

_FIELDS = {"ti": "title", "ar": "artist", "al": "album"}
_HEAD = re.compile(r"^\[(?P<key>ti|ar|al|au|by|la|re|tool|ve|length|offset|lr|#):(?P<value>[^\]\n]*+)\][ \t]*+$", re.I)
_OFFSET = re.compile(r"[ \t]*([+-]?\d{1,7})[ \t]*")  # milliseconds; a positive one has lines come sooner
_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)\] ?")
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?> ?")
_LAST_TIME = re.compile(r"<(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)>\s*$")
_CLOCK = r"(?:(?P<{0}h>\d{{1,3}}):)?(?P<{0}m>\d{{1,2}}):(?P<{0}s>\d{{1,2}}(?:[.,]\d{{1,3}})?)"
_CUE = re.compile(rf"^{_CLOCK.format('a')} +--> +{_CLOCK.format('b')}")
_VOICE = re.compile(r"([MFD]): ?(?=\S)")
_VOICES = {"M": "Homme", "F": "Femme", "D": "Homme & Femme"}
_CLOCK_OF_TTML = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,6})?)s?")
_STYLE = re.compile(r"\{\\[^{}\n]{1,40}\}|</?[a-z][^<>\n]{0,40}>", re.I)
_AROUND = ("WEBVTT", "NOTE", "STYLE", "REGION")  # blocks of .vtt that are no cues


class _Timed(NamedTuple):
    """The lines of a file in the order in which they are sung, when each is, and what its heads say."""

    lines: list[str]
    times: list[Span]
    fields: dict[str, str]
    read: Size  # of what is written, times left out
    heads: Size
    tags: Size = Size()  # of the lines that say who sings, less the marks that they come from


def read_timed(data: bytes, name: str, hints: Hints) -> Items:
    """The song of one file. Raises SourceError when it holds times and no text."""
    text = decode_text(data, name)
    read = {".lrc": _lrc, ".ttml": _ttml}.get(name.lower()[name.rfind(".") :], _cues)
    timed = read(text.text.lstrip("\ufeff"))
    lyrics = "\n".join(timed.lines)
    if not lyrics.strip():
        raise SourceError("{name} holds times and no line of text.", name=name)
    times = tuple(time for time, line in zip(timed.times, timed.lines, strict=True) if line.strip())
    song = RawSong(lyrics, name, encoding=text.encoding, times=times)
    yield song.with_metadata(hints.names.fields | timed.fields, hints.names.facets)
    account = Account(timed.read)
    if timed.heads:
        account.drop("timed-heads", mark("Heads, numbers and notes of timed lyrics"), timed.heads)
    if timed.tags:
        account.drop("timed-voices", mark("Who sings a line: read as a tag above it"), NOTHING - timed.tags)
    if again := timed.read - timed.heads + timed.tags - size_of(lyrics):
        account.drop("timed-again", mark("Lines with several times: sung at each"), again)
    yield account


def _lrc(text: str) -> _Timed:
    fields: dict[str, str] = {}
    timed: list[tuple[float, int, str]] = []
    lyrics_size = header_size = Size()
    clock = offset = 0.0
    own_ends: dict[int, float] = {}  # of the lines of the file, by their number
    for at, line in enumerate(text.splitlines()):
        if head := _HEAD.match(line):
            header_size += size_of(line)
            fields |= {_FIELDS[key]: head["value"].strip() for key in (head["key"].lower(),) if key in _FIELDS}
            if head["key"].lower() == "offset" and (match := _OFFSET.fullmatch(head["value"])):
                offset = int(match[1]) / 1000
            continue
        words, times = line, list[float]()
        while match := _TIME.match(words):
            times.append(_clock(match))
            words = words[match.end() :]
        if (match := _LAST_TIME.search(words)) and len(times) == 1:  # of an enhanced LRC: when its last word ends
            own_ends[at] = _clock(match)
        words = _WORD_TIME.sub("", words).strip()
        lyrics_size += size_of(words)
        timed += [(time, at, words) for time in times or [clock]]
        clock = max([clock, *times[:1]])
    timed.sort()
    timed, tags = _with_voices(timed)
    ends = [after if not words else None for _, (after, _, words) in pairwise(timed)] + [None] * bool(timed)
    ends = [own_ends.get(at, end) for (_, at, _), end in zip(timed, ends, strict=True)]
    spans = [
        (max(start - offset, 0), None if end is None else max(end - offset, 0))
        for (start, *_), end in zip(timed, ends, strict=True)
    ]
    return _Timed([words for *_, words in timed], spans, fields, lyrics_size + header_size, header_size, tags)


def _clock(match: re.Match[str]) -> float:
    return 60 * int(match[1]) + float(match[2].replace(":", "."))


def _with_voices(timed: list[tuple[float, int, str]]) -> tuple[list[tuple[float, int, str]], Size]:
    """The lines of a duet, each voice under its tag, and what tags add; the lines as they are of a single voice."""
    if len({match[1] for *_, words in timed if (match := _VOICE.match(words))}) < 2:
        return timed, NOTHING
    lines, tags, now = list[tuple[float, int, str]](), NOTHING, ""
    for time, at, words in timed:
        if match := _VOICE.match(words):
            words, tags = words[match.end() :], tags - Size(words=1)
            if match[1] != now:
                now, tag = match[1], f"[{_VOICES[match[1]]}]"
                lines.append((time, at, tag))
                tags += size_of(tag)
        lines.append((time, at, words))
    return lines, tags


def _cues(text: str) -> _Timed:
    """Of subtitles. A number counts as one of a cue when times follow it."""
    rows = [line.strip() for line in text.splitlines()]
    lines, times = list[str](), list[Span]()
    lyrics_size = header_size = Size()
    now: Span | None = None
    aside = False
    for at, row in enumerate(rows):
        if match := _CUE.match(row):
            now, aside = (_seconds(match, "a"), _seconds(match, "b")), False
            continue
        aside = (aside and bool(row)) or (now is None and row.startswith(_AROUND))
        numbers = row.isdigit() and at + 1 < len(rows) and _CUE.match(rows[at + 1])
        lyrics_size += size_of(row)
        if aside or numbers:
            header_size += size_of(row)
        elif row:
            words = _STYLE.sub("", row)
            lyrics_size += size_of(words) - size_of(row)
            lines.append(words)
            times.append(now or (0.0, None))
        else:
            now = None
    return _Timed(lines, times, {}, lyrics_size, header_size)


class _Ttml(HTMLParser):
    """Collects the lines of a document, with a tag where the part or the voice is another than before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.times: list[Span] = []
        self.names: dict[str, str] = {}  # of voices, by their ids
        self.heads: list[str] = []
        self.title = ""
        self.tags = NOTHING
        self._open: list[tuple[str, bool]] = []  # (element, whether it holds backing vocals)
        self._within = ""  # the element of the head that is read
        self._agent = self._singer = self._part = self._above = ""
        self._time: Span = (0.0, None)
        self._words: list[str] = []
        self._in_line = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._words.append(" ")
        elif tag == "div":
            self._part = attributes.get("itunes:song-part", attributes.get("itunes:songpart", ""))
            if self.lines and self.lines[-1]:
                self._add("", self._time)
            self._above = ""
        elif tag == "p":
            self._in_line = True
            self._words, self._time = (
                [],
                (_ttml_seconds(attributes.get("begin")) or 0.0, _ttml_seconds(attributes.get("end"))),
            )
            self._singer = attributes.get("ttm:agent", "")
        elif tag == "ttm:agent":
            self._agent = attributes.get("xml:id", "")
        if tag in ("ttm:name", "ttm:title"):
            self._within = tag
        backing = tag == "span" and attributes.get("ttm:role") == "x-bg"
        if backing:
            self._words.append(" (")
        self._open.append((tag, backing))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed, backing = self._open.pop()
            if backing:
                self._words.append(") ")
            if closed == tag:
                break
        self._within = ""
        if tag == "p":
            self._in_line = False
            self._end_line()

    def handle_data(self, data: str) -> None:
        if self._in_line:
            self._words.append(data)
        elif data.strip():
            self.heads.append(data)
            if self._within == "ttm:name" and self._agent:
                self.names.setdefault(self._agent, data.strip())
            elif self._within == "ttm:title":
                self.title = data.strip()

    def close(self) -> None:
        super().close()
        self._end_line()  # of a document that is cut short

    def _end_line(self) -> None:
        words = " ".join("".join(self._words).replace("((", "(").replace("))", ")").split())
        words = words.replace("( ", "(").replace(" )", ")")
        if not words:
            return
        who = self.names.get(self._singer, "")
        above = " : ".join(filter(None, (self._part, who)))
        if above and above != self._above:
            self._above, tag = above, f"[{above}]"
            self.tags += size_of(tag)
            self._add(tag, self._time)
        self._add(words, self._time)
        self._words = []

    def _add(self, line: str, time: Span) -> None:
        self.lines.append(line)
        self.times.append(time)


def _ttml(text: str) -> _Timed:
    """Of Apple's documents; what is not marked up as they should be ends as lines without times."""
    document = _Ttml()
    document.feed(text)
    document.close()
    heads = size_of("\n".join(document.heads))
    fields = {"title": document.title} if document.title else {}
    read = size_of("\n".join(document.lines)) - document.tags + heads
    return _Timed(document.lines, document.times, fields, read, heads, document.tags)


def _ttml_seconds(clock: str | None) -> float | None:
    """Seconds of 1:02.5, 62.5s or 00:01:02.5; None for what is no time."""
    match = _CLOCK_OF_TTML.fullmatch((clock or "").strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds)


def _seconds(match: re.Match[str], which: str) -> float:
    hours, minutes, seconds = (match[which + unit] for unit in "hms")
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds.replace(",", "."))


TIMED = Reader("timed", read_timed, (".lrc", ".srt", ".vtt", ".ttml"), one_song=True)
