"""Where raw lyrics come from: the bytes of files -> RawSongs, what was passed over, and an account of each file.

sources     recognises what a source is, and has each file read by a reader
blobs       folders, single files, zips and addresses as a list of named bytes
names       what the names of files and folders say
text        bytes -> text; a text file with one song, front matter or not
glued       a text file with all songs of an artist
song_borders where these begin when nothing says so
columns     which column or key holds what
song_tables tables of any kind, one song a row
delimited   CSV and TSV; one song a line, its line breaks written as a mark
arrow       Parquet, Arrow files and streams
spreadsheet XLSX, XLS and ODS
database    SQLite dumps of LRCLIB
sidecar     a table of metadata beside text files
nested      JSON and JSONL
saved_pages HTML saved from lyrics sites
timed       .lrc, .srt and .vtt, with the times of lines and words
annotated   IRaMuTeQ, CoNLL-U, TEI, tables of a token a row

Here: what a `Reader` is, and all that there are. To add one, write a module with a `Reader` into this package.
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pipeline.core.errors import SettingError
from pipeline.corpus.readers.names import FileMetadata
from pipeline.corpus.song import ReaderItems, SkippedItem

Row = dict[str, object]


class Table(NamedTuple):
    """The column names of a table, and an iterator over its rows as (location, row). A row that cannot be read is a
    SkippedItem."""

    columns: list[str]
    rows: Iterator[tuple[str, Row] | SkippedItem]


class ReadingHints(NamedTuple):
    """Facts known before a file is read: the column or key of each field, the metadata in the file's name, and the
    values that rows must have."""

    columns: Mapping[str, str] = MappingProxyType({})
    names: FileMetadata = FileMetadata({}, {})
    only: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Reader:
    """A reader of one file format: how its files are recognised and read.

    `read` takes the bytes of a file, its name and hints, and yields its songs, what was passed over, and last its
    account; it raises SourceError when nothing can be read. `recognise` says whether contents are of this format: it
    is asked where files have the suffix of a format that this one `poses_as`, readers of higher `certainty` first.
    `open_table` reads a table as such, be it of songs or of metadata, `open_path` one of any size on a disk, row by
    row. `one_song` says that a file is a song, which its name and a table beside it describe; `line_by_line`, that the
    first lines of a file are a file too. `companions` are files beside those of this format that hold no song."""

    name: str  # as `prepare --format` takes it
    read: Callable[[bytes, str, ReadingHints], ReaderItems]
    suffixes: tuple[str, ...] = ()
    recognise: Callable[[bytes, str], bool] = lambda data, name: False
    certainty: float = 1.0
    poses_as: tuple[str, ...] = ()
    open_table: Callable[[bytes, str], Table] | None = None
    open_path: Callable[[str, str], Table] | None = None
    one_song: bool = False
    line_by_line: bool = False
    companions: tuple[str, ...] = ()


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return the readers of all modules of this package, those of the highest certainty first."""
    names = (module.name for module in pkgutil.iter_modules([Path(__file__).parent]))
    values = (value for name in names for value in vars(import_module(f"{__package__}.{name}")).values())
    readers = {value.name: value for value in values if isinstance(value, Reader)}
    return tuple(sorted(readers.values(), key=lambda reader: (-reader.certainty, reader.name)))


def reader_named(format: str) -> Reader:
    """Return the reader of a format by name. Raises SettingError when there is none."""
    for reader in all_readers():
        if reader.name == format:
            return reader
    names = ", ".join(sorted(reader.name for reader in all_readers()))
    raise SettingError("There is no format {format!r}: choose one of {known}.", format=format, known=names)


def reader_for_suffix(suffix: str) -> Reader | None:
    """Return the reader of files with this suffix (in lower case), or None."""
    return _readers_by_suffix().get(suffix)


@cache
def _readers_by_suffix() -> dict[str, Reader]:
    return {suffix: reader for reader in all_readers() for suffix in reader.suffixes}


def table_suffixes() -> list[str]:
    """Return the suffixes of files that contain many songs."""
    return sorted(suffix for suffix, reader in _readers_by_suffix().items() if not reader.one_song)


def reader_for_contents(data: bytes, name: str, guise: Reader) -> Reader:
    """Return the reader that recognises a file's contents; by default `guise`, the reader for its suffix."""
    posing = (reader for reader in all_readers() if guise.name in reader.poses_as)
    return next((reader for reader in posing if reader.recognise(data, name)), guise)
