"""Drafts of this visitor: where they are kept, saved by themselves or on demand, written to files, read back."""

import json

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.writing.edited_text import MAX_TEXT_CHARACTERS, EditedText
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_number
from dashboard.queries.draft_store import AUTOMATIC_DRAFT_ID, DraftStore
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.store import Store
from pipeline.core.translation import error_text, t
from pipeline.generation.lyric import Lyric, not_a_lyric_error

STUDIO_TEXT_KEY = "edited-text"  # key of the text that stands in the Studio
NOTEBOOK, TOLD = "notebook-of-session", "draft-not-saved"
MAX_DRAFT_FILE_BYTES = 2_000_000  # bytes of a file that is opened


def store() -> DraftStore:
    """Return the visitor's notebook: on disk for who is known, else for as long as the browser tab lives."""
    return DraftStore(cache.current_visitor().name, session_store())


def session_store() -> Store | None:
    """Return where a visitor of whom nothing is kept has their things; None for all others."""
    if cache.current_visitor().has_own_storage:
        return None
    if NOTEBOOK not in st.session_state:
        st.session_state[NOTEBOOK] = Store(None)
    return st.session_state[NOTEBOOK]


def studio_text() -> EditedText:
    """Return the text of this visitor that stands in the Studio."""
    return st.session_state.setdefault(STUDIO_TEXT_KEY, EditedText())


def autosave(lyric: Lyric) -> None:
    """Keep the text of the Studio without being asked; where the disk refuses, say so once."""
    if st.session_state.get(AUTOMATIC_DRAFT_ID) == lyric:
        return
    try:
        store().save(lyric, id=AUTOMATIC_DRAFT_ID)
        st.session_state[AUTOMATIC_DRAFT_ID] = lyric
    except SeizeError as error:
        if not st.session_state.get(TOLD):
            st.session_state[TOLD] = True
            st.toast(escape_markdown(error_text(error)))


def autosaved_text() -> Lyric | None:
    """Return the text that was saved without being asked, None where there is none."""
    return next((draft.lyric for draft in store().drafts() if draft.id == AUTOMATIC_DRAFT_ID), None)


def save_draft(lyric: Lyric) -> None:
    """Make a draft of a text; what was saved of it by itself is this draft now. Raise SeizeError."""
    notebook = store()
    notebook.save(lyric)
    if autosaved_text() == lyric:
        notebook.discard(AUTOMATIC_DRAFT_ID)


def keep_autosaved_text() -> None:
    """Make a kept draft of the text that was saved by itself, before another takes its place. Raise SeizeError."""
    if lyric := autosaved_text():
        save_draft(lyric)


def open_text(lyric: Lyric) -> None:
    """Put a text into the Studio, in the place of what stands there, which is kept.

    Raise SettingError for one that is longer than the Studio edits, SeizeError when the disk refuses.
    """
    if (count := sum(len(line.text) for line in lyric.lines)) > MAX_TEXT_CHARACTERS:
        raise SettingError(
            "This draft has {count:,} characters; at most {most:,} can be edited. Download it as text and open a part "
            "of it.",
            count=count,
            most=MAX_TEXT_CHARACTERS,
        )
    if autosaved_text() != lyric:
        keep_autosaved_text()
    studio_text().replace_lines(lyric.lines)


def save_button(lyric: Lyric, key: str = "keep") -> None:
    """Draw a button that keeps a draft in the notebook."""
    if st.button(t("Save to notebook"), icon=":material/bookmark_add:", key=key):
        with page_layout.show_errors():
            save_draft(lyric)
            if cache.current_visitor().has_own_storage:
                st.toast(t("Saved to the notebook."))
            else:
                st.toast(t("Saved in the notebook until you close this browser tab."))


def to_json_text(lyric: Lyric) -> str:
    """Return the file that `read_draft` reads back."""
    return json.dumps(lyric.to_json(), ensure_ascii=False, indent=1)


def read_draft(content: bytes) -> Lyric:
    """Return the draft in a file. Raises SettingError when it is too large or is none."""
    if len(content) > MAX_DRAFT_FILE_BYTES:
        raise SettingError(
            "This file has {count:,} bytes; a draft has at most {most:,}. Open another one.",
            count=len(content),
            most=MAX_DRAFT_FILE_BYTES,
        )
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise not_a_lyric_error() from error
    return Lyric.from_json(data)


def describe(lyric: Lyric) -> str:
    """Return how a text was made, in one line."""
    if not lyric.run:
        return t("Written by hand")
    temperature = format_number(lyric.settings.sampling.temperature, "g")
    parts = [t("model {run}", run=lyric.run), t("version {seed}", seed=lyric.random_seed)]
    parts.append(t("temperature {value}", value=temperature))
    if wanted := lyric.settings.constraints:
        parts += [t("scheme {scheme}", scheme=wanted.scheme), t("richness {richness}", richness=wanted.richness)]
        if wanted.syllables:
            parts.append(t("{n} ± {tolerance} syllables", n=wanted.syllables, tolerance=wanted.tolerance))
    return ", ".join(parts)


def to_markdown(lyric: Lyric) -> str:
    """Return the text with how it was made."""
    title = first_line(lyric) or t("Untitled")
    rows = escape_markdown(lyric.text).splitlines()
    text = "\n".join(f"{row}  " if row.strip() else "" for row in rows)  # which stay lines in Markdown
    return f"# {escape_markdown(title)}\n\n{text}\n\n---\n\n{describe(lyric)}\n"


def first_line(lyric: Lyric) -> str:
    """Return what a draft is called."""
    return next((line.strip() for line in lyric.text.splitlines() if line.strip()), "")
