"""Tables with a song a row, of any kind. What a row holds beside its lyrics becomes metadata and facets."""

from collections.abc import Mapping
from itertools import chain, islice

from pipeline.corpus.account import FileAccount, Size, size_of, words_of
from pipeline.corpus.facets import LONGEST_CELL, MOST_FACETS
from pipeline.corpus.raw import Items, Skip
from pipeline.corpus.readers import song_lines
from pipeline.corpus.readers.arrow import open_arrow, open_parquet
from pipeline.corpus.readers.columns import as_text, from_cells, guess_columns, likely_columns
from pipeline.corpus.readers.decoding import decode, is_binary
from pipeline.corpus.readers.spreadsheet import open_spreadsheet
from pipeline.corpus.readers.table import Table, open_delimited

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
        return open_parquet(data, name)
    return open_arrow(data, name) if data.startswith(_ARROW) else open_delimited(data, name)


def is_parquet(data: bytes) -> bool:
    """Whether these bytes say that they are a Parquet file."""
    return data.startswith(b"PAR1")
