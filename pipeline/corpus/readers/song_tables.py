"""Tables with a song a row, of any kind: their header, the lyrics of a row, and its other cells as metadata and facets.

What is lyrics of a row: one column, or several that go on with each other; text, or lists of lines.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice

from pipeline.core.errors import Sentence, SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import EMPTY_SIZE, Account, TextSize, size_of, total, words_of
from pipeline.corpus.facets import LONGEST_CELL, MOST_FACETS
from pipeline.corpus.readers import Hints, Row, Table, all_readers
from pipeline.corpus.readers.columns import (
    SYNCED_COLUMN,
    as_text,
    check_column,
    folded_name,
    from_cells,
    guess_columns,
    is_unnamed,
    likely_columns,
    map_fields_by_name,
    stem_of,
)
from pipeline.corpus.readers.names import artist_of_table, humanise_name
from pipeline.corpus.readers.nested import lyric_parts
from pipeline.corpus.readers.timed import read_synced
from pipeline.corpus.song import Items, Skip
from pipeline.corpus.tags import kind_of

MOST_COLUMNS = 10_000
HEADER_SEARCH_ROWS = 10  # rows; titles and blank rows may stand above the header
_WORDS_OF_LYRICS = 8  # in a cell of what should be a header
_FEWEST_LINES = 3  # of a printed list that is lyrics
_SAMPLED_ROWS = 50  # rows that the guess of a column looks at
_SLUG = re.compile(r"/?[a-z0-9]+(?:-[a-z0-9]+)*/?")
_WORD = re.compile(r"[^\W\d_]+")

# Rules, as the account knows them
_METADATA_RULE = "metadata", mark("Columns read as metadata")
_FACETS_RULE = (
    "facets",
    Sentence(
        "Other columns: facets of their songs, up to {most:,} characters each, except numbers and addresses of songs",
        most=LONGEST_CELL,
    ),
)
_TRUNCATED_CELLS_RULE = (
    "facets-cut",
    Sentence("Text beyond {most:,} characters in cells of other columns: cut", most=LONGEST_CELL),
)
_SURPLUS_COLUMNS_RULE = "columns", Sentence("Columns beyond {most:,} facets: skipped", most=MOST_FACETS)
_UNNAMED_COLUMNS_RULE = "columns-unnamed", mark("Row numbers and unnamed columns: skipped")
_FILTERED_ROWS_RULE = "not-asked-for", mark("Rows excluded by the filter")
_REPEATED_LYRICS_RULE = "lyrics-twice", mark("The same lyrics in a second column")


def read_table(data: bytes, name: str, hints: Hints) -> Items:
    """The songs of a table. Raises SourceError when it is empty, broken, or has no column of lyrics."""
    yield from read_rows(open_table(data, name), name, hints)


def open_table(data: bytes, name: str) -> Table:
    """A table of any of the kinds, told apart by its contents."""
    kinds = ((reader.open_table, reader.recognise) for reader in all_readers() if reader.open_table)
    return next(opened(data, name) for opened, recognise in kinds if recognise(data, name))


def mapping_of(table: Table, columns: Mapping[str, str] | None = None) -> tuple[list[str], dict[str, str]]:
    """(all columns, field -> column) of a table, whether or not one seems to hold lyrics."""
    rows = [item[1] for item in islice(table.rows, _SAMPLED_ROWS) if not isinstance(item, Skip)]
    return table.columns, likely_columns(table.columns, columns, rows)


def read_rows(table: Table, name: str, hints: Hints) -> Items:
    """The songs of the rows of a table, then its account. Raises SourceError when no column holds lyrics, or one of
    `hints.only` is not there."""
    for column in hints.only:
        check_column(column, table.columns)
    first = list(islice(table.rows, _SAMPLED_ROWS))
    rows = [item[1] for item in first if not isinstance(item, Skip)]
    mapping = guess_columns(table.columns, hints.columns, rows)
    lyrics = lyric_columns(table.columns, mapping.pop("text"))
    mapping = {field: column for field, column in mapping.items() if column not in lyrics}
    synced = [name for name in table.columns if folded_name(name) == SYNCED_COLUMN and name not in lyrics][:1]
    others = [column for column in table.columns if column not in (*lyrics, *mapping.values(), *synced)]
    facets = [column for column in others if not is_unnamed(column)][:MOST_FACETS]
    slugs = [mapping[of] for of in ("title", "artist") if of in mapping and _holds_slugs(mapping[of], rows)]
    of_file = "" if "artist" in mapping else artist_of_table(name)
    account, words = Account(), dict.fromkeys((*mapping.values(), *others), 0)
    for item in chain(first, table.rows):
        if not isinstance(item, Skip) and not is_wanted(item[1], hints.only):
            size = TextSize(words=sum(map(words_of, item[1].values())))
            account.read += size
            account.add_dropped(*_FILTERED_ROWS_RULE, size)
            continue
        if isinstance(item, Skip) or not any(column in item[1] for column in lyrics):
            skip = item if isinstance(item, Skip) else _short_row_skip(item[0], item[1], table.columns)
            account.read += skip.size
            yield skip
            continue
        where, row = item
        timed = as_text(row.get(synced[0])) if synced else ""
        text = _read_lyrics(row, lyrics, account) or _read_lyrics(row, synced, account)
        if timed and timed != text:
            size = TextSize(words=words_of(timed))
            account.read += size
            account.add_dropped(*_REPEATED_LYRICS_RULE, size)
        for column in words:
            words[column] += words_of(row.get(column))
        cells = {column: row.get(column) for column in facets}
        if cut := total(map(_truncated_size, cells.values())):
            account.add_dropped(*_TRUNCATED_CELLS_RULE, cut)
        fields = {
            field: _read_slug(row.get(column)) if column in slugs else row.get(column)
            for field, column in mapping.items()
        }
        song = replace(from_cells(fields | {"text": text}, where, cells), times=read_synced(text, timed or text))
        yield replace(song, artist=of_file, artist_origin="inferred") if of_file else song
    _account_for_columns(account, words, list(mapping.values()), facets)
    yield account


def is_wanted(row: Row, only: Mapping[str, str]) -> bool:
    """Whether a row has the wanted values, capitals and blanks around them aside."""
    return all(as_text(row.get(name)).strip().lower() == value.strip().lower() for name, value in only.items())


def _read_lyrics(row: Row, columns: Sequence[str], account: Account) -> str:
    """The lyrics of a row, entered as read; a column that says what one before it says is set aside."""
    texts = [text for text in (lyrics_of_cell(row.get(column)) for column in columns) if text.strip()]
    different = list(dict.fromkeys(texts))
    lyrics = "\n\n".join(different)
    again = TextSize(words=sum(map(words_of, texts)) - sum(map(words_of, different)))
    account.read += size_of(lyrics) + again
    if again:
        account.add_dropped(*_REPEATED_LYRICS_RULE, again)
    return lyrics


def _holds_slugs(column: str, rows: Sequence[Row]) -> bool:
    """Whether the cells of a column are addresses of songs or artists, "la-rue", and no names."""
    cells = [cell for row in rows if (cell := as_text(row.get(column)).strip())]
    return bool(cells) and all(map(_SLUG.fullmatch, cells)) and any("-" in cell or "/" in cell for cell in cells)


def _read_slug(cell: object) -> object:
    """The words of an address.

    >>> _read_slug("/la-rue/"), _read_slug("Peut-être")
    ('La rue', 'Peut-être')
    """
    return humanise_name(cell.strip("/")) if isinstance(cell, str) and _SLUG.fullmatch(cell) else cell


def _short_row_skip(where: str, row: Row, columns: Sequence[str]) -> Skip:
    reason = Sentence("it has {cells} of {columns} cells, and no lyrics: skipped", cells=len(row), columns=len(columns))
    return Skip(where, reason, TextSize(words=sum(map(words_of, row.values()))))


def _truncated_size(cell: object) -> TextSize:
    text = cell if isinstance(cell, str) else ""
    return (
        TextSize(words=len(text.split()) - len(text[:LONGEST_CELL].split())) if len(text) > LONGEST_CELL else EMPTY_SIZE
    )


def _account_for_columns(account: Account, words: Mapping[str, int], mapped: list[str], facets: list[str]) -> None:
    for column, count in words.items():
        if count:
            account.read += TextSize(words=count)
            ignored = _UNNAMED_COLUMNS_RULE if is_unnamed(column) else _SURPLUS_COLUMNS_RULE
            rule = _METADATA_RULE if column in mapped else _FACETS_RULE if column in facets else ignored
            account.add_dropped(*rule, TextSize(words=count))
    if _TRUNCATED_CELLS_RULE[0] in account.entries:
        account.entries[_FACETS_RULE[0]].size -= account.entries[_TRUNCATED_CELLS_RULE[0]].size


def lyric_columns(names: Sequence[str], first: str) -> list[str]:
    """The column of lyrics, and those that go on with it, in their order.

    >>> lyric_columns(["lyrics_1", "note", "lyrics_2"], "lyrics_1"), lyric_columns(["paroles", "texte"], "paroles")
    (['lyrics_1', 'lyrics_2'], ['paroles'])
    >>> lyric_columns(["title", "couplet 1", "refrain", "couplet 2"], "couplet 1")
    ['couplet 1', 'refrain', 'couplet 2']
    """
    stem = stem_of(first)
    sections = kind_of(stem) is not None
    return [name for name in names if name == first or stem_of(name) == stem or (sections and kind_of(stem_of(name)))]


def lyrics_of_cell(value: object) -> str:
    """The lyrics in a cell: a list of lines or sections, also as Python or JSON prints it, becomes lines.

    >>> lyrics_of_cell("['La mer', 'La rue', 'Le bar']")
    'La mer\\nLa rue\\nLe bar'
    """
    if isinstance(value, str) and value.startswith(("['", '["')) and value.rstrip().endswith("]"):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            printed = ast.literal_eval(value)
            value = printed if isinstance(printed, list) and len(printed) >= _FEWEST_LINES else value
    parts = lyric_parts(value) if isinstance(value, list | dict) else []
    return "\n".join(parts) if parts else as_text(value)


def check_columns(columns: Sequence[str], name: str) -> None:
    """Raise SourceError when the first line of a table is no header, or has more columns than any table of songs."""
    if len(columns) > MOST_COLUMNS:
        raise SourceError(
            "{name} has {columns:,} columns, more than the {most:,} that a table of songs can have. Give a table with "
            "one song per row.",
            name=name, columns=len(columns), most=MOST_COLUMNS
        )  # fmt: skip
    if not map_fields_by_name(columns) and (verse := next((cell for cell in columns if _is_lyrics(cell)), None)):
        raise SourceError(
            "{name} has no header: its first line looks like lyrics ({verse!r}). Add a first line that names the "
            "columns, such as artist,title,lyrics.",
            name=name, verse=" ".join(verse.split())[:50] + "…"
        )  # fmt: skip


def _is_lyrics(cell: str) -> bool:
    return "\n" in cell.strip() or len(_WORD.findall(cell[:2000])) >= _WORDS_OF_LYRICS


def find_header(rows: Sequence[Sequence[object]]) -> int:
    """Which of the first rows names the columns: the one with the most names that are known if these are two at least,
    else the first.

    >>> find_header([["My songs", None, None], ["artist", "title", "lyrics"], ["Untel", "Le port", "La mer"]])
    1
    """
    counts = [
        len(map_fields_by_name(["" if cell is None else str(cell) for cell in row[:MOST_COLUMNS]])) for row in rows
    ]
    best = max(range(len(counts)), key=counts.__getitem__, default=0)  # the first of equals
    return best if counts and counts[best] >= 2 else 0


def skips_above_header(rows: Iterable[Sequence[object]], name: str) -> Iterator[Skip]:
    """What stands above a header."""
    for at, row in enumerate(rows, 1):
        if words := sum(map(words_of, row)):
            yield Skip(
                f"{name}#-{at}", Sentence("it is above the header that names the columns"), TextSize(words=words)
            )
