"""What have you written?"""

from contextlib import suppress

import streamlit as st

from dashboard import cache
from dashboard.components.frame import access, page_layout
from dashboard.components.frame.page_layout import button, keep_error, show_kept_error
from dashboard.components.frame.share import copy_button, page_address, share_verse
from dashboard.components.writing import drafts
from dashboard.components.writing.pages import given_lines, lines_html
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_timestamp
from dashboard.navigation import go, link
from dashboard.queries.draft_store import AUTOMATIC_DRAFT_ID, LONGEST_NAME, NotebookDraft
from pipeline.core.errors import SeizeError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t, t_count
from pipeline.generation.lyric import Lyric
from pipeline.publish.cards import VerseCard

UNDO_KEY = "deleted-draft"
MAX_FILE_MEGABYTES = 2  # of a saved draft


def reopen() -> None:
    """Take a saved file back among the drafts, once."""
    file = st.file_uploader(t("Open a saved draft"), ["json"], key="draft-file", max_upload_size=MAX_FILE_MEGABYTES)
    if file is not None and st.session_state.get("reopened") != file.file_id:
        with page_layout.show_errors():
            notebook.save(drafts.read_draft(file.getvalue()))
            st.session_state["reopened"] = file.file_id


def pick(notebook_drafts: list[NotebookDraft]) -> NotebookDraft:
    """The draft to show, the latest first."""
    names = {draft.id: escape_markdown(draft_caption(draft)) for draft in notebook_drafts}
    if st.session_state.get("draft") not in names:
        st.session_state["draft"] = notebook_drafts[0].id
    chosen = st.radio(t("Drafts"), list(names), format_func=names.get, key="draft")
    return next(draft for draft in notebook_drafts if draft.id == chosen)


def draft_caption(draft: NotebookDraft) -> str:
    """Its name or first line, how long it is, when it was saved."""
    bars = t_count("{n} line", "{n} lines", len(draft.lyric.lines))
    name = draft.name or drafts.first_line(draft.lyric)[:60] or t("Untitled")
    if draft.id == AUTOMATIC_DRAFT_ID:
        name = t("{name} (automatic)", name=name)
    return f"{name} · {bars} · {format_timestamp(draft.saved)}"


def corpus_of(draft: Lyric) -> str:
    """Return the corpus that its model learnt from; the embedded one when either is not here."""
    with suppress(SeizeError):
        if draft.run in cache.writer_names():
            corpus = cache.open_writer(draft.run).corpus
            return corpus if corpus in cache.corpus_names() else DEMO_NAME
    return DEMO_NAME


def show(draft: NotebookDraft) -> None:
    """The page as it will be printed, and the ways to keep it."""
    lyric = draft.lyric
    with st.container(key="card-paper"):
        lines = [*given_lines(lyric.seed), *lyric.lines]
        st.html(f'<div class="paper">{lines_html(lines, cache.visitor_pronunciations(corpus_of(lyric)))}</div>')
        page_layout.remark(drafts.describe(lyric))
    with st.container(horizontal=True, gap="small", key="no-print"):
        copy_button(t("Copy"), lyric.text, key="copy")
        texts, name = tuple(line.text for line in lines), draft.name or drafts.first_line(lyric)
        card = VerseCard(texts, title=draft.name, by=lyric.run, source="Seize", address=page_address("notebook"))
        share_verse(card, corpus_of(lyric), key="draft", name=name)
        for label, name, mime, content in (
            (t("Text"), "seize.txt", "text/plain", lyric.text),
            ("Markdown", "seize.md", "text/markdown", drafts.to_markdown(lyric)),
            (t("JSON (can be reopened here)"), "seize.json", "application/json", drafts.to_json_text(lyric)),
        ):
            st.download_button(label, content, name, mime, on_click="ignore", icon=":material/download:", key=name)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="no-print-2"):
        key = f"name-{draft.id}"
        values, label = (draft, key), t("Name of the draft")
        st.text_input(label, draft.name, key=key, on_change=rename, args=values, max_chars=LONGEST_NAME)
        if st.button(t("Open in the Studio"), icon=":material/edit:", key="continue"):
            with page_layout.show_errors():
                drafts.open_text(lyric)
                go("studio")
        button(t("Delete"), "delete", delete, draft, key="remove")


def rename(draft: NotebookDraft, key: str) -> None:
    with keep_error("notebook"):
        notebook.rename(draft, st.session_state[key])


def delete(draft: NotebookDraft) -> None:
    with keep_error("notebook"):
        notebook.delete(draft)
        st.session_state[UNDO_KEY] = draft.id


def restore() -> None:
    with keep_error("notebook"):
        notebook.restore(st.session_state.pop(UNDO_KEY))


def offer_undo() -> None:
    """Say what was just deleted, with the way back."""
    gone = next((draft for draft in notebook.deleted() if draft.id == st.session_state.get(UNDO_KEY)), None)
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page_layout.remark(t("{name} was deleted.", name=gone.name or drafts.first_line(gone.lyric)[:60]))
            button(t("Undo"), "undo", restore, key="undo")


notebook = drafts.store()
page_layout.draw_question(t("What have you written?"))
if cache.current_visitor().has_own_storage:
    page_layout.draw_answer(t("Drafts save automatically and stay on this computer until you delete them."))
else:
    message = t("Your drafts stay here until you close this browser tab. Download them to keep them.")
    page_layout.draw_answer(message)
    access.draw_sign_in()
show_kept_error("notebook")
offer_undo()
left, right = st.columns([2, 3], gap="large")
with left:
    reopen()
    kept = notebook.drafts()
    draft = pick(kept) if kept else None
with right:
    if draft is None:
        message = t("No drafts yet. Write in the Studio, or open a saved draft here.")
        page_layout.empty_state(message)
        link("studio")
    else:
        show(draft)
