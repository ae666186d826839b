"""Raw lyrics that a visitor brings: a path on this machine, or files sent by the browser."""

import secrets
from collections.abc import Sequence
from pathlib import Path, PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipeline.errors import SourceError
from pipeline.paths import jobs_folder

TYPES = ["txt", "csv", "tsv", "parquet", "json", "jsonl", "zip"]


def source() -> Path | None:
    """Draw both ways in; the chosen source, or None while there is none. Raises SourceError for a missing path."""
    way = st.segmented_control("From", ["Upload", "This machine"], default="Upload", required=True, key="way")
    if way == "Upload":
        files = st.file_uploader("Lyrics", TYPES, accept_multiple_files=True, key="files")
        return _kept(files) if files else None
    typed = st.text_input("Folder or file", key="source", placeholder="/home/me/lyrics").strip()
    if not typed:
        return None
    path = Path(typed).expanduser()
    if not path.exists():
        raise SourceError(f"There is no file or folder {typed}. Check the path.")
    return path


def _kept(files: Sequence[UploadedFile]) -> Path:
    """The uploaded files on disk, where the job that reads them finds them; written once."""
    names = tuple((file.file_id, file.name) for file in files)
    if st.session_state.get("uploaded", (None,))[0] != names:
        folder = jobs_folder() / "uploads" / secrets.token_hex(8)
        folder.mkdir(parents=True)
        for file in files:
            (folder / PurePath(file.name.replace("\\", "/")).name).write_bytes(file.getbuffer())
        only = folder / PurePath(files[0].name).name
        st.session_state["uploaded"] = (names, str(only if len(files) == 1 else folder))
    return Path(st.session_state["uploaded"][1])
