"""Who owns a corpus or a run, where several people use one server: a file beside them says it. Knows no visitors.

    .owners.json    {"name": {"owner": "…", "shared": true}}

What has no entry is the operator's, who prepared or trained it on the command line: everybody reads it, nobody but the
operator changes it. A name that was claimed stays its owner's until it is released, whether or not anything came of it:
a job that waits is never another's in the end.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.core.errors import SettingError
from pipeline.core.folders import locking, replacing_file

OPERATOR = "operator"  # owns what nobody claimed, and may change everything
_FILE = ".owners.json"


@dataclass(frozen=True)
class Ownership:
    """Whose something is, and whether others read it."""

    owner: str = OPERATOR
    shared: bool = True

    def read_by(self, who: str) -> bool:
        """Whether somebody may read it."""
        return self.shared or self.changed_by(who)

    def changed_by(self, who: str) -> bool:
        """Whether somebody may replace, share, stop or delete it."""
        return bool(who) and who in (self.owner, OPERATOR)


@dataclass(frozen=True)
class Owners:
    """Whose the corpora or the runs in a folder are; `folder` says where that is now."""

    folder: Callable[[], Path]

    def ownership(self, name: str) -> Ownership:
        """Return whose a corpus or a run is. Raise SettingError when that cannot be read."""
        return _read(self.folder()).get(name, Ownership())

    def readable(self, names: Sequence[str], who: str) -> list[str]:
        """Return those of the names that somebody may read, in their order."""
        if who == OPERATOR:
            return list(names)
        known = _read(self.folder())
        return [name for name in names if known.get(name, Ownership()).read_by(who)]

    def owned(self, who: str) -> list[Path]:
        """Return the folders of what somebody has claimed, some of which may not be there yet."""
        return [self.folder() / name for name, found in _read(self.folder()).items() if found.owner == who]

    def claim(self, name: str, who: str) -> None:
        """Make a name somebody's own, before anything is written under it.

        Raise SettingError where it is another's: nothing is said of what it holds.
        """
        with _changing(self.folder()) as known:
            self._check_free(known, name, who)
            if who != OPERATOR and name not in known:
                known[name] = Ownership(who, shared=False)

    def check_free(self, name: str, who: str) -> None:
        """Raise SettingError where a name is another's, who would have to be asked."""
        self._check_free(_read(self.folder()), name, who)

    def _check_free(self, known: Mapping[str, Ownership], name: str, who: str) -> None:
        exists = (self.folder() / name).exists()
        if not known.get(name, Ownership() if exists else Ownership(who)).changed_by(who):
            raise SettingError("The name {name!r} is taken: choose another one.", name=name)

    def share(self, name: str, who: str, *, shared: bool) -> None:
        """Let others read something, or no longer. Raise SettingError unless it is this person's."""
        with _changing(self.folder()) as known:
            found = known.get(name, Ownership())
            if not found.changed_by(who):
                raise _not_yours(name)
            known[name] = Ownership(found.owner, shared)

    def check_changed_by(self, name: str, who: str) -> None:
        """Raise SettingError unless this person may replace, stop or delete it."""
        if not self.ownership(name).changed_by(who):
            raise _not_yours(name)

    def release(self, name: str) -> None:
        """Forget whose a name was, once what it named is gone."""
        with _changing(self.folder()) as known:
            known.pop(name, None)


def _not_yours(name: str) -> SettingError:
    return SettingError("{name} is not yours: only its owner can do that.", name=name)


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, Ownership]]:
    """Alone with the entries of a folder, which are written when the block ends well."""
    folder.mkdir(parents=True, exist_ok=True)
    with locking(folder / _FILE, wait=True):
        known = _read(folder)
        before = dict(known)
        yield known
        if known != before:
            with replacing_file(folder / _FILE) as draft:
                draft.write_text(json.dumps({name: asdict(each) for name, each in known.items()}), "utf-8")


def _read(folder: Path) -> dict[str, Ownership]:
    """Return the entries of a folder. Raise SettingError when they cannot be read: nothing is given away."""
    path = folder / _FILE
    try:
        data = json.loads(path.read_text("utf-8"))
        return {str(name): Ownership(str(entry["owner"]), entry["shared"] is True) for name, entry in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise SettingError(
            "{file}, which says whose everything is, cannot be read: the operator has to restore it, or delete it and "
            "so give everything to the operator.",
            file=str(path),
        ) from error
