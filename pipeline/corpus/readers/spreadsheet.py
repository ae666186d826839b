"""XLSX, XLS and ODS: the rows of the first sheet that has some, and of the others under the same header.

A file of a kilobyte may name a cell in row 1,048,576 and take gigabytes; what the library cannot get ends its process.
So each file is first opened by a process of its own.
"""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.core.errors import LimitError, Sentence, SourceError
from pipeline.corpus.account import TextSize, count_cell_words
from pipeline.corpus.readers import Reader, Row, Table
from pipeline.corpus.readers.columns import is_unnamed, unique_names
from pipeline.corpus.readers.song_tables import (
    HEADER_SEARCH_ROWS,
    check_columns,
    find_header,
    read_table,
    rows_above_header,
)
from pipeline.corpus.song import SkippedItem
from pipeline.processes.limits import Limits, is_limited
from pipeline.processes.worker import run_limited

_MEMORY, _MEMORY_A_BYTE, _SECONDS = 1 << 30, 40, 120  # bytes, those for each of the file, and seconds of the processor


def open_spreadsheet(data: bytes, name: str) -> Table:
    """Return the table of a spreadsheet. Raises SourceError when it is damaged, too large or empty."""
    if not is_limited():
        _check_memory_and_time(data, name)
    sheets = [(sheet, rows) for sheet, rows in _read_sheets(data, name) if rows]
    if not sheets:
        raise SourceError("{name} has no rows in any sheet.", name=name)
    columns = _header_columns(sheets[0][1])
    check_columns(columns, name)
    return Table(columns, _read_rows(sheets, columns, name))


def count_rows(path: str, name: str) -> int:
    """Return the number of rows in all sheets of a spreadsheet. Raises SourceError if it is not one."""
    return sum(len(rows) for _, rows in _read_sheets(Path(path).read_bytes(), name))


def _check_memory_and_time(data: bytes, name: str) -> None:
    """Open a spreadsheet in a subprocess. Raises SourceError if that takes too much memory or time."""
    with tempfile.TemporaryDirectory(prefix="seize-sheet-") as folder:
        path = Path(folder, "sheet")
        path.write_bytes(data)
        try:
            run_limited(count_rows, str(path), name, limits=Limits(_MEMORY + _MEMORY_A_BYTE * len(data), _SECONDS))
        except LimitError as error:
            raise SourceError(
                "The spreadsheet {name} needs more memory or time than its size suggests: a cell is far from the "
                "others, or it is damaged. Save it as CSV.",
                name=name,
            ) from error


def _header_columns(rows: list[list[object]]) -> list[str]:
    return unique_names(rows[find_header(rows[:HEADER_SEARCH_ROWS])])


def _read_rows(
    sheets: list[tuple[str, list[list[object]]]], columns: list[str], name: str
) -> Iterator[tuple[str, Row] | SkippedItem]:
    at = 0
    for sheet, rows in sheets:
        header = find_header(rows[:HEADER_SEARCH_ROWS])
        if _strip_unnamed_end(_header_columns(rows)) != _strip_unnamed_end(columns):
            words = sum(count_cell_words(cell) for row in rows for cell in row)
            yield SkippedItem(
                f"{name}#{sheet}",
                Sentence("a sheet with a different header from the first: skipped"),
                TextSize(words=words),
            )
            continue
        yield from rows_above_header(rows[:header], f"{name}#{sheet}")
        for row in rows[header + 1 :]:
            at += 1
            yield f"{name}#{at}", dict(zip(columns, row, strict=False))


def _strip_unnamed_end(columns: list[str]) -> list[str]:
    """Return the columns without unnamed ones at the end. A sheet is as wide as its widest row."""
    named_ones = [at for at, column in enumerate(columns, 1) if not is_unnamed(column)]
    return columns[: max(named_ones, default=0)]


def _read_sheets(data: bytes, name: str) -> list[tuple[str, list[list[Any]]]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(sheet, book.get_sheet_by_name(sheet).to_python()) for sheet in book.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # what panics in Rust is no Exception
        reason = (str(error).splitlines() or [type(error).__name__])[0][:150]
        raise SourceError(
            "{name} cannot be read as a spreadsheet ({reason}). Was it cut short?",
            name=name, reason=reason
        ) from error  # fmt: skip


_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a zip; what Office wrote before
SPREADSHEET_READER = Reader(
    "spreadsheet",
    read_table,
    (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    recognise=lambda data, name: data.startswith(_MAGIC),
    open_table=open_spreadsheet,
)
