"""What have you written?"""

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from dashboard import cache
from dashboard.components.frame import access, page_layout
from dashboard.components.frame.page_layout import button, show_stored_error, store_error
from dashboard.components.frame.share import copy_button, page_address, share_verse
from dashboard.components.writing import controls, drafts
from dashboard.components.writing.written_lines import finished_seed_lines, lines_html
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import format_timestamp
from dashboard.navigation import go_to
from dashboard.queries.cards import ShareCard
from dashboard.queries.draft_store import LONGEST_NAME, NotebookDraft
from pipeline.core.errors import SeizeError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t, t_count
from pipeline.generation.lyric import Lyric

UNDO_KEY = "deleted-draft"
MAX_FILE_MEGABYTES = 2  # of a saved draft
CARDS_PER_PAGE = 12
LINES_ON_CARD = 4


def draw_upload() -> None:
    """Draw the uploader of saved drafts, and save each uploaded file once."""
    file = st.file_uploader(t("Open a saved draft"), ["json"], key="draft-file", max_upload_size=MAX_FILE_MEGABYTES)
    if file is not None and st.session_state.get("reopened") != file.file_id:
        with page_layout.show_errors():
            notebook.save(drafts.read_draft(file.getvalue()))
            st.session_state["reopened"] = file.file_id
            st.rerun()


def title_of(draft: NotebookDraft) -> str:
    """Return the name or the first line of a draft."""
    return draft.name or drafts.first_line(draft.lyric)[:60] or t("Untitled")


def corpus_of(draft: Lyric) -> str:
    """Return the corpus of the model that wrote a draft, or the demo corpus if the model or its corpus is missing."""
    with suppress(SeizeError):
        if draft.run in cache.writer_names():
            corpus = cache.load_writer_vocabulary(draft.run).corpus
            return corpus if corpus in cache.corpus_names() else DEMO_NAME
    return DEMO_NAME


def draw_card(draft: NotebookDraft) -> None:
    """Draw a draft as a card: its first lines with their rhymes, its form, and its buttons."""
    lyric, sounds = draft.lyric, cache.visitor_pronunciations(corpus_of(draft.lyric))
    lines = [replace(line, violations=()) for line in (*finished_seed_lines(lyric.seed), *lyric.lines)]
    with st.container(key=f"card-draft-{draft.id}", gap="small"):
        bars = t_count("{n} bar", "{n} bars", len(lines))
        st.html(
            f"<h2>{escape_html(title_of(draft))}</h2>"
            f'<div class="paper small">{lines_html(lines[:LINES_ON_CARD], sounds)}</div>'
            f'<p class="quiet">{escape_html(f"{bars} · {format_timestamp(draft.saved)}")}<br>'
            f"{escape_html(drafts.verse_form_text(lines, sounds))}</p>"
        )
        with st.container(horizontal=True, gap="small"):
            if st.button(t("Open in the Studio"), icon=":material/edit:", key=f"open-{draft.id}"):
                with page_layout.show_errors():
                    drafts.open_draft(draft)
                    controls.restore_settings(lyric)
                    go_to("studio")
            with st.popover(t("More"), icon=":material/more_horiz:", key=f"more-{draft.id}", on_change="rerun") as more:
                if more.open:
                    draw_menu(draft, tuple(line.text for line in lines))


def draw_menu(draft: NotebookDraft, texts: tuple[str, ...]) -> None:
    """Draw the name of a draft, and the ways to save and share it."""
    lyric, key = draft.lyric, f"name-{draft.id}"
    values, label = (draft, key), t("Name of the draft")
    st.text_input(label, draft.name, key=key, on_change=rename, args=values, max_chars=LONGEST_NAME)
    with st.container(horizontal=True, gap="small"):
        copy_button(t("Copy"), lyric.text, key=f"copy-{draft.id}")
        for label, name, mime, content in (
            (t("Text"), "seize.txt", "text/plain", lyric.text),
            (t("JSON (can be reopened here)"), "seize.json", "application/json", drafts.to_json_text(lyric)),
        ):
            icon, key = ":material/download:", f"{name}-{draft.id}"
            st.download_button(label, content, name, mime, on_click="ignore", icon=icon, key=key)
        button(t("Delete"), "delete", delete, draft, key=f"remove-{draft.id}")
    card = ShareCard(draft.name, lyric.run, lines=texts, source="Seize", address=page_address("notebook"))
    share_verse(card, corpus_of(lyric), key=f"draft-{draft.id}", name=title_of(draft))


def rename(draft: NotebookDraft, key: str) -> None:
    with store_error("notebook"):
        notebook.rename(draft, st.session_state[key])


def delete(draft: NotebookDraft) -> None:
    with store_error("notebook"):
        notebook.delete(draft)
        st.session_state[UNDO_KEY] = draft.id


def restore() -> None:
    with store_error("notebook"):
        notebook.restore(st.session_state.pop(UNDO_KEY))


def offer_undo() -> None:
    """Draw the name of the draft that was just deleted, with the way back."""
    gone = next((draft for draft in notebook.deleted_drafts() if draft.id == st.session_state.get(UNDO_KEY)), None)
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page_layout.remark(t("{name} was deleted.", name=title_of(gone)))
            button(t("Undo"), "undo", restore, key="undo")


def draw_cards(some: slice) -> None:
    with st.container(key="drafts"):
        for draft in kept[some]:
            draw_card(draft)


notebook = drafts.visitor_draft_store()
page_layout.draw_question(t("What have you written?"))
if cache.current_visitor().has_own_storage:
    page_layout.draw_answer(t("Drafts save automatically and stay on this computer until you delete them."))
else:
    message = t("Your drafts stay here until you close this browser tab. Download them to keep them.")
    page_layout.draw_answer(message)
    access.draw_sign_in()
show_stored_error("notebook")
offer_undo()
kept = notebook.drafts()
if kept:
    page_layout.draw_paginated(len(kept), CARDS_PER_PAGE, "drafts-page", draw_cards)
else:
    page_layout.empty_state(t("No drafts yet. Write in the Studio, or open a saved draft here."))
    if st.button(t("Write in the Studio"), icon=":material/edit_note:", type="primary", key="to-studio"):
        go_to("studio")
draw_upload()
