"""A table that can be searched, whose rows can be picked, and that is saved as CSV or Parquet when asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from dashboard.components.frame.bound import MAX_TEXT_CHARACTERS
from pipeline.core.translation import SOURCE, format_decimal, language, localise_number, mark, t, t_count
from pipeline.language.tokens import fold_case
from pipeline.publish.tables import to_csv, to_graphml, to_parquet

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

Look = Literal["primary", "secondary", "tertiary"]
# How some columns are written, by Streamlit in English and by `str.format` in other languages.
NUMBER_FORMATS = {
    # `held`: of what its title says
    **dict.fromkeys(("share", "held", "probability", "support"), ("percent", "{:.2%}")),
    **dict.fromkeys(("p", "q", "distance"), ("%.3f", "{:.3f}")),
    **dict.fromkeys(("first_year", "last_year", "year", "index"), ("%d", "{:.0f}")),  # whole numbers that are no counts
}
# What a column of an abbreviation holds, told when the heading is pointed at.
COLUMN_HELP = {
    "expected": mark("How often the two would occur together if words were in random order."),
    "log_dice": mark(
        "How exclusively the two words go together: 14 at most; one point less means half as exclusive. Does not "
        "depend on the size of the corpus."
    ),
    "g2": mark("Log-likelihood: the evidence against chance. Above 3.84, p < 0.05; above 10.83, p < 0.001."),
    "pmi": mark(
        "Pointwise mutual information, in bits: how much more often than chance predicts. High for rare words."
    ),
    "t": mark("t-score: the evidence that they occur together more than chance predicts. Favours frequent pairs."),
    "q": mark("Expected share of false discoveries among the words down to this one (Benjamini and Hochberg)."),
    "share": mark("Share of all songs or words selected."),
    "distance": mark("0: same proportions of words; 1: no word in common."),
}
ROW, MOST_AT_ONCE = 35, 10  # pixels of a row as Streamlit draws it, and rows that are seen without scrolling
MISSING = "–"  # where there is no value
MAX_SHOWN_ROWS = 2000  # what a browser shows at ease; the export holds the rest


def draw_pickable_table(
    table: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    key: str,
    picks: str,
    search: str,
    sets: str = "",
    file: str = "",
) -> None:
    """Draw some columns of a table under readable names, with a search and download buttons. A click on a row sets the
    widget `sets`, by default `picks`, to the row's value in the column `picks`.

    The search is in that column, or in the first when it is not shown.
    """
    hint = t("Part of a word, or a number")
    query = st.text_input(search, key=f"search-{key}", type="search", max_chars=MAX_TEXT_CHARACTERS, placeholder=hint)
    matches = matching_rows(table, query, picks if picks in columns else next(iter(columns)))
    shown = matches[list(columns)].head(MAX_SHOWN_ROWS)
    alt = t_count("{n} row with its counts", "{n} rows with their counts", len(matches))
    pick = partial(_set_from_clicked_row, f"table-{key}", matches[picks], sets or picks)
    _draw_table(shown, columns, 520, alt, key=f"table-{key}", on_select=pick, selection_mode="single-row")
    if len(matches) > MAX_SHOWN_ROWS:
        sizes = {"shown": format_decimal(MAX_SHOWN_ROWS), "rows": format_decimal(len(matches))}
        st.caption(t("The first {shown} of {rows} rows. Search or download for the rest.", **sizes))
    if file:
        exports(table, file)


def named_table(table: pd.DataFrame, columns: Mapping[str, str], *, alt: str, file: str = "") -> None:
    """Draw the first rows of `table` with its columns under readable names, and buttons that download it all as
    `file`."""
    shown = table[list(columns)].head(MAX_SHOWN_ROWS)
    _draw_table(shown, columns, table_height(len(shown)), alt)
    if file:
        exports(table, file)


def table_height(rows: int) -> int:
    """Return the height in pixels of a table with this many rows; at most 10½ rows show, to hint at more."""
    return int((min(rows, MOST_AT_ONCE + 0.5) + 1) * ROW + 2)


def matching_rows(table: pd.DataFrame, query: str, column: str) -> pd.DataFrame:
    """Return the rows whose `column` contains the query, or whose number in the column "index" equals it."""
    query = fold_case(query).strip()
    if not query:
        return table
    hits = table[column].str.contains(query, regex=False)
    if query.isdecimal() and len(query) < 10 and "index" in table:  # of thousands of digits int() makes no number
        hits |= table["index"] == int(query)
    return table[hits]


def _draw_table(shown: pd.DataFrame, columns: Mapping[str, str], height: int, alt: str, **picks: Any) -> None:
    """Draw a table under readable names, its numbers as the language writes them.

    Streamlit writes them as English does; its format would take those that are written already.
    """
    whole = shown.select_dtypes("integer").columns
    config, templates = {}, {}
    for name in shown.select_dtypes("number").columns:
        form, template = NUMBER_FORMATS.get(name, ("%,d", "{:,d}") if name in whole else ("%.2f", "{:,.2f}"))
        help, english = t(COLUMN_HELP[name]) if name in COLUMN_HELP else None, language() == SOURCE
        config[columns[name]] = st.column_config.NumberColumn(format=form if english else None, help=help)
        templates[columns[name]] = template
    table = localise_numbers(shown.rename(columns=dict(columns)), templates, missing="")
    st.dataframe(table, hide_index=True, column_config=config, height=height, placeholder=MISSING, alt=alt, **picks)


def localise_numbers(table: pd.DataFrame, forms: Mapping[str, str], missing: str = MISSING) -> "pd.DataFrame | Styler":
    """Return a table whose numbers are written as the visitor's language does, by `forms` (column -> template of
    `str.format`). In English, return the table as it is: Streamlit writes its numbers."""
    if language() == SOURCE:
        return table
    formatters = {name: lambda value, form=form: localise_number(form.format(value)) for name, form in forms.items()}
    return table.style.format(formatters, na_rep=missing)


def _set_from_clicked_row(name: str, values: pd.Series, picks: str) -> None:
    rows = st.session_state[name].selection.rows
    if rows:
        st.session_state[picks] = values.iloc[rows[0]]


def save_button(
    label: str, content: Callable[[], str | bytes] | bytes, file: str, mime: str, *, key: str, look: Look = "tertiary",
    help: str | None = None,
) -> None:  # fmt: skip
    """Draw a button that downloads a file without rerunning the page. A callable `content` is called on the click."""
    icon = ":material/download:"
    st.download_button(label, content, file, mime, key=key, on_click="ignore", type=look, icon=icon, help=help)


Format = tuple[str, str, str, Callable[[pd.DataFrame], bytes]]  # name, ending, media type, what writes it
FORMATS: tuple[Format, ...] = (
    ("CSV", "csv", "text/csv", to_csv),
    ("Parquet", "parquet", "application/vnd.apache.parquet", to_parquet),
)
GRAPHML: Format = ("GraphML", "graphml", "application/graphml+xml", to_graphml)  # of links: source, target, weight


def exports(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, key: str = "", more: Sequence[Format] = ()
) -> None:
    """Draw buttons that download a table as CSV, Parquet and the formats in `more`. File names contain `name`.

    `key` tells two of a name on a page apart.
    """

    def file_content(write: Callable[[pd.DataFrame], bytes]) -> bytes:
        return write(table() if callable(table) else table)

    with st.container(horizontal=True, gap="small"):
        for label, suffix, mime, write in (*FORMATS, *more):
            help, file = t("Download {format}", format=label), f"seize-{name}.{suffix}"
            save_button(label, partial(file_content, write), file, mime, key=f"save-{key or name}-{suffix}", help=help)
