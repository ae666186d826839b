"""Titles, artists, dates and lists of names as scrapes write them -> typed. Knows nothing of lyrics.

Titles come as pages write them: "Titre by Groupe (Ft. A, B & C)", "Groupe – Titre Lyrics". They are lyrics too: "Dubai
by night" is by nobody, "Reste avec moi" has no guest, "Encore des paroles" keeps its last word. So a mark counts where
pages put it: a no-break space after "by", brackets around guests, a dash before "Lyrics".
"""

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.core.errors import Sentence
from pipeline.core.translation import mark
from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import characters
from pipeline.corpus.song import UNKNOWN_ARTIST, UNTITLED, RawSong
from pipeline.corpus.tags import fold_accents

PAGE_BY_SEPARATOR = " by\u00a0"  # which only pages write

_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?(?:,|;|&|\bet\b|\band\b|\bfeat\.?\s|\bft\.?\s)\s*+", re.I)
_GUESTS = re.compile(r"(?:ft|feat|featuring)\b\.?:?\s+|avec\s+", re.I)
_AVEC_PATTERN = re.compile(r"avec\s", re.I)
_TRAILING_GUESTS_PATTERN = re.compile(r"\s+(?:ft|feat|featuring)\b\.?\s+(?P<names>\S.*)$", re.I)
_TITLE_BY_ARTIST_PATTERN = re.compile(r"^(?P<title>.+?)\s+by (?P<artist>\S.*)$", re.S)
FRENCH_PAGE_TITLE = re.compile(  # Paroles de Le port par Untel - Paroles.net
    r"^(?:paroles|lyrics)(?: de la chanson| du (?:titre|morceau)| de)? +(?P<title>\S.*?) (?:par|by) (?P<artist>[^|(]+?)"
    r"(?: +[–|(-].*)?$",
    re.I,
)
_PAGE_WORDS = re.compile(r"(?:(?<!\s)\s++)?(?:[-–—|]\s*+(?:lyrics|paroles)|[(\[](?:lyrics|paroles)[)\]])\s*+$", re.I)
_BARE_LYRICS = re.compile(r"(?<!\s)\s++(?:Lyrics|LYRICS)\s*+$")
_DASH = re.compile(r"\s*[–—-]\s+(?=\S)")
_OPEN, _CLOSE = "([", ")]"

LONGEST_FIELD = 1_000  # characters of a title, a name or a list of names
FIRST_YEAR = 1900

_NAME_ADDITION_PATTERN = re.compile(
    r"(?<=\S)\s*+\((?:[A-Z]{2,3}|FR|rap|rappeur|rappeuse|rapper|artiste?|artist|musician|band)\)$"
)
_EMPTY = re.compile(r"(?:nan|none|null|n/?a|nat|<na>|\[\]|\{\}|-+|\?+|unknown|0+)?", re.I)
_FULL_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"^\s*\d{1,2}[-/. ](?:\w{3,9}|\d{1,2})[-/. ](\d\d)\s*$")
_FEATURING = re.compile(r"\s*[(\[]?\s*\b(?:ft|feat|featuring|avec)\b\.?\s+(?P<names>\S.*?)\s*[)\]]?\s*$", re.I)


class FullTitle(NamedTuple):
    """A song title split into title, performer and guests. `artist` is empty if the title names no performer."""

    title: str
    artist: str = ""
    guests: tuple[str, ...] = ()


def split_title(text: str, artist: str = "") -> FullTitle:
    """Split a title as on web pages into title, performer and guests. `artist` is the known performer, if any.

    >>> split_title("Le port by\\u00a0Untel (Ft. Un (Deux), Trois & Quatre)")
    FullTitle(title='Le port', artist='Untel', guests=('Un (Deux)', 'Trois', 'Quatre'))
    >>> split_title("Dubai by night", "Untel"), split_title("Reste avec moi").guests
    (FullTitle(title='Dubai by night', artist='', guests=()), ())
    >>> split_title("Paroles de Le port par Untel - Paroles.net")
    FullTitle(title='Le port', artist='Untel', guests=())
    """
    if match := FRENCH_PAGE_TITLE.match(text.strip()):
        return split_title(f"{match['title']}{PAGE_BY_SEPARATOR}{match['artist']}", artist)
    head, mark, tail = text.rpartition(PAGE_BY_SEPARATOR)
    if mark and head.strip():
        performer, guests = _split_guests(tail.strip())
        title = head.strip()
    else:
        title, guests = _split_guests(text.strip())
        by = _TITLE_BY_ARTIST_PATTERN.match(title)
        performer = by["artist"].strip() if by else ""
        if by and _is_performer(performer, artist, bool(guests) and title != text):
            title = by["title"].strip()
        else:
            performer = ""
    name = performer or artist
    if name and title[: len(name)].lower() == name.lower() and (match := _DASH.match(title, len(name))):
        title = title[match.end() :]
    title = _BARE_LYRICS.sub("", _PAGE_WORDS.sub("", title)).strip() or text.strip()
    return FullTitle(title, performer, guests)


