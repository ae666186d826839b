"""The import of lyrics: the choice of a source (uploaded files or a folder), its preview, and the import report."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, named_table, save_button
from dashboard.components.frame.figure_card import heading
from dashboard.locale.escaping import escape_markdown
from dashboard.queries import uploads
from dashboard.queries.uploads import uploads_folder
from pipeline.core.errors import SeizeError, SourceError
from pipeline.core.translation import format_decimal, mark, t, translate_labels
from pipeline.corpus.account import rule_description
from pipeline.corpus.preview import (
    Preview,
    count_rows_in_subprocess,
    preview_in_subprocess,
    table_columns_in_subprocess,
)
from pipeline.corpus.report import MINUS, inferred_count_text, report_page, translate_duplicate_kinds, translate_reasons

WAY_LABELS = {"upload": mark("Files"), "path": mark("Folder on this computer")}
LONGEST_PATH = 4096  # characters
Pairs = tuple[tuple[str, str], ...]  # what a mapping is cached under
PREVIEW_SECONDS = 120  # seconds for which a first look holds: a file inside a folder may change without the folder
EMPTIED_COUNT_KEY = "uploader-emptied"  # how often: a new key is a new, empty uploader


def pick_source() -> Path | None:
    """Draw the choice between uploaded files and a folder; return the path of the source, None while there is none.

    Raise SourceError for a path that does not exist or may not be read, and for uploads beyond the visitor's room.
    """
    uploads.sweep_uploads()
    roots = uploads.import_roots(local=uploads.is_local(st.get_option("server.address"), st.context.headers.to_dict()))
    way = "upload"
    if roots:
        way = st.segmented_control(
            t("Source"),
            list(WAY_LABELS),
            default="upload",
            required=True,
            format_func=translate_labels(WAY_LABELS).__getitem__,
            key="way",
        )
    if way == "upload":
        emptied, visitor = st.session_state.get(EMPTIED_COUNT_KEY, 0), cache.current_visitor().name
        key = f"files-{emptied}" if emptied else "files"
        label = t("Text, CSV, XLSX, ODS, Parquet, JSON or LRC files, or a zip of them")
        files = st.file_uploader(label, accept_multiple_files=True, key=key)  # scrapes have any ending, or none
        stored = _store_uploaded_files(files) if files else None
        message = t(
            "Room for {room} MB. Uploads are deleted once prepared, or after a day.",
            room=format_decimal((uploads.upload_limit(visitor) - uploads.uploaded_bytes(visitor)) / 1e6),
        )
        page_layout.remark(message)
        return stored
    hint = str(roots[0] / "lyrics")
    typed = st.text_input(t("Folder or file"), key="source", max_chars=LONGEST_PATH, placeholder=hint).strip()
    page_layout.remark(t("Folders open to imports: {folders}.", folders=", ".join(map(str, roots))))
    return uploads.resolve_local_source(typed, roots) if typed else None


def delete_source(source: Path) -> bool:
    """Delete an uploaded source and empty the uploader; return False for a folder, which is left alone."""
    if not source.is_relative_to(uploads_folder()):
        return False
    uploads.delete_upload(source)
    st.session_state[EMPTIED_COUNT_KEY] = st.session_state.get(EMPTIED_COUNT_KEY, 0) + 1
    return True


def table_columns(source: Path) -> tuple[list[str], dict[str, str]]:
    """Return the columns of a table and the guessed field -> column; both are empty for texts. Raise SeizeError."""
    with st.spinner(t("Reading…")):
        guess = cache.call(_guess_preview, *_source_cache_key(source))
        return (
            cache.call(_read_columns, *_source_cache_key(source)) if guess is None else (guess.columns, guess.mapping)
        )


def preview_source(source: Path, columns: Mapping[str, str], only: Mapping[str, str]) -> Preview:
    """Return the first songs of a source as `prepare` would read them. `columns` maps fields to columns of a table, and
    `only` maps columns to the value that rows must have. Raise SeizeError."""
    with st.spinner(t("Reading…")):
        guess = None if only else cache.call(_guess_preview, *_source_cache_key(source))
        if guess is not None and guess.mapping == {field: column for field, column in columns.items() if column}:
            return guess
        return cache.call(_read_preview, *_source_cache_key(source), tuple(columns.items()), tuple(only.items()))


def pick_wanted_rows(source: Path, columns: Sequence[str]) -> dict[str, str]:
    """Draw the choice of the rows of a table to import; return column -> value that rows must have, empty for all rows.

    Raise SeizeError.
    """
    label = t("Only rows with a given value in")
    chosen = st.multiselect(label, columns, key="only", placeholder=t("Any"))
    values = {
        column: st.text_input(escape_markdown(column), key=f"only-{column}", max_chars=200).strip() for column in chosen
    }
    only = {column: value for column, value in values.items() if value}
    if only and st.button(t("Count them"), key="count-rows"):
        with st.spinner(t("Counting…")):
            wanted_count, rows = cache.call(_count_wanted_rows, *_source_cache_key(source), tuple(only.items()))
        page_layout.remark(t("{wanted} of {rows} rows", wanted=format_decimal(wanted_count), rows=format_decimal(rows)))
    return only


def _source_cache_key(source: Path) -> tuple[str, int, int, int]:
    """Return the cache key of previews of a source: path, time of change, size, and the current period of 2 minutes."""
    about = source.stat()
    return str(source), about.st_mtime_ns, about.st_size, int(time.time() // PREVIEW_SECONDS)


def _read_columns(source: str, *state: int) -> tuple[list[str], dict[str, str]]:
    return table_columns_in_subprocess(Path(source))


def _read_preview(source: str, modified: int, size: int, span: int, columns: Pairs, only: Pairs) -> Preview:
    return preview_in_subprocess(Path(source), dict(columns), dict(only))


def _count_wanted_rows(source: str, modified: int, size: int, span: int, only: Pairs) -> tuple[int, int]:
    return count_rows_in_subprocess(Path(source), dict(only))


def _guess_preview(source: str, *state: int) -> Preview | None:
    """Return the preview of a source with its columns and a guess of their fields; None where it cannot be read."""
    try:
        return preview_in_subprocess(Path(source))
    except SeizeError:
        return None


@contextmanager
def show_upload_names_in_errors(source: Path) -> Iterator[None]:
    """Replace the server's path of an uploaded file in SourceErrors by the name that the file had when it was sent."""
    try:
        yield
    except SourceError as error:
        if not source.is_relative_to(uploads_folder()):
            raise
        name = source.name if source.is_file() else t("Uploaded files")
        values = {
            key: str(value).replace(str(source), name) if str(source) in str(value) else value
            for key, value in error.values.items()
        }
        raise error.with_values(**values) from error


