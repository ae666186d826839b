"""CSV with a song a row: which column holds what is guessed from its name, or said."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers.decoding import decode
from pipeline.errors import SourceError

FIELDS = ("text", "title", "artist", "album", "date", "featuring")

# The spellings that scrapes use, the likeliest first.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "text": ("lyrics", "lyric", "paroles", "text", "texte", "lyrics_text", "content", "body"),
    "title": ("title", "titre", "song", "song_title", "track", "name", "track_name", "morceau", "chanson"),
    "artist": ("artist", "artiste", "artist_name", "primary_artist", "singer", "author", "rappeur", "groupe"),
    "album": ("album", "album_name", "album_title", "release", "disque"),
    "date": ("year", "année", "annee", "date", "release_date", "album_year", "song_date", "released"),
    "featuring": ("featuring", "features", "featured", "featured_artists", "feat", "ft", "invités"),
}


def guess_columns(names: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field -> column. `given` wins over the guess; raises SourceError when it names a column that is not there.

    >>> guess_columns(["Artiste", "Titre", "Paroles"])
    {'text': 'Paroles', 'title': 'Titre', 'artist': 'Artiste'}
    """
    by_folded = {name.strip().lower().replace(" ", "_"): name for name in reversed(names)}
    mapping = {
        field: next(by_folded[spelling] for spelling in spellings if spelling in by_folded)
        for field, spellings in _SPELLINGS.items()
        if any(spelling in by_folded for spelling in spellings)
    }
    for field, column in (given or {}).items():
        field = {"lyrics": "text", "year": "date"}.get(field, field)
        if field not in FIELDS:
            raise SourceError(f"There is no field {field!r}: choose among {', '.join(FIELDS)}.")
        if column not in names:
            raise SourceError(f"There is no column {column!r}: the columns are {_listed(names)}.")
        mapping[field] = column
    if "text" not in mapping:
        raise SourceError(
            f"No column looks like lyrics (the columns are {_listed(names)}). Say which one holds them: lyrics=COLUMN."
        )
    return mapping


def read_csv(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[RawSong]:
    """The songs of a CSV or TSV file. Raises SourceError when it is empty, binary, or has no column of lyrics."""
    text = decode(_bytes(path), path.name).text
    if not text.strip():
        raise SourceError(f"{path.name} is empty.")
    csv.field_size_limit(sys.maxsize)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    try:
        mapping = guess_columns([name for name in rows.fieldnames or () if name is not None], columns)
        for row in rows:
            yield from_row(
                {field: row.get(column) for field, column in mapping.items()}, f"{path.name}:{rows.line_num}"
            )
    except csv.Error as error:
        raise SourceError(f"{path.name} cannot be read as a table near line {rows.line_num} ({error}).") from error


def from_row(fields: Mapping[str, object], source: str) -> RawSong:
    """A song from named cells; missing ones are empty."""
    cells = {field: "" if value is None else str(value) for field, value in fields.items()}
    return RawSong(cells.pop("text", ""), source, **cells)


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.lstrip().splitlines()[0]
    delimiter = max("\t;,|", key=header.count)

    class Dialect(csv.excel):
        pass

    Dialect.delimiter = delimiter
    return Dialect


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name} cannot be opened ({error.strerror}).") from error


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:12])
    return shown + (", …" if len(names) > 12 else "") if names else "none"