def split_artist_names(text: str) -> tuple[str, ...]:
    """Split a list of artists, "A, B & C", or a list as Python or JSON prints it, into names.

    >>> split_artist_names("A, B (C & D) & E"), split_artist_names("['A', 'B']"), split_artist_names("[]")
    (('A', 'B (C & D)', 'E'), ('A', 'B'), ())
    """
    text = text.strip()
    parts = _parse_printed_list(text) if text.startswith(("[", "(", "{")) else _split_names(text)
    names = (_strip_brackets(part.strip(" '\"")) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name and not _EMPTY.fullmatch(name.strip())))


def _is_performer(name: str, artist: str, has_guests: bool) -> bool:
    """Return whether the text after "by" in a title is its performer: the known artist, or a capitalised name."""
    if artist and fold_accents(name) == fold_accents(artist):
        return True
    return (has_guests or not artist) and (name[:1].isupper() or name[:1].isdigit())


def _split_guests(text: str) -> tuple[str, tuple[str, ...]]:
    """Return (a title without its guests, the guests). Guests are in brackets, or after "feat." at the end."""
    for start, stop in _bracketed_spans(text):
        inside = text[start + 1 : stop - 1].strip()
        match = _GUESTS.match(inside)
        if match and not (_AVEC_PATTERN.match(inside) and inside[match.end() :][:1].islower()):
            rest = f"{text[:start].rstrip()} {text[stop:].lstrip()}".strip()
            return rest or text, split_artist_names(inside[match.end() :])
    match = _TRAILING_GUESTS_PATTERN.search(text)
    if match and match.start():
        return text[: match.start()].rstrip(" ([-–"), split_artist_names(match["names"].rstrip(")] "))
    return text, ()


def _bracketed_spans(text: str) -> list[tuple[int, int]]:
    """Return the (start, stop) of the outermost brackets of a text. An unclosed bracket reaches to its end."""
    spans, depth, start = list[tuple[int, int]](), 0, 0
    for at, character in enumerate(text):
        if character in _OPEN:
            start = at if depth == 0 else start
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, at + 1))
    return spans


def _split_names(text: str) -> list[str]:
    """Return the parts of a list of names at commas, ampersands and the like outside brackets."""
    inside = _bracketed_spans(text)
    parts, at = list[str](), 0
    for match in _SEPARATOR.finditer(text):
        if not any(start < match.start() < stop for start, stop in inside):
            parts.append(text[at : match.start()])
            at = match.end()
    return [*parts, text[at:]]


def _strip_brackets(name: str) -> str:
    """Return a name without brackets around it and without unpaired brackets."""
    spans = _bracketed_spans(name)
    if spans and spans[0] == (0, len(name)):
        return name[1:-1].strip()
    whole = sum(character in _OPEN for character in name) == sum(character in _CLOSE for character in name)
    return name if whole and spans else name.strip(" ()[]")


def _parse_printed_list(text: str) -> list[str]:
    """Return the strings of a list, a tuple or a set as Python or JSON prints it."""
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        items = text.strip("[](){}").split(",")
    items = items if isinstance(items, list | tuple | set) else [items]
    return [str(item.get("name", "") if isinstance(item, dict) else item) for item in items]


@dataclass(frozen=True)
class Metadata:
    """The cleaned metadata of a song. `searched` is the artist in whose listing a song by somebody else was found."""

    title: str
    artist: str
    album: str
    year: int | None
    featuring: tuple[str, ...]
    searched: str = ""
    in_title: bool = False


