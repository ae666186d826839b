"""A text file with all songs of an artist, one after the other. The artist is in the file's name.

What parts the songs differs from scrape to scrape: `_STARTS` are tried in order, and the first that finds two songs
is used for the file.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers.text import FRONT_MATTER, decoded, front_matter

LONGEST_TITLE = 100

_FEATURING = r"(?:\s*\(?(?:ft|feat|featuring)\.?\s+(?P<featuring>[^)\]\n]+?)\)?)?"
# A match starts a song. Pages first: they say the title.
_STARTS = (
    re.compile(r"^---[ \t]*\n(?P<block>(?:[^\n]*:[^\n]*\n)+)---[ \t]*$\n?", re.M),
    re.compile(
        rf"^(?:\d{{1,4}} Contributors?)(?:Translations?[^\n]{{0,60}})??(?P<title>[^\n]{{0,100}}?)\s?(?:Lyrics|Paroles)"
        rf"|^\[(?:Paroles|Lyrics)\s+(?:de|du|of|d')\s*[\"«“'](?P<quoted>[^\n\]]{{1,100}}?)[\"»”']{_FEATURING}\s*\]",
        re.M | re.I,
    ),
    re.compile(
        rf"^[#*\s]*(?:title|titre|song|chanson|morceau)\s*:\s*(?P<title>[^\n]{{1,100}}?){_FEATURING}\s*$", re.M | re.I
    ),
    re.compile(rf"^(?P<title>\S[^\n]{{0,100}}?) by (?P<artist>[^\n(]{{1,60}}?){_FEATURING}\s*$", re.M | re.I),
    re.compile(r"^[ \t]*(?P<rule>[-=*_~#])(?P=rule){2,}[ \t]*\n+", re.M),
    re.compile(r"\n{4,}"),
)
_EXPLICIT = 5  # of these say so themselves; blank lines alone only part songs in files that are asked for
_TAG = re.compile(r"^\s*\[", re.M)
_RESTART = re.compile(
    r"^\s*\[\s*(?P<head>intro|couplet\s*(?P<number>\d)|verse\s*(?P<verse>\d))\b[^\]\n]*\]?", re.M | re.I
)
_END = re.compile(r"(?:\d+(?:\.\d+)?K?)?Embed[ \t]*(?:\n|\Z)|(?<=[^\s\d])(?=\d{1,4} Contributors?)", re.M)


def read(data: bytes, name: str) -> Iterator[RawSong]:
    """The songs of one file. Raises SourceError when it is empty or binary."""
    text = decoded(data, name)
    artist = _artist(name)
    songs = split(text.text)
    for at, (fields, lyrics) in enumerate(songs, 1):
        known = {"title": f"{artist} {at}", "artist": artist} | {key: value for key, value in fields.items() if value}
        yield RawSong(lyrics, f"{name}#{at}", encoding=text.encoding).described(known)


def is_glued(text: str) -> bool:
    """Whether a text says itself that it holds several songs."""
    text = _normalised(text)
    body = FRONT_MATTER.sub("", text, count=1)  # a single one is of a single song, and its rules part nothing
    return _is_used(_STARTS[0], text) or any(_is_used(start, body) for start in _STARTS[1:_EXPLICIT])


def split(text: str) -> list[tuple[dict[str, str], str]]:
    """(metadata, lyrics) of each song of a text.

    >>> split("Le port by Untel\\nLa mer\\n\\nLa rue by Untel (Ft. X)\\nLe bitume")
    [({'title': 'Le port', 'artist': 'Untel'}, 'La mer'), \
({'title': 'La rue', 'artist': 'Untel', 'featuring': 'X'}, 'Le bitume')]
    """
    text = _normalised(text)
    if not _is_used(_STARTS[0], text):
        text = FRONT_MATTER.sub("", text, count=1)
    for start in _STARTS:
        if _is_used(start, text):
            return [song for song in _cut(start, text) if song[1]]
    return [({}, part.strip("\n")) for part in _at_restarts(text) if part.strip()]


def _normalised(text: str) -> str:
    """With plain line ends, and a break where one page's end runs into the next page's beginning."""
    text = re.sub(r"\r\n?|[\x85\u2028]", "\n", text)
    return _END.sub(lambda match: match[0].rstrip("\n") + "\n", text)


def _is_used(start: re.Pattern[str], text: str) -> bool:
    found = [match for match in start.finditer(text) if _is_title(match)]
    if "artist" in start.groupindex:  # "… by …" is an English line too, unless the name comes again
        artists = {match["artist"].lower() for match in found}
        return len(found) >= 2 and len(artists) <= max(1, len(found) // 2)
    return len(found) >= 2 or (len(found) == 1 and "rule" in start.groupindex and found[0].start() > 0)


def _is_title(match: re.Match[str]) -> bool:
    return "artist" not in match.re.groupindex or not match["title"].rstrip().endswith((",", ";", ":"))


def _cut(start: re.Pattern[str], text: str) -> Iterator[tuple[dict[str, str], str]]:
    matches = list(start.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    before = text[: matches[0].start()].strip("\n")
    if before.strip():
        yield _titled({}, before) if "rule" in start.groupindex or not start.groupindex else ({}, before)
    for match, end in zip(matches, ends, strict=True):
        yield _titled(_fields(match), text[match.end() : end].strip("\n"))


def _fields(match: re.Match[str]) -> dict[str, str]:
    groups = {key: value.strip() for key, value in match.groupdict().items() if value}
    if "block" in groups:
        return front_matter(groups["block"])
    groups["title"] = groups.pop("quoted", groups.get("title", ""))
    groups.pop("rule", None)
    return {key: value for key, value in groups.items() if value}


def _titled(fields: dict[str, str], lyrics: str) -> tuple[dict[str, str], str]:
    """With the first line as title, when it stands apart from the lyrics and nothing else says one."""
    first, _, rest = lyrics.partition("\n")
    apart = rest.startswith("\n") or _TAG.match(rest)
    if fields.get("title") or not apart or len(first) > LONGEST_TITLE or _TAG.match(first) or not rest.strip():
        return fields, lyrics
    return {**fields, "title": first.strip(" #*-–\t")}, rest.strip("\n")


def _at_restarts(text: str) -> Iterator[str]:
    """Cut where the numbering of sections begins anew: a second [Couplet 1], or an [Intro] after couplets."""
    seen, at = set[str](), 0
    for match in _RESTART.finditer(text):
        number = match["number"] or match["verse"]
        if (number == "1" and "1" in seen) or (number is None and seen):
            yield text[at : match.start()]
            seen, at = set(), match.start()
        seen |= {number} if number else set()
    yield text[at:]


def _artist(name: str) -> str:
    stem = re.sub(r"^lyrics[_ -]+|[_ -]+(?:lyrics|paroles|songs)$", "", PurePosixPath(name).stem, flags=re.I)
    words = stem if " " in stem else re.sub(r"[-_]+", " ", stem)
    return words[:1].upper() + words[1:]