def _store_uploaded_files(files: Sequence[UploadedFile]) -> Path:
    """Write the uploaded files to disk, unless they are there already, and return their folder or file."""
    names = tuple((file.file_id, file.name) for file in files)
    before, stored = st.session_state.get("uploaded", (None, Path()))
    if before != names or not stored.exists():
        stored = uploads.store_upload([(file.name, file.getbuffer()) for file in files], cache.current_visitor().name)
        st.session_state["uploaded"] = (names, stored)
    return stored


SIZE_LABELS = {"files": mark("Files"), "songs": mark("Songs"), "lines": mark("Lines"), "words": mark("Words")}
RULE_COLUMN_LABELS = {
    "what": mark("Rule"), "songs": mark("Songs"), "lines": mark("Lines of text"), "characters": mark("Characters"),
}  # fmt: skip
COUNTS_NOTE = mark(
    "All of the text: ad-libs, lines without words and every language. The sidebar counts less: only the chosen text "
    "and languages."
)
REPORT_LISTS = {
    "skipped": (mark("Unreadable"), {"file": mark("File"), "reason": mark("Reason")}),
    "unmatched": (mark("Rows without a file, files without a row"), {"file": mark("File"), "reason": mark("Reason")}),
    "duplicates": (
        mark("Merged duplicates"),
        {"dropped": mark("Excluded"), "kept": mark("Kept"), "kind": mark("Kind"), "containment": mark("Shared")},
    ),
}


def draw_import_report(report: Mapping[str, Any], key: str) -> None:
    """Draw an import report: sizes, changes by each cleaning rule, duplicates that were merged and files that could not
    be read. `key` tells two reports on a page apart."""
    if not report:
        page_layout.empty_state(t("This corpus has no import report. Prepare it again to create one."))
        return
    page_layout.key_figures({t(name): format_decimal(report.get(size, 0)) for size, name in SIZE_LABELS.items()})
    page_layout.remark(t(COUNTS_NOTE))
    if "account" in report:
        _draw_kept_and_dropped_counts(report["account"])
        if inferred := inferred_count_text(report.get("inferred", {})):
            page_layout.remark(inferred)
        file = f"seize-report-{report['name']}.html"
        save_button(
            t("Download as a web page"), lambda: report_page(report), file, "text/html", key=f"save-report-{key}-html"
        )
    rules = pd.DataFrame(report.get("rules", []))
    if len(rules):
        heading(t("Changes made by cleaning"))
        columns = {name: title for name, title in translate_labels(RULE_COLUMN_LABELS).items() if name in rules}
        shown = rules.assign(what=[rule_description(row) for row in report["rules"]])
        named_table(shown, columns, alt=t("Cleaning rules and their changes"))
        nested = [name for name in rules if rules[name].dtype == object]  # examples
        exports(rules.astype(dict.fromkeys(nested, "str")), "cleaning-rules", f"rules-{key}")
    for name, (title, columns) in REPORT_LISTS.items():
        entries = translate_reasons(report.get(name, []))
        if rows := translate_duplicate_kinds(entries) if name == "duplicates" else entries:
            with st.expander(t("{list}: {n}", list=t(title), n=format_decimal(len(rows)))):
                named_table(pd.DataFrame(rows), translate_labels(columns), alt=t(title))
                exports(pd.DataFrame(entries), name, f"{name}-{key}")


def _draw_kept_and_dropped_counts(account: Mapping[str, Any]) -> None:
    """Draw a table of how many lines and words were read, how many each rule dropped, and how many were kept."""
    rows = [(t("Read"), account["read"], 1)]
    rows += [(f"{MINUS} {rule_description(entry)}", entry, -1) for entry in account["dropped"]]
    if any(account["unexplained"].values()):
        rows.append((f"{MINUS} {t('Unexplained')}", account["unexplained"], -1))
    rows.append((f"= {t('Kept')}", account["kept"], 1))
    body = "".join(
        f"<tr{' class=sum' if sign > 0 else ''}><td>{escape(what)}</td><td>{format_decimal(sign * size['lines'])}</td>"
        f"<td>{format_decimal(sign * size['words'])}</td></tr>"
        for what, size, sign in rows
    )
    heading(t("Read, dropped, kept"), t("Non-blank lines; words separated by spaces."))
    lines, words = escape(t("Lines of text")), escape(t("Words"))
    st.html(f'<table class="account"><tr><td></td><th>{lines}</th><th>{words}</th></tr>{body}</table>')
