"""CSV, TSV and Parquet with a song a row."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.corpus.facets import MOST_FACETS
from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers.columns import from_cells, guess_columns, likely_columns
from pipeline.corpus.readers.text import decoded
from pipeline.errors import SourceError, first_line

_GLANCE = 50  # rows that the guess of a column looks at

Row = dict[str, object]


class Table(NamedTuple):
    """Names of the columns, and (where, row) of each row."""

    columns: list[str]
    rows: Iterator[tuple[str, Row]]


def read(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> Iterator[RawSong]:
    """The songs of a table. Raises SourceError when it is empty, broken, or has no column of lyrics."""
    table = open_table(data, name)
    first = list(islice(table.rows, _GLANCE))
    mapping = guess_columns(table.columns, columns, [row for _, row in first])
    others = [column for column in table.columns if column not in mapping.values()][:MOST_FACETS]
    for where, row in chain(first, table.rows):
        facets = {column: row.get(column) for column in others}
        yield from_cells({field: row.get(column) for field, column in mapping.items()}, where, facets)


def mapping_of(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> tuple[list[str], dict[str, str]]:
    """(all columns, field -> column) of a table, whether or not one seems to hold lyrics."""
    table = open_table(data, name)
    return table.columns, likely_columns(table.columns, columns, [row for _, row in islice(table.rows, _GLANCE)])


def open_table(data: bytes, name: str) -> Table:
    """A table of any of the kinds, told apart by its first bytes."""
    return _parquet(data, name) if data.startswith(b"PAR1") else _csv(data, name)


def _csv(data: bytes, name: str) -> Table:
    text = decoded(data, name).text.lstrip("\ufeff\r\n")
    csv.field_size_limit(sys.maxsize)
    header = text.splitlines()[0]
    delimiter = max("\t;,|", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [column for column in reader.fieldnames or () if column is not None]
    except csv.Error as error:
        raise SourceError(f"{name} cannot be read as a table ({error}).") from error
    return Table(columns, _rows(reader, name))


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[tuple[str, Row]]:
    try:
        for at, row in enumerate(reader, 1):
            yield f"{name}#{at}", {key: value for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise SourceError(f"{name} cannot be read as a table near line {reader.line_num} ({error}).") from error


def _parquet(data: bytes, name: str) -> Table:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        return Table(list(file.schema_arrow.names), _batches(file, name))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise SourceError(f"{name} is not a whole Parquet file ({first_line(error)[:200]}).") from error


def _batches(file: pq.ParquetFile, name: str) -> Iterator[tuple[str, Row]]:
    at = 0
    try:
        for batch in file.iter_batches(1024):
            for row in batch.to_pylist():
                at += 1
                yield f"{name}#{at}", row
    except (pa.ArrowException, OSError, ValueError, UnicodeError) as error:
        raise SourceError(f"{name} is damaged after row {at} ({first_line(error)[:200]}).") from error
