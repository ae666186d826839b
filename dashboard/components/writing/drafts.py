"""Drafts of this visitor: where they are kept, saved by themselves or on demand, written to files, read back."""

import json
from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.writing.edited_text import MAX_TEXT_CHARACTERS, EditedText
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.draft_store import DraftStore, NotebookDraft
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.store import Store
from pipeline.core.translation import error_text, t
from pipeline.generation.lyric import GeneratedLine, Lyric, not_a_lyric_error
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import rhyme_group_letter, section_rhyme_scheme
from pipeline.language.syllables import scan_line

STUDIO_TEXT_KEY = "edited-text"  # key of the text that stands in the Studio
NOTEBOOK, TOLD, AUTOSAVED_KEY = "notebook-of-session", "draft-not-saved", "autosaved-draft"
MAX_DRAFT_FILE_BYTES = 2_000_000  # bytes of a file that is opened
LONGEST_LETTERS = 8  # lines of a section whose rhymes are written line by line; of more, a regular scheme is named


def visitor_draft_store() -> DraftStore:
    """Return the notebook of this visitor: on disk, or in the session for visitors without a storage of their own."""
    visitor = cache.current_visitor()
    own = None if visitor.has_own_storage else st.session_state.setdefault(NOTEBOOK, Store(None))
    return DraftStore(visitor.name, own)


def studio_text() -> EditedText:
    return st.session_state.setdefault(STUDIO_TEXT_KEY, EditedText())


def autosave(lyric: Lyric) -> None:
    """Save the text of the Studio in its draft; if the disk refuses, show why, once per session."""
    text = studio_text()
    if st.session_state.get(AUTOSAVED_KEY) == (text.draft, lyric):
        return
    try:
        visitor_draft_store().save(lyric, id=text.draft)
        st.session_state[AUTOSAVED_KEY] = (text.draft, lyric)
    except SeizeError as error:
        if not st.session_state.get(TOLD):
            st.session_state[TOLD] = True
            st.toast(escape_markdown(error_text(error)))


def latest_draft() -> NotebookDraft | None:
    """Return the draft that was saved last, or None."""
    return next(iter(visitor_draft_store().drafts()), None)


def open_draft(draft: NotebookDraft) -> None:
    """Replace the text in the Studio by a draft, in which changes are saved from now on.

    Raise SettingError for one that is longer than the Studio edits.
    """
    lyric = draft.lyric
    if (count := sum(len(line.text) for line in lyric.lines)) > MAX_TEXT_CHARACTERS:
        raise SettingError(
            "This draft has {count:,} characters; at most {most:,} can be edited. Download it as text and open a part "
            "of it.",
            count=count,
            most=MAX_TEXT_CHARACTERS,
        )
    author = (lyric.run, lyric.random_seed) if lyric.run else None
    studio_text().replace_text(lyric.lines, draft=draft.id, written_by=author)


def draw_save_button(lyric: Lyric, key: str = "keep", draft: str = "") -> None:
    """Draw a button that saves a text in the notebook: in the draft with this id, or in a new one."""
    if st.button(t("Save to notebook"), icon=":material/bookmark_add:", key=key):
        with page_layout.show_errors():
            visitor_draft_store().save(lyric, id=draft)
            if cache.current_visitor().has_own_storage:
                st.toast(t("Saved to the notebook."))
            else:
                st.toast(t("Saved in the notebook until you close this browser tab."))


def to_json_text(lyric: Lyric) -> str:
    """Return a text as the JSON that `read_draft` reads."""
    return json.dumps(lyric.to_json(), ensure_ascii=False, indent=1)


def read_draft(content: bytes) -> Lyric:
    """Return the text in a saved file. Raise SettingError when the file is too large or is not a draft."""
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


def first_line(lyric: Lyric) -> str:
    """Return the first line of a text that is not empty; "" without one."""
    return next((line.strip() for line in lyric.text.splitlines() if line.strip()), "")


def verse_form_text(lines: Sequence[GeneratedLine], sounds: Pronunciations) -> str:
    """Return the syllables of each line and the rhyme scheme of each section of a text.

    >>> from dashboard.components.writing.written_lines import human_line
    >>> verse_form_text([human_line("la rue"), human_line("la lune est venue")], Pronunciations())
    '2/5, AA'
    """
    forms = list[str]()
    for _, part in groupby(lines, key=lambda line: line.section):
        scans = [scan_line(line.text, sounds) for line in part]
        counts = [scan.syllables.spoken for scan in scans]
        same = len(counts) > 1 and len(set(counts)) == 1
        syllables = f"{len(counts)} × {counts[0]}" if same else "/".join(map(str, counts))
        scheme = section_rhyme_scheme(scans)
        letters = "".join("x" if group is None else rhyme_group_letter(group) for group in scheme.groups)
        is_regular = len(scans) > LONGEST_LETTERS and scheme.name.isupper()
        forms.append(f"{syllables}, {scheme.name if is_regular else letters}")
    return " · ".join(dict.fromkeys(forms))
