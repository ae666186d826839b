"""Parquet, and Arrow as files and streams: their rows, a batch at a time.

A few kilobytes can name one long text for millions of rows. So texts that a file holds once stay one text, and what
the rows hold together is bounded as if each stood in the file, before the first is read: by itself, and by the size of
the file as what a zip unpacks to is. Buffers that Arrow IPC compresses cannot be bounded so: pyarrow unpacks them when
it opens a batch and does not tell their sizes before; the memory limit of the process that reads them bounds them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.errors import DAMAGED_FILE_ERRORS, SourceError, short_reason
from pipeline.corpus.readers import Reader, Row, Table
from pipeline.corpus.readers.blobs import MAX_FILE_BYTES, unpacked_size_limit
from pipeline.corpus.readers.columns import unique_names
from pipeline.corpus.readers.song_tables import check_columns, read_table

MOST_ROWS = 20_000_000  # songs of a table; all of Genius has a quarter of them
_BATCH_ROWS = 1024  # that are read at once
_BYTES_A_ROW = 8  # that a row counts for itself
_DAMAGED_ARROW_ERRORS = (pa.ArrowException, *DAMAGED_FILE_ERRORS)


def open_parquet(data: bytes, name: str) -> Table:
    """Open the table of a Parquet file. Raises SourceError when it is damaged or too large unpacked."""
    with _raise_if_damaged("Parquet", name):
        file = pq.ParquetFile(pa.BufferReader(data))
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        columns, about = unique_names(file.schema_arrow.names), file.metadata
        size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    most = unpacked_size_limit(len(data))
    _check_size(about.num_rows, size, MAX_FILE_BYTES, name)
    check_columns(columns, name)
    _check_batches(file.iter_batches(_BATCH_ROWS), most, name)
    return Table(columns, _read_rows(file.iter_batches(_BATCH_ROWS), columns, most, name))


def open_arrow(data: bytes, name: str) -> Table:
    """Open the table of an Arrow file or stream, as the library "datasets" saves. Raises SourceError like
    `open_parquet`."""
    with _raise_if_damaged("Arrow", name):
        reader = _arrow_reader(data)
        columns = unique_names(reader.schema.names)
    check_columns(columns, name)
    most = unpacked_size_limit(len(data))
    _check_batches(_arrow_batches(reader), most, name)
    return Table(columns, _read_rows(_arrow_batches(_arrow_reader(data)), columns, most, name))


@contextmanager
def _raise_if_damaged(format: str, name: str) -> Iterator[None]:
    """Raise SourceError when an error in the block means that a file of this format is damaged."""
    try:
        yield
    except MemoryError:  # Arrow's is also one of its own errors
        raise
    except _DAMAGED_ARROW_ERRORS as error:
        reason = short_reason(error)[:200]
        raise SourceError(
            "{name} is not a complete {format} file ({reason}).", name=name, format=format, reason=reason
        ) from error


def _arrow_reader(data: bytes) -> Any:
    source = pa.BufferReader(data)
    return pa.ipc.open_file(source) if data.startswith(b"ARROW1") else pa.ipc.open_stream(source)


def _arrow_batches(reader: Any) -> Iterator[pa.RecordBatch]:
    whole = (
        (reader.get_batch(at) for at in range(reader.num_record_batches))
        if hasattr(reader, "num_record_batches")
        else reader
    )
    for batch in whole:
        for start in range(0, len(batch), _BATCH_ROWS):
            yield batch.slice(start, _BATCH_ROWS)


def _check_batches(batches: Iterable[pa.RecordBatch], most: int, name: str) -> None:
    """Raise SourceError if the rows hold more than `most` bytes of text. Damage is ignored: reading reports it."""
    rows = size = 0
    try:
        for batch in batches:
            batch.validate(full=True)
            rows += len(batch)
            size += _BYTES_A_ROW * len(batch) + sum(map(_count_text_bytes, batch.columns))
            _check_size(rows, size, most, name)
    except _DAMAGED_ARROW_ERRORS:
        return


def _count_text_bytes(column: Any) -> int:
    """Return the bytes of the texts in a column. A text is counted for each row that refers to it."""
    kind = column.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        return pc.sum(pc.binary_length(column.dictionary).take(column.indices)).as_py() or 0
    if pa.types.is_struct(kind):
        return sum(map(_count_text_bytes, column.flatten()))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _count_text_bytes(column.flatten())
    return (pc.sum(pc.binary_length(column)).as_py() or 0) if _is_text(kind) else 0


def _read_rows(
    batches: Iterable[pa.RecordBatch], columns: list[str], most: int, name: str
) -> Iterator[tuple[str, Row]]:
    at = size = 0
    try:
        for batch in batches:
            batch.validate(full=True)
            for row in zip(*map(_column_values, batch.columns), strict=True):
                at += 1
                size += sum(map(_text_length, row))
                _check_size(at, size, most, name)
                yield f"{name}#{at}", dict(zip(columns, row, strict=True))
    except MemoryError:
        raise
    except _DAMAGED_ARROW_ERRORS as error:
        reason = short_reason(error)[:200]
        raise SourceError("{name} is damaged after row {row} ({reason}).", name=name, row=at, reason=reason) from error


def _column_values(column: Any) -> Iterable[object]:
    """Yield the values of a column. Equal values of a dictionary column are one object."""
    if not pa.types.is_dictionary(column.type):
        return (cell.as_py() for cell in column)
    values = column.dictionary.to_pylist()
    return [None if at is None else values[at] for at in column.indices.to_pylist()]


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    )


def _text_length(cell: object) -> int:
    """Return the number of characters of a cell, with those of nested values."""
    if isinstance(cell, str | bytes):
        return len(cell)
    parts = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list | tuple) else ()
    return sum(map(_text_length, parts))


def _check_size(rows: int, size: int, most: int, name: str) -> None:
    """Raise SourceError when a table has too many rows or more than `most` bytes of text."""
    if rows > MOST_ROWS or size > most:
        raise SourceError(
            "{name} is too large: over {megabytes} MB or {rows:,} rows unpacked. Split it.",
            name=name, megabytes=most >> 20, rows=MOST_ROWS
        )  # fmt: skip


PARQUET_READER = Reader(
    "parquet",
    read_table,
    (".parquet",),
    recognise=lambda data, name: data.startswith(b"PAR1"),
    poses_as=("text",),
    open_table=open_parquet,
)
ARROW_READER = Reader(
    "arrow",
    read_table,
    (".arrow", ".feather"),
    recognise=lambda data, name: data.startswith((b"ARROW1", b"\xff\xff\xff\xff")),  # a file, a stream
    poses_as=("text",),
    open_table=open_arrow,
    companions=("dataset_info.json", "dataset_dict.json", "state.json"),  # of `datasets`
)