def clean_metadata(raw: RawSong, tally: Tally) -> Metadata:
    """Clean the metadata of a raw song, convert it to types, and return it. `tally` counts each corrected value."""
    fields = {name: _clean_field(getattr(raw, name), tally) for name in ("artist", "album", "date", "featuring")}
    named, others = _split_artist(fields["artist"], tally)
    *head, tail = raw.title.rsplit(PAGE_BY_SEPARATOR, 1)  # cleaning would make a plain space of it
    parts = split_title(PAGE_BY_SEPARATOR.join(_clean_field(part, tally) for part in (*head, tail)), named)
    title = " ".join(raw.title.split())
    if parts.title != title and not _EMPTY.fullmatch(title.strip()):
        tally.count_edit("title", mark("Artists, guests and web-page text in titles"), before=title, after=parts.title)
    artist = parts.artist or named
    searched = named if fold_accents(named) != fold_accents(artist) else ""
    guests = _unique_names([*others, *parts.guests, *split_artist_names(fields["featuring"])])
    outside = set(guests) - _names_within_group_name(guests, artist)
    featuring = tuple(name for name in guests if name in outside and _fold_name(name) != _fold_name(artist))
    year = read_year(fields["date"])
    if fields["date"] and year is None:
        tally.count_edit(
            "date-unreadable", mark("Dates without a readable year: the year is unknown"), before=fields["date"]
        )
    credits = parts.title or UNTITLED, artist or UNKNOWN_ARTIST, fields["album"]
    return Metadata(*credits, year, featuring, searched, bool(parts.artist))


def read_year(text: str) -> int | None:
    """Return the year in a date as web pages write it; None when there is none.

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


def _clean_field(text: str, tally: Tally) -> str:
    """Return a metadata value as one clean line. Placeholders such as "nan" or "unknown" become ""."""
    if _EMPTY.fullmatch(text.strip()):
        return ""
    if len(text) > LONGEST_FIELD:
        tally.count_edit(
            "field-cut",
            Sentence("Metadata cut to {most:,} characters", most=LONGEST_FIELD),
            before=text,
            after=text[:LONGEST_FIELD],
        )
        text = text[:LONGEST_FIELD]
    if not set(text) <= characters.CLEAN_CHARACTERS:
        for rule in characters.CLEANING_RULES:
            text = rule.apply(text, tally)
    return " ".join(text.split())


def _split_artist(artist: str, tally: Tally) -> tuple[str, list[str]]:
    """Return (the first artist, the others) of an artist field such as "['A', 'B']" or "A feat. B"."""
    if "_" in artist and " " not in artist:
        artist = artist.replace("_", " ").strip()
    if artist.startswith(("[", "(")) and (names := split_artist_names(artist)):
        tally.count_edit(
            "artist-list", mark("Lists of artists: the first is the artist, the others are featured"), before=artist
        )
        return names[0], list(names[1:])
    match = _FEATURING.search(artist)
    if match and match.start():
        tally.count_edit("artist-featuring", mark("Featured artists in the artist's name"), before=artist)
        return artist[: match.start()].strip(), list(split_artist_names(match["names"]))
    return artist, []


def _unique_names(names: Iterable[str]) -> list[str]:
    """Return each name once, without additions: "Samb (FRA)" is "Samb".

    >>> _unique_names(["Samb (FRA)", "X", "Samb", "x"])
    ['Samb', 'X']
    """
    spellings = dict[str, str]()
    for name in names:
        plain = _fold_name(name)
        spellings[plain] = min(spellings.get(plain, name), name, key=len)
    return list(spellings.values())


def _fold_name(name: str) -> str:
    """Return a name in lower case without accents and additions such as (FRA)."""
    return fold_accents(_NAME_ADDITION_PATTERN.sub("", name)).strip()


def _names_within_group_name(names: Collection[str], artist: str) -> set[str]:
    """Return the names that occur in the name of a duo or group, such as "Oli" in "Bigflo & Oli"."""
    members = {fold_accents(name) for name in split_artist_names(artist)}
    return {name for name in names if fold_accents(name) in members} if len(members) > 1 else set()
