"""Titles, artists, dates and lists of names as scrapes write them -> typed. Knows nothing of lyrics."""

import ast
import re
from dataclasses import dataclass
from datetime import date

from pipeline.corpus.cleaning import characters
from pipeline.corpus.raw import RawSong
from pipeline.corpus.tags import folded
from pipeline.corpus.tally import Tally

FIRST_YEAR = 1900
UNKNOWN_ARTIST = "Unknown artist"
UNTITLED = "Untitled"

_EMPTY = re.compile(r"\s*(?:nan|none|null|n/?a|nat|<na>|\[\]|\{\}|-+|\?+|unknown|0+)?\s*", re.I)
_FULL_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"^\s*\d{1,2}[-/. ](?:\w{3,9}|\d{1,2})[-/. ](\d\d)\s*$")
_LIST = re.compile(r"\s*(?:,|;|&|\bet\b|\band\b|\bfeat\.?\s|\bft\.?\s)\s*", re.I)
_FEATURING = re.compile(r"\s*[(\[]?\s*\b(?:ft|feat|featuring|avec)\b\.?\s+(?P<names>[^()\[\]]+?)\s*[)\]]?\s*$", re.I)
_BRACKETED = re.compile(r"\s*[(\[]\s*(?:ft|feat|featuring|avec)\b\.?\s+(?P<names>[^()\[\]]+?)\s*[)\]]", re.I)
_BY = re.compile(r"^(?P<title>.+?) by (?P<artist>.+)$")
_LYRICS = re.compile(r"\s+(?:lyrics|paroles)\s*$", re.I)


@dataclass(frozen=True)
class Metadata:
    """What is known of a song besides its lyrics."""

    title: str
    artist: str
    album: str
    year: int | None
    featuring: tuple[str, ...]


def clean_metadata(raw: RawSong, tally: Tally) -> Metadata:
    """Typed metadata of a raw song; every value that had to be mended is counted."""
    fields = {name: _plain(getattr(raw, name), tally) for name in ("title", "artist", "album", "date", "featuring")}
    title, artist, guests = fields["title"], fields["artist"], list(read_names(fields["featuring"]))
    artist, others = _artist(artist, tally)
    title, artist, more = _title(title, artist, tally)
    featuring = tuple(name for name in dict.fromkeys([*others, *more, *guests]) if folded(name) != folded(artist))
    year = read_year(fields["date"])
    if fields["date"] and year is None:
        tally.note("date-unreadable", "Dates without a readable year: the year is unknown", before=fields["date"])
    return Metadata(title or UNTITLED, artist or UNKNOWN_ARTIST, fields["album"], year, featuring)


def read_year(text: str) -> int | None:
    """The year in a date as scrapes write them; None when there is none.

    >>> [read_year(text) for text in ("2010", "1-Jan-98", "DateMarch 15, 2010", "2004-05-01", "2004.0", "0", "")]
    [2010, 1998, 2010, 2004, 2004, None, None]
    """
    latest = date.today().year + 1
    for year in map(int, _FULL_YEAR.findall(text)):
        if FIRST_YEAR <= year <= latest:
            return year
    short = _SHORT_YEAR.match(text)
    if short is None:
        return None
    year = int(short[1])
    return 2000 + year if 2000 + year <= latest else 1900 + year


def read_names(text: str) -> tuple[str, ...]:
    """The names in a list of artists: "A, B & C", or a Python or JSON list.

    >>> read_names("A, B & C"), read_names("['A', 'B']"), read_names("[]")
    (('A', 'B', 'C'), ('A', 'B'), ())
    """
    text = text.strip()
    parts = _literal(text) if text.startswith(("[", "(", "{")) else _LIST.split(text)
    names = (part.strip(" '\"()[]") for part in parts)
    return tuple(dict.fromkeys(name for name in names if name and not _EMPTY.fullmatch(name)))


def _literal(text: str) -> list[str]:
    """The strings of a list, a tuple or a set as Python or JSON prints it."""
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        items = text.strip("[](){}").split(",")
    items = items if isinstance(items, list | tuple | set) else [items]
    return [str(item.get("name", "") if isinstance(item, dict) else item) for item in items]


def _plain(text: str, tally: Tally) -> str:
    """One line without dirty characters; empty for what scrapes write when they know nothing."""
    if _EMPTY.fullmatch(text):
        return ""
    if not set(text) <= characters.CLEAN:
        for rule in characters.RULES:
            text = rule.apply(text, tally)
    return " ".join(text.split())


def _artist(artist: str, tally: Tally) -> tuple[str, list[str]]:
    """(the first artist, those beside them): "['A', 'B']", "A feat. B"."""
    if artist.startswith(("[", "(")) and (names := read_names(artist)):
        tally.note("artist-list", "Lists of artists: the first is the artist, the others are featured", before=artist)
        return names[0], list(names[1:])
    match = _FEATURING.search(artist)
    if match and match.start():
        tally.note("artist-featuring", "Featured artists in the artist's name", before=artist)
        return artist[: match.start()].strip(), list(read_names(match["names"]))
    return artist, []


def _title(title: str, artist: str, tally: Tally) -> tuple[str, str, list[str]]:
    """(title, artist, featured) of "Titre by Groupe (Ft. A, B & C)", "Groupe – Titre Lyrics", "Titre (feat. X)"."""
    written, guests = title, list[str]()
    if match := _BRACKETED.search(title) or _FEATURING.search(title):
        guests = list(read_names(match["names"]))
        title = (title[: match.start()] + title[match.end() :]).strip() or written
    by = _BY.match(title)
    if by and (not artist or folded(by["artist"].strip()) == folded(artist)):
        title, artist = by["title"], by["artist"].strip()
    if artist and (match := re.match(rf"{re.escape(artist)}\s*[–—-]\s+(?=\S)", title, re.I)):
        title = title[match.end() :]
    title = _LYRICS.sub("", title).strip() or written
    if title != written:
        tally.note("title", "Artists, guests and page words in titles", before=written, after=title)
    return title, artist, guests
