"""Import your lyrics What do you take with you?"""

import shlex
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import NamedTuple
from zipfile import ZipFile

import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters, upload
from dashboard.components.corpus.artist_merges import draw_artist_names
from dashboard.components.corpus.choices import pick_lyrics_version
from dashboard.components.corpus.upload import draw_import_report
from dashboard.components.frame import access, job_card, page_layout
from dashboard.components.frame.access import draw_sharing
from dashboard.components.frame.bound import pick
from dashboard.components.frame.data_table import save_button
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.marked_text import highlight, verse_html
from dashboard.locale.escaping import escape_markdown
from dashboard.navigation import draw_open_tab, link
from pipeline.analysis.words.lexicon import key_figures
from pipeline.core.errors import SettingError
from pipeline.core.paths import DEMO_NAME, checked_name
from pipeline.core.translation import format_decimal, mark, t, t_count, translate_labels
from pipeline.corpus.preview import Preview
from pipeline.corpus.readers import table_suffixes
from pipeline.corpus.song import display_name
from pipeline.corpus.store import CORPUS_OWNERS, load_report
from pipeline.corpus.table import Corpus, Layer
from pipeline.processes.jobs import BUSY, Job, Status
from pipeline.publish import FORMATS, export_corpus

FIELDS = {
    "text": mark("Lyrics"), "artist": mark("Artist"), "title": mark("Title"), "date": mark("Date"),
    "album": mark("Album"), "featuring": mark("Guests"),
}  # fmt: skip
SIDECAR_FIELD_LABELS = {"file": mark("File"), **{field: label for field, label in FIELDS.items() if field != "text"}}
MATCH_LABELS = {
    "file": mark("path"), "stem": mark("file name"), "id": mark("number"), "song": mark("artist and title"),
    "title": mark("title"),
}  # fmt: skip
PREVIEW_LINE_COUNT, MAX_PREVIEW_CHARACTERS = 8, 110  # lines of a preview, and characters of one of a file
PREPARED_JOB_KEY = "prepared-now"  # the job that this visitor has just seen done


def draw_column_controls(source: Path) -> dict[str, str]:
    """Draw the choice of columns; return field -> column, "" for none, {} when the source has no table.

    A table beside text files says what the songs are, and which of its columns names the files.
    """
    columns, guessed = upload.table_columns(source)
    if not columns:
        return {}
    is_table = source.suffix.lower() in table_suffixes()
    may_have_sidecar = "text" not in guessed and not is_table
    title = t("Columns of the metadata table") if may_have_sidecar else t("Columns")
    heading(title, t("Guessed from the names and contents. Change what is wrong."))
    fields = translate_labels(SIDECAR_FIELD_LABELS if may_have_sidecar else FIELDS)
    chosen, options, none = {}, ["", *columns], t("None")
    for column, (field, label) in zip(st.columns(3) * 2, fields.items(), strict=True):
        start, key = options.index(guessed.get(field, "")), f"col-{field}"
        chosen[field] = column.selectbox(label, options, start, format_func=lambda name: name or none, key=key)
    return chosen


def metadata_match_sentence(look: Preview) -> str:
    """Return a sentence on how many rows of a metadata table match a file, and by what; "" without a table."""
    if not look.rows:
        return ""
    if not look.found_by:
        return t_count(
            "The metadata table has {n} row, which matches no file; see the import report.",
            "The metadata table has {n} rows, none of which matches a file; see the import report.",
            look.rows,
        )
    by = ", ".join(
        f"{t(MATCH_LABELS.get(what, what))} {format_decimal(times)}" for what, times in look.found_by.items()
    )
    return t_count(
        "{matched} of {n} row of the metadata table matches a file (by {by}); see the import report for the others.",
        "{matched} of {n} rows of the metadata table match a file (by {by}); see the import report for the others.",
        look.rows,
        matched=format_decimal(look.matched),
        by=by,
    )


def recognition_sentence(look: Preview, name: str) -> str:
    """Return a sentence on the format of a source, what cannot be read, and whether it replaces a corpus."""
    values = {"files": t_count("{n} file", "{n} files", look.files), "format": look.format}
    text = t("{files}, read as {format}.", **values)
    if look.skipped:
        text = t_count(
            "{files}, read as {format}; {n} item cannot be read yet.",
            "{files}, read as {format}; {n} items cannot be read yet.",
            len(look.skipped),
            **values,
        )
    if name in cache.corpus_names():
        text += " " + t("It replaces the corpus {name}.", name=name)
    return text


