"""How do I bring my own lyrics?"""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.components import job_card, page_layout, upload
from dashboard.components.figure_card import heading
from dashboard.components.marked_text import highlight
from dashboard.components.quality_report import quality_report
from dashboard.components.verse import verse
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import count
from pipeline.corpus.preview import Preview
from pipeline.corpus.store import load_report
from pipeline.errors import SettingError
from pipeline.paths import DEMO_NAME, checked_name

FIELDS = {
    "text": "Lyrics",
    "artist": "Artist",
    "title": "Title",
    "date": "Date",
    "album": "Album",
    "featuring": "Guests",
}
SHOWN = 8  # lines of the preview
BUSY = ("queued", "running")


def mapping(source: Path) -> dict[str, str]:
    """Draw the choices; return field -> column, "" for none, empty when the source is no table."""
    columns, guessed = cache.table_columns(source)
    if not columns:
        return {}
    heading("Which column holds what", "Guessed from the names and the contents; change what is wrong.")
    chosen = {}
    for column, (field, label) in zip(st.columns(3) * 2, FIELDS.items(), strict=True):
        options = ["", *columns]
        chosen[field] = column.selectbox(
            label, options, options.index(guessed.get(field, "")), format_func=lambda c: c or "None", key=f"col-{field}"
        )
    return chosen


def first_song(look: Preview) -> None:
    for song in look.songs[:1]:
        heading(f"{song.artist}, {song.title}", "The first song, as it will be read.")
        st.html(verse([highlight(line.text, ()) for line in list(song.lines())[:SHOWN]]))


def bring() -> tuple[Path, str, dict[str, str]] | None:
    """Draw the ways in and the preview; source, name and columns once they can be prepared. Raises SeizeError."""
    left, right = st.columns(2, gap="large")
    with left:
        source = upload.source()
        name = checked_name(st.text_input("Name of the corpus", "mine", key="name").strip())
        if name == DEMO_NAME:
            raise SettingError("name-of-demo", "{name} is the embedded corpus: choose another name.", name=DEMO_NAME)
        if source is None:
            return None
        with upload.named_as_sent(source):
            columns = mapping(source)
            look = cache.preview(source, columns)
        skipped = f"; {count(len(look.skipped), 'piece')} cannot be read so far" if look.skipped else ""
        replaced = f" It takes the place of the corpus {name}." if name in cache.corpus_names() else ""
        page_layout.remark(f"{count(look.files, 'file')}, read as {look.format}{skipped}.{replaced}")
    with right:
        first_song(look)
    return source, name, columns


def progress(wanted: tuple[Path, str, dict[str, str]] | None) -> None:
    """Draw the button, then the progress with its cancel, then the report of the corpus that was prepared."""
    job = job_card.latest_job("import")
    busy = job is not None and job.status().state in BUSY
    status = None
    if wanted or busy:
        source, name, columns = wanted or (Path(), "", {})
        status = job_card.draw(job, f"Prepare {name}", "import", command(source, name, columns), {"name": name})
    if busy != st.session_state.get("importing", False):
        st.session_state["importing"] = busy
        st.rerun()  # the whole page: it polls only while a job runs, and a new corpus joins the list
    if wanted and job and status and status.state == "done" and job.about["name"] == wanted[1]:
        st.page_link(
            page_layout.VIEWS / "overview.py",
            label=f"Open {escape_markdown(wanted[1])}",
            icon=":material/arrow_forward:",
            query_params={"corpus": wanted[1]},
        )
        quality_report(load_report(wanted[1]), "new")


def command(source: Path, name: str, columns: Mapping[str, str]) -> list[str]:
    pairs = [part for field, column in columns.items() for part in ("--column", f"{field}={column}")]
    return ["prepare", str(source), "--name", name, "--quiet", *pairs]


page_layout.question("How do I bring my own lyrics?")
page_layout.answer(
    "Choose text files, a table (CSV, Parquet), JSON or a zip of them. They are read and cleaned on this machine and "
    "go nowhere else."
)
with page_layout.show_errors():
    wanted = bring()
    page_layout.fragment(progress, run_every="1s" if st.session_state.get("importing") else None)(wanted)
names = cache.corpus_names()
with st.expander(f"Prepared corpora: {escape_markdown(', '.join(names))}", on_change="rerun", key="prepared") as fold:
    if fold.open:
        quality_report(load_report(st.selectbox("Report of", names, key="report")), "prepared")
page_layout.how_to_read("importing")
