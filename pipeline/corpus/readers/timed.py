"""Lyrics with times: .lrc, .srt, .vtt. Each line keeps when it is sung; one with several times is sung at each.

Words keep theirs too (enhanced LRC, marks of time in .vtt), but for those of a line that has several times, and of a
line whose words run backwards or leave it.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.core.errors import SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import EMPTY_SIZE, Account, TextSize, sum_sizes, text_size
from pipeline.corpus.line_times import align_line_times
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.blobs import unpacked_size_limit
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.song import LineTime, RawSong, ReaderItems, count_letters

_FIELD_BY_LRC_KEY = {"ti": "title", "ar": "artist", "al": "album"}
_LRC_HEAD_PATTERN = re.compile(
    r"^\[(?P<key>ti|ar|al|au|by|la|re|tool|ve|length|offset|lr|#):(?P<value>[^\]\n]*+)\][ \t]*+$", re.I
)
_OFFSET = re.compile(r"[ \t]*([+-]?\d{1,7})[ \t]*")  # milliseconds; a positive one has lines come sooner
_TIME = re.compile(r"\[(-?)(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)\] ?")
_TIMED_LINE = re.compile(r"^\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\] ?\S", re.M)
_WORD_TIME = re.compile(r"<(-?)(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)>")
_CLOCK_PATTERN = r"(?:(?P<{0}h>\d{{1,3}}):)?(?P<{0}m>\d{{1,2}}):(?P<{0}s>\d{{1,2}}(?:[.,]\d{{1,3}})?)"
_CUE = re.compile(rf"^{_CLOCK_PATTERN.format('a')} +--> +{_CLOCK_PATTERN.format('b')}")
_CUE_TIME = re.compile(rf"<{_CLOCK_PATTERN.format('')}>")
_STYLE_TAG_PATTERN = re.compile(r"\{\\[^{}\n]{1,40}\}|</?[a-z][^<>\n]{0,40}>", re.I)
_MOST_ROLLED = 4  # lines of a cue that the next one shows again; automatic subtitles show two or three
_NON_CUE_BLOCKS = ("WEBVTT", "NOTE", "STYLE", "REGION")  # blocks of .vtt that are no cues


class _TimedLines(NamedTuple):
    """The lines of timed lyrics, with their times and metadata and the sizes of text read and dropped."""

    lines: list[str]
    times: list[LineTime]
    fields: dict[str, str]
    read: TextSize  # of what is written, times left out
    heads: TextSize
    rolled: TextSize = EMPTY_SIZE  # of lines that later cues show again


def read_timed(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the song of an LRC, SRT or VTT file. Raises SourceError when it contains times but no text."""
    text = decode_text(data, name)
    read = _parse_lrc if name.lower().endswith(".lrc") else _parse_subtitles
    timed = read(text.text.lstrip("\ufeff"), name)
    lyrics = "\n".join(timed.lines)
    if not lyrics.strip():
        raise SourceError("{name} contains time stamps but no text.", name=name)
    line_times = [time for time, line in zip(timed.times, timed.lines, strict=True) if line.strip()]
    times = [time if _is_in_order(time) else time._replace(words=()) for time in line_times]
    song = RawSong(lyrics, name, encoding=text.encoding, times=tuple(times))
    yield song.with_metadata(hints.names.fields | timed.fields, hints.names.facets)
    account = Account(timed.read)
    if timed.heads:
        account.add_dropped("timed-heads", mark("Headers, numbers and notes of timed lyrics"), timed.heads)
    if timed.rolled:
        account.add_dropped("timed-rolled", mark("Subtitle lines repeated by the next cue"), timed.rolled)
    if again := timed.read - timed.heads - timed.rolled - text_size(lyrics):
        account.add_dropped("timed-again", mark("Lines with several time stamps: repeated at each"), again)
    wrong = sum(time != own for time, own in zip(line_times, times, strict=True))
    account.add_dropped(
        "timed-words", mark("Words timed out of order: only their line keeps a time"), EMPTY_SIZE, wrong
    )
    yield account


def times_from_synced_lyrics(text: str, synced: Any) -> tuple[LineTime, ...]:
    """Return the times of a text's lines from the same lyrics in LRC format (`synced`), or () without any."""
    if not isinstance(synced, str) or not _TIMED_LINE.search(synced):
        return ()
    try:
        timed = _parse_lrc(synced, "")
    except SourceError:
        return ()
    return align_line_times(text, timed.lines, timed.times)


def times_from_json(value: Any, text: str) -> tuple[LineTime, ...]:
    """Return the times of a text's lines from JSON that `publish.tables.write_jsonl` wrote; () if it is invalid."""
    lines = [line for line in text.splitlines() if line.strip()]
    tags = [line.startswith("[") for line in lines]
    if not isinstance(value, list) or len(value) != len(lines) - sum(tags):
        return ()
    try:
        times = [_parse_line_time(*row) for row in value]
    except (TypeError, ValueError):
        return ()
    rows = iter(times)
    return tuple(LineTime(math.nan) if tag else next(rows) for tag in tags)


def _parse_line_time(start: float | None, end: float | None = None, words: Sequence[Sequence[float]] = ()) -> LineTime:
    begins = tuple((int(letters), float(seconds)) for letters, seconds in words)
    time = LineTime(math.nan if start is None else float(start), None if end is None else float(end), begins)
    return time if _is_in_order(time) else time._replace(words=())


def _is_in_order(time: LineTime) -> bool:
    """Return whether the start, words and end of a line are in chronological order."""
    end = () if time.end is None else (time.end,)
    return all(a <= b for a, b in pairwise((time.start, *(seconds for _, seconds in time.words), *end)))


