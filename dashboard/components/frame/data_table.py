"""A table that can be searched, whose rows can be picked, and that is saved as CSV or Parquet when asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.components.frame.bound import LONGEST
from pipeline.core.translation import SOURCE, language, mark, number, t, t_count, with_marks
from pipeline.language.tokens import fold
from pipeline.publish.tables import to_csv, to_parquet

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

SHARES = ("share", "held", "probability")  # `held`: of what its title says, not of all that is selected
SMALL = ("p", "q")  # probabilities, often far below 0.01
YEARS = ("first_year", "last_year", "year")  # whole numbers that are no counts
# What a column of an abbreviation holds, told when the heading is pointed at.
HELP = {
    "expected": mark("How often the two would meet if words stood in any order."),
    "log_dice": mark(
        "How exclusively the two go together: 14 at most, one less for half as often; whatever the corpus."
    ),
    "g2": mark(
        "Log-likelihood: how sure it is that this is no chance. Above 3.84, p is below 0.05; above 10.83, 0.001."
    ),
    "pmi": mark("Pointwise mutual information, in bits: how much oftener than by chance. High for rare words."),
    "npmi": mark("PMI from -1 (never together) over 0 (chance) to 1 (never apart)."),
    "t": mark("t-score: how sure it is that they meet more than by chance. Favours frequent pairs."),
    "q": mark("Share of false finds to reckon with among the words down to this one (Benjamini and Hochberg)."),
    "log_ratio": mark("Each step is twice as frequent: 3 is eight times as frequent here as there."),
    "lrc": mark(
        "The log ratio that is sure at 95% after correction for the number of words; the rows are in its order."
    ),
    "lafon": mark("log10 of the chance of as many or more, with a minus sign for fewer: within ±2 is banal."),
    "dp": mark("Deviation of proportions: 0 spread evenly over the songs, 1 all in one of them."),
    "share": mark("Of all songs or words selected."),
    "distance": mark("0 for the same proportions of words, 1 for no word in common."),
}
ROW, MOST_AT_ONCE = 35, 10  # pixels of a row as Streamlit draws it, and rows that are seen without scrolling
MISSING = "–"  # where there is no value
ROWS = 2000  # what a browser shows at ease; the export holds the rest


def pick_table(
    table: pd.DataFrame, columns: Mapping[str, str], *, key: str, picks: str, search: str, sets: str = ""
) -> None:
    """Draw columns of `table` under readable names; a picked row puts its `picks` into the widget `sets` or `picks`.

    The search is in that column, or in the first when it is not shown.
    """
    hint = t("Part of a word, or a number")
    query = st.text_input(search, key=f"search-{key}", type="search", max_chars=LONGEST, placeholder=hint)
    matches = matching_rows(table, query, picks if picks in columns else next(iter(columns)))
    shown = matches[list(columns)].head(ROWS)
    st.dataframe(
        _write_numbers(shown, columns),
        hide_index=True,
        key=f"table-{key}",
        on_select=lambda: _pick(f"table-{key}", matches[picks], sets or picks),
        selection_mode="single-row",
        column_config=_formats(shown, columns),
        height=520,
        placeholder=MISSING,
        alt=t_count("{n} row with its counts", "{n} rows with their counts", len(matches)),
    )
    if len(matches) > ROWS:
        st.caption(
            t(
                "The first {shown} of {rows} rows. Search, or save the table, for the rest.",
                shown=number(ROWS),
                rows=number(len(matches)),
            )
        )


def named_table(table: pd.DataFrame, columns: Mapping[str, str], *, alt: str) -> None:
    """Draw columns of `table` under readable names, the first rows of it."""
    shown = table[list(columns)].head(ROWS)
    height = table_height(len(shown))
    st.dataframe(
        _write_numbers(shown, columns),
        hide_index=True,
        column_config=_formats(shown, columns),
        height=height,
        placeholder=MISSING,
        alt=alt,
    )


def table_height(rows: int) -> int:
    """Return the pixels of a table of so many rows, ten at most at once: its place is kept until it is drawn."""
    return (min(rows, MOST_AT_ONCE) + 1) * ROW + 2


def matching_rows(table: pd.DataFrame, query: str, column: str) -> pd.DataFrame:
    """Return the rows whose `column` holds the query, or whose index is that number."""
    query = fold(query).strip()
    if not query:
        return table
    hits = table[column].str.contains(query, regex=False)
    if query.isdecimal() and len(query) < 10 and "index" in table:  # of thousands of digits int() makes no number
        hits |= table["index"] == int(query)
    return table[hits]


def _formats(shown: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, ColumnConfig]:
    """Return how numbers are written, where it is as English does, and what abbreviations mean: by title of the column.

    Streamlit would take a format in the way of what is written already.
    """
    special = dict.fromkeys(SHARES, "percent") | dict.fromkeys(SMALL, "%.1e") | dict.fromkeys(YEARS, "%d")
    whole = shown.select_dtypes("integer").columns
    return {
        columns[name]: st.column_config.NumberColumn(
            format=special.get(name, "%,d" if name in whole else "%.2f") if language() == SOURCE else None,
            help=t(HELP[name]) if name in HELP else None,
        )
        for name in shown.select_dtypes("number").columns
    }


def _write_numbers(shown: pd.DataFrame, columns: Mapping[str, str]) -> "pd.DataFrame | Styler":
    """Return the table under readable names, its numbers written where Streamlit would write them as English does."""
    special = dict.fromkeys(SHARES, "{:.2%}") | dict.fromkeys(SMALL, "{:.1e}") | dict.fromkeys(YEARS, "{:.0f}")
    whole = shown.select_dtypes("integer").columns
    forms = {
        columns[name]: special.get(name, "{:,d}" if name in whole else "{:,.2f}")
        for name in shown.select_dtypes("number").columns
    }
    return in_signs_of_language(shown.rename(columns=dict(columns)), forms, missing="")


def in_signs_of_language(
    table: pd.DataFrame, forms: Mapping[str, str], missing: str = MISSING
) -> "pd.DataFrame | Styler":
    """Return a table with the numbers of each column written by `forms`, templates of `str.format`, with the signs of
    the language; as it is where Streamlit writes them, as English does."""
    if language() == SOURCE:
        return table
    return table.style.format({name: partial(_write, form) for name, form in forms.items()}, na_rep=missing)


def _write(form: str, value: float) -> str:
    return with_marks(form.format(value))


def _pick(name: str, values: pd.Series, picks: str) -> None:
    rows = st.session_state[name].selection.rows
    if rows:
        st.session_state[picks] = values.iloc[rows[0]]


Format = tuple[str, str, str, Callable[[pd.DataFrame], bytes]]  # name, ending, media type, what writes it
FORMATS: tuple[Format, ...] = (
    ("CSV", "csv", "text/csv", to_csv),
    ("Parquet", "parquet", "application/vnd.apache.parquet", to_parquet),
)


def exports(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, key: str = "", more: Sequence[Format] = ()
) -> None:
    """Draw buttons that save the table as `name`.csv, `name`.parquet and what `more` adds.

    `key` tells two of a name on a page apart.
    """
    with st.container(horizontal=True, gap="small"):
        for label, suffix, mime, write in (*FORMATS, *more):
            st.download_button(
                t("Save as {format}", format=label),
                partial(_save, write, table),
                file_name=f"seize-{name}.{suffix}",
                mime=mime,
                key=f"save-{key or name}-{suffix}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def _save(write: Callable[[pd.DataFrame], bytes], table: pd.DataFrame | Callable[[], pd.DataFrame]) -> bytes:
    return write(table() if callable(table) else table)
