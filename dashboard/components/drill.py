"""From a mark of a figure to the lines behind it, for figures whose marks are groups of songs or sections."""

from collections.abc import Iterable

import streamlit as st

from dashboard import cache
from dashboard.components import address, page_layout
from dashboard.components.bound import BIND, LISTED
from dashboard.components.line_list import line_list
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.lines import describe_lines
from pipeline.core.translation import t, t_count
from pipeline.corpus.song import shown_name


def group_lines(selection: Selection, by: str, labels: Iterable[object], *, key: str) -> None:
    """Draw a picker of one artist, year or kind, and its lines; `key` is what a click on the figure sets."""
    names = [str(label) for label in labels]
    picked = st.selectbox(
        t("Read the lines of"), names[:LISTED], None, key=key, bind=BIND, placeholder=t("Click a mark, or choose"),
        accept_new_options=len(names) > LISTED,
    )  # fmt: skip
    if picked in names:
        label_lines(selection, by, picked, key=key)
    elif picked is not None:
        page_layout.remark(t("There is none here that is called {names}.", names=address.quote_unknown(picked)))


def label_lines(selection: Selection, by: str, picked: str, *, key: str) -> None:
    """Draw the lines of one artist, year or kind."""
    part = cache.subcorpus(narrow_selection(selection, by, picked))
    found = describe_lines(part, part.lines.index)
    title = t_count("{name}: {n} line", "{name}: {n} lines", len(found), name=picked)
    line_list(found, key=f"lines-{key}", title=title, length=8)


def song_lines(selection: Selection, song: int, *, key: str) -> None:
    """Draw the lines of one song, each with the way to the Song page."""
    part = cache.subcorpus(selection)
    if song not in part.songs.index:
        page_layout.empty_state(t("That song is not selected. Choose another, or widen the filters in the sidebar."))
        return
    row = part.songs.loc[song]
    found = describe_lines(part, part.lines.index[part.lines["song"] == song])
    title = t_count(
        "{name}: {n} line", "{name}: {n} lines", len(found), name=", ".join(map(shown_name, row[["artist", "title"]]))
    )
    line_list(found, key=f"lines-{key}", title=title, length=8)


def narrow_selection(selection: Selection, by: str, label: str) -> Selection:
    """Return the part of the selection that a mark stands for."""
    if by == "artist":
        return selection._replace(artists=(label,))
    if by == "year":
        return selection._replace(years=(int(label), int(label)))
    if by == "kind":
        return selection._replace(kinds=(label,))
    return selection._replace(group=(by, (label,)))
