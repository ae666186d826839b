"""How do I bring my own lyrics?"""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.components import frame, job_card, upload
from dashboard.components.card import heading
from dashboard.components.report import quality_report
from dashboard.components.verse import marked, verse
from dashboard.words import count
from pipeline.corpus.preview import Preview, preview
from pipeline.corpus.store import load_report
from pipeline.paths import checked_name

FIELDS = ("lyrics", "artist", "title", "date", "album", "featuring")
SHOWN = 8  # lines of the preview


def mapping(look: Preview) -> dict[str, str]:
    if not look.columns:
        return {}
    heading("Which column holds what", "Guessed from the names; change what is wrong.")
    chosen = {}
    for column, field in zip(st.columns(3) * 2, FIELDS, strict=True):
        options = [None, *look.columns]
        guess = options.index(look.mapping.get(field)) if look.mapping.get(field) in options else 0
        chosen[field] = column.selectbox(
            field.capitalize(), options, guess, format_func=lambda c: c or "None", key=f"col-{field}"
        )
    return {field: column for field, column in chosen.items() if column}


def first_song(look: Preview) -> None:
    for song in look.songs[:1]:
        heading(f"{song.artist}, {song.title}", "The first song, as it will be read.")
        st.html(verse([marked(line.text, ()) for line in list(song.lines())[:SHOWN]]))


@st.fragment(run_every="1s")
def progress(source: Path | None, name: str, columns: Mapping[str, str]) -> None:
    command = ["prepare", str(source), "--name", name, "--quiet"]
    command += [part for field, column in columns.items() for part in ("--column", f"{field}={column}")]
    job = job_card.latest("import")
    status = job_card.draw(job, f"Prepare {name}", "import", command, {"name": name}) if source else None
    if job and status and status.state == "done":
        st.page_link(frame.VIEWS / "overview.py", label="Open it", query_params={"corpus": job.about["name"]})
        quality_report(load_report(str(job.about["name"])))


frame.question("How do I bring my own lyrics?")
frame.answer(
    "Choose text files, a table (CSV, Parquet), JSON or a zip of them. They are read and cleaned on this machine and "
    "go nowhere else."
)
left, right = st.columns(2, gap="large")
with left:
    source = upload.source()
    name = checked_name(st.text_input("Name of the corpus", "mine", key="name").strip())
columns: dict[str, str] = {}
if source:
    look = preview(source)
    with right:
        first_song(look)
    with left:
        frame.quiet(f"{count(look.files, 'file')}, read as {look.format}.")
        columns = mapping(look)
progress(source, name, columns)
names = cache.corpora()
with st.expander(f"Prepared corpora: {', '.join(names)}", on_change="rerun", key="prepared") as fold:
    if fold.open:
        quality_report(load_report(st.selectbox("Report of", names, key="report")))
frame.how_to_read("importing")
