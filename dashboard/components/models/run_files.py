"""Runs as things: saved as a file, taken in from one, deleted, and the deletion undone."""

import io

import streamlit as st

from dashboard import cache
from dashboard.components.frame import access, page_layout
from dashboard.components.frame.access import draw_sharing
from dashboard.components.frame.data_table import save_button
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.page_layout import button, show_stored_error, store_error
from dashboard.components.models.run_looks import pick_run
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_timestamp
from dashboard.queries.training_requests import JOB_KIND
from dashboard.queries.visitors import check_visitor_is_editor, names_of_unfinished_jobs
from pipeline.core.paths import checked_name
from pipeline.core.translation import format_decimal, t, t_count
from pipeline.runs.archive import export_run, import_run, usable_archived_name
from pipeline.runs.config import RUN_OWNERS
from pipeline.runs.run import load_run
from pipeline.runs.trash import TrashedRun, delete_run, empty_trash, is_shipped, list_trash, restore_run

UNDO, PLACE = "deleted-run", "run-files"


def draw(names: list[str]) -> None:
    """Draw the ways to export, delete and import a run, and the trash."""
    left, right = st.columns(2, gap="large")
    with left:
        heading(t("Export"), t("One file with everything: weights, vocabulary, scores, card."))
        if names:
            _draw_export_and_delete(pick_run(names))
    with right:
        heading(t("Import"), t("A file exported by Seize. It is checked first, and nothing in it can be executed."))
        if access.require_editor(t("Only editors of this server can import models.")):
            _draw_import()
    visitor = cache.current_visitor()
    _draw_trash([entry for entry in list_trash() if RUN_OWNERS.ownership(entry.name).is_changeable_by(visitor.name)])


def offer_undo() -> None:
    """Draw the name of the run that was just deleted, with a button that restores it; or the error of its deletion."""
    show_stored_error(PLACE)
    entry: TrashedRun | None = st.session_state.get(UNDO)
    if entry and entry in list_trash():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page_layout.remark(t("{name} is in the trash.", name=entry.name))
            button(t("Undo"), "undo", _restore, entry, key="undo")


def _draw_export_and_delete(name: str) -> None:
    own = RUN_OWNERS.ownership(name).is_changeable_by(cache.current_visitor().name)
    draw_sharing(RUN_OWNERS, name)
    with st.container(horizontal=True, gap="small"):
        label = t("Download {name}", name=escape_markdown(name))
        save_button(label, lambda: _archive(name), f"{name}.zip", "application/zip", key="export", look="secondary")
        help = t("It goes to the trash and can be restored.")
        if off := is_shipped(name):
            help = t("Models included with Seize cannot be deleted.")
        elif off := not own:
            help = t("Only its owner can delete it.")
        label = t("Delete {name}", name=escape_markdown(name))
        button(label, "delete", _delete, name, key="delete", disabled=off, help=help)


def _archive(name: str) -> bytes:
    file = io.BytesIO()
    export_run(load_run(name), file)
    return file.getvalue()


def _draw_import() -> None:
    file = st.file_uploader(t("Exported model"), ["zip"], key="archive")
    if file is None:
        return
    with page_layout.show_errors():
        key = f"archived-{file.file_id}"
        if key not in st.session_state:
            with st.spinner(t("Reading…")):
                st.session_state[key] = usable_archived_name(file)
        name_inside = str(st.session_state[key])  # "" where it cannot be used here
        is_taken = name_inside in cache.run_names()
        if is_taken:
            page_layout.remark(t("A model called {name} exists already. Give this one another name.", name=name_inside))
        name = st.text_input(
            t("Name"), "" if is_taken else name_inside, key=f"name-{file.file_id}", max_chars=64
        ).strip()
        if st.button(t("Import this file"), key="import", icon=":material/upload:", disabled=not name):
            visitor = cache.current_visitor()
            check_visitor_is_editor(visitor)
            with st.spinner(t("Checking the file…")):
                RUN_OWNERS.claim(checked_name(name), visitor.name)
                run = import_run(file, name)
            st.toast(t("{name} is ready.", name=escape_markdown(run.name)))
            st.rerun()


def _draw_trash(entries: list[TrashedRun]) -> None:
    if not entries:
        return
    size = format_decimal(sum(entry.bytes for entry in entries) / 1e6, 1)
    with st.expander(t_count("Trash: {n} model, {size} MB", "Trash: {n} models, {size} MB", len(entries), size=size)):
        for entry in entries:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                button(t("Restore"), "undo", _restore, entry, key=f"restore-{entry.id}")
                page_layout.remark(t("{name}, deleted {when}", name=entry.name, when=format_timestamp(entry.deleted)))
        if cache.current_visitor().is_operator:
            button(t("Delete permanently"), "delete_forever", _empty_trash, key="empty")


def _delete(name: str) -> None:
    with store_error(PLACE):
        RUN_OWNERS.check_changeable_by(name, cache.current_visitor().name)
        st.session_state[UNDO] = delete_run(name)


def _restore(entry: TrashedRun) -> None:
    with store_error(PLACE):
        RUN_OWNERS.check_changeable_by(entry.name, cache.current_visitor().name)
        st.session_state["run"] = restore_run(entry.id).name  # the one that is looked at
        st.session_state.pop(UNDO, None)


def _empty_trash() -> None:
    if cache.current_visitor().is_operator:
        with store_error(PLACE):
            empty_trash(names_of_unfinished_jobs(JOB_KIND))