def _split_times(
    text: str, pattern: re.Pattern[str], clock: Callable[[re.Match[str]], float]
) -> tuple[str, list[tuple[int, float]]]:
    """Return (a line without its time marks, [letters before a mark, seconds] for each mark)."""
    parts, times, at, letters = list[str](), list[tuple[int, float]](), 0, 0
    for match in pattern.finditer(text):
        parts.append(text[at : match.start()])
        letters, at = letters + count_letters(parts[-1]), match.end()
        times.append((letters, clock(match)))
    return " ".join("".join([*parts, text[at:]]).split()) if times else text.strip(), times


def _parse_lrc(text: str, name: str) -> _TimedLines:
    """Return the timed lines of an LRC text. Raises SourceError if repeated times would make it far too long."""
    fields: dict[str, str] = {}
    characters = 0
    timed: list[tuple[float, int, str]] = []
    lyrics_size = header_size = TextSize()
    clock = offset = 0.0
    own: dict[int, dict[int, float]] = {}  # of lines whose words have times: letters after each mark -> what it says
    for at, line in enumerate(text.splitlines()):
        if head := _LRC_HEAD_PATTERN.match(line):
            header_size += text_size(line)
            fields |= {
                _FIELD_BY_LRC_KEY[key]: head["value"].strip()
                for key in (head["key"].lower(),)
                if key in _FIELD_BY_LRC_KEY
            }
            if head["key"].lower() == "offset" and (match := _OFFSET.fullmatch(head["value"])):
                offset = int(match[1]) / 1000
            continue
        times, begin = list[float](), 0
        while match := _TIME.match(line, begin):
            times.append(_lrc_seconds(match))
            begin = match.end()
        words, marks = _split_times(line[begin:], _WORD_TIME, _lrc_seconds)
        characters += len(words) * len(times)
        if characters > unpacked_size_limit(len(text)):
            raise SourceError(
                "{name} has more time stamps for a single line than any song has repeats. Give its lyrics as text.",
                name=name,
            )
        if marks and len(times) == 1:
            count = count_letters(words)
            own[at] = {count - letters: seconds for letters, seconds in marks}  # the last of several: one ends a word
        lyrics_size += text_size(words)
        timed += [(time, at, words) for time in times or [clock]]
        clock = max([clock, *times[:1]])
    timed.sort()
    ends = [after if not words else None for _, (after, _, words) in pairwise(timed)] + [None] * bool(timed)
    spans = []
    for (start, at, words), after in zip(timed, ends, strict=True):
        letters_after = {letters: max(seconds - offset, 0) for letters, seconds in own.get(at, {}).items()}
        end = letters_after.pop(0, None if after is None else max(after - offset, 0))
        count = count_letters(words)
        marks_after = tuple((count - letters, seconds) for letters, seconds in letters_after.items())
        spans.append(LineTime(max(start - offset, 0), end, marks_after))
    return _TimedLines([words for *_, words in timed], spans, fields, lyrics_size + header_size, header_size)


def _lrc_seconds(match: re.Match[str]) -> float:
    sign, minutes, seconds = match.groups()
    return (60 * int(minutes) + float(seconds.replace(":", "."))) * (-1 if sign else 1)


def _parse_subtitles(text: str, name: str) -> _TimedLines:
    rows = [line.strip() for line in text.splitlines()]
    cues: list[tuple[LineTime, list[tuple[str, LineTime]]]] = [(LineTime(0.0), [])]
    heads = EMPTY_SIZE
    aside = outside = True
    for at, row in enumerate(rows):
        if match := _CUE.match(row):
            cues.append((LineTime(_cue_seconds(match, "a"), _cue_seconds(match, "b")), []))
            aside = outside = False
            continue
        aside = (aside and bool(row)) or (outside and row.startswith(_NON_CUE_BLOCKS))
        if aside or ((outside or row.isdigit()) and at + 1 < len(rows) and _CUE.match(rows[at + 1])):
            heads += text_size(row)
        elif row:
            words, marks = _split_times(_STYLE_TAG_PATTERN.sub("", row), _CUE_TIME, _cue_seconds)
            cues[-1][1].append((words, cues[-1][0]._replace(words=tuple(dict(marks).items()))))
        else:
            outside = True
    kept = list(_drop_repeated_lines([lines for _, lines in cues]))
    read = sum_sizes(text_size(words) for _, lines in cues for words, _ in lines)
    rolled = read - sum_sizes(text_size(words) for words, _ in kept)
    return _TimedLines([words for words, _ in kept], [time for _, time in kept], {}, read + heads, heads, rolled)


def _drop_repeated_lines(cues: Sequence[Sequence[tuple[str, LineTime]]]) -> Iterator[tuple[str, LineTime]]:
    """Yield the lines of cues. Lines that automatic subtitles repeat from the cue before are dropped."""
    texts = [[words for words, _ in cue] for cue in cues if cue]
    carried = [_count_repeated_lines(before, after) for before, after in pairwise([[], *texts])]
    rolls = 2 * sum(map(bool, carried)) > len(texts) and any(
        0 < n < len(cue) for n, cue in zip(carried, texts, strict=True)
    )
    for cue, lines in zip(filter(None, cues), carried, strict=True):
        yield from cue[lines if rolls else 0 :]


def _count_repeated_lines(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many lines at the end of one cue are repeated at the beginning of the next."""
    most = min(len(before), len(after), _MOST_ROLLED)
    return next((n for n in range(most, 0, -1) if before[-n:] == after[:n]), 0)


def _cue_seconds(match: re.Match[str], which: str = "") -> float:
    hours, minutes, seconds = (match[which + unit] for unit in "hms")
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds.replace(",", "."))


TIMED_READER = Reader("timed", read_timed, (".lrc", ".srt", ".vtt"), one_song=True)
