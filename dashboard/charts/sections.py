"""Figures of the structure of songs: their sections as coloured bars, shares of kinds, self-similarity of a song."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_bars, add_line, base_figure, named_rows_figure
from dashboard.charts.palette import INK, SECTION_COLOURS
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import section_name
from pipeline.core.translation import format_decimal, format_percentage, t

MAX_FORM_SECTIONS = 40  # of a form that are drawn
AXIS_QUARTILE_FACTOR = 2.5  # the axis goes to so many times the length of the upper quartile of the forms


def form_bars(forms: pd.DataFrame, parts: pd.DataFrame) -> go.Figure:
    """Draw forms of songs, a row each, as bars of their sections, coloured by kind. A click gives the rank of the form.

    `forms` has the columns rank, songs, share; `parts`, the sections of the forms: rank, place, kind, lines,
    first_line. Of a form of many sections or lines only the beginning is drawn.
    """
    names = [
        f"{format_decimal(row.songs)} ({format_percentage(row.share, 0 if row.share >= 0.1 else 1)})"
        for row in forms.itertuples()
    ]
    ticks = {"type": "linear", "tickvals": forms["rank"].tolist(), "ticktext": names}
    figure = named_rows_figure(len(forms), 30, x=t("lines from the start, on average"), **ticks)
    parts = parts[parts["place"] < MAX_FORM_SECTIONS]
    longest = AXIS_QUARTILE_FACTOR * parts.groupby("rank")["lines"].sum().quantile(0.75)
    rim = {"line_width": 0.5, "line_color": "rgba(128,128,128,0.6)"}
    for kind, part in parts[parts["first_line"] < longest].groupby("kind", sort=False):
        hover = t("{kind}, %{{x:.1f}} lines on average", kind=escape_plotly(section_name(kind)).capitalize())
        place = {"base": part["first_line"], "orientation": "h", "width": 0.72, "customdata": part["rank"].tolist()}
        lines = np.minimum(part["lines"], longest - part["first_line"])
        add_bars(figure, lines, part["rank"], hover, INK[SECTION_COLOURS[kind]], marker=rim, **place)
    figure.update_yaxes(range=[len(forms) + 0.6, 0.4])
    return figure.update_layout(barmode="overlay")


MAX_CLICKABLE_CELLS = 1500  # that can be clicked in one figure: each is a node of the page


def section_kind_bars(table: pd.DataFrame, group: str) -> go.Figure:
    """Draw groups, a row each, as stacked bars of the share of lines in each kind of section. Columns kind,
    line_share."""
    groups = table[group].astype(str)
    order: dict[str, Any] = {"categoryorder": "array", "categoryarray": list(dict.fromkeys(groups))}
    figure = named_rows_figure(groups.nunique(), 26, x=t("share of lines, %"), **order)
    for kind in SECTION_COLOURS:
        part = table[table["kind"] == kind]
        hover = t(
            "<b>%{{y}}</b><br>{kind}: %{{x:.1f}}%, %{{customdata:,}} lines", kind=escape_plotly(section_name(kind))
        )
        shares, names = 100 * part["line_share"], part[group].astype(str)
        add_bars(figure, shares, names, hover, INK[SECTION_COLOURS[kind]], orientation="h", customdata=part["lines"])
    return figure.update_layout(barmode="stack", bargap=0.3)


def self_similarity_plot(similarity: np.ndarray, alike: float, lines: int = 1) -> go.Figure:
    """Draw the self-similarity matrix of a song, 0 to 1. A cell compares two lines, or two blocks of `lines` lines.

    Cells of `alike` or more can be clicked, the `MAX_CLICKABLE_CELLS` most similar ones: invisible markers lie on them,
    whose customdata is the number of the row from 1.
    """
    cells = t("lines %{y} and %{x}: %{z}% similar")
    marks = t("lines %{y} and %{x}: %{text} similar")
    if lines > 1:
        cells = t("the {lines} lines from %{{y}} and from %{{x}}: %{{z}}% similar", lines=format_decimal(lines))
        marks = t("the {lines} lines from %{{y}} and from %{{x}}: %{{text}} similar", lines=format_decimal(lines))
    figure = base_figure(x=t("line of the song"), y=t("line of the song"), height=420)
    figure.add_heatmap(
        z=np.round(100 * similarity).astype(np.uint8),  # a byte a cell, not eight
        x0=1, dx=lines, y0=1, dy=lines, colorscale="Cividis", zmin=0, zmax=100, showscale=False,
        hovertemplate=cells + "<extra></extra>",
    )  # fmt: skip
    rows, columns = np.nonzero(similarity >= alike)
    if len(rows) > MAX_CLICKABLE_CELLS:
        best = np.argsort(-similarity[rows, columns], kind="stable")[:MAX_CLICKABLE_CELLS]
        rows, columns = rows[best], columns[best]
    unseen = {"symbol": "square", "size": 12 if len(similarity) < 100 else 6, "opacity": 0}
    about: dict[str, Any] = {
        "customdata": (rows + 1).tolist(),
        "text": [format_percentage(value, 0) for value in similarity[rows, columns]],
    }
    add_line(figure, columns * lines + 1, rows * lines + 1, marks, mode="markers", marker=unseen, **about)
    figure.update_xaxes(constrain="domain")
    figure.update_yaxes(autorange="reversed", showgrid=False, scaleanchor="x", constrain="domain")
    return figure
