"""Titles, artists, dates and lists of names as scrapes write them -> typed. Knows nothing of lyrics."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pipeline.core.errors import Sentence
from pipeline.core.translation import mark
from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import characters
from pipeline.corpus.cleaning.titles import CERTAIN_BY, read_names, split_title
from pipeline.corpus.song import UNKNOWN_ARTIST, UNTITLED, RawSong
from pipeline.corpus.tags import fold_accents

LONGEST_FIELD = 1_000  # characters of a title, a name or a list of names
FIRST_YEAR = 1900

_EMPTY = re.compile(r"(?:nan|none|null|n/?a|nat|<na>|\[\]|\{\}|-+|\?+|unknown|0+)?", re.I)
_FULL_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"^\s*\d{1,2}[-/. ](?:\w{3,9}|\d{1,2})[-/. ](\d\d)\s*$")
_FEATURING = re.compile(r"\s*[(\[]?\s*\b(?:ft|feat|featuring|avec)\b\.?\s+(?P<names>\S.*?)\s*[)\]]?\s*$", re.I)


@dataclass(frozen=True)
class Metadata:
    """What is known of a song besides its lyrics. `searched` is an artist under whom a song of another was found."""

    title: str
    artist: str
    album: str
    year: int | None
    featuring: tuple[str, ...]
    searched: str = ""


def clean_metadata(raw: RawSong, tally: Tally) -> Metadata:
    """Typed metadata of a raw song; every value that had to be mended is counted."""
    fields = {name: _plain(getattr(raw, name), tally) for name in ("artist", "album", "date", "featuring")}
    named, others = _artist(fields["artist"], tally)
    *head, tail = raw.title.rsplit(CERTAIN_BY, 1)  # cleaning would make a plain space of it
    found = split_title(CERTAIN_BY.join(_plain(part, tally) for part in (*head, tail)), named)
    written = " ".join(raw.title.split())
    if found.title != written and not _EMPTY.fullmatch(written.strip()):
        tally.note("title", mark("Artists, guests and page words in titles"), before=written, after=found.title)
    artist = found.artist or named
    searched = named if fold_accents(named) != fold_accents(artist) else ""
    guests = dict.fromkeys([*others, *found.guests, *read_names(fields["featuring"])])
    outside = set(guests) - _are_members(guests, artist)
    featuring = tuple(name for name in guests if name in outside and fold_accents(name) != fold_accents(artist))
    year = read_year(fields["date"])
    if fields["date"] and year is None:
        tally.note("date-unreadable", mark("Dates without a readable year: the year is unknown"), before=fields["date"])
    return Metadata(found.title or UNTITLED, artist or UNKNOWN_ARTIST, fields["album"], year, featuring, searched)


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


def _plain(text: str, tally: Tally) -> str:
    """One line without dirty characters; empty for what scrapes write when they know nothing."""
    if _EMPTY.fullmatch(text.strip()):
        return ""
    if len(text) > LONGEST_FIELD:
        tally.note(
            "field-cut",
            Sentence("Metadata cut to {most:,} characters", most=LONGEST_FIELD),
            before=text,
            after=text[:LONGEST_FIELD],
        )
        text = text[:LONGEST_FIELD]
    if not set(text) <= characters.CLEAN:
        for rule in characters.RULES:
            text = rule.apply(text, tally)
    return " ".join(text.split())


def _artist(artist: str, tally: Tally) -> tuple[str, list[str]]:
    """(the first artist, those beside them): "['A', 'B']", "A feat. B"."""
    if artist.startswith(("[", "(")) and (names := read_names(artist)):
        tally.note(
            "artist-list", mark("Lists of artists: the first is the artist, the others are featured"), before=artist
        )
        return names[0], list(names[1:])
    match = _FEATURING.search(artist)
    if match and match.start():
        tally.note("artist-featuring", mark("Featured artists in the artist's name"), before=artist)
        return artist[: match.start()].strip(), list(read_names(match["names"]))
    return artist, []


def _are_members(names: Collection[str], artist: str) -> set[str]:
    """Those of the names that are members of a duo or group by its name: Bigflo and Oli of "Bigflo & Oli"."""
    members = {fold_accents(name) for name in read_names(artist)}
    return {name for name in names if fold_accents(name) in members} if len(members) > 1 else set()
