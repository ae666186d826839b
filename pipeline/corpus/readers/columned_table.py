"""A table as readers see it: names of columns, rows, and what of it went into no row. CSV and TSV are read here."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from pipeline.core.errors import Sentence, SourceError
from pipeline.corpus.account import Size, words_of
from pipeline.corpus.readers.columns import by_name
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.song import Skip

MOST_COLUMNS = 10_000
_MOST_RAGGED = 0.1  # share of rows with surplus cells from which a table is refused as a whole
_WORDS_OF_LYRICS = 8  # in a cell of what should be a header
_WORD = re.compile(r"[^\W\d_]+")
_DELIMITERS = "\t;,|"
_SEPARATOR_LINE = re.compile(r"sep=([\t;,|])\r?\n", re.I)  # which Excel writes and reads
HEADER_WITHIN = 10  # rows; titles and blank rows may stand above the header
_LONGEST_HEADER = 20_000  # characters of a line in which names of columns are looked for
_GLANCE = 200  # rows
_UNPAIRED = Sentence("its quotation marks do not pair: look whether one song holds what belonged to several rows")

Row = dict[str, object]


class Table(NamedTuple):
    """Names of the columns, and (where, row) of each row; a row that cannot be read is a Skip."""

    columns: list[str]
    rows: Iterator[tuple[str, Row] | Skip]


def unique_names(cells: Sequence[object]) -> list[str]:
    """Names of columns that are all different: a second `lyrics` becomes `lyrics (2)`, so that neither hides another.

    >>> unique_names(["lyrics", "lyrics", None])
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
            "{name} has {columns:,} columns, more than the {most:,} that a table of songs can have. Give a table with "
            "one song a row.",
            name=name, columns=len(columns), most=MOST_COLUMNS
        )  # fmt: skip
    if not by_name(columns) and (verse := next((cell for cell in columns if _is_lyrics(cell)), None)):
        raise SourceError(
            "{name} has no header: its first line reads like lyrics ({verse!r}). Add a first line that names the "
            "columns, such as artist,title,lyrics.",
            name=name, verse=" ".join(verse.split())[:50] + "…"
        )  # fmt: skip


def find_header(rows: Sequence[Sequence[object]]) -> int:
    """Which of the first rows names the columns: the first, unless only a later one has names that are known.

    >>> find_header([["My songs", None, None], ["artist", "title", "lyrics"], ["Untel", "Le port", "La mer"]])
    1
    """
    known = [len(by_name(["" if cell is None else str(cell) for cell in row[:MOST_COLUMNS]])) for row in rows]
    later = (at for at, count in enumerate(known) if count >= 2)
    return 0 if not known or known[0] else next(later, 0)


def before_header(rows: Iterable[Sequence[object]], name: str) -> Iterator[Skip]:
    """What stands above a header."""
    for at, row in enumerate(rows, 1):
        if words := sum(map(words_of, row)):
            yield Skip(
                f"{name}#-{at}", Sentence("it stands above the header that names the columns"), Size(words=words)
            )


def open_delimited(data: bytes, name: str) -> Table:
    """The table of a CSV or TSV file. Raises SourceError when it is empty, has no header or is broken."""
    text = decode_text(data, name).text.lstrip("\ufeff\r\n")
    csv.field_size_limit(sys.maxsize)
    delimiter = _delimiter(text)
    if said := _SEPARATOR_LINE.match(text):
        delimiter, text = said[1], text[said.end() :]
    text = _with_doubled_quotes(text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        first = list(islice(reader, HEADER_WITHIN))
    except csv.Error as error:
        raise SourceError("{name} cannot be read as a table ({reason}).", name=name, reason=error) from error
    at = find_header(first)
    columns = unique_names(first[at] if first else [])
    check_columns(columns, name)
    records = chain(first[at + 1 :], _whole_records(reader, name))
    unpaired = [Skip(name, _UNPAIRED)] if text.count('"') % 2 else []
    return Table(columns, chain(before_header(first[:at], name), _rows(records, columns, delimiter, name), unpaired))


def _delimiter(text: str) -> str:
    """What parts the cells: what shows most known names in the first lines, else what is there most often."""
    lines = text[: 1 << 20].splitlines()[:HEADER_WITHIN]
    short = [line for line in lines if len(line) < _LONGEST_HEADER]

    def shows(delimiter: str) -> tuple[int, int]:
        names = (len(by_name([cell.strip('" ') for cell in line.split(delimiter)])) for line in short)
        return max(names, default=0), lines[0].count(delimiter)

    return max(_DELIMITERS, key=shows)


def _with_doubled_quotes(text: str, delimiter: str) -> str:
    """Quotes in cells doubled, where they were written \\" and rows come out more even that way."""
    if '\\"' not in text or '""' in text:
        return text
    doubled = text.replace('\\"', '""')
    return min((text, doubled), key=lambda written: _uneven_rows(written, delimiter))


def _uneven_rows(text: str, delimiter: str) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _GLANCE))
    except csv.Error:
        return _GLANCE
    return sum(len(row) != len(rows[0]) for row in rows)


def _whole_records(reader: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]
        raise SourceError(
            "{name} cannot be read as a table near line {line} ({reason}).",
            name=name, line=line, reason=error
        ) from error  # fmt: skip


def _rows(
    records: Iterable[list[str]], columns: list[str], delimiter: str, name: str
) -> Iterator[tuple[str, Row] | Skip]:
    ragged = at = 0
    joins = by_name(columns).get("text") == columns[-1]  # commas unquoted in lyrics at the end of a row
    for record in records:
        if not record:
            continue
        at += 1
        where = f"{name}#{at}"
        if len(record) > len(columns) and joins:
            record[len(columns) - 1 :] = [delimiter.join(record[len(columns) - 1 :])]
        if any(record[len(columns) :]):
            ragged += 1
            yield _skip_ragged_row(record, columns, where)
        elif record[0].lstrip("\ufeff") == columns[0] and record[1:] == columns[1:]:
            yield Skip(where, Sentence("it is the header once more"), Size(words=sum(map(words_of, record))))
        else:
            yield where, dict(zip(columns, record, strict=False))
    if ragged > _MOST_RAGGED * at:
        raise SourceError(
            "{name}: {ragged:,} of {rows:,} rows have more cells than the {columns} that its header names, as when "
            "commas stand outside quotes. Save it again with quotes around cells, or with tabs between them.",
            name=name, ragged=ragged, rows=at, columns=len(columns)
        )  # fmt: skip


def _skip_ragged_row(record: list[str], columns: list[str], where: str) -> Skip:
    reason = Sentence(
        "it has {cells} cells, its header names {columns}: left out", cells=len(record), columns=len(columns)
    )
    return Skip(where, reason, Size(words=sum(map(words_of, record))))


def _is_lyrics(cell: str) -> bool:
    return "\n" in cell.strip() or len(_WORD.findall(cell[:2000])) >= _WORDS_OF_LYRICS
