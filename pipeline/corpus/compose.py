"""RawSongs -> Columns with a Tally: the part of preparing that runs in worker processes, a batch at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.corpus.build import Columns
from pipeline.corpus.cleaning import clean
from pipeline.corpus.cleaning.metadata import clean_metadata
from pipeline.corpus.languages import with_languages
from pipeline.corpus.markup import parse
from pipeline.corpus.raw import RawSong, Skip
from pipeline.corpus.readers.formats import Source, read_blob
from pipeline.corpus.song import Song
from pipeline.corpus.tally import Tally
from pipeline.errors import SourceError
from pipeline.language.tokens import tokenise


@dataclass
class Piece:
    """A batch of songs as columns, and what happened to them on the way."""

    columns: Columns = field(default_factory=Columns)
    tally: Tally = field(default_factory=Tally)
    skipped: list[Skip] = field(default_factory=list)
    files: int = 0


def compose(raw: RawSong, tally: Tally) -> Song:
    """A raw song cleaned, typed, marked up and with its languages. It may turn out to hold no section."""
    metadata = clean_metadata(raw, tally)
    if raw.encoding != "utf-8":
        tally.note(f"encoding-{raw.encoding}", f"Files in {raw.encoding}", lines=raw.text.count("\n") + 1)
    song = Song(
        title=metadata.title,
        artist=metadata.artist,
        sections=parse(clean(raw.text, tally), tally),
        album=metadata.album,
        year=metadata.year,
        featuring=metadata.featuring,
        source=raw.source,
        original=raw.text,
        extent=raw.extent,
        block=raw.block,
        facets=raw.facets,
    )
    return with_languages(song, tally)


def compose_files(source: Source) -> Piece:
    """The songs of the files of (a part of) a source. A file that cannot be read is skipped."""
    piece = Piece()
    for blob in source.blobs:
        try:
            if not _add(read_blob(source, blob), piece):
                piece.skipped.append(Skip(blob.name, f"{blob.name} holds no song."))
            piece.files += 1
        except SourceError as error:
            piece.skipped.append(Skip(blob.name, str(error)))
    return piece


def compose_songs(songs: Iterable[RawSong | Skip]) -> Piece:
    """The songs of a batch."""
    piece = Piece()
    _add(songs, piece)
    return piece


def _add(songs: Iterable[RawSong | Skip], piece: Piece) -> int:
    """Compose songs into a piece; returns how many there were, those passed over included."""
    found = 0
    for found, raw in enumerate(songs, 1):  # noqa: B007
        if isinstance(raw, Skip):
            piece.skipped.append(raw)
            continue
        song = compose(raw, piece.tally)
        piece.tally.end_song(raw.source)
        if any(tokenise(line.text) for line in song.lines()):
            piece.columns.add(song)
        else:
            piece.skipped.append(Skip(raw.source, f"{raw.source} holds no line of lyrics."))
    return found
