"""What have you written?"""

import streamlit as st

from dashboard import cache
from dashboard.components import drafts, filters, page_layout
from dashboard.components.copy import copy_button
from dashboard.components.pages import given_lines, paper
from dashboard.locale.escaping import escape_markdown
from pipeline.errors import SeizeError
from pipeline.generation.lyric import Lyric
from pipeline.language.pronunciations import Pronunciations
from pipeline.translation import t, t_count


def reopen() -> None:
    """Take a saved file back among the drafts, once."""
    file = st.file_uploader(
        t("Open a saved draft"), ["json"], key="draft-file", max_upload_size=page_layout.UPLOADS["draft-file"]
    )
    if file is not None and st.session_state.get("reopened") != file.file_id:
        with page_layout.show_errors():
            drafts.save_draft(drafts.read_draft(file.getvalue()))
            st.session_state["reopened"] = file.file_id


def pick(kept: list[Lyric]) -> Lyric:
    """The draft to show, the latest first."""
    names = {number: escape_markdown(name(draft)) for number, draft in enumerate(kept)}
    chosen = st.radio(t("Drafts"), list(names), format_func=names.get, key=f"d-{len(kept)}")
    return kept[chosen or 0]


def name(draft: Lyric) -> str:
    """Its first line and how long it is."""
    bars = t_count("{n} bar", "{n} bars", len(draft.lines))
    return f"{drafts.first_line(draft)[:60] or t('Untitled')} · {bars}"


def sounds_of(draft: Lyric) -> Pronunciations:
    """How words sound in the corpus that its model learnt from; in the chosen one when model or corpus is not here."""
    try:
        corpus = (
            cache.open_writer(draft.run).corpus
            if draft.run in cache.writer_names()
            else filters.current_selection().corpus
        )
        return cache.visitor_pronunciations(corpus)
    except SeizeError:
        return cache.visitor_pronunciations(filters.current_selection().corpus)


def show(draft: Lyric) -> None:
    """The page as it will be printed, and the ways to keep it."""
    with st.container(key="card-paper"):
        lines = [*given_lines(draft.seed), *draft.lines]
        st.html(f'<div class="paper">{paper(lines, sounds_of(draft))}</div>')
        page_layout.remark(drafts.describe(draft))
    with st.container(horizontal=True, gap="small", key="no-print"):
        copy_button(t("Copy"), draft.text, key="copy")
        for label, name, mime, content in (
            (t("Text"), "seize.txt", "text/plain", draft.text),
            ("Markdown", "seize.md", "text/markdown", drafts.to_markdown(draft)),
            (t("JSON, reopens here"), "seize.json", "application/json", drafts.to_json_text(draft)),
        ):
            st.download_button(label, content, name, mime, on_click="ignore", icon=":material/download:", key=name)
        if st.button(t("Remove from the notebook"), key="remove"):
            drafts.remove_draft(draft)
            st.rerun()


page_layout.question(t("What have you written?"))
page_layout.answer(t("What you keep stands here until this browser tab closes. Saved as a file it is yours for good."))
kept = drafts.list_drafts()
left, right = st.columns([2, 3], gap="large")
with left:
    reopen()
    kept = drafts.list_drafts()
    draft = pick(kept) if kept else None
with right:
    if draft is None:
        page_layout.empty_state(
            t("Nothing yet. Choose “Keep in the notebook” where you write, or open a saved draft here.")
        )
        for view, label in (("write", t("Write")), ("lines", t("Line by line"))):
            st.page_link(page_layout.VIEWS / f"{view}.py", label=label, icon=":material/arrow_forward:")
    else:
        show(draft)
page_layout.how_to_read("notebook")
