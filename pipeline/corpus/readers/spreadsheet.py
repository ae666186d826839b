"""XLSX, XLS and ODS: the rows of the first sheet that has some, and of the others under the same header."""

import io
from collections.abc import Iterable, Iterator

from pipeline.corpus.account import Size, words_of
from pipeline.corpus.raw import Skip
from pipeline.corpus.readers.columned_table import (
    HEADER_WITHIN,
    Row,
    Table,
    before_header,
    check_columns,
    find_header,
    named,
)
from pipeline.corpus.readers.columns import is_unnamed
from pipeline.errors import SourceError
from pipeline.sentences import Sentence


def open_spreadsheet(data: bytes, name: str) -> Table:
    """The table of a spreadsheet. Raises SourceError when it is none, is cut short, or holds no row."""
    sheets = [(sheet, rows) for sheet, rows in _sheets(data, name) if rows]
    if not sheets:
        raise SourceError("spreadsheet-empty", "{name} holds no row in any sheet.", name=name)
    columns = _columns(sheets[0][1])
    check_columns(columns, name)
    return Table(columns, _rows(sheets, columns, name))


def _columns(rows: list[list[object]]) -> list[str]:
    return named(rows[find_header(rows[:HEADER_WITHIN])])


def _rows(
    sheets: list[tuple[str, list[list[object]]]], columns: list[str], name: str
) -> Iterator[tuple[str, Row] | Skip]:
    at = 0
    for sheet, rows in sheets:
        header = find_header(rows[:HEADER_WITHIN])
        if _without_blank_end(_columns(rows)) != _without_blank_end(columns):
            words = sum(words_of(cell) for row in rows for cell in row)
            yield Skip(
                f"{name}#{sheet}", Sentence("a sheet under another header than the first: left out"), Size(words=words)
            )
            continue
        yield from before_header(rows[:header], f"{name}#{sheet}")
        for row in rows[header + 1 :]:
            at += 1
            yield f"{name}#{at}", dict(zip(columns, row, strict=False))


def _without_blank_end(columns: list[str]) -> list[str]:
    """Without columns at the end that only have cells: a sheet is as wide as its widest row."""
    named_ones = [at for at, column in enumerate(columns, 1) if not is_unnamed(column)]
    return columns[: max(named_ones, default=0)]


def _cells(rows: Iterable[Iterable[object]]) -> list[list[object]]:
    return [list(row) for row in rows]


def _sheets(data: bytes, name: str) -> list[tuple[str, list[list[object]]]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(sheet, _cells(book.get_sheet_by_name(sheet).to_python())) for sheet in book.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # what panics in Rust is no Exception
        reason = (str(error).splitlines() or [type(error).__name__])[0][:150]
        raise SourceError(
            "spreadsheet-broken", "{name} cannot be read as a spreadsheet ({reason}). Was it cut short?",
            name=name, reason=reason,
        ) from error  # fmt: skip
