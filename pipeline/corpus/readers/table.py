"""A table as readers see it: names of columns, rows, and what of it went into no row. CSV and TSV are read here."""

import csv
import io
import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.corpus.account import Size, words_of
from pipeline.corpus.raw import Skip
from pipeline.corpus.readers.columns import by_name
from pipeline.corpus.readers.text import decoded
from pipeline.errors import SourceError

MOST_COLUMNS = 10_000
_MOST_RAGGED = 0.1  # share of rows with surplus cells from which a table is refused as a whole
_WORDS_OF_LYRICS = 8  # in a cell of what should be a header
_WORD = re.compile(r"[^\W\d_]+")
_DELIMITERS = "\t;,|"

Row = dict[str, object]


class Table(NamedTuple):
    """Names of the columns, and (where, row) of each row; a row that cannot be read is a Skip."""

    columns: list[str]
    rows: Iterator[tuple[str, Row] | Skip]


def named(cells: Sequence[object]) -> list[str]:
    """Names of columns that are all different: a second `lyrics` becomes `lyrics (2)`, so that neither hides another.

    >>> named(["lyrics", "lyrics", None])
    ['lyrics', 'lyrics (2)', '']
    """
    names: dict[str, None] = {}
    for cell in cells:
        name = plain = "" if cell is None else str(cell)
        at = 1
        while name in names:
            at += 1
            name = f"{plain} ({at})"
        names[name] = None
    return list(names)


def check_columns(columns: Sequence[str], name: str) -> None:
    """Raise SourceError when the first line of a table is no header, or has more columns than any table of songs."""
    if len(columns) > MOST_COLUMNS:
        raise SourceError(
            "table-wide",
            "{name} has {columns:,} columns, more than the {most:,} that a table of songs can have. Give a table with "
            "one song a row.",
            name=name, columns=len(columns), most=MOST_COLUMNS,
        )  # fmt: skip
    if not by_name(columns) and (verse := next((cell for cell in columns if _is_lyrics(cell)), None)):
        raise SourceError(
            "table-header",
            "{name} has no header: its first line reads like lyrics ({verse!r}). Add a first line that names the "
            "columns, such as artist,title,lyrics.",
            name=name, verse=" ".join(verse.split())[:50] + "…",
        )  # fmt: skip


def open_delimited(data: bytes, name: str) -> Table:
    """The table of a CSV or TSV file. Raises SourceError when it is empty, has no header or is broken."""
    text = decoded(data, name).text.lstrip("\ufeff\r\n")
    csv.field_size_limit(sys.maxsize)
    header = text[: 1 << 20].splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count))
    try:
        columns = named(next(reader))
    except csv.Error as error:
        raise SourceError(
            "table-broken", "{name} cannot be read as a table ({reason}).", name=name, reason=error
        ) from error
    check_columns(columns, name)
    return Table(columns, _records(reader, columns, name))


def _records(reader: Iterator[list[str]], columns: list[str], name: str) -> Iterator[tuple[str, Row] | Skip]:
    ragged = at = 0
    joins = by_name(columns).get("text") == columns[-1]  # commas unquoted in lyrics at the end of a row
    delimiter = reader.dialect.delimiter  # type: ignore[attr-defined]
    try:
        for record in reader:
            if not record:
                continue
            at += 1
            where = f"{name}#{at}"
            if len(record) > len(columns) and joins:
                record[len(columns) - 1 :] = [delimiter.join(record[len(columns) - 1 :])]
            if any(record[len(columns) :]):
                ragged += 1
                yield _ragged(record, columns, where)
                continue
            yield where, dict(zip(columns, record, strict=False))
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]
        raise SourceError(
            "table-broken-at", "{name} cannot be read as a table near line {line} ({reason}).",
            name=name, line=line, reason=error,
        ) from error  # fmt: skip
    if ragged > _MOST_RAGGED * at:
        raise SourceError(
            "table-ragged",
            "{name}: {ragged:,} of {rows:,} rows have more cells than the {columns} that its header names, as when "
            "commas stand outside quotes. Save it again with quotes around cells, or with tabs between them.",
            name=name, ragged=ragged, rows=at, columns=len(columns),
        )  # fmt: skip


def _ragged(record: list[str], columns: list[str], where: str) -> Skip:
    reason = f"it has {len(record)} cells, its header names {len(columns)}: left out"
    return Skip(where, reason, Size(words=sum(map(words_of, record))))


def _is_lyrics(cell: str) -> bool:
    return "\n" in cell.strip() or len(_WORD.findall(cell[:2000])) >= _WORDS_OF_LYRICS
