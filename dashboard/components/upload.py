"""Raw lyrics that a visitor brings: a path on this machine, or files sent by the browser."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipeline.errors import SourceError
from pipeline.paths import jobs_folder

WAYS = {"upload": "Upload", "path": "This machine"}


def source() -> Path | None:
    """Draw both ways in; return the chosen source, None while there is none. Raise SourceError for a missing path."""
    way = st.segmented_control(
        "From", list(WAYS), default="upload", required=True, format_func=WAYS.__getitem__, key="way"
    )
    if way == "upload":
        files = st.file_uploader("Lyrics", accept_multiple_files=True, key="files")  # scrapes have any ending, or none
        return _store(files) if files else None
    typed = st.text_input("Folder or file", key="source", placeholder="/home/me/lyrics").strip()
    if not typed:
        return None
    try:
        path = Path(typed).expanduser()
        there = path.exists()
    except (OSError, RuntimeError):  # a name too long, the home of a user who is not there
        there = False
    if not there:
        raise SourceError("source-missing", "There is no file or folder {path}. Check the path.", path=typed[:200])
    return path


@contextmanager
def named_as_sent(source: Path) -> Iterator[None]:
    """Name what was sent as its sender does in errors, not by where it is stored here."""
    try:
        yield
    except SourceError as error:
        if not source.is_relative_to(_uploads()):
            raise
        name = source.name if source.is_file() else "What was sent"
        values = {key: str(value).replace(str(source), name) for key, value in error.values.items()}
        raise error.with_values(**values) from error


def _uploads() -> Path:
    return jobs_folder() / "uploads"


def _store(files: Sequence[UploadedFile]) -> Path:
    """Write the uploaded files to disk, once, and return where the job that reads them finds them."""
    names = tuple((file.file_id, file.name) for file in files)
    if st.session_state.get("uploaded", (None,))[0] != names:
        folder = _uploads() / secrets.token_hex(8)
        folder.mkdir(parents=True)
        paths = [folder / PurePath(file.name.replace("\\", "/")).name for file in files]
        for file, path in zip(files, paths, strict=True):
            path.write_bytes(file.getbuffer())
        st.session_state["uploaded"] = (names, str(paths[0] if len(files) == 1 else folder))
    return Path(st.session_state["uploaded"][1])
