"""Groups compared by their quartiles or on intervals, curves with bands, words over the years."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import (
    NARROW_TITLE_CHARACTERS,
    add_bars,
    add_label,
    add_line,
    base_figure,
    named_rows_figure,
    set_year_axis,
)
from dashboard.charts.palette import BANDS, CATEGORIES, INK
from dashboard.locale.escaping import escape_plotly
from pipeline.core.translation import mark, t

MEAN_HOVER_TEXT = mark("mean %{customdata[3]:.2f}<br>%{customdata[4]:,} lines")


def quartile_bars(table: pd.DataFrame, group: str, *, x_title: str, hover: str) -> go.Figure:
    """Draw the quartiles of groups, a row each: a bar from q1 to q3, the median as a stroke, the mean as a dot.

    `hover` is a template, in which %{customdata[0]} is the median, [1] and [2] the quartiles.
    """
    names = table[group].astype(str)
    figure = named_rows_figure(len(table), 28, 86, x=x_title, widest=NARROW_TITLE_CHARACTERS)
    middle = {"base": table["q1"], "orientation": "h", "width": 0.5, "marker": {"opacity": 0.45}}
    add_bars(figure, table["q3"] - table["q1"], names, "<b>%{y}</b>", **middle)
    figure.add_scatter(
        x=table["median"],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 13, "line": {"width": 3, "color": INK["ink"]}},
        customdata=table[["median", "q1", "q3", "mean", "lines"]],
        hovertemplate=f"<b>%{{y}}</b><br>{hover}<br>{t(MEAN_HOVER_TEXT)}<extra></extra>",
    )
    dot = {"size": 7, "color": INK["accent"]}
    figure.add_scatter(x=table["mean"], y=names, mode="markers", marker=dot, hoverinfo="skip")
    return figure.update_xaxes(showgrid=True, gridcolor=INK["rule"], griddash="dot", rangemode="tozero")


def curve_with_band(table: pd.DataFrame, x: str, y: str, *, x_title: str, y_title: str, hover: str) -> go.Figure:
    """Draw column `y` as a line, over a band from column `low` to column `high`."""
    figure = base_figure(x=x_title, y=y_title)
    band = {"x": table[x], "mode": "lines", "line_width": 0, "hoverinfo": "skip"}
    figure.add_scatter(y=table["low"], **band)
    figure.add_scatter(y=table["high"], fill="tonexty", fillcolor=INK["rule"], **band)
    mode = "lines+markers" if len(table) < 60 else "lines"
    add_line(figure, table[x], table[y], hover, mode=mode, customdata=table[["low", "high"]])
    return figure.update_yaxes(rangemode="tozero")


SWARM_COLUMNS, SWARM_ROW = 70, 10  # places across, pixels from one dot to the next above
SWARM_PIXELS = 320  # across, on a phone
NAMED_DOTS, NAME_ROWS, NAME_ROW = 10, 3, 17  # of the first rows; rows of names above, pixels of one


def dot_swarm(
    table: pd.DataFrame,
    name: str,
    value: str,
    *,
    x_title: str,
    hovers: Sequence[str],
    inks: Sequence[str] | str = INK["blue"],
    picked: str | None = None,
) -> go.Figure:
    """Draw a beeswarm: a dot for each row of the table at its value, stacked to avoid overlap. A click gives the name.

    The names of both ends and of the first rows are written above, where there is room, each with a line down to its
    dot. `hovers` are templates and `inks` colours, one a row. The row named `picked` has a name and a bar from `low` to
    `high`.
    """
    values = table[value].to_numpy(float)
    columns = np.round((values - values.min()) / (np.ptp(values) or 1.0) * SWARM_COLUMNS)
    heights = table.groupby(columns).cumcount().to_numpy(float)
    top = heights.max() + 1
    room = (NAME_ROWS * NAME_ROW + 16) / SWARM_ROW
    figure = base_figure(x=x_title, height=int((top + room) * SWARM_ROW + 80))
    names = table[name].astype(str).tolist()
    named = {int(values.argmin()), int(values.argmax()), *range(min(NAMED_DOTS, len(table)))}
    if picked in names:
        named.add(at := names.index(picked))
        ends = {"x": table[["low", "high"]].iloc[at], "y": [heights[at]] * 2, "hoverinfo": "skip"}
        figure.add_scatter(mode="lines", line={"color": INK["ink"], "width": 3}, **ends)
    dot = {"size": 8, "color": inks}
    add_line(figure, values, heights, "", mode="markers", marker=dot, customdata=names)
    figure.data[-1].hovertemplate = [f"{hover}<extra></extra>" for hover in hovers]
    placed = list[tuple[float, float, int]]()  # middle and half of the width of each name, in pixels; its row
    for at in sorted(named, key=lambda each: (names[each] != picked, values[each])):
        middle, half = columns[at] / SWARM_COLUMNS * SWARM_PIXELS, LETTER * len(names[at]) / 2
        row = next((row for row in range(NAME_ROWS) if _has_room_for_name(middle, half, row, placed)), None)
        if row is None:
            continue
        placed.append((middle, half, row))
        rise = (top - heights[at]) * SWARM_ROW + 8 + row * NAME_ROW
        figure.add_annotation(
            x=values[at], y=heights[at], ax=0, ay=-rise, text=escape_plotly(names[at]), showarrow=True, arrowhead=0,
            arrowwidth=1, arrowcolor=INK["grey"], standoff=5, font_size=12, font_color=INK["ink"],
        )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-1, top + room])
    return figure.update_xaxes(showgrid=True, gridcolor=INK["rule"], griddash="dot")


def _has_room_for_name(middle: float, half: float, row: int, placed: Sequence[tuple[float, float, int]]) -> bool:
    """Return whether a name fits in a row: names, and their lines down to the dots, may not cross those in `placed`."""
    return not any(
        abs(middle - other) < (half if other_row >= row else 0) + (other_half if other_row <= row else 0) + 2
        for other, other_half, other_row in placed
    )


def interval_chart(
    table: pd.DataFrame, name: str, value: str, low: str = "low", high: str = "high", *, x_title: str, hover: str
) -> go.Figure:
    """Draw a row for each name, its value as a dot on its interval. %{customdata} in `hover` stands for the row."""
    figure = named_rows_figure(len(table), 26, 86, x=x_title, widest=NARROW_TITLE_CHARACTERS, showgrid=True)
    reach = {"array": table[high] - table[value], "arrayminus": table[value] - table[low]}
    reach |= {"color": INK["blue"], "thickness": 2, "width": 0}
    dot, names = {"size": 9, "color": INK["blue"]}, table[name].astype(str)
    add_line(figure, table[value], names, hover, mode="markers", marker=dot, error_x=reach, customdata=table)
    ends = table[[value, low, high]].stack()
    if len(table) and np.ptp(ends) <= 1e-9 * abs(ends).max():  # Plotly would draw the last digits of doubles
        figure.update_xaxes(range=[ends.mean() - (room := abs(ends.mean()) / 4 or 1), ends.mean() + room])
    return figure


def group_interval_chart(
    table: pd.DataFrame, group: str, value: str, *, x_title: str, hovers: Sequence[str]
) -> go.Figure:
    """Draw `interval_chart` of column `value`, with `value`_low and _high, by group; a click gives the group as text.

    `hovers` are templates, one a row.
    """
    figure = interval_chart(table, group, value, f"{value}_low", f"{value}_high", x_title=x_title, hover="")
    hovers = [f"{hover}<extra></extra>" for hover in hovers]
    return figure.update_traces(hovertemplate=hovers, customdata=table[group].astype(str).tolist())


LONGEST_QUERY_LABEL = 18  # letters of a query beside its line
PLOT, LETTER = 320, 7.0  # pixels: the height of a plot, a letter


def query_timeline(table: pd.DataFrame, *, with_shares: bool) -> go.Figure:
    """Draw a line for each query over the years: the share of songs that match it, on a band of its intervals, or its
    occurrences per million words."""
    title = t("share of songs, %") if with_shares else t("occurrences per million words")
    figure = base_figure(x=t("year"), y=title, height=400)
    scale, value = (100, "share") if with_shares else (1, "per_million")
    parts = list(zip(CATEGORIES, table.groupby("query", sort=False), strict=False))
    for ink, (_, part) in parts if with_shares else ():
        edge = {"x": part["year"], "mode": "lines", "line_width": 0, "hoverinfo": "skip"}
        figure.add_scatter(y=scale * part["low"], **edge)
        figure.add_scatter(y=scale * part["high"], fill="tonexty", fillcolor=BANDS[ink], **edge)
    ends = []
    for ink, (query, part) in parts:
        hover = t(
            "<b>{word}</b>, %{{x}}<br>%{{customdata[0]:,}} times, in %{{customdata[1]}} of %{{customdata[2]}} songs",
            word=escape_plotly(query),
        )
        counts = part[["count", "songs_with", "songs"]]
        add_line(figure, part["year"], scale * part[value], hover, ink, customdata=counts)
        last = part.dropna(subset=value).tail(1)
        if len(last):
            ends.append((scale * last[value].iloc[0], last["year"].iloc[0], query, ink))
    top = max((scale * part["high" if with_shares else value].max() for _, (_, part) in parts), default=1) or 1
    height = -np.inf  # pixels, of the label below
    for y, x, query, ink in sorted(ends):
        height = max(y / top * PLOT, height + LETTER * 2.4)
        written = query if len(query) <= LONGEST_QUERY_LABEL else f"{query[:LONGEST_QUERY_LABEL]}…"
        add_label(figure, x, y, written, ink, xanchor="left", xshift=8, yshift=height - y / top * PLOT)
    figure.update_layout(margin={"r": 90})
    years = [table["year"].min() - 0.6, table["year"].max() + 0.6]
    return set_year_axis(figure, table["year"]).update_xaxes(range=years).update_yaxes(rangemode="tozero")
