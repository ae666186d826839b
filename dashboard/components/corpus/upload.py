"""Raw lyrics that a visitor brings: a path on this machine, or files sent by the browser."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.queries.uploads import (
    delete_upload,
    import_roots,
    is_local,
    local_source,
    room_for,
    store_upload,
    sweep_uploads,
    uploaded_bytes,
    uploads_folder,
)
from pipeline.core.errors import SeizeError, SourceError
from pipeline.core.translation import mark, number, t
from pipeline.corpus.preview import Preview, preview_apart, table_columns_apart

WAYS = {"upload": mark("An upload"), "path": mark("This machine")}
LONGEST_PATH = 4096  # characters
A_WHILE = 120  # seconds for which a first look holds: a file inside a folder may change without the folder
EMPTIED = "uploader-emptied"  # how often: a new key is a new, empty uploader


def source() -> Path | None:
    """Draw the ways in; return the chosen source, None while there is none.

    Raise SourceError for a path that is not there or not offered, and for more than there is room for.
    """
    sweep_uploads()
    roots = import_roots(local=is_local(st.get_option("server.address"), st.context.headers.to_dict()))
    way = "upload"
    if roots:
        way = st.segmented_control(
            t("From where"),
            list(WAYS),
            default="upload",
            required=True,
            format_func=lambda way: t(WAYS[way]),
            key="way",
        )
    if way == "upload":
        emptied = st.session_state.get(EMPTIED, 0)
        key = f"files-{emptied}" if emptied else "files"
        files = st.file_uploader(t("Lyrics"), accept_multiple_files=True, key=key)  # scrapes have any ending, or none
        stored = _store(files) if files else None
        _say_room()
        return stored
    hint = str(roots[0] / "lyrics")
    typed = st.text_input(t("Folder or file"), key="source", max_chars=LONGEST_PATH, placeholder=hint).strip()
    page_layout.remark(t("Open to imports: {folders}.", folders=", ".join(map(str, roots))))
    return local_source(typed, roots) if typed else None


def discard(source: Path) -> bool:
    """Delete what was sent and empty the uploader; return False, and leave it, where `source` was not sent."""
    if not source.is_relative_to(uploads_folder()):
        return False
    delete_upload(source)
    st.session_state[EMPTIED] = st.session_state.get(EMPTIED, 0) + 1
    return True


def table_columns(source: Path) -> tuple[list[str], dict[str, str]]:
    """Return the columns of a table and which field each holds, both empty for texts. Raise SeizeError."""
    with st.spinner(t("Looking into it…")):
        guess = cache.call(_guess, *_state(source))
        return cache.call(_columns, *_state(source)) if guess is None else (guess.columns, guess.mapping)


def preview(source: Path, columns: Mapping[str, str]) -> Preview:
    """Return what `prepare` would make of a source, as far as its first songs tell. Raise SeizeError."""
    with st.spinner(t("Looking into it…")):
        guess = cache.call(_guess, *_state(source))
        if guess is not None and guess.mapping == {field: column for field, column in columns.items() if column}:
            return guess
        return cache.call(_preview, *_state(source), tuple(columns.items()))


def _state(source: Path) -> tuple[str, int, int, int]:
    """Return what a first look is cached under. It is taken by a process of its own, which needs a second to start."""
    about = source.stat()
    return str(source), about.st_mtime_ns, about.st_size, int(time.time() // A_WHILE)


def _columns(source: str, *state: int) -> tuple[list[str], dict[str, str]]:
    return table_columns_apart(Path(source))


def _preview(source: str, modified: int, size: int, span: int, columns: tuple[tuple[str, str], ...]) -> Preview:
    return preview_apart(Path(source), dict(columns))


def _guess(source: str, *state: int) -> Preview | None:
    """Return the preview with the columns that are guessed, so that a large table is read once; None where it fails."""
    try:
        return preview_apart(Path(source))
    except SeizeError:
        return None


def _say_room() -> None:
    visitor = cache.current_visitor().name
    page_layout.remark(
        t(
            "{taken} of {room} MB for files that were sent are taken. They are deleted once prepared, or after a day.",
            taken=number(uploaded_bytes(visitor) / 1e6, 1),
            room=number(room_for(visitor) / 1e6),
        )
    )


@contextmanager
def named_as_sent(source: Path) -> Iterator[None]:
    """Name what was sent as its sender does in errors, not by where it is stored here."""
    try:
        yield
    except SourceError as error:
        if not source.is_relative_to(uploads_folder()):
            raise
        name = source.name if source.is_file() else t("What was sent")
        values = {
            key: str(value).replace(str(source), name) if str(source) in str(value) else value
            for key, value in error.values.items()
        }
        raise error.with_values(**values) from error


def _store(files: Sequence[UploadedFile]) -> Path:
    """Write the uploaded files to disk, once, and return where the job that reads them finds them."""
    names = tuple((file.file_id, file.name) for file in files)
    before, stored = st.session_state.get("uploaded", (None, Path()))
    if before != names or not stored.exists():
        stored = store_upload([(file.name, file.getbuffer()) for file in files], cache.current_visitor().name)
        st.session_state["uploaded"] = (names, stored)
    return stored
