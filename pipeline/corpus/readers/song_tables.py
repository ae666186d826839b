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
from pipeline.corpus.account import EMPTY_SIZE, Account, TextSize, count_cell_words, sum_sizes, text_size
from pipeline.corpus.facets import LONGEST_CELL, MOST_FACETS
from pipeline.corpus.readers import ReadingHints, Row, Table, all_readers
from pipeline.corpus.readers.columns import (
    SYNCED_COLUMN,
    cell_text,
    check_column,
    fold_column_name,
    guess_columns,
    guess_likely_columns,
    is_unnamed,
    map_fields_by_name,
    song_from_cells,
    strip_part_number,
)
from pipeline.corpus.readers.names import artist_of_table, title_from_file_name
from pipeline.corpus.readers.nested import flatten_lyrics
from pipeline.corpus.readers.timed import times_from_synced_lyrics
from pipeline.corpus.song import ReaderItems, SkippedItem
from pipeline.corpus.tags import section_kind_of

MAX_COLUMNS = 10_000
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


def read_table(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a table of any kind. Raises SourceError when it is empty, damaged, or has
    no column of lyrics."""
    yield from read_song_rows(open_table(data, name), name, hints)


def open_table(data: bytes, name: str) -> Table:
    """Open a table of any kind. Its format is recognised by its contents."""
    kinds = ((reader.open_table, reader.recognise) for reader in all_readers() if reader.open_table)
    return next(opened(data, name) for opened, recognise in kinds if recognise(data, name))


def columns_and_guess(table: Table, columns: Mapping[str, str] | None = None) -> tuple[list[str], dict[str, str]]:
    """Return (all columns, guessed field -> column) of a table. No column need hold lyrics."""
    rows = [item[1] for item in islice(table.rows, _SAMPLED_ROWS) if not isinstance(item, SkippedItem)]
    return table.columns, guess_likely_columns(table.columns, columns, rows)


def read_song_rows(table: Table, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs in the rows of a table, then its account. Raises SourceError for missing columns."""
    for column in hints.only:
        check_column(column, table.columns)
    first = list(islice(table.rows, _SAMPLED_ROWS))
    rows = [item[1] for item in first if not isinstance(item, SkippedItem)]
    mapping = guess_columns(table.columns, hints.columns, rows)
    lyrics = find_lyrics_columns(table.columns, mapping.pop("text"))
    mapping = {field: column for field, column in mapping.items() if column not in lyrics}
    synced = [name for name in table.columns if fold_column_name(name) == SYNCED_COLUMN and name not in lyrics][:1]
    others = [column for column in table.columns if column not in (*lyrics, *mapping.values(), *synced)]
    facets = [column for column in others if not is_unnamed(column)][:MOST_FACETS]
    slugs = [mapping[of] for of in ("title", "artist") if of in mapping and _holds_slugs(mapping[of], rows)]
    of_file = "" if "artist" in mapping else artist_of_table(name)
    account, words = Account(), dict.fromkeys((*mapping.values(), *others), 0)
    for item in chain(first, table.rows):
        if not isinstance(item, SkippedItem) and not row_has_values(item[1], hints.only):
            size = TextSize(words=sum(map(count_cell_words, item[1].values())))
            account.read += size
            account.add_dropped(*_FILTERED_ROWS_RULE, size)
            continue
        if isinstance(item, SkippedItem) or not any(column in item[1] for column in lyrics):
            skip = item if isinstance(item, SkippedItem) else _skipped_short_row(item[0], item[1], table.columns)
            account.read += skip.size
            yield skip
            continue
        where, row = item
        timed = cell_text(row.get(synced[0])) if synced else ""
        text = _read_lyrics(row, lyrics, account) or _read_lyrics(row, synced, account)
        if timed and timed != text:
            size = TextSize(words=count_cell_words(timed))
            account.read += size
            account.add_dropped(*_REPEATED_LYRICS_RULE, size)
        for column in words:
            words[column] += count_cell_words(row.get(column))
        cells = {column: row.get(column) for column in facets}
        if cut := sum_sizes(map(_size_of_cut_text, cells.values())):
            account.add_dropped(*_TRUNCATED_CELLS_RULE, cut)
        fields = {
            field: _title_from_slug(row.get(column)) if column in slugs else row.get(column)
            for field, column in mapping.items()
        }
        song = replace(
            song_from_cells(fields | {"text": text}, where, cells), times=times_from_synced_lyrics(text, timed or text)
        )
        yield replace(song, artist=of_file, artist_origin="inferred") if of_file else song
    _count_columns_as_dropped(account, words, list(mapping.values()), facets)
    yield account


def row_has_values(row: Row, only: Mapping[str, str]) -> bool:
    """Return whether a row has these values (`only`: column -> value), ignoring case and outer spaces."""
    return all(cell_text(row.get(name)).strip().lower() == value.strip().lower() for name, value in only.items())


def _read_lyrics(row: Row, columns: Sequence[str], account: Account) -> str:
    """Return the lyrics of a row and count them as read. A column that repeats an earlier one is dropped."""
    texts = [text for text in (lyrics_of_cell(row.get(column)) for column in columns) if text.strip()]
    different = list(dict.fromkeys(texts))
    lyrics = "\n\n".join(different)
    again = TextSize(words=sum(map(count_cell_words, texts)) - sum(map(count_cell_words, different)))
    account.read += text_size(lyrics) + again
    if again:
        account.add_dropped(*_REPEATED_LYRICS_RULE, again)
    return lyrics


def _holds_slugs(column: str, rows: Sequence[Row]) -> bool:
    """Return whether the cells of a column are URL slugs ("la-rue") and not names."""
    cells = [cell for row in rows if (cell := cell_text(row.get(column)).strip())]
    return bool(cells) and all(map(_SLUG.fullmatch, cells)) and any("-" in cell or "/" in cell for cell in cells)


def _title_from_slug(cell: object) -> object:
    """Return the words of a URL slug.

    >>> _title_from_slug("/la-rue/"), _title_from_slug("Peut-être")
    ('La rue', 'Peut-être')
    """
    return title_from_file_name(cell.strip("/")) if isinstance(cell, str) and _SLUG.fullmatch(cell) else cell


def _skipped_short_row(where: str, row: Row, columns: Sequence[str]) -> SkippedItem:
    reason = Sentence("it has {cells} of {columns} cells, and no lyrics: skipped", cells=len(row), columns=len(columns))
    return SkippedItem(where, reason, TextSize(words=sum(map(count_cell_words, row.values()))))


def _size_of_cut_text(cell: object) -> TextSize:
    text = cell if isinstance(cell, str) else ""
    return (
        TextSize(words=len(text.split()) - len(text[:LONGEST_CELL].split())) if len(text) > LONGEST_CELL else EMPTY_SIZE
    )


def _count_columns_as_dropped(account: Account, words: Mapping[str, int], mapped: list[str], facets: list[str]) -> None:
    for column, count in words.items():
        if count:
            account.read += TextSize(words=count)
            ignored = _UNNAMED_COLUMNS_RULE if is_unnamed(column) else _SURPLUS_COLUMNS_RULE
            rule = _METADATA_RULE if column in mapped else _FACETS_RULE if column in facets else ignored
            account.add_dropped(*rule, TextSize(words=count))
    if _TRUNCATED_CELLS_RULE[0] in account.entries:
        account.entries[_FACETS_RULE[0]].size -= account.entries[_TRUNCATED_CELLS_RULE[0]].size


def find_lyrics_columns(names: Sequence[str], first: str) -> list[str]:
    """Return the column of lyrics and the columns that continue it (lyrics_1, lyrics_2), in their order.

    >>> find_lyrics_columns(["lyrics_1", "note", "lyrics_2"], "lyrics_1")
    ['lyrics_1', 'lyrics_2']
    >>> find_lyrics_columns(["title", "couplet 1", "refrain", "couplet 2"], "couplet 1")
    ['couplet 1', 'refrain', 'couplet 2']
    """
    stem = strip_part_number(first)
    sections = section_kind_of(stem) is not None
    return [
        name
        for name in names
        if name == first or strip_part_number(name) == stem or (sections and section_kind_of(strip_part_number(name)))
    ]


def lyrics_of_cell(value: object) -> str:
    """Return the lyrics in a cell. A list of lines or sections, even printed as text, is joined by line breaks.

    >>> lyrics_of_cell("['La mer', 'La rue', 'Le bar']")
    'La mer\\nLa rue\\nLe bar'
    """
    if isinstance(value, str) and value.startswith(("['", '["')) and value.rstrip().endswith("]"):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            printed = ast.literal_eval(value)
            value = printed if isinstance(printed, list) and len(printed) >= _FEWEST_LINES else value
    parts = flatten_lyrics(value) if isinstance(value, list | dict) else []
    return "\n".join(parts) if parts else cell_text(value)


def check_columns(columns: Sequence[str], name: str) -> None:
    """Raise SourceError if the first line of a table is not a header, or has too many columns."""
    if len(columns) > MAX_COLUMNS:
        raise SourceError(
            "{name} has {columns:,} columns, more than the {most:,} that a table of songs can have. Give a table with "
            "one song per row.",
            name=name, columns=len(columns), most=MAX_COLUMNS
        )  # fmt: skip
    if not map_fields_by_name(columns) and (verse := next((cell for cell in columns if _is_lyrics_cell(cell)), None)):
        raise SourceError(
            "{name} has no header: its first line looks like lyrics ({verse!r}). Add a first line that names the "
            "columns, such as artist,title,lyrics.",
            name=name, verse=" ".join(verse.split())[:50] + "…"
        )  # fmt: skip


def _is_lyrics_cell(cell: str) -> bool:
    return "\n" in cell.strip() or len(_WORD.findall(cell[:2000])) >= _WORDS_OF_LYRICS


def find_header(rows: Sequence[Sequence[object]]) -> int:
    """Return the index of the header among the first rows: of the row with most known column names, or 0.

    >>> find_header([["My songs", None, None], ["artist", "title", "lyrics"], ["Untel", "Le port", "La mer"]])
    1
    """
    counts = [
        len(map_fields_by_name(["" if cell is None else str(cell) for cell in row[:MAX_COLUMNS]])) for row in rows
    ]
    best = max(range(len(counts)), key=counts.__getitem__, default=0)  # the first of equals
    return best if counts and counts[best] >= 2 else 0


def rows_above_header(rows: Iterable[Sequence[object]], name: str) -> Iterator[SkippedItem]:
    """Yield a SkippedItem for each row above a header that contains words."""
    for at, row in enumerate(rows, 1):
        if words := sum(map(count_cell_words, row)):
            yield SkippedItem(
                f"{name}#-{at}", Sentence("it is above the header that names the columns"), TextSize(words=words)
            )
