"""RawSong: a song as a reader found it, before any cleaning. Every field is text, as written in the source."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RawSong:
    """Lyrics and metadata as found. `source` says where: the file, and the row or song in it."""

    text: str = field(repr=False)
    source: str
    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    featuring: str = ""
