"""A figure of more groups than it can show: which rows it draws, which are looked for, and what is left out."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.bound import BIND
from dashboard.components.choices import group_name
from dashboard.locale.phrasing import count
from dashboard.queries.groups import ENDS, MOST, select_rows, ungrouped_songs
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.translation import number

SOUGHT = 10  # rows that can be looked for: with those at both ends as many as a figure shows at all
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
    wanted = st.multiselect(
        "Look for", sorted(names), key=f"{key}-rows", bind=BIND, max_selections=SOUGHT, width=420,
        placeholder=f"Any of {number(len(names))}",
    )  # fmt: skip
    selected = [select_rows(table, by, wanted, most) for table in tables]
    page_layout.remark(
        f"Of {number(len(names))}, the first {ENDS} and the last {ENDS}{' and those looked for' if wanted else ''} are "
        f"drawn; {number(selected[0][1])} are left out. The table to save holds all."
    )
    return [rows for rows, _ in selected]


def say_ungrouped(selection: Selection, by: By) -> None:
    """Say how many songs are in no group, if any."""
    songs = cache.query(ungrouped_songs, selection, by)
    if songs:
        page_layout.remark(f"{count(songs, 'song')} whose {group_name(by)} is unknown: left out here.")


def no_group(selection: Selection, by: By, lines: str = "line") -> None:
    """Instead of a figure without groups: the true reason and the way out."""
    part = cache.subcorpus(selection)
    if part.songs.empty:
        page_layout.empty_state("Nothing is selected. Clear a filter in the sidebar.")
    elif cache.query(ungrouped_songs, selection, by) < len(part.songs):
        page_layout.empty_state(f"No {group_name(by)} here has a {lines} to count. Widen the filters in the sidebar.")
    else:
        unknown_everywhere(selection, by)


def unknown_everywhere(selection: Selection, by: By) -> None:
    """Say that the songs of the selection, or of the whole corpus, do not tell what they are to be grouped by."""
    whole = cache.query(ungrouped_songs, selection._replace(artists=(), years=None, kinds=(), facets=()), by)
    songs = len(cache.open_corpus(selection.corpus).songs)
    if whole < songs and not selection.whole:
        page_layout.empty_state(f"No selected song has a known {group_name(by)}. Widen the filters in the sidebar.")
        return
    page_layout.empty_state(
        f"No song of this corpus has a known {group_name(by)}: its source does not say it. Import it again with a "
        f"column, a file name or a table beside the songs that does."
    )
    st.page_link(page_layout.VIEWS / "importing.py", label="Import", icon=":material/upload_file:")
