"""Groups compared by their quartiles or on intervals, and curves with bands."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import BESIDE_NAMES, base_figure, name_rows, rows_height, with_years
from dashboard.charts.palette import INK
from pipeline.core.translation import t


def quartiles(table: pd.DataFrame, group: str, *, x_title: str, hover: str, row: int = 28) -> go.Figure:
    """Draw a row a group: a bar from q1 to q3, the median a stroke, the mean as a dot, the lines counted on hover.

    `hover` says the quartiles with %{customdata[0]} (the median), [1] and [2].
    """
    names = table[group].astype(str)
    figure = base_figure(x=x_title, height=rows_height(len(table), row, 86), widest=BESIDE_NAMES)
    figure.add_bar(
        x=table["q3"] - table["q1"],
        base=table["q1"],
        y=names,
        orientation="h",
        width=0.5,
        marker={"color": INK["blue"], "opacity": 0.45, "line_width": 0},
        hovertemplate="<b>%{y}</b><extra></extra>",
    )
    detail = table[["median", "q1", "q3", "mean", "lines"]]
    figure.add_scatter(
        x=table["median"],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 13, "line": {"width": 3, "color": INK["ink"]}},
        customdata=detail,
        hovertemplate=(
            f"<b>%{{y}}</b><br>{hover}<br>"
            + t("mean %{customdata[3]:.2f}<br>%{customdata[4]:,} lines")
            + "<extra></extra>"
        ),
    )
    figure.add_scatter(
        x=table["mean"], y=names, mode="markers", marker={"size": 7, "color": INK["accent"]}, hoverinfo="skip"
    )
    name_rows(figure, len(table))
    figure.update_xaxes(showgrid=True, gridcolor=INK["rule"], griddash="dot", rangemode="tozero")
    return figure


def curve(
    table: pd.DataFrame,
    x: str,
    y: str,
    *,
    low: str,
    high: str,
    x_title: str,
    y_title: str,
    hover: str,
    height: int = 340,
) -> go.Figure:
    """Draw a line over a band from column `low` to column `high`."""
    figure = base_figure(x=x_title, y=y_title, height=height)
    band = {"x": table[x], "mode": "lines", "line_width": 0, "hoverinfo": "skip"}
    figure.add_scatter(y=table[low], **band)
    figure.add_scatter(y=table[high], fill="tonexty", fillcolor=INK["rule"], **band)
    figure.add_scatter(
        x=table[x],
        y=table[y],
        mode="lines+markers" if len(table) < 60 else "lines",
        line={"color": INK["blue"], "width": 2.5},
        marker={"size": 6},
        customdata=table[[low, high]],
        hovertemplate=hover + "<extra></extra>",
    )
    figure.update_yaxes(rangemode="tozero")
    return figure


def spans(table: pd.DataFrame, name: str, first: str, last: str, *, hover: str, row: int = 22) -> go.Figure:
    """Draw a row a name: a bar from year `first` to year `last`, both in. `hover` may use %{customdata} of the row."""
    figure = base_figure(height=rows_height(len(table), row, 60))
    figure.add_bar(
        x=table[last] - table[first] + 1,
        base=table[first] - 0.5,
        y=table[name],
        orientation="h",
        width=0.55,
        customdata=table,
        marker={"color": INK["blue"], "line_width": 0},
        hovertemplate=hover + "<extra></extra>",
    )
    name_rows(figure, len(table))
    figure.update_xaxes(showgrid=True, gridcolor=INK["rule"], griddash="dot")
    return with_years(figure, table[[first, last]].stack())


def intervals(
    table: pd.DataFrame, name: str, value: str, low: str, high: str, *, x_title: str, hover: str, row: int = 26
) -> go.Figure:
    """Draw a row a name: its value as a dot on its interval. `hover` may use %{customdata} of the row."""
    names = table[name].astype(str)
    figure = base_figure(x=x_title, height=rows_height(len(table), row, 86), widest=BESIDE_NAMES)
    figure.add_scatter(
        x=table[value],
        y=names,
        mode="markers",
        marker={"size": 9, "color": INK["blue"]},
        error_x={
            "array": table[high] - table[value],
            "arrayminus": table[value] - table[low],
            "color": INK["blue"],
            "thickness": 2,
            "width": 0,
        },
        customdata=table,
        hovertemplate=hover + "<extra></extra>",
    )
    name_rows(figure, len(table), showgrid=True)
    ends = table[[value, low, high]].stack()
    if len(table) and np.ptp(ends) <= 1e-9 * abs(ends).max():  # Plotly would draw the last digits of doubles
        figure.update_xaxes(range=[ends.mean() - (room := abs(ends.mean()) / 4 or 1), ends.mean() + room])
    return figure


def group_intervals(table: pd.DataFrame, group: str, value: str, *, x_title: str, hovers: Sequence[str]) -> go.Figure:
    """Draw `intervals` of column `value`, with `value`_low and _high; a click gives the name of the group as a text.

    `hovers` are templates, one a row.
    """
    figure = intervals(table, group, value, f"{value}_low", f"{value}_high", x_title=x_title, hover="")
    hovers = [f"{hover}<extra></extra>" for hover in hovers]
    return figure.update_traces(hovertemplate=hovers, customdata=table[group].astype(str).tolist())
