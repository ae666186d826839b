"""A first look at what a visitor brings, taken by a process of its own and remembered for as long as it stays the same.

Each script run of the Import page asks again; a process takes a second to start.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import streamlit as st

from pipeline.core.errors import SeizeError
from pipeline.corpus.preview import Preview, preview_apart, table_columns_apart
from pipeline.runs import archive as runs_archive

_MINUTES = "2m"  # a file inside a folder may change without the folder


@st.cache_data(max_entries=16, ttl=_MINUTES, show_spinner="Looking into it…")
def _table_columns(source: str, version: tuple[int, int]) -> tuple[list[str], dict[str, str]]:
    return table_columns_apart(Path(source))


@st.cache_data(max_entries=16, ttl=_MINUTES, show_spinner="Looking into it…")
def _preview(source: str, version: tuple[int, int], columns: tuple[tuple[str, str], ...]) -> Preview:
    return preview_apart(Path(source), dict(columns))


@st.cache_data(max_entries=16, ttl=_MINUTES, show_spinner="Looking into it…")
def _guess(source: str, version: tuple[int, int]) -> Preview | None:
    """Return the preview with the columns that are guessed, so that a large table is read once; None where it fails."""
    try:
        return preview_apart(Path(source))
    except SeizeError:
        return None


@st.cache_data(max_entries=16, ttl=_MINUTES, show_spinner="Looking into it…")
def archived_name(file_id: str, _file: IO[bytes]) -> str:
    """Return the name that the run in an uploaded file had, "" when it cannot be used here. Raise RunError."""
    return runs_archive.archived_name(_file)


def table_columns(source: Path) -> tuple[list[str], dict[str, str]]:
    """Return the columns of a table and which field each holds, both empty for texts. Raise SeizeError."""
    look = _guess(str(source), _version(source))
    return _table_columns(str(source), _version(source)) if look is None else (look.columns, look.mapping)


def preview(source: Path, columns: Mapping[str, str]) -> Preview:
    """Return what `prepare` would make of a source, as far as its first songs tell. Raise SeizeError."""
    look = _guess(str(source), _version(source))
    if look is not None and look.mapping == {field: column for field, column in columns.items() if column}:
        return look
    return _preview(str(source), _version(source), tuple(columns.items()))


def _version(source: Path) -> tuple[int, int]:
    about = source.stat()
    return about.st_mtime_ns, about.st_size
