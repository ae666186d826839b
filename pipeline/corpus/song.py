"""A song: RawSong as a reader yields it, Song > Section > Line as markup reads it; SkippedItem.

An artist or a title that no source names is stored as a code and shown in the reader's language (`display_name`). Knows
nothing of files, tokens or tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from pipeline.core.translation import mark, t
from pipeline.corpus.account import EMPTY_SIZE, Account, TextSize

SectionKind = Literal["couplet", "refrain", "pré-refrain", "pont", "intro", "outro", "interlude"]
SECTION_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)

# Where a song's borders come from: its source; marks in a file of many songs; or nothing sure, so that sections of
# such a file were gathered into a pseudo-song.
BoundaryOrigin = Literal["given", "inferred", "pseudo"]

# Where the name of its artist comes from: the songs themselves (a tag, a key, a column of their table), a table beside
# them, the name of a folder or file, or a guess from that (a number left out, a file amid files of a song each).
ArtistOrigin = Literal["source", "sidecar", "path", "inferred"]


class LineTime(NamedTuple):
    """When a line is performed, in seconds from the beginning of the recording.

    `words` are (the `count_letters` of the line before a word, when that word begins), for words
    whose time is known."""

    start: float
    end: float | None = None
    words: tuple[tuple[int, float], ...] = ()


def count_letters(text: str) -> int:
    """Return the number of letters and digits of a text: a size that cleaning of punctuation leaves unchanged.

    >>> count_letters("« L'été »")
    4
    """
    return sum(map(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of lyrics (French: vers) as written, with the positions of its ad-libs.

    `adlibs` are character spans (start, stop) of `text`, brackets included: "J'arrive (skrrt)" has ((9, 16),).
    `repeat` is how often the line is performed in a row: "Ouais (x2)" has 2, and "(x2)" is not in `text`.
    `seconds` is when it is sung, where the source says so."""

    text: str
    adlibs: tuple[tuple[int, int], ...] = ()
    repeat: int = 1
    seconds: LineTime | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A section: successive lines under one tag such as [Couplet 1 : X & Y], or inferred to belong together.

    `number` is None when the tag has none; `performers` is empty when the song's artist performs;
    `repeat` is how often the whole section is performed: [Refrain x2] has 2. `language` is a two-letter code.
    `inferred` says that no tag gave the kind; `certainty` is then the estimated probability that it is right, else 1.
    """

    kind: SectionKind
    lines: tuple[Line, ...]
    number: int | None = None
    performers: tuple[str, ...] = ()
    repeat: int = 1
    language: str = "fr"
    inferred: bool = False
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Song:
    """A song with its metadata and sections. `source` names its file, and its row or number in this file.

    `facets` holds what else the source says of it, as text. Songs of one `block`, if it has a name, share lines and
    must not be separated by the split for training."""

    title: str
    artist: str
    sections: tuple[Section, ...]
    album: str = ""
    year: int | None = None
    featuring: tuple[str, ...] = ()
    source: str = ""
    original: str = field(default="", repr=False)
    extent: BoundaryOrigin = "given"
    block: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    artist_origin: ArtistOrigin = "source"

    def lines(self) -> Iterator[Line]:
        """Yield all lines of all sections, in order."""
        for section in self.sections:
            yield from section.lines


FIELDS = ("text", "title", "artist", "album", "date", "featuring")


@dataclass(frozen=True, slots=True)
class RawSong:
    """Lyrics and metadata as text, as a reader found them. `source` names the file, and the row or number in it.

    `extent`, `block`, `facets` and `artist_origin` are those of `Song`; `times` are those of the non-blank lines, if
    any."""

    text: str = field(repr=False)
    source: str
    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    featuring: str = ""
    encoding: str = "utf-8"
    extent: BoundaryOrigin = "given"
    block: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    times: tuple[LineTime, ...] = field(default=(), repr=False)
    artist_origin: ArtistOrigin = "source"

    def with_metadata(self, fields: Mapping[str, str], facets: Mapping[str, str] | None = None) -> "RawSong":
        """Return the song with its metadata set to the `fields` that are not empty, and with `facets` added."""
        changed: dict[str, Any] = {name: fields.get(name) or getattr(self, name) for name in FIELDS[1:]}
        more = {**self.facets, **(facets or {})}
        return replace(self, **changed, facets=more)


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """A file, row or song that was not read, with the reason as a `Sentence`, and its size if known."""

    source: str
    reason: str
    size: TextSize = EMPTY_SIZE


ReaderItems = Iterator[RawSong | SkippedItem | Account]
"""What the reader of a file yields: its songs and what it passed over, in order, and last the account of the file."""


UNKNOWN_ARTIST = mark("Unknown artist")
UNTITLED = mark("Untitled")
_LABEL_SEPARATOR = " · "


def display_name(name: str) -> str:
    """Return a title or artist's name for display. An unknown one is named so in the display language.

    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"):
    ...     display_name("Unknown artist"), display_name("Kobalt")
    ('Artiste inconnu', 'Kobalt')
    """
    return t(name) if name in (UNKNOWN_ARTIST, UNTITLED) else name


def song_label(title: str, artist: str) -> str:
    """Return "title · artist" as it is stored; `display_song_label` translates it."""
    return f"{title}{_LABEL_SEPARATOR}{artist}"


def display_song_label(label: str) -> str:
    """Return a `song_label` for display, in the current language.

    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"):
    ...     display_song_label(song_label("Béton · 2", "Unknown artist"))
    'Béton · 2 · Artiste inconnu'
    """
    title, between, artist = label.rpartition(_LABEL_SEPARATOR)
    return display_name(title) + between + display_name(artist)
