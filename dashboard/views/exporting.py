"""What do you take with you?"""

import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import variant
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.words.lexicon import key_figures
from pipeline.core.translation import number, t, t_count
from pipeline.publish.export_formats import FORMATS, export_corpus

MOST = 3_000_000  # words of a file that a server makes in memory; more are written by the command


def file_content(selection: Selection, name: str) -> bytes:
    """Return the file of a format."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        export_corpus(cache.subcorpus(selection), name, path)
        return path.read_bytes()


selection = filters.current_selection()
page_layout.question(t("What do you take with you?"))
slot = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = pick(
        t("Format"), {name: t(form.what) for name, form in FORMATS.items()}, key="format", look="list", width=520
    )
    selection = selection._replace(variant=variant("export-version"))
figures = cache.query(key_figures, selection, "all")
with slot:
    page_layout.answer(
        t(
            "<b>{songs}</b> with <b>{words}</b>, ad-libs among them, as filtered in the sidebar.",
            songs=t_count("{n} song", "{n} songs", figures.songs),
            words=t_count("{n} word", "{n} words", figures.words),
        )
    )
if not figures.words:
    page_layout.empty_state(t("No song is selected. Clear the filters in the sidebar."))
    st.stop()
if figures.words <= MOST:
    st.download_button(
        t("Save the file"),
        lambda: file_content(selection, name),
        file_name=f"seize-{selection.corpus}-{name}{FORMATS[name].suffix}",
        mime="application/octet-stream",
        key="save-export",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )
else:
    page_layout.remark(t("More than {most} words: write the file by the command below.", most=number(MOST)))
st.caption(t("The same on the command line, where the filters are `--artist`, `--years`, `--section` and `--where`:"))
counted = "" if selection.variant == "written" else f" --as {selection.variant}"
st.code(f"seize export {shlex.quote(selection.corpus)} --format {name}{counted}", language="bash")
page_layout.how_to_read("exporting")
