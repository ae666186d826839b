"""Tables with a song a row: CSV, TSV and Parquet. What a row holds beside its lyrics becomes metadata and facets."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.corpus.account import FileAccount, Size, size_of, words_of
from pipeline.corpus.facets import LONGEST_CELL, MOST_FACETS
from pipeline.corpus.raw import Items, Skip
from pipeline.corpus.readers import song_lines
from pipeline.corpus.readers.columns import as_text, from_cells, guess_columns, likely_columns
from pipeline.corpus.readers.decoding import decode, is_binary
from pipeline.corpus.readers.spreadsheet import open_spreadsheet
from pipeline.corpus.readers.table import Row, Table, check_columns, named, open_delimited
from pipeline.errors import SourceError, first_line

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # zip, and what Office wrote before
_ARROW = (b"ARROW1", b"\xff\xff\xff\xff")
_GLANCE = 50  # rows that the guess of a column looks at


def read(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of a table. Raises SourceError when it is empty, broken, or has no column of lyrics."""
    if not is_binary(data) and song_lines.is_song_lines(decode(data[: song_lines.HEAD], name).text):
        yield from song_lines.read(data, name)
        return
    yield from read_table(open_table(data, name), name, columns)


def read_table(table: Table, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of the rows of a table, then its account. Raises SourceError when no column holds lyrics."""
    first = list(islice(table.rows, _GLANCE))
    mapping = guess_columns(table.columns, columns, [item[1] for item in first if not isinstance(item, Skip)])
    others = [column for column in table.columns if column not in mapping.values()]
    facets = others[:MOST_FACETS]
    account, words = FileAccount(name), dict.fromkeys(table.columns, 0)
    for item in chain(first, table.rows):
        if isinstance(item, Skip):
            account.read += item.size
            yield item
            continue
        where, row = item
        account.read += size_of(as_text(row.get(mapping["text"])))
        for column in table.columns:
            if column != mapping["text"]:
                words[column] += words_of(row.get(column))
        cells = {column: row.get(column) for column in facets}
        yield from_cells({field: row.get(column) for field, column in mapping.items()}, where, cells)
    _account_for_columns(account, words, list(mapping.values()), facets)
    yield account


def _account_for_columns(account: FileAccount, words: Mapping[str, int], mapped: list[str], facets: list[str]) -> None:
    """Enter the words of all columns but the lyrics."""
    for column, count in words.items():
        if count and column in mapped:
            account.set_aside("metadata", "Columns read as metadata", Size(words=count))
        elif count and column in facets:
            account.set_aside(
                "facets",
                f"Other columns: facets of their songs, up to {LONGEST_CELL:,} characters each",
                Size(words=count),
            )
        elif count:
            account.set_aside("columns", f"Columns beyond {MOST_FACETS:,} facets: left out", Size(words=count))
        account.read += Size(words=count)


def mapping_of(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> tuple[list[str], dict[str, str]]:
    """(all columns, field -> column) of a table, whether or not one seems to hold lyrics."""
    table = open_table(data, name)
    rows = [item[1] for item in islice(table.rows, _GLANCE) if not isinstance(item, Skip)]
    return table.columns, likely_columns(table.columns, columns, rows)


def open_table(data: bytes, name: str) -> Table:
    """A table of any of the kinds, told apart by its first bytes."""
    if data.startswith(_SPREADSHEETS):
        return open_spreadsheet(data, name)
    if is_parquet(data):
        return _open_parquet(data, name)
    return _open_arrow(data, name) if data.startswith(_ARROW) else open_delimited(data, name)


def is_parquet(data: bytes) -> bool:
    """Whether these bytes say that they are a Parquet file."""
    return data.startswith(b"PAR1")


def _open_arrow(data: bytes, name: str) -> Table:
    """Arrow as files and streams, which `datasets` saves."""
    source = pa.BufferReader(data)
    try:
        reader = pa.ipc.open_file(source) if data.startswith(b"ARROW1") else pa.ipc.open_stream(source)
        table = reader.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = first_line(error)[:200]
        raise SourceError(
            "arrow-broken", "{name} is not a whole Arrow file ({reason}).", name=name, reason=reason
        ) from error
    columns = named(table.schema.names)
    check_columns(columns, name)
    return Table(columns, _rows_of(table.rename_columns(columns).to_batches(1024), name))


def _open_parquet(data: bytes, name: str) -> Table:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        columns = named(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        reason = first_line(error)[:200]
        raise SourceError(
            "parquet-broken", "{name} is not a whole Parquet file ({reason}).", name=name, reason=reason
        ) from error
    check_columns(columns, name)
    return Table(columns, _batches(file, columns, name))


def _batches(file: pq.ParquetFile, columns: list[str], name: str) -> Iterator[tuple[str, Row]]:
    batches = (batch.rename_columns(columns) for batch in file.iter_batches(1024))
    return _rows_of(batches, name)


def _rows_of(batches: Iterable[pa.RecordBatch], name: str) -> Iterator[tuple[str, Row]]:
    at = 0
    try:
        for batch in batches:
            for row in batch.to_pylist():
                at += 1
                yield f"{name}#{at}", row
    except (pa.ArrowException, OSError, ValueError, UnicodeError) as error:
        reason = first_line(error)[:200]
        raise SourceError(
            "table-damaged", "{name} is damaged after row {row} ({reason}).", name=name, row=at, reason=reason
        ) from error
