"""Who owns a corpus or a run, where several people use one server: a store beside them says it. Knows no visitors.

    .owners.db    "owner" (`pipeline.core.store`), under owner and name: {"shared": true}

It lies where what it is about lies, so that corpora that are moved or restored keep their owners. What has no entry is
the operator's, who prepared or trained it on the command line: everybody reads it, nobody but the operator changes it.
A name that was claimed stays its owner's until it is released, whether or not anything came of it: a job that waits is
never another's in the end.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import SettingError
from pipeline.core.store import OpenStore, Store

OPERATOR = "operator"  # owns what nobody claimed, and may change everything
_FILE, _KIND = ".owners.db", "owner"


@dataclass(frozen=True)
class Ownership:
    """The owner of a corpus or run, and whether others may read it."""

    owner: str = OPERATOR
    shared: bool = True

    def is_readable_by(self, who: str) -> bool:
        """Return whether a person may read the corpus or run."""
        return self.shared or self.is_changeable_by(who)

    def is_changeable_by(self, who: str) -> bool:
        """Return whether a person may replace, share, stop or delete the corpus or run."""
        return bool(who) and who in (self.owner, OPERATOR)


@dataclass(frozen=True)
class Owners:
    """The owners of the corpora or runs in a folder, in a store beside them. `folder()` returns the folder's path."""

    folder: Callable[[], Path]

    def ownership(self, name: str) -> Ownership:
        """Return the ownership of a corpus or run. Raise SettingError when it cannot be read."""
        return self._read_ownerships().get(name, Ownership())

    def readable_names(self, names: Sequence[str], who: str) -> list[str]:
        """Return the names of corpora or runs that a person may read, in their order."""
        if who == OPERATOR:
            return list(names)
        entries = self._read_ownerships()
        return [name for name in names if entries.get(name, Ownership()).is_readable_by(who)]

    def folders_of(self, who: str) -> list[Path]:
        """Return the folders of all names that a person has claimed; some may not exist yet."""
        return [self.folder() / name for name, entry in self._read_ownerships().items() if entry.owner == who]

    def claim(self, name: str, who: str) -> None:
        """Make a person the owner of a name, before anything is written under it.

        Raise SettingError where it is somebody else's.
        """
        with self._open_for_writing() as things:
            entries = _ownerships_by_name(things)
            self._check_name_is_free(entries, name, who)
            if who != OPERATOR and name not in entries:
                things.put(_KIND, who, name, {"shared": False})

    def check_name_is_free(self, name: str, who: str) -> None:
        """Raise SettingError where a name belongs to somebody else."""
        self._check_name_is_free(self._read_ownerships(), name, who)

    def _check_name_is_free(self, entries: Mapping[str, Ownership], name: str, who: str) -> None:
        exists = (self.folder() / name).exists()
        if not entries.get(name, Ownership() if exists else Ownership(who)).is_changeable_by(who):
            raise SettingError("The name {name!r} is in use. Choose another one.", name=name)

    def set_shared(self, name: str, who: str, *, shared: bool) -> None:
        """Set whether others may read a corpus or run. Raise SettingError unless it belongs to `who`."""
        with self._open_for_writing() as things:
            entry = _ownerships_by_name(things).get(name, Ownership())
            if not entry.is_changeable_by(who):
                raise _not_owner_error(name)
            things.put(_KIND, entry.owner, name, {"shared": shared})

    def check_changeable_by(self, name: str, who: str) -> None:
        """Raise SettingError unless a person may replace, stop or delete a corpus or run."""
        if not self.ownership(name).is_changeable_by(who):
            raise _not_owner_error(name)

    def release(self, name: str) -> None:
        """Remove the owner of a name, after its corpus or run is deleted."""
        with self._open_for_writing() as things:
            if name in (entries := _ownerships_by_name(things)):
                things.delete(_KIND, entries[name].owner, name)

    def _read_ownerships(self) -> dict[str, Ownership]:
        with self._open_store() as store, store.open_for_reading() as things:
            return _ownerships_by_name(things)

    @contextmanager
    def _open_for_writing(self) -> Iterator[OpenStore]:
        with self._open_store() as store, store.open_for_writing() as things:
            yield things

    @contextmanager
    def _open_store(self) -> Iterator[Store]:
        """Yield the store of owners. Raise SettingError when it cannot be read."""
        store = Store(self.folder() / _FILE)
        try:
            yield store
        except (OSError, sqlite3.Error, ValueError, KeyError, TypeError) as error:
            raise SettingError(
                "{file}, which records the owners, cannot be read. The operator must restore it, or delete it, which "
                "gives everything to the operator.",
                file=str(store.path),
            ) from error


def _ownerships_by_name(things: OpenStore) -> dict[str, Ownership]:
    return {row.name: Ownership(row.owner, row.verified_value["shared"] is True) for row in things.rows_of(_KIND)}


def _not_owner_error(name: str) -> SettingError:
    return SettingError("{name} belongs to somebody else: only its owner can do that.", name=name)
