"""What a reader yields: a Song of Sections of Lines. Knows nothing of files, tokens or tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

SectionKind = Literal["couplet", "refrain", "pré-refrain", "pont", "intro", "outro", "interlude"]
SECTION_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)

Span = tuple[float, float | None]  # seconds from the beginning of the recording: start, and end where it is known

# Where a song's borders come from: its source; marks in a file of many songs; or nothing sure, so that sections of
# such a file were gathered into a pseudo-song.
Extent = Literal["given", "inferred", "pseudo"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line (French: vers) as written, with its ad-libs marked.

    `adlibs` are character spans (start, stop) of `text`, brackets included: "J'arrive (skrrt)" has ((9, 16),).
    `repeat` is how often the line is performed in a row: "Ouais (x2)" has 2, and "(x2)" is not in `text`.
    `seconds` is when it is sung, where the source says so.
    """

    text: str
    adlibs: tuple[tuple[int, int], ...] = ()
    repeat: int = 1
    seconds: Span | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of lines under one tag such as [Couplet 1 : X & Y].

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
    """A song with its metadata. `year` is None when unknown; `source` says where it was read.

    `facets` holds what else the source says of it, as text. Songs of one `block`, if it has a name, share lines and
    must not be parted by the split for training.
    """

    title: str
    artist: str
    sections: tuple[Section, ...]
    album: str = ""
    year: int | None = None
    featuring: tuple[str, ...] = ()
    source: str = ""
    original: str = field(default="", repr=False)
    extent: Extent = "given"
    block: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """Every line in order, sections run together."""
        for section in self.sections:
            yield from section.lines
