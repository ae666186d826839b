"""A table that can be searched, and whose rows can be picked."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pipeline.language.tokens import fold

SMALL = ("p", "q")  # probabilities, often far below 0.01
ROWS = 2000  # what a browser shows at ease; the export holds the rest


def pick_table(
    table: pd.DataFrame, columns: Mapping[str, str], *, key: str, picks: str, search: str, sets: str = ""
) -> None:
    """Columns of `table` under readable names; a picked row puts its `picks` into the widget `sets` or `picks`."""
    query = st.text_input(search, key=f"search-{key}", type="search", placeholder="Part of a word, or a number")
    found = matching(table, query, picks)
    shown = found[list(columns)].head(ROWS)
    st.dataframe(
        shown.rename(columns=dict(columns)),
        hide_index=True,
        key=f"table-{key}",
        on_select=lambda: _pick(f"table-{key}", shown[picks], sets or picks),
        selection_mode="single-row",
        column_config=_formats(shown, columns),
        height=520,
        alt=f"{len(found):,} rows with their counts",
    )
    if len(found) > ROWS:
        st.caption(f"The first {ROWS:,} of {len(found):,} rows. Search, or save the table, for the rest.")


def named_table(table: pd.DataFrame, columns: Mapping[str, str], *, alt: str) -> None:
    """Columns of `table` under readable names, the first rows of it."""
    shown = table[list(columns)].head(ROWS)
    st.dataframe(shown.rename(columns=dict(columns)), hide_index=True, column_config=_formats(shown, columns), alt=alt)


def matching(table: pd.DataFrame, query: str, column: str) -> pd.DataFrame:
    """The rows whose `column` holds the query, or whose index is that number."""
    query = fold(query).strip()
    if not query:
        return table
    hits = table[column].str.contains(query, regex=False)
    if query.isdecimal() and "index" in table:
        hits |= table["index"] == int(query)
    return table[hits]


def _formats(shown: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, object]:
    """How the numbers that are not whole are written: by title of the column."""
    special = {"share": "percent", "probability": "percent", **dict.fromkeys(SMALL, "%.1e")}
    floats = shown.select_dtypes("float").columns
    return {columns[name]: st.column_config.NumberColumn(format=special.get(name, "%.2f")) for name in floats}


def _pick(name: str, values: pd.Series, picks: str) -> None:
    rows = st.session_state[name].selection.rows
    if rows:
        st.session_state[picks] = values.iloc[rows[0]]
