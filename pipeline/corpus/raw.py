"""What readers yield: a RawSong before any cleaning, or a Skip that says what could not be read, and why."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RawSong:
    """Lyrics and metadata as found, all text. `source` says where: the file, and the row or song in it."""

    text: str = field(repr=False)
    source: str
    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    featuring: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Skip:
    """A file, row or song that was passed over."""

    source: str
    reason: str


FIELDS = ("text", "title", "artist", "album", "date", "featuring")
