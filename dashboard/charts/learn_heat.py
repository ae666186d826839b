"""Matrices as pictures: one colour a cell, numbers in the cells when there is room."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure
from dashboard.charts.palette import DIVERGING, INK, SEQUENTIAL, scale
from pipeline.cells.activations import Array


def heat_map(
    matrix: Array,
    *,
    x: str = "",
    y: str = "",
    columns: Sequence[str] | None = None,
    rows: Sequence[str] | None = None,
    diverging: bool = False,
    limit: float | None = None,
    hover: str = "%{y}, %{x}: %{z:.3g}",
    numbers: str = "",
    height: int = 360,
    bar: str = "",
) -> go.Figure:
    """A heat map `(rows, columns)`, first row on top. `limit` is the value of the strongest colour (default: the
    largest); `numbers` is a format such as ".2f"; `bar` titles the colour bar, which is left out otherwise."""
    figure = base_figure(x=x, y=y, height=height)
    top = limit or float(np.nanmax(np.abs(matrix), initial=0)) or 1.0
    figure.add_heatmap(
        z=matrix,
        x=list(columns) if columns is not None else None,
        y=list(rows) if rows is not None else None,
        colorscale=scale(DIVERGING if diverging else SEQUENTIAL),
        zmin=-top if diverging else 0,
        zmax=top,
        showscale=bool(bar),
        colorbar={
            "title": {"text": bar, "side": "right", "font_color": INK["grey"]},
            "tickfont_color": INK["grey"],
            "thickness": 10,
            "outlinewidth": 0,
        },
        xgap=1 if max(matrix.shape) <= 24 else 0,
        ygap=1 if max(matrix.shape) <= 24 else 0,
        texttemplate=f"%{{z:{numbers}}}" if numbers else None,
        hovertemplate=hover + "<extra></extra>",
        hoverongaps=False,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category" if rows is not None else "-")
    figure.update_xaxes(type="category" if columns is not None else "-", tickangle=0)
    return figure


def mark_cells(
    figure: go.Figure, columns: Sequence[str], rows: Sequence[str], places: Sequence[int], symbol: str, hover: str
) -> go.Figure:
    """A sign in one cell of each row: `places` are columns, `symbol` is plotly's, `hover` a template of it."""
    figure.add_scatter(
        x=[columns[place] for place in places],
        y=list(rows),
        mode="markers",
        marker={
            "symbol": symbol,
            "size": 13,
            "color": INK["vermilion"],
            "line": {"width": 2, "color": INK["vermilion"]},
        },
        hovertemplate=hover + "<extra></extra>",
    )
    return figure


def veil_cells(figure: go.Figure, where: Array) -> go.Figure:
    """The cells `where` is true, paler: a veil of the colour of the page."""
    cells = figure.data[0]
    figure.add_heatmap(
        z=np.where(where, 1.0, np.nan),
        x=cells.x,
        y=cells.y,
        colorscale=[[0, INK["rule"]], [1, INK["rule"]]],
        opacity=0.8,
        showscale=False,
        hoverinfo="skip",
    )
    return figure


def label_letters(
    figure: go.Figure, columns: Sequence[str] | None = None, rows: Sequence[str] | None = None
) -> go.Figure:
    """Characters or words as tick labels: an axis of categories `3 e` shows `e`. Words below a column stand aslant."""
    for update, names, aslant in ((figure.update_xaxes, columns, -60), (figure.update_yaxes, rows, 0)):
        if names is not None:
            shown = [name.rpartition(" ")[2] for name in names]
            update(
                tickmode="array",
                tickvals=list(names),
                ticktext=shown,
                ticks="",
                tickangle=aslant if max(map(len, shown), default=0) > 1 else 0,
                tickfont={"family": "Source Code Pro, monospace", "color": INK["ink"], "size": 12},
            )
    return figure
