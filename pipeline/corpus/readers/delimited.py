"""CSV and TSV; and one song a line, its line breaks written as a mark: `… la mer *BREAK* la rue …`.

Such a file has no header, and often calls itself .csv although no cell is quoted.
"""

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from statistics import median

from pipeline.core.errors import Sentence, SourceError
from pipeline.corpus.account import Account, TextSize, count_cell_words, text_size
from pipeline.corpus.readers import Reader, ReadingHints, Row, Table
from pipeline.corpus.readers.columns import map_fields_by_name, unique_names
from pipeline.corpus.readers.names import artist_of_table
from pipeline.corpus.readers.song_tables import (
    HEADER_SEARCH_ROWS,
    check_columns,
    find_header,
    read_song_rows,
    rows_above_header,
)
from pipeline.corpus.readers.text import decode, decode_text, is_binary
from pipeline.corpus.song import RawSong, ReaderItems, SkippedItem

_MOST_RAGGED = 0.1  # share of rows with surplus cells from which a table is refused as a whole
_DELIMITERS = "\t;,|"
_SEPARATOR_LINE = re.compile(r"sep=([\t;,|])\r?\n", re.I)  # which Excel writes and reads
_LONGEST_HEADER = 20_000  # characters of a line in which names of columns are looked for
_SAMPLED_ROWS = 200  # rows
_UNPAIRED_QUOTES_REASON = Sentence("its quotation marks are unbalanced: check that no song contains several rows")

_LINE_BREAK_MARK_PATTERN = re.compile(r"\*BREAK\*|<br ?/?>|\\n", re.I)
_LEAST_MARKS = 3  # a line that is a song
_HEAD_LENGTH = 1 << 18  # bytes or characters in which lines of songs are looked for
_SAMPLED_LINES = 20
# lines without such marks that are songs: so many, each of so many words at least, and half of them of more
_FEWEST_SONGS, _SHORTEST_SONG, _USUAL_SONG = 3, 60, 150


def read_delimited(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a CSV or TSV file. Raises SourceError when it is empty, damaged, or has no
    column of lyrics."""
    if holds_song_lines(data, name):
        yield from read_song_lines(data, name, hints)
    else:
        yield from read_song_rows(open_delimited(data, name), name, hints)


def open_delimited(data: bytes, name: str) -> Table:
    """Return the table of a CSV or TSV file. Raises SourceError when it is empty, has no header or is damaged."""
    text = decode_text(data, name).text.lstrip("\ufeff\r\n")
    csv.field_size_limit(sys.maxsize)
    delimiter = _guess_delimiter(text)
    if separator := _SEPARATOR_LINE.match(text):
        delimiter, text = separator[1], text[separator.end() :]
    text = _convert_escaped_quotes(text, delimiter)
    unpaired = [SkippedItem(name, _UNPAIRED_QUOTES_REASON)] if text.count('"') % 2 else []
    return _open_records(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), delimiter, name, unpaired)


def open_delimited_file(path: str, name: str) -> Table:
    """Open the table of a CSV or TSV file in UTF-8, of any size, to read lazily. Raises like `open_delimited`."""
    csv.field_size_limit(sys.maxsize)
    with open(path, "rb") as file:
        delimiter = _guess_delimiter(file.read(1 << 20).decode("utf-8", "replace").lstrip("\ufeff\r\n"))
    return _open_records(csv.reader(_iterate_lines(path), delimiter=delimiter), delimiter, name, [])


def _iterate_lines(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        yield from file


def _open_records(reader: Iterator[list[str]], delimiter: str, name: str, after: list[SkippedItem]) -> Table:
    try:
        first = list(islice(reader, HEADER_SEARCH_ROWS))
    except csv.Error as error:
        raise SourceError("{name} cannot be read as a table ({reason}).", name=name, reason=error) from error
    at = find_header(first)
    columns = unique_names(first[at]) if first else []
    check_columns(columns, name)
    records = chain(first[at + 1 :], _raise_csv_errors(reader, name))
    return Table(
        columns, chain(rows_above_header(first[:at], name), _read_rows(records, columns, delimiter, name), after)
    )


def _guess_delimiter(text: str) -> str:
    """Return the delimiter that yields most known column names. If several do, return the most frequent one."""
    lines = text[: 1 << 20].splitlines()[:HEADER_SEARCH_ROWS]
    short = [line for line in lines if len(line) < _LONGEST_HEADER]

    def score_delimiter(delimiter: str) -> tuple[int, int]:
        names = (len(map_fields_by_name([cell.strip('" ') for cell in line.split(delimiter)])) for line in short)
        return max(names, default=0), lines[0].count(delimiter)

    return max(_DELIMITERS, key=score_delimiter)


def _convert_escaped_quotes(text: str, delimiter: str) -> str:
    """Return a CSV text with \\" in cells as a doubled quote, if its rows are then more equal in length."""
    if '\\"' not in text or '""' in text:
        return text
    doubled = text.replace('\\"', '""')
    return min((text, doubled), key=lambda written: _uneven_rows(written, delimiter))


def _uneven_rows(text: str, delimiter: str) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SAMPLED_ROWS))
    except csv.Error:
        return _SAMPLED_ROWS
    return sum(len(row) != len(rows[0]) for row in rows)


