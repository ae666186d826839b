"""Which files of this machine a visitor may import: those of the folders that are offered. Knows no Streamlit."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.core.errors import SourceError

ROOTS = "SEIZE_IMPORT_ROOTS"  # names the folders that visitors may read, with os.pathsep between
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHOWN = 200  # characters of a path in a sentence


def import_roots(*, local: bool) -> list[Path]:
    """Return the folders of this machine that visitors may read; without a word on it, the user's home where the
    visitor is at this very machine, and none elsewhere."""
    named = os.environ.get(ROOTS)
    if named is None:
        return [Path.home().resolve()] if local else []
    return [Path(folder).resolve() for folder in named.split(os.pathsep) if folder]


def is_local(address: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the visitor sits at this machine: the server listens to it alone, and no proxy speaks for others."""
    proxied = any(name.lower() in ("forwarded", "x-forwarded-for", "x-real-ip") for name in headers)
    host = next((value for name, value in headers.items() if name.lower() == "host"), "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return address in LOOPBACK and not proxied and name.strip("[]") in LOOPBACK


def local_source(typed: str, roots: Sequence[Path]) -> Path:
    """Return the file or folder that was typed, links resolved.

    Raise SourceError where there is none and where it lies outside `roots`.
    """
    try:
        path = Path(typed).expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a loop of links, no such user
        if _is_outside(typed, roots):
            raise _outside(typed, roots) from error
        raise SourceError("There is no file or folder {path}. Check the path.", path=typed[:_SHOWN]) from error
    if not any(path.is_relative_to(root) for root in roots):
        raise _outside(typed, roots)
    return path


def _is_outside(typed: str, roots: Sequence[Path]) -> bool:
    """Whether what is not there would be outside: nobody is told which files a machine has."""
    with suppress(OSError, RuntimeError, ValueError):
        path = Path(typed).expanduser().resolve()
        return not any(path.is_relative_to(root) for root in roots)
    return False


def _outside(typed: str, roots: Sequence[Path]) -> SourceError:
    return SourceError(
        "{path} is not in a folder that is open to imports. Open are: {roots}.",
        path=typed[:_SHOWN],
        roots=", ".join(map(str, roots)),
    )
