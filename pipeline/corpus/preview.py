"""A first look at a source, for the page that imports it: what it seems to be, and its first songs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.core.errors import Sentence, SourceError, sentence_from_json, sentence_to_json
from pipeline.corpus.account import Tally, TextSize
from pipeline.corpus.compose import compose
from pipeline.corpus.readers import reader_of
from pipeline.corpus.readers.blobs import Blob, bytes_at
from pipeline.corpus.readers.sources import Source, columns_and_mapping, count_wanted, read_blob, recognise
from pipeline.corpus.song import RawSong, Skip
from pipeline.processes.limits import Limits
from pipeline.processes.worker import run_limited

_MEMORY, _MEMORY_A_BYTE = 2 << 30, 8  # a text is held as bytes, as text and, of a table, as a stream of it
_MAX_PREVIEW_SECONDS = 60
_MAX_COUNTING_SECONDS = 1_200  # seconds; the 9 GB of Genius take 150
_MAX_PREVIEW_BYTES = 8 << 20  # bytes of a table of lines that are looked at
_NUL_SEARCH_BYTES = 1_000  # bytes; UTF-16 has a zero byte there


@dataclass(frozen=True)
class PreviewedSong:
    """A song as it will be read: what is known of it, and its lines."""

    title: str
    artist: str
    album: str
    year: int | None
    featuring: list[str]
    lines: list[str]


@dataclass(frozen=True)
class Preview:
    """`columns` and `mapping` (field -> column) are of the first table, one beside text files included; `songs` are
    already clean. Of such a table `matched` of its `rows` found a file, counted by what was compared in `found_by`."""

    format: str
    files: int
    bytes: int
    columns: list[str]
    mapping: dict[str, str]
    songs: list[PreviewedSong]
    skipped: list[Skip] = field(default_factory=list)
    rows: int = 0
    matched: int = 0
    found_by: Mapping[str, int] = field(default_factory=dict)


def preview(
    source: Path,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
    songs: int = 5,
) -> Preview:
    """What `prepare` would make of a source, as far as its first songs tell. Raises SourceError like it."""
    recognised = recognise(Path(source), format, columns, only)
    if not only:
        recognised = replace(recognised, blobs=[_cut_rows(blob) for blob in recognised.blobs])
    names, mapped = columns_and_mapping(recognised)
    skipped: list[Skip] = []
    first = list(islice(_songs(recognised, skipped), songs))
    if not first and skipped:
        raise SourceError("{reason}", reason=skipped[0].reason)
    size = sum(blob.size for blob in recognised.blobs)
    beside = recognised.beside
    return Preview(
        recognised.format, len(recognised.blobs), size, names, mapped, first, recognised.skipped + skipped,
        beside.rows, len(beside.songs), dict(beside.found_by),
    )  # fmt: skip


def _cut_rows(blob: Blob) -> Blob:
    reader = reader_of(blob.suffix)
    if reader is None or not reader.line_by_line or blob.size <= _MAX_PREVIEW_BYTES:
        return blob
    return blob._replace(load=partial(_first_lines, blob), load_first=None)


def _first_lines(blob: Blob) -> bytes:
    """The first bytes, whole lines; all of them where they are of a wider encoding or hold no line."""
    data = blob.load_first(_MAX_PREVIEW_BYTES) if blob.load_first else blob.load()
    head = data[: data.rfind(b"\n", 0, _MAX_PREVIEW_BYTES) + 1]
    return blob.load() if not head or b"\0" in head[:_NUL_SEARCH_BYTES] else head


def preview_in_subprocess(
    source: Path, columns: Mapping[str, str] | None = None, only: Mapping[str, str] | None = None
) -> Preview:
    """The same in a process of its own: nothing in the source can take this one along. Raises LimitError as well."""
    arguments = str(source), dict(columns or {}), dict(only or {})
    return preview_from_json(run_limited(preview_as_json, *arguments, limits=_limits(source)))


def count_rows_in_subprocess(source: Path, only: Mapping[str, str]) -> tuple[int, int]:
    """(rows that `only` takes in, all rows), counted in a process of its own. Raises SourceError and LimitError."""
    wanted, rows = run_limited(
        _count, str(source), dict(only), limits=replace(_limits(source), seconds=_MAX_COUNTING_SECONDS)
    )
    return wanted, rows


def _count(source: str, only: Mapping[str, str]) -> tuple[int, int]:
    return count_wanted(recognise(Path(source), only=only))


def table_columns_in_subprocess(source: Path) -> tuple[list[str], dict[str, str]]:
    """`table_columns` in a process of its own. Raises LimitError as well."""
    columns, guessed = run_limited(table_columns, str(source), limits=_limits(source))
    return columns, guessed


def preview_as_json(source: str, columns: Mapping[str, str], only: Mapping[str, str]) -> dict[str, Any]:
    """What `preview_from_json` reads: plain data."""
    plain = asdict(preview(Path(source), columns=columns or None, only=only or None))
    for skip in plain["skipped"]:
        skip["reason"] = sentence_to_json(skip["reason"])
    return plain


def preview_from_json(data: Mapping[str, Any]) -> Preview:
    """The preview that `preview_as_json` described."""
    skipped = [
        Skip(skip["source"], sentence_from_json(skip["reason"]), TextSize(**skip["size"])) for skip in data["skipped"]
    ]
    return Preview(**{**data, "songs": [PreviewedSong(**song) for song in data["songs"]], "skipped": skipped})


def _limits(source: Path) -> Limits:
    return Limits(_MEMORY + _MEMORY_A_BYTE * bytes_at(source), _MAX_PREVIEW_SECONDS)


def table_columns(source: Path | str) -> tuple[list[str], dict[str, str]]:
    """(columns, guessed field -> column) of the first table of a source, both empty for texts. Raises SourceError."""
    return columns_and_mapping(recognise(Path(source)))


def _songs(source: Source, skipped: list[Skip]) -> Iterator[PreviewedSong]:
    tally = Tally()
    for blob in source.blobs:
        try:
            for item in read_blob(source, blob):
                if isinstance(item, Skip):
                    skipped.append(item)
                elif isinstance(item, RawSong):
                    if (song := compose(item, tally)).sections:
                        about = song.title, song.artist, song.album, song.year, list(song.featuring)
                        yield PreviewedSong(*about, [line.text for line in song.lines()])
                    else:
                        skipped.append(Skip(item.source, Sentence("{file} contains no lyrics.", file=item.source)))
        except SourceError as error:
            skipped.append(Skip(blob.name, error.as_sentence))