class ImportRequest(NamedTuple):
    """An import: the source, the name of the corpus, field -> column, and column -> value of the rows wanted."""

    source: Path
    name: str
    columns: dict[str, str]
    only: dict[str, str]


def draw_import_form() -> ImportRequest | None:
    """Draw the choice of a source and its preview; return the import, or None until there is one. Raise SeizeError."""
    left, right = st.columns(2, gap="large")
    with left:
        source = upload.pick_source()
        name = checked_name(st.text_input(t("Name of the corpus"), "mine", key="name", max_chars=64).strip())
        if name == DEMO_NAME:
            raise SettingError("{name} is the built-in corpus. Choose another name.", name=DEMO_NAME)
        if source is None:
            return None
        CORPUS_OWNERS.check_name_is_free(name, cache.current_visitor().name)
        with upload.show_upload_names_in_errors(source):
            columns = draw_column_controls(source)
            of_songs = "text" in columns  # else the table stands beside them
            only = upload.pick_wanted_rows(source, upload.table_columns(source)[0]) if of_songs else {}
            look = upload.preview_source(source, columns, only)
        page_layout.remark(recognition_sentence(look, name))
        if text := metadata_match_sentence(look):
            page_layout.remark(text)
    for song in look.songs[:1]:
        with right:
            heading(
                f"{display_name(song.artist)}, {display_name(song.title)}", t("The first song, as it will be imported.")
            )
            st.html(verse_html([highlight(line, ()) for line in song.lines[:PREVIEW_LINE_COUNT]]))
    return ImportRequest(source, name, columns, only)


def draw_progress(request: ImportRequest | None) -> None:
    """Draw the button that starts an import, its progress, and its report."""
    job = job_card.latest_job("import")
    busy = job is not None and job.status().state in BUSY
    status = None
    if request or busy:
        shown_request = request or ImportRequest(Path(), "", {}, {})
        name = shown_request.name
        label, words = t("Prepare {name}", name=name), import_command(shown_request)
        status = job_card.draw(job, label, "import", words, {"name": name}, makes=(CORPUS_OWNERS, name))
    if busy != st.session_state.get("importing", False):
        st.session_state["importing"] = busy
        st.rerun()  # the whole page: it polls only while a job runs, and a new corpus joins the list
    if request and job and status and status.state == "done" and job.command[:2] == ("prepare", str(request.source)):
        st.session_state[PREPARED_JOB_KEY] = job.id
        if upload.delete_source(request.source):
            st.rerun()
    if job and request is None and st.session_state.get(PREPARED_JOB_KEY) == job.id:
        status = job.status()  # what was sent is gone, its report stays
    if job is not None and status is not None and (request is None or job.about["name"] == request.name):
        draw_outcome(job, status)


def draw_outcome(job: Job, status: Status) -> None:
    """Draw the result of an import: a link to the corpus and its report. After a cancellation, say what was saved."""
    name = job.about["name"]
    usable = cache.corpus_version(name) > job.created * 1e9
    if status.state == "cancelled":
        page_layout.empty_state(
            t(
                "Cancelled. The corpus is complete except for its pronunciations, which are computed on the first "
                "visit to Rhymes and sounds."
            )
            if usable
            else t("Cancelled. Nothing was saved, and nothing was changed.")
        )
    if usable and status.state != "failed":
        link("overview", label=t("Open {name}", name=escape_markdown(name)), corpus=name)
        if status.state in BUSY:
            page_layout.remark(
                t("You can open it now. Pronunciations are still being computed; this page shows the progress.")
            )
        else:
            draw_import_report(load_report(name), "new")
            draw_artist_names(name, "new")


def import_command(request: ImportRequest) -> list[str]:
    """Return the arguments of the command that prepares this import."""
    pairs = [part for field, column in request.columns.items() for part in ("--column", f"{field}={column}")]
    pairs += [f"--only={column}={value}" for column, value in request.only.items()]
    return ["prepare", str(request.source), "--name", request.name, "--quiet", *pairs]


