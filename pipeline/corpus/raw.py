"""What readers yield: RawSongs before any cleaning, Skips that say what could not be read, last a FileAccount."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.corpus.account import NOTHING, FileAccount, Size
from pipeline.corpus.song import Extent, Span

FIELDS = ("text", "title", "artist", "album", "date", "featuring")


@dataclass(frozen=True, slots=True)
class RawSong:
    """Lyrics and metadata as found, all text. `source` says where: the file, and the row or song in it.

    `extent`, `block` and `facets` are those of `Song`; `times` says when each line that is not blank is sung, or is
    empty.
    """

    text: str = field(repr=False)
    source: str
    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    featuring: str = ""
    encoding: str = "utf-8"
    extent: Extent = "given"
    block: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    times: tuple[Span, ...] = field(default=(), repr=False)

    def described(self, fields: Mapping[str, str], facets: Mapping[str, str] | None = None) -> "RawSong":
        """The song with those `fields` (named in `FIELDS`) that say something, and these facets beside its own."""
        known: dict[str, Any] = {name: fields.get(name) or getattr(self, name) for name in FIELDS[1:]}
        more = {**self.facets, **(facets or {})}
        return replace(self, **known, facets=more)


@dataclass(frozen=True, slots=True)
class Skip:
    """A file, row or song that was passed over, and what it held where that is known.

    `reason` is a `Sentence`; `to_plain` keeps it one where skips cross processes as plain data.
    """

    source: str
    reason: str
    size: Size = NOTHING


Items = Iterator[RawSong | Skip | FileAccount]
"""What the reader of a file yields: its songs and what it passed over, in order, and last the account of the file."""
