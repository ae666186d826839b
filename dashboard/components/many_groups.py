"""A figure of more groups than it can show: which rows it draws, which are looked for, and what is left out."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.bound import pick_some
from dashboard.components.choices import group_name
from dashboard.queries.groups import ENDS, MOST, select_rows, ungrouped_songs
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.core.translation import mark, number, t, t_count

SOUGHT = 10  # rows that can be looked for: with those at both ends as many as a figure shows at all
FACET = "facet"  # in a table of sentences: the one for any other group
YEARS = 60  # years are shown in order, and a gap among them would mislead


def shown_rows(table: pd.DataFrame, by: By, *, key: str) -> pd.DataFrame:
    """Return the rows that a figure draws; of too many, draw a search for the others and say how many are left out."""
    return shown_rows_of([table], by, key=key)[0]


def shown_rows_of(tables: Sequence[pd.DataFrame], by: By, *, key: str) -> list[pd.DataFrame]:
    """Return `shown_rows` of several tables of the same groups, each in its own order, under one search."""
    names = tables[0][by].astype(str).drop_duplicates().tolist()
    most = YEARS if by == "year" else MOST
    if len(names) <= most:
        return list(tables)
    hint = t("Any of {total}", total=number(len(names)))
    wanted = pick_some(t("Look for"), sorted(names), key=f"{key}-rows", most=SOUGHT, width=420, hint=hint)
    selected = [select_rows(table, by, wanted, most) for table in tables]
    sizes = {"total": number(len(names)), "ends": ENDS, "left": number(selected[0][1])}
    page_layout.remark(
        t(
            "Of {total}, the first {ends} and the last {ends} and those looked for are drawn; {left} are left out. "
            "The table to save holds all.",
            **sizes,
        )
        if wanted
        else t(
            "Of {total}, the first {ends} and the last {ends} are drawn; {left} are left out. "
            "The table to save holds all.",
            **sizes,
        )
    )
    return [rows for rows, _ in selected]


def say_ungrouped(selection: Selection, by: By) -> None:
    """Say how many songs are in no group, if any."""
    songs = cache.query(ungrouped_songs, selection, by)
    if songs:
        page_layout.remark(_ungrouped_note(songs, by))


def _ungrouped_note(songs: int, by: By) -> str:
    if by == "artist":
        return t_count(
            "{n} song whose artist is unknown: left out here.",
            "{n} songs whose artist is unknown: left out here.",
            songs,
        )
    if by == "year":
        return t_count(
            "{n} song whose year is unknown: left out here.", "{n} songs whose year is unknown: left out here.", songs
        )
    return t_count(
        "{n} song whose {facet} is unknown: left out here.",
        "{n} songs whose {facet} is unknown: left out here.",
        songs,
        facet=group_name(by),
    )


# What keeps a figure without groups: whole sentences for what every corpus may have, one for any facet.
_NO_LINE = {
    "artist": mark("No artist here has a line to count. Widen the filters in the sidebar."),
    "year": mark("No year here has a line to count. Widen the filters in the sidebar."),
    "kind": mark("No kind of section here has a line to count. Widen the filters in the sidebar."),
    "song": mark("No song here has a line to count. Widen the filters in the sidebar."),
    FACET: mark("No {facet} here has a line to count. Widen the filters in the sidebar."),
}
_NONE_SELECTED = {
    "artist": mark("No selected song has a known artist. Widen the filters in the sidebar."),
    "year": mark("No selected song has a known year. Widen the filters in the sidebar."),
    FACET: mark("No selected song has a known {facet}. Widen the filters in the sidebar."),
}
_NONE_AT_ALL = {
    "artist": mark(
        "No song of this corpus has a known artist: its source does not say it. Import it again with a column, a file "
        "name or a table beside the songs that does."
    ),
    "year": mark(
        "No song of this corpus has a known year: its source does not say it. Import it again with a column, a file "
        "name or a table beside the songs that does."
    ),
    FACET: mark(
        "No song of this corpus has a known {facet}: its source does not say it. Import it again with a column, a file "
        "name or a table beside the songs that does."
    ),
}


def _say(sentences: Mapping[str, str], by: By) -> None:
    page_layout.empty_state(t(sentences[by]) if by in sentences else t(sentences[FACET], facet=group_name(by)))


def no_group(selection: Selection, by: By) -> None:
    """Instead of a figure without groups: the true reason and the way out."""
    part = cache.subcorpus(selection)
    if part.songs.empty:
        page_layout.empty_state(t("Nothing is selected. Clear a filter in the sidebar."))
    elif cache.query(ungrouped_songs, selection, by) < len(part.songs):
        _say(_NO_LINE, by)
    else:
        unknown_everywhere(selection, by)


def unknown_everywhere(selection: Selection, by: By) -> None:
    """Say that the songs of the selection, or of the whole corpus, do not tell what they are to be grouped by."""
    whole = cache.query(ungrouped_songs, selection._replace(artists=(), years=None, kinds=(), facets=()), by)
    songs = len(cache.open_corpus(selection.corpus).songs)
    if whole < songs and not selection.whole:
        _say(_NONE_SELECTED, by)
        return
    _say(_NONE_AT_ALL, by)
    st.page_link(page_layout.VIEWS / "importing.py", label=t("Import"), icon=":material/upload_file:")
