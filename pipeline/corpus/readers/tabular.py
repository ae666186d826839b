"""Tables with a song a row, of any kind. What a row holds beside its lyrics becomes metadata and facets."""

from collections.abc import Mapping, Sequence
from itertools import chain, islice

from pipeline.core.errors import Sentence
from pipeline.core.translation import mark
from pipeline.corpus.account import NOTHING, FileAccount, Size, size_of, total, words_of
from pipeline.corpus.facets import LONGEST_CELL, MOST_FACETS
from pipeline.corpus.readers import song_lines
from pipeline.corpus.readers.arrow import open_arrow, open_parquet
from pipeline.corpus.readers.columned_table import Row, Table, open_delimited
from pipeline.corpus.readers.columns import from_cells, guess_columns, is_unnamed, likely_columns
from pipeline.corpus.readers.lyric_cells import lyric_columns, lyrics_of
from pipeline.corpus.readers.spreadsheet import open_spreadsheet
from pipeline.corpus.song import Items, Skip

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # zip, and what Office wrote before
_ARROW = (b"ARROW1", b"\xff\xff\xff\xff")

# Rules, as the account knows them
_METADATA = "metadata", mark("Columns read as metadata")
_FACETS = "facets", Sentence("Other columns: facets of their songs, up to {most:,} characters each", most=LONGEST_CELL)
_CUT = (
    "facets-cut",
    Sentence("What other columns hold beyond {most:,} characters of a cell: left out", most=LONGEST_CELL),
)
_TOO_MANY = "columns", Sentence("Columns beyond {most:,} facets: left out", most=MOST_FACETS)
_NAMELESS = "columns-unnamed", mark("Numbers of rows, and columns without a name: left out")
_TWICE = "lyrics-twice", mark("The same lyrics in a second column")

_GLANCE = 50  # rows that the guess of a column looks at


def read(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of a table. Raises SourceError when it is empty, broken, or has no column of lyrics."""
    if song_lines.holds_song_lines(data, name):
        yield from song_lines.read(data, name)
        return
    yield from read_table(open_table(data, name), name, columns)


def read_table(table: Table, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of the rows of a table, then its account. Raises SourceError when no column holds lyrics."""
    first = list(islice(table.rows, _GLANCE))
    mapping = guess_columns(table.columns, columns, [item[1] for item in first if not isinstance(item, Skip)])
    lyrics = lyric_columns(table.columns, mapping.pop("text"))
    mapping = {field: column for field, column in mapping.items() if column not in lyrics}
    others = [column for column in table.columns if column not in (*lyrics, *mapping.values())]
    facets = [column for column in others if not is_unnamed(column)][:MOST_FACETS]
    account, words = FileAccount(name), dict.fromkeys((*mapping.values(), *others), 0)
    for item in chain(first, table.rows):
        if isinstance(item, Skip) or not any(column in item[1] for column in lyrics):
            skip = item if isinstance(item, Skip) else _too_short(item[0], item[1], table.columns)
            account.read += skip.size
            yield skip
            continue
        where, row = item
        text = _lyrics(row, lyrics, account)
        for column in words:
            words[column] += words_of(row.get(column))
        cells = {column: row.get(column) for column in facets}
        if cut := total(map(_beyond_the_longest, cells.values())):
            account.set_aside(*_CUT, cut)
        yield from_cells({field: row.get(column) for field, column in mapping.items()} | {"text": text}, where, cells)
    _account_for_columns(account, words, list(mapping.values()), facets)
    yield account


def _lyrics(row: Row, columns: Sequence[str], account: FileAccount) -> str:
    """The lyrics of a row, entered as read; a column that says what one before it says is set aside."""
    texts = [text for text in (lyrics_of(row.get(column)) for column in columns) if text.strip()]
    different = list(dict.fromkeys(texts))
    lyrics = "\n\n".join(different)
    again = Size(words=sum(map(words_of, texts)) - sum(map(words_of, different)))
    account.read += size_of(lyrics) + again
    if again:
        account.set_aside(*_TWICE, again)
    return lyrics


def _too_short(where: str, row: Row, columns: Sequence[str]) -> Skip:
    reason = Sentence(
        "it has {cells} of {columns} cells, and none of lyrics: left out", cells=len(row), columns=len(columns)
    )
    return Skip(where, reason, Size(words=sum(map(words_of, row.values()))))


def _beyond_the_longest(cell: object) -> Size:
    """What of a cell is longer than a facet can be."""
    text = cell if isinstance(cell, str) else ""
    return Size(words=len(text.split()) - len(text[:LONGEST_CELL].split())) if len(text) > LONGEST_CELL else NOTHING


def _account_for_columns(account: FileAccount, words: Mapping[str, int], mapped: list[str], facets: list[str]) -> None:
    """Enter the words of all columns but the lyrics."""
    for column, count in words.items():
        if count:
            account.read += Size(words=count)
            rule = _METADATA if column in mapped else _FACETS if column in facets else _left_out(column)
            account.set_aside(*rule, Size(words=count))
    if _CUT[0] in account.asides:
        account.asides[_FACETS[0]].size -= account.asides[_CUT[0]].size


def _left_out(column: str) -> tuple[str, str]:
    return _NAMELESS if is_unnamed(column) else _TOO_MANY


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
