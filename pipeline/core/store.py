"""Small values as JSON in one SQLite file, each under a kind, an owner and a name. Knows no kind.

    things (kind, owner, name, updated, value, checksum)      `updated` in seconds since 1970, `value` JSON

    store = Store(folder / "things.db")
    with store.open_for_writing() as things: things.put("draft", "anna", "1", {"text": "…"})
    with store.open_for_reading() as things: things.rows_of("draft", "anna")

A block of `open_for_writing` is one transaction. The file is open only while a block runs, so several servers can share
it and it can be moved. It has a rollback journal: a write-ahead log needs a second file even to be read, which a full
or read-only disk does not allow.
"""

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.core.checksums import checksum_of_bytes
from pipeline.core.folders import hold_write_lock

LOCK_TIMEOUT_SECONDS = 10.0  # seconds for which another process is waited for
_CREATE_TABLE_SQL = (
    "CREATE TABLE IF NOT EXISTS things (kind TEXT, owner TEXT, name TEXT, updated REAL, value TEXT, checksum TEXT, "
    "PRIMARY KEY (kind, owner, name))"
)


class StoreRow(NamedTuple):
    """A stored value, with its owner, name, time of writing and checksum."""

    owner: str
    name: str
    updated: float
    text: str
    checksum: str

    @property
    def verified_value(self) -> Any:
        """The value. Raise ValueError when the row was changed since it was written."""
        if self.checksum != _checksum(self.owner, self.name, self.text):
            raise ValueError("changed since it was written")
        return json.loads(self.text)


class OpenStore:
    """An open store: reads and writes its rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows_of(self, kind: str, owner: str | None = None) -> list[StoreRow]:
        """Return the rows of a kind, of one owner or of all, the oldest first."""
        of_owner, values = ("", (kind,)) if owner is None else (" AND owner = ?", (kind, owner))
        query = (
            f"SELECT owner, name, updated, value, checksum FROM things WHERE kind = ?{of_owner} ORDER BY updated, rowid"
        )
        return [StoreRow(*row) for row in self._connection.execute(query, values)]

    def put(self, kind: str, owner: str, name: str, value: Any) -> None:
        """Write a value under a kind, owner and name, in place of an earlier one."""
        text = json.dumps(value, ensure_ascii=False)
        row = (kind, owner, name, time.time(), text, _checksum(owner, name, text))
        self._connection.execute("REPLACE INTO things VALUES (?, ?, ?, ?, ?, ?)", row)

    def delete(self, kind: str, owner: str, name: str) -> None:
        """Delete the value under a kind, owner and name, if there is one."""
        self._connection.execute("DELETE FROM things WHERE kind = ? AND owner = ? AND name = ?", (kind, owner, name))

    def change_kind(self, kind: str, owner: str, name: str, *, to: str) -> None:
        """Give a value another kind. A value that already has this kind, owner and name is replaced."""
        row = (to, time.time(), kind, owner, name)
        change = "UPDATE OR REPLACE things SET kind = ?, updated = ? WHERE kind = ? AND owner = ? AND name = ?"
        self._connection.execute(change, row)

    def delete_oldest(self, kind: str, owner: str, most: int) -> None:
        """Delete the oldest values of a kind and owner. The newest `most` values stay."""
        for thing in self.rows_of(kind, owner)[:-most]:
            self.delete(kind, owner, thing.name)


class Store:
    """A store of JSON values in a SQLite file. Without a path, the store is in memory and ends with the object.

    Its methods raise OSError and sqlite3.Error as the disk does; `means_damaged_file` tells which a new file mends.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory = None if path else _connect()

    @contextmanager
    def open_for_reading(self) -> Iterator[OpenStore]:
        """Yield the open store for reading. It has no rows when there is no file."""
        if self._memory:
            yield OpenStore(self._memory)
            return
        with closing(_connect(self.path if self.path and _is_nonempty_file(self.path) else None)) as connection:
            yield OpenStore(connection)

    @contextmanager
    def open_for_writing(self) -> Iterator[OpenStore]:
        """Yield the open store for writing, in one transaction: committed when the block ends without an error."""
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with nullcontext(self._memory) if self._memory else closing(_connect(self.path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield OpenStore(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def is_intact(self) -> bool:
        """Return whether the file is undamaged and each value has its checksum."""
        if self.path is None or not _is_nonempty_file(self.path):
            return self.path is None
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                (problem,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                rows = connection.execute("SELECT owner, name, updated, value, checksum FROM things").fetchall()
            for row in rows:
                StoreRow(*row).verified_value  # noqa: B018  # raises for what was changed
        except (sqlite3.Error, ValueError):
            return False
        return bool(problem == "ok")

    def move_damaged_file(self) -> Path | None:
        """Rename the file if it is damaged, so that a new one is begun. Return the new path, or None if undamaged."""
        if self.path is None:
            return None
        with hold_write_lock(self.path, wait=True):  # of two processes that find it damaged, one moves it
            try:
                with closing(_connect(self.path)) as connection:
                    (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                    if problem != "ok":
                        raise sqlite3.DatabaseError(problem)
            except sqlite3.DatabaseError as error:
                if not means_damaged_file(error):
                    raise
                aside = self.path.with_name(f"{self.path.name}.damaged-{secrets.token_hex(4)}")
                os.replace(self.path, aside)
                return aside
        return None


def _checksum(owner: str, name: str, text: str) -> str:
    return checksum_of_bytes("\0".join((owner, name, text)).encode())


def means_damaged_file(error: Exception) -> bool:
    """Return whether an error means that the store's file is damaged, and is not a passing one such as a full disk."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _is_nonempty_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _connect(path: Path | None = None) -> sqlite3.Connection:
    """Connect to a SQLite file, or to memory, and create the table if it is missing."""
    place = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(place, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(_CREATE_TABLE_SQL)
    except BaseException:
        connection.close()
        raise
    return connection