def draw_importing() -> None:
    """Draw the tab that imports lyrics: its form, the progress of an import, and the prepared corpora."""
    page_layout.draw_question(t("Import your lyrics"))
    text = t("Choose text files, a table or an archive. All is read on this computer and sent nowhere else.")
    page_layout.draw_answer(text)
    if access.require_editor(t("Only editors of this server can import lyrics.")):
        with page_layout.show_errors():
            request = draw_import_form()
            page_layout.fragment(draw_progress, run_every="1s" if st.session_state.get("importing") else None)(request)
    names = cache.corpus_names()
    title = t("Prepared corpora: {names}", names=escape_markdown(", ".join(names)))
    page_layout.draw_fold(title, draw_prepared_corpus, names, key="prepared")


def draw_prepared_corpus(names: list[str]) -> None:
    name = st.selectbox(t("Report on"), names, key="report")
    draw_sharing(CORPUS_OWNERS, name)
    draw_import_report(load_report(name), "prepared")
    draw_artist_names(name, "prepared")


MAX_EXPORT_WORDS = 3_000_000  # words of a file that a server makes in memory; more are written by the command


def exported_bytes(corpus: Corpus, name: str, layer: Layer) -> bytes:
    """Return a corpus as the bytes of a file in the format `name`. A token table holds the tokens of `layer`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        export_corpus(corpus, name, path, layer)
        return path.read_bytes()


def first_exported_lines(corpus: Corpus, name: str, layer: Layer) -> str:
    """Return how an export begins: the first lines of its first song; "" for a format that is not text."""
    content = exported_bytes(corpus.where(songs=corpus.songs.index[:1]), name, layer)
    if FORMATS[name].suffix == ".zip":
        with ZipFile(BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    lines = [] if FORMATS[name].suffix == ".parquet" else content.decode("utf-8").splitlines()
    return "\n".join(shorten(line, MAX_PREVIEW_CHARACTERS, placeholder=" …") for line in lines[:PREVIEW_LINE_COUNT])


def draw_exporting() -> None:
    """Draw the tab that exports the selected songs as a file."""
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Export the selected songs"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        formats = {name: t(form.what) for name, form in FORMATS.items()}
        name = pick(t("Format"), formats, "text", key="format", look="list", width=520)
        selection = selection._replace(variant=pick_lyrics_version("export-version"))
    layer: Layer = selection.layer if FORMATS[name].by_layer else "all"
    figures = cache.query(key_figures, selection, layer)
    text = t(
        "The file will contain <b>{songs}</b> with <b>{words}</b>, {counted}.",
        songs=t_count("{n} song", "{n} songs", figures.songs),
        words=t_count("{n} word", "{n} words", figures.words),
        counted=t(filters.COUNTED[layer]),
    )
    if layer != selection.layer:
        text += " " + t("This format contains whole songs, whichever text is selected.")
    page_layout.draw_answer(text, slot)
    if not figures.words:
        page_layout.empty_state(t("No songs selected. Clear the filters in the sidebar."))
        return
    part = cache.subcorpus(selection)
    if beginning := first_exported_lines(part, name, layer):
        st.caption(t("How it begins:"))
        st.code(beginning, language=None, wrap_lines=True)
    if figures.words <= MAX_EXPORT_WORDS:
        file, mime = f"seize-{selection.corpus}-{name}{FORMATS[name].suffix}", "application/octet-stream"
        content = partial(exported_bytes, part, name, layer)
        save_button(t("Download the file"), content, file, mime, key="save-export", look="primary")
    else:
        page_layout.remark(t("More than {most} words: use the command below.", most=format_decimal(MAX_EXPORT_WORDS)))
    st.caption(t("The same from the command line, with the filters `--artist`, `--years`, `--section` and `--where`:"))
    counted = "" if selection.variant == "written" else f" --as {selection.variant}"
    counted += "" if layer == "all" else f" --layer {layer}"
    st.code(f"seize export {shlex.quote(selection.corpus)} --format {name}{counted}", language="bash", wrap_lines=True)


draw_open_tab(importing=draw_importing, exporting=draw_exporting)
