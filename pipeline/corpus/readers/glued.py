"""A text file with all songs of an artist, one after the other. The artist is in the file's name.

What parts the songs differs from scrape to scrape: `_STARTS` are tried in order, and the first that finds two songs
is used for the file.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.corpus.account import FileAccount, size_of, total
from pipeline.corpus.raw import Items, RawSong
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


class Piece(NamedTuple):
    """A piece of the text: a song, its metadata, and the marks and titles around it. Pieces make up the whole text."""

    fields: dict[str, str]
    lyrics: str
    marks: str = ""


def read(data: bytes, name: str) -> Items:
    """The songs of one file. Raises SourceError when it is empty or binary."""
    text = decoded(data, name)
    artist = _artist(name)
    pieces = cut_pieces(text.text)
    for at, piece in enumerate((piece for piece in pieces if piece.lyrics), 1):
        known = {"title": f"{artist} {at}", "artist": artist}
        known |= {key: value for key, value in piece.fields.items() if value}
        yield RawSong(piece.lyrics, f"{name}#{at}", encoding=text.encoding).described(known)
    yield _account(text.text, pieces, name)


def _account(text: str, pieces: list[Piece], name: str) -> FileAccount:
    """Marks between songs, and what cuts amid a line or word add."""
    account = FileAccount(name, size_of(text))
    marks = total(size_of(piece.marks) for piece in pieces)
    if marks:
        account.set_aside("song-marks", "Titles and marks between the songs of a file", marks, len(pieces))
    cuts = account.read - marks - total(size_of(piece.lyrics) for piece in pieces)
    whole = sum(len(piece.lyrics) + len(piece.marks) for piece in pieces) == len(_normalised(text))
    if cuts and whole:
        account.set_aside("song-borders", "Songs that run into each other: cut apart", cuts, len(pieces) - 1)
    return account


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
    return [(piece.fields, piece.lyrics) for piece in cut_pieces(text) if piece.lyrics]


def cut_pieces(text: str) -> list[Piece]:
    """The pieces of a text, which hold all of it."""
    text = _normalised(text)
    pieces: list[Piece] = []
    if not _is_used(_STARTS[0], text) and (match := FRONT_MATTER.match(text)):
        pieces.append(Piece({}, "", match[0]))
        text = text[match.end() :]
    start = next((start for start in _STARTS if _is_used(start, text)), None)
    return pieces + (list(_cut(start, text)) if start else [_piece({}, part) for part in _at_restarts(text)])


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


def _cut(start: re.Pattern[str], text: str) -> Iterator[Piece]:
    matches = list(start.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    before = _piece({}, text[: matches[0].start()])
    if before.lyrics or before.marks:
        yield _titled(before) if "rule" in start.groupindex or not start.groupindex else before
    for match, end in zip(matches, ends, strict=True):
        yield _titled(_piece(_fields(match), text[match.end() : end], match[0]))


def _piece(fields: dict[str, str], text: str, marks: str = "") -> Piece:
    """A piece whose lyrics have no blank lines around them."""
    lyrics = text.strip("\n") if text.strip() else ""
    return Piece(fields, lyrics, marks + "\n" * (len(text) - len(lyrics)))


def _fields(match: re.Match[str]) -> dict[str, str]:
    groups = {key: value.strip() for key, value in match.groupdict().items() if value}
    if "block" in groups:
        return front_matter(groups["block"])
    groups["title"] = groups.pop("quoted", groups.get("title", ""))
    groups.pop("rule", None)
    return {key: value for key, value in groups.items() if value}


def _titled(piece: Piece) -> Piece:
    """With the first line as title, when it stands apart from the lyrics and nothing else says one."""
    first, _, rest = piece.lyrics.partition("\n")
    apart = rest.startswith("\n") or _TAG.match(rest)
    if piece.fields.get("title") or not apart or len(first) > LONGEST_TITLE or _TAG.match(first) or not rest.strip():
        return piece
    fields = {**piece.fields, "title": first.strip(" #*-–\t")}
    lyrics = rest.strip("\n")
    return Piece(fields, lyrics, f"{piece.marks}\n{first}" + "\n" * (len(rest) - len(lyrics)))


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
