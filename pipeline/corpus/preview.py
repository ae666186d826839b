"""A first look at a source, for the page that imports it: what it seems to be, and its first songs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.core.errors import Sentence, SourceError, sentence_from_json, sentence_to_json
from pipeline.corpus.account import Tally, TextSize
from pipeline.corpus.compose import build_song
from pipeline.corpus.readers import reader_for_suffix
from pipeline.corpus.readers.blobs import Blob, size_in_bytes
from pipeline.corpus.readers.sources import (
    Source,
    columns_and_mapping,
    count_matching_rows,
    read_blob,
    recognise_source,
)
from pipeline.corpus.song import RawSong, SkippedItem
from pipeline.processes.limits import Limits
from pipeline.processes.worker import run_limited

_MEMORY, _MEMORY_A_BYTE = 2 << 30, 8  # a text is held as bytes, as text and, of a table, as a stream of it
_MAX_PREVIEW_SECONDS = 60
_MAX_COUNTING_SECONDS = 1_200  # seconds; the 9 GB of Genius take 150
_MAX_PREVIEW_BYTES = 8 << 20  # bytes of a table of lines that are looked at
_NUL_SEARCH_BYTES = 1_000  # bytes; UTF-16 has a zero byte there


@dataclass(frozen=True)
class PreviewedSong:
    """A song of a preview: its metadata and its cleaned lines."""

    title: str
    artist: str
    album: str
    year: int | None
    featuring: list[str]
    lines: list[str]


@dataclass(frozen=True)
class Preview:
    """The format, files, columns and first songs of a source. Of its metadata `rows`, `matched` belong to a file."""

    format: str
    files: int
    bytes: int
    columns: list[str]
    mapping: dict[str, str]
    songs: list[PreviewedSong]
    skipped: list[SkippedItem] = field(default_factory=list)
    rows: int = 0
    matched: int = 0
    found_by: Mapping[str, int] = field(default_factory=dict)


def preview(
    source: Path,
    *,
    columns: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
    songs: int = 5,
) -> Preview:
    """Return the format, columns and first songs that `prepare` would read from a source. Raises SourceError."""
    recognised = recognise_source(Path(source), columns=columns, only=only)
    if not only:
        recognised = replace(recognised, blobs=[_limit_to_first_lines(blob) for blob in recognised.blobs])
    names, mapped = columns_and_mapping(recognised)
    skipped: list[SkippedItem] = []
    first = list(islice(_preview_songs(recognised, skipped), songs))
    if not first and skipped:
        raise SourceError("{reason}", reason=skipped[0].reason)
    size = sum(blob.size for blob in recognised.blobs)
    beside = recognised.beside
    return Preview(
        recognised.format, len(recognised.blobs), size, names, mapped, first, recognised.skipped + skipped,
        beside.rows, len(beside.songs), dict(beside.found_by),
    )  # fmt: skip


def _limit_to_first_lines(blob: Blob) -> Blob:
    reader = reader_for_suffix(blob.suffix)
    if reader is None or not reader.line_by_line or blob.size <= _MAX_PREVIEW_BYTES:
        return blob
    return blob._replace(load=partial(_first_lines, blob), load_first=None)


def _first_lines(blob: Blob) -> bytes:
    """Return the first whole lines of a file. A file in UTF-16 or UTF-32, or without line breaks, is returned whole."""
    data = blob.load_first(_MAX_PREVIEW_BYTES) if blob.load_first else blob.load()
    head = data[: data.rfind(b"\n", 0, _MAX_PREVIEW_BYTES) + 1]
    return blob.load() if not head or b"\0" in head[:_NUL_SEARCH_BYTES] else head


def preview_in_subprocess(
    source: Path, columns: Mapping[str, str] | None = None, only: Mapping[str, str] | None = None
) -> Preview:
    """Return the preview of a source, made in a subprocess. Raise LimitError if it takes too much memory or time."""
    arguments = str(source), dict(columns or {}), dict(only or {})
    return preview_from_json(run_limited(preview_as_json, *arguments, limits=_preview_limits(source)))


def count_rows_in_subprocess(source: Path, only: Mapping[str, str]) -> tuple[int, int]:
    """Return (number of rows that `only` selects, number of all rows), counted in a subprocess with limits."""
    limits = replace(_preview_limits(source), seconds=_MAX_COUNTING_SECONDS)
    wanted, rows = run_limited(_count_wanted_rows, str(source), dict(only), limits=limits)
    return wanted, rows


def _count_wanted_rows(source: str, only: Mapping[str, str]) -> tuple[int, int]:
    return count_matching_rows(recognise_source(Path(source), only=only))


def table_columns_in_subprocess(source: Path) -> tuple[list[str], dict[str, str]]:
    """Return (columns, guessed field -> column) of a source's first table, read in a subprocess with limits."""
    columns, guessed = run_limited(table_columns, str(source), limits=_preview_limits(source))
    return columns, guessed


def preview_as_json(source: str, columns: Mapping[str, str], only: Mapping[str, str]) -> dict[str, Any]:
    """Return a preview as plain data that `preview_from_json` reads."""
    plain = asdict(preview(Path(source), columns=columns or None, only=only or None))
    for skip in plain["skipped"]:
        skip["reason"] = sentence_to_json(skip["reason"])
    return plain


def preview_from_json(data: Mapping[str, Any]) -> Preview:
    """Return the preview that `preview_as_json` returned as plain data."""
    skipped = [
        SkippedItem(skip["source"], sentence_from_json(skip["reason"]), TextSize(**skip["size"]))
        for skip in data["skipped"]
    ]
    return Preview(**{**data, "songs": [PreviewedSong(**song) for song in data["songs"]], "skipped": skipped})


def _preview_limits(source: Path) -> Limits:
    return Limits(_MEMORY + _MEMORY_A_BYTE * size_in_bytes(source), _MAX_PREVIEW_SECONDS)


def table_columns(source: Path | str) -> tuple[list[str], dict[str, str]]:
    """Return (columns, guessed field -> column) of the first table of a source. Both are empty for text files. Raises
    SourceError."""
    return columns_and_mapping(recognise_source(Path(source)))


def _preview_songs(source: Source, skipped: list[SkippedItem]) -> Iterator[PreviewedSong]:
    tally = Tally()
    for blob in source.blobs:
        try:
            for item in read_blob(source, blob):
                if isinstance(item, SkippedItem):
                    skipped.append(item)
                elif isinstance(item, RawSong):
                    if (song := build_song(item, tally)).sections:
                        about = song.title, song.artist, song.album, song.year, list(song.featuring)
                        yield PreviewedSong(*about, [line.text for line in song.lines()])
                    else:
                        skipped.append(
                            SkippedItem(item.source, Sentence("{file} contains no lyrics.", file=item.source))
                        )
        except SourceError as error:
            skipped.append(SkippedItem(blob.name, error.as_sentence))
