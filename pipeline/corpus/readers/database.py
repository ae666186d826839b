"""SQLite dumps of LRCLIB: each track with its last lyrics, the plain ones with the times of the others, else those.

    tracks(name, artist_name, album_name, last_lyrics_id)  lyrics(id, plain_lyrics, synced_lyrics)

A dump holds tens of gigabytes: its rows are read one by one, of a file that is opened read-only and never written to.
Nothing that its schema may hold (views, triggers, functions) is run. Where ids of lyrics may repeat, so that a join
has more rows than there are tracks, that is looked for before it runs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipeline.core.errors import SourceError, short_reason
from pipeline.corpus.readers import Reader, Row, Table
from pipeline.corpus.readers.song_tables import read_table
from pipeline.corpus.song import SkippedItem

_MAGIC = b"SQLite format 3\0"
_COLUMNS = ("name", "artist_name", "album_name", "plain_lyrics", "synced_lyrics")
_QUERY = """SELECT t.name, t.artist_name, t.album_name, coalesce(l.plain_lyrics, ''), coalesce(l.synced_lyrics, '')
FROM main.tracks AS t JOIN main.lyrics AS l ON l.id = t.last_lyrics_id ORDER BY t.rowid"""
_NEEDED = {
    "tracks": {"name", "artist_name", "album_name", "last_lyrics_id"},
    "lyrics": {"id", "plain_lyrics", "synced_lyrics"},
}
_MAX_VALUE_BYTES = 4 << 20  # bytes of a value, or of what a query makes of it


def open_database(data: bytes, name: str) -> Table:
    """Open the table of a database given as bytes. Raises SourceError like `open_database_file`."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.deserialize(data)
    return _open_table(database, name)


def open_database_file(path: str, name: str) -> Table:
    """Open the table of an LRCLIB dump on disk, to read lazily. Raises SourceError if damaged or another database."""
    address = f"{Path(path).resolve().as_uri()}?mode=ro&immutable=1"
    return _open_table(sqlite3.connect(address, uri=True, check_same_thread=False), name)


def _open_table(database: sqlite3.Connection, name: str) -> Table:
    database.text_factory = lambda value: value.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA query_only = ON")
        tables = {table for (table,) in database.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}
        for table, columns in _NEEDED.items():
            if table not in tables or not columns <= {
                row[1] for row in database.execute(f"PRAGMA table_info({table})")
            }:
                raise SourceError(
                    "{name} is a database, but not an LRCLIB dump (tables tracks and lyrics). Save its songs as CSV.",
                    name=name,
                )
        if not _has_unique_lyrics_ids(database):
            raise SourceError(
                "{name} is damaged: ids in its table lyrics repeat, so tracks cannot be matched with lyrics. Save its "
                "songs as CSV.",
                name=name,
            )
    except sqlite3.Error as error:
        raise _damage_error(name, error) from error
    return Table(list(_COLUMNS), _read_rows(database, name))


def _has_unique_lyrics_ids(database: sqlite3.Connection) -> bool:
    """Return whether all lyrics have different ids, so that joining them adds no rows."""
    columns = database.execute("PRAGMA main.table_info(lyrics)").fetchall()
    if [(name, kind.upper()) for _, name, kind, *_, is_key in columns if is_key] == [("id", "INTEGER")]:
        return True
    return not database.execute("SELECT 1 FROM main.lyrics GROUP BY id HAVING count(*) > 1 LIMIT 1").fetchone()


def _read_rows(database: sqlite3.Connection, name: str) -> Iterator[tuple[str, Row] | SkippedItem]:
    with closing(database):
        try:
            for at, row in enumerate(database.execute(_QUERY), 1):
                yield f"{name}#{at}", dict(zip(_COLUMNS, row, strict=True))
        except sqlite3.Error as error:
            raise _damage_error(name, error) from error


def _damage_error(name: str, error: sqlite3.Error) -> SourceError:
    return SourceError("{name} cannot be read as a database ({reason}).", name=name, reason=short_reason(error))


DATABASE_READER = Reader(
    "sqlite",
    read_table,
    (".sqlite", ".sqlite3", ".db"),
    recognise=lambda data, name: data.startswith(_MAGIC),
    open_table=open_database,
    open_path=open_database_file,
)
