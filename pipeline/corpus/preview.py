"""A first look at a source, for the page that imports it: what it seems to be, and its first songs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.corpus.compose import compose
from pipeline.corpus.raw import RawSong, Skip
from pipeline.corpus.readers.formats import Source, mapping, read_blob, recognise
from pipeline.corpus.song import Song
from pipeline.corpus.tally import Tally
from pipeline.errors import SourceError


@dataclass(frozen=True)
class Preview:
    """`columns` and `mapping` (field -> column) are of the first table, one beside text files included; `songs` are
    already clean. Of such a table `matched` of its `rows` found a file, counted by what was compared in `found_by`."""

    format: str
    files: int
    bytes: int
    columns: list[str]
    mapping: dict[str, str]
    songs: list[Song]
    skipped: list[Skip] = field(default_factory=list)
    rows: int = 0
    matched: int = 0
    found_by: Mapping[str, int] = field(default_factory=dict)


def preview(
    source: Path, *, format: str | None = None, columns: Mapping[str, str] | None = None, songs: int = 5
) -> Preview:
    """What `prepare` would make of a source, as far as its first songs tell. Raises SourceError like it."""
    found = recognise(Path(source), format, columns)
    names, mapped = mapping(found)
    skipped: list[Skip] = []
    first = list(islice(_songs(found, skipped), songs))
    if not first and skipped:
        raise SourceError("source-unread", "{reason}", reason=skipped[0].reason)
    size = sum(blob.size for blob in found.blobs)
    beside = found.beside
    return Preview(
        found.format, len(found.blobs), size, names, mapped, first, found.skipped + skipped,
        beside.rows, len(beside.songs), beside.found_by,
    )  # fmt: skip


def table_columns(source: Path) -> tuple[list[str], dict[str, str]]:
    """(columns, guessed field -> column) of the first table of a source, both empty for texts. Raises SourceError."""
    return mapping(recognise(Path(source)))


def _songs(source: Source, skipped: list[Skip]) -> Iterator[Song]:
    tally = Tally()
    for blob in source.blobs:
        try:
            for item in read_blob(source, blob):
                if isinstance(item, Skip):
                    skipped.append(item)
                elif isinstance(item, RawSong):
                    if (song := compose(item, tally)).sections:
                        yield song
                    else:
                        skipped.append(Skip(item.source, f"{item.source} holds no lyrics."))
        except SourceError as error:
            skipped.append(Skip(blob.name, str(error)))
