"""What readers yield: a RawSong before any cleaning, or a Skip that says what could not be read, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.corpus.song import Extent

FIELDS = ("text", "title", "artist", "album", "date", "featuring")


@dataclass(frozen=True, slots=True)
class RawSong:
    """Lyrics and metadata as found, all text. `source` says where: the file, and the row or song in it.

    `extent`, `block` and `facets` are those of `Song`.
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

    def described(self, fields: Mapping[str, str], facets: Mapping[str, str] | None = None) -> "RawSong":
        """The song with those `fields` (named in `FIELDS`) that say something, and these facets beside its own."""
        known = {name: fields.get(name) or getattr(self, name) for name in FIELDS[1:]}
        more = {**self.facets, **(facets or {})}
        return RawSong(
            self.text, self.source, **known, encoding=self.encoding, extent=self.extent, block=self.block, facets=more
        )


@dataclass(frozen=True, slots=True)
class Skip:
    """A file, row or song that was passed over."""

    source: str
    reason: str
