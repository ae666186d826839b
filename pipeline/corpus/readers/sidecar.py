"""A table of metadata beside text files: a row a song, found by file name, by number, or by title and artist.

Any column may name the files: the one whose cells do so most often is used, whatever its header. Titles are taken apart
first, so that "Le port by Untel (Ft. X)" finds the file "Untel/Le port.txt".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.core.errors import MissingColumnError, Sentence, SourceError, UnknownFieldError
from pipeline.corpus.cleaning.metadata import split_title
from pipeline.corpus.facets import MOST_FACETS
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.columns import (
    FIELD_ALIASES,
    cell_text,
    check_column,
    check_field,
    fold_column_name,
    map_fields_by_name,
    read_facets,
)
from pipeline.corpus.readers.names import FileMetadata, is_artist_guessed
from pipeline.corpus.readers.song_tables import open_table
from pipeline.corpus.song import FIELDS, SkippedItem
from pipeline.corpus.tags import letters_and_digits

FILE_FIELD = "file"  # the field whose column names the files
_FILE_COLUMNS = ("file", "filename", "file_name", "path", "filepath", "file_path", "fichier", "chemin", "txt")
_ENDING = re.compile(r"\.[a-z]{2,4}$", re.I)
# titles that rows give a file beside the first: it holds several songs, and none of them is its title
_MIN_FURTHER_TITLES = 3
_ID_NUMBER_PATTERN = re.compile(r"^(\d{4,})[-_ ]|[-_ ](\d{4,})$|^(\d{4,})$")

TextByField = dict[str, str]


class SidecarRow(NamedTuple):
    """A row of a metadata table: its location, fields, facets, and the file name that it mentions."""

    source: str
    fields: TextByField
    facets: TextByField
    file: str


@dataclass
class Sidecar:
    """The metadata of text files, as given by tables beside them.

    `mapping` (field -> column) is of the first table used, `songs` holds metadata by file, `siblings` the artist of
    files without a row whose names differ from others only in a number, `found_by` what matches were found by."""

    columns: list[str] = field(default_factory=list)
    mapping: TextByField = field(default_factory=dict)
    songs: dict[str, FileMetadata] = field(default_factory=dict)
    siblings: TextByField = field(default_factory=dict)
    rows: int = 0
    found_by: Counter[str] = field(default_factory=Counter)
    unmatched: list[SkippedItem] = field(default_factory=list)


def match_metadata_rows(
    tables: Sequence[Blob],
    texts: Sequence[Blob],
    described: Mapping[str, FileMetadata],
    given_columns: Mapping[str, str] | None = None,
) -> Sidecar:
    """Return the metadata of text files, from rows of tables beside them. `described` is that in their names.

    Raises SourceError when `given_columns` names a field or a column that there is not."""
    sidecar = Sidecar()
    names = [blob.name for blob in texts]
    rows = list(_read_rows(tables, _keys_of_files(names), dict(given_columns or {}), sidecar))
    if rows:
        _assign_rows(rows, names, described, sidecar)
    return sidecar


def _read_rows(
    tables: Iterable[Blob], files: Mapping[str, str], given_columns: TextByField, sidecar: Sidecar
) -> Iterator[SidecarRow]:
    missing: SourceError | None = None
    for blob in tables:
        try:
            table = open_table(blob.load(), blob.name)
            table_rows = list(table.rows)
            sidecar.unmatched += [item for item in table_rows if isinstance(item, SkippedItem)]
            cells = [item for item in table_rows if not isinstance(item, SkippedItem)]
            mapping = _map_sidecar_fields(table.columns, [row for _, row in cells], given_columns, files)
            if FILE_FIELD not in mapping and "title" not in mapping:
                raise SourceError(
                    "it names neither files nor titles: name the column, --column file=COLUMN or title=COLUMN"
                )
        except UnknownFieldError:
            raise
        except SourceError as error:
            missing = error if isinstance(error, MissingColumnError) else missing
            sidecar.unmatched.append(
                SkippedItem(blob.name, Sentence("not used as metadata: {reason}", reason=error.as_sentence))
            )
            continue
        if not sidecar.columns:
            sidecar.columns, sidecar.mapping = table.columns, mapping
        lyrics = map_fields_by_name(table.columns).get("text")
        if lyrics and any(row.get(lyrics) for _, row in cells):
            reason = Sentence(
                "its column {column!r} is not read as lyrics: next to text files, a table is "
                "metadata. Prepare it alone to read its songs",
                column=lyrics,
            )
            sidecar.unmatched.append(SkippedItem(blob.name, reason))
        used = set(mapping.values())
        others = [column for column in table.columns if column not in used][:MOST_FACETS]
        for where, row in cells:
            fields = {of: cell_text(row.get(column)) for of, column in mapping.items()}
            yield SidecarRow(
                where, fields, read_facets({name: row.get(name) for name in others}), fields.pop(FILE_FIELD, "")
            )
    if missing and not sidecar.columns:  # what was asked for is in none of them
        raise missing


def _map_sidecar_fields(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, object]],
    given_columns: Mapping[str, str],
    files: Mapping[str, str],
) -> TextByField:
    """Return field -> column. Columns not given are found by name, and the column of file names by its cells."""
    mapping = {name: column for name, column in map_fields_by_name(columns).items() if name != "text"}
    for name, column in given_columns.items():
        name = FIELD_ALIASES.get(name, name)
        check_field(name, (*FIELDS, FILE_FIELD))
        if column:
            check_column(column, columns)
            mapping = {other: own for other, own in mapping.items() if own != column} | {name: column}
        else:
            mapping.pop(name, None)
    naming = None if FILE_FIELD in given_columns else _file_column(columns, rows, mapping, files)
    return mapping if naming is None else mapping | {FILE_FIELD: naming}


def _file_column(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], mapping: TextByField, files: Mapping[str, str]
) -> str | None:
    hits = {
        column: len({files[key] for row in rows for key in _match_keys(cell_text(row.get(column))) if key in files})
        for column in columns
        if column not in (mapping.get("title"), mapping.get("artist"), mapping.get("album"))
    }
    named = [column for column in hits if fold_column_name(column) in _FILE_COLUMNS]
    best = max(hits, key=lambda column: (hits[column], column in named), default=None)
    if best is not None and hits[best] >= max(1, min(len(rows), len(files)) // 20):
        return best
    return named[0] if named else None


def _assign_rows(
    rows: Sequence[SidecarRow], names: Sequence[str], described: Mapping[str, FileMetadata], sidecar: Sidecar
) -> None:
    sidecar.rows = len(rows)
    keys = [_keys_of_row(row) for row in rows]
    first = {key: at for at in reversed(range(len(rows))) for key in keys[at]}  # of equals
    titles = Counter(letters_and_digits(split_title(row.fields.get("title", "")).title) for row in rows)
    used: dict[int, str] = {}
    for name, own in _all_keys_of_files(names, described, titles).items():
        key = next((key for key in own if key in first), None)
        if key is None:
            sidecar.unmatched.append(
                SkippedItem(name, Sentence("no metadata row matches this file: it is read without metadata"))
            )
            continue
        row = rows[first[key]]
        used.setdefault(first[key], name)
        sidecar.found_by[key.partition(" ")[0]] += 1
        sidecar.songs[name] = FileMetadata(row.fields, row.facets)
    further_titles = defaultdict[str, set[str]](set)  # titles that further rows give each file
    for at, row in enumerate(rows):
        if at not in used:
            rival = next((first[key] for key in keys[at] if first[key] != at and first[key] in used), None)
            if rival is not None:
                further_titles[used[rival]].add(letters_and_digits(row.fields.get("title", "")))
            why = (
                _unmatched_reason(row)
                if rival is None
                else Sentence("{row} is about {file} too and comes first", row=rows[rival].source, file=used[rival])
            )
            sidecar.unmatched.append(
                SkippedItem(row.source, Sentence("no file matches this metadata row: {reason}", reason=why))
            )
    for name in (name for name, titles_given in further_titles.items() if len(titles_given) >= _MIN_FURTHER_TITLES):
        fields, facets = sidecar.songs[name]
        sidecar.songs[name] = FileMetadata({key: text for key, text in fields.items() if key != "title"}, facets)
    _match_siblings(names, described, sidecar)


def _match_siblings(names: Sequence[str], described: Mapping[str, FileMetadata], sidecar: Sidecar) -> None:
    """Give a file without metadata the artist of files whose names differ from its name only in a number."""
    artists = {name: described[name].fields.get("artist", "") for name in names}
    given_columns = defaultdict[str, Counter[str]](Counter)
    for name, row in sidecar.songs.items():
        if artist := row.fields.get("artist"):
            given_columns[artists[name]][artist] += 1
    for name in names:
        if (
            name not in sidecar.songs
            and is_artist_guessed(name, artists[name])
            and (counts := given_columns[artists[name]])
        ):
            sidecar.siblings[name] = counts.most_common(1)[0][0]


def _all_keys_of_files(
    names: Sequence[str], described: Mapping[str, FileMetadata], titles: Mapping[str, int]
) -> dict[str, list[str]]:
    """Return file name -> the keys by which metadata rows may match it, the most certain first."""
    keys = {name: list[str]() for name in names}
    for key, name in _keys_of_files(names).items():
        keys[name].append(key)
    for name, own in keys.items():
        fields = described[name].fields
        artist, title = fields.get("artist", ""), fields.get("title", "")
        own += _song_keys(artist, title)
        if not artist and titles[letters_and_digits(title)] == 1:
            own.append(f"title {letters_and_digits(title)}")
    return keys


def _unmatched_reason(row: SidecarRow) -> Sentence:
    title = split_title(row.fields.get("title", ""), row.fields.get("artist", ""))
    by = title.artist or row.fields.get("artist", "")
    if not title.title:
        if not row.file:
            return Sentence("it names no file or title")
        return Sentence("none is named {file!r}", file=row.file)
    named = Sentence("none is named {file!r}", file=row.file) if row.file else Sentence("no column names a file")
    if by:
        return Sentence("{named}, and none is {title!r} by {artist!r}", named=named, title=title.title, artist=by)
    return Sentence("{named}, and none is {title!r}", named=named, title=title.title)


def _keys_of_row(row: SidecarRow) -> list[str]:
    artist, written = row.fields.get("artist", ""), row.fields.get("title", "")
    title = split_title(written, artist)
    keys = _match_keys(row.file) if row.file else []
    songs = [*_song_keys(title.artist or artist, title.title), *_song_keys(artist, title.title)]
    return [*keys, *songs, f"title {letters_and_digits(title.title)}"] if title.title else keys


def _song_keys(artist: str, title: str) -> list[str]:
    return [f"song {letters_and_digits(artist)} {letters_and_digits(title)}"] if title else []


def _match_keys(cell: str) -> list[str]:
    """Return the keys by which a table cell may match a file: its path, its name, its number."""
    if not cell or len(cell) > 300 or "\n" in cell:
        return []
    name = PurePosixPath(cell.replace("\\", "/").strip())
    stem = name.stem if _ENDING.search(name.name) else name.name
    number = cell.strip().removesuffix(".0")
    keys = [f"file {letters_and_digits(cell)}", f"stem {letters_and_digits(stem)}"]
    return [*keys, f"id {number}"] if number.isdigit() and len(number) >= 4 else keys


def _keys_of_files(names: Sequence[str]) -> dict[str, str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for name in names:
        path = PurePosixPath(name)
        keys = {
            f"file {letters_and_digits(name)}",
            f"file {letters_and_digits(path.name)}",
            f"stem {letters_and_digits(path.stem)}",
        }
        if number := _ID_NUMBER_PATTERN.search(path.stem):
            keys.add(f"id {number[1] or number[2] or number[3]}")
        for key in sorted(keys):
            owners[key].add(name)
    return {key: next(iter(own)) for key, own in owners.items() if len(own) == 1}