def _raise_csv_errors(reader: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    """Yield the remaining rows of a CSV reader. Raise SourceError with the line number of a malformed row."""
    try:
        yield from reader
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]
        raise SourceError(
            "{name} cannot be read as a table near line {line} ({reason}).",
            name=name, line=line, reason=error
        ) from error  # fmt: skip


def _read_rows(
    records: Iterable[list[str]], columns: list[str], delimiter: str, name: str
) -> Iterator[tuple[str, Row] | SkippedItem]:
    """Yield (location, row) of CSV records, and skip rows with surplus cells. Raises SourceError if they are many."""
    ragged = at = 0
    joins = map_fields_by_name(columns).get("text") == columns[-1]  # commas unquoted in lyrics at the end of a row
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
            yield SkippedItem(
                where, Sentence("it repeats the header"), TextSize(words=sum(map(count_cell_words, record)))
            )
        else:
            yield where, dict(zip(columns, record, strict=False))
    if ragged > _MOST_RAGGED * at:
        raise SourceError(
            "{name}: {ragged:,} of {rows:,} rows have more cells than the {columns} columns of the header, perhaps "
            "because of commas outside quotes. Save it again with quotes around cells, or with tabs between them.",
            name=name, ragged=ragged, rows=at, columns=len(columns)
        )  # fmt: skip


def _skip_ragged_row(record: list[str], columns: list[str], where: str) -> SkippedItem:
    reason = Sentence("it has {cells} cells for {columns} columns: skipped", cells=len(record), columns=len(columns))
    return SkippedItem(where, reason, TextSize(words=sum(map(count_cell_words, record))))


def has_song_per_line(text: str) -> bool:
    """Return whether each line of a text looks like a whole song. A text with a header line is a table.

    >>> has_song_per_line("la mer *BREAK* la rue *BREAK* le bar *BREAK* la nuit\\n" * 2)
    True
    >>> has_song_per_line("artist,lyrics\\nUntel,la mer *BREAK* la rue *BREAK* le bar *BREAK* la nuit")
    False
    >>> has_song_per_line(("La mer est là " * 60 + "\\n") * 12)
    True
    """
    lines = [line for line in text[:_HEAD_LENGTH].splitlines() if line.strip()][:_SAMPLED_LINES]
    marked = [len(_LINE_BREAK_MARK_PATTERN.findall(line)) >= _LEAST_MARKS for line in lines]
    if not lines or (marked[0] and sum(marked) > 0.6 * len(marked)):
        return bool(lines)
    words = [len(line.split()) for line in lines]
    return len(lines) >= _FEWEST_SONGS and min(words) >= _SHORTEST_SONG and median(words) >= _USUAL_SONG


def holds_song_lines(data: bytes, name: str) -> bool:
    """Return whether a file is a text with one song per line. Its line breaks are written as *BREAK*."""
    return not is_binary(data) and has_song_per_line(decode(data[:_HEAD_LENGTH], name).text)


def read_song_lines(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a file with one song per line. Raises SourceError if it is empty or binary."""
    text, artist = decode_text(data, name), artist_of_table(name)
    songs = 0
    for line in text.text.splitlines():
        if line.strip():
            songs += 1
            song = RawSong(_strip_quotes(line), f"{name}#{songs}", encoding=text.encoding)
            yield replace(song, artist=artist, artist_origin="inferred") if artist else song
    yield Account(text_size(text.text))


def _strip_quotes(line: str) -> str:
    line = line.strip()
    return line[1:-1].replace('""', '"') if len(line) > 1 and line[0] == line[-1] == '"' else line


CSV_READER = Reader(
    "csv",
    read_delimited,
    (".csv", ".tsv", ".tab"),
    recognise=lambda data, name: True,  # whatever is no other table
    certainty=0.0,
    open_table=open_delimited,
    open_path=open_delimited_file,
    line_by_line=True,
)
SONG_LINES_READER = Reader(
    "lines", read_song_lines, recognise=holds_song_lines, certainty=0.8, poses_as=("text", "csv")
)
