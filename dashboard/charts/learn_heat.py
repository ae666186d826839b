"""Matrices and maps of words on the Learn pages: a matrix is a picture, one colour a cell."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_label, add_line, base_figure
from dashboard.charts.label_placement import add_named_points, place_labels
from dashboard.charts.palette import DIVERGING, INK, SEQUENTIAL, plotly_colour_scale
from pipeline.cells.activations import Array
from pipeline.core.translation import t


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
    height: int = 360,
    colour_key: str = "",
) -> go.Figure:
    """Draw a matrix (rows, columns) as a heat map, the first row on top, with a colour bar titled `colour_key`.

    `limit` is the value of the strongest colour (default: the largest).
    """
    top = limit or float(np.nanmax(np.abs(matrix), initial=0)) or 1.0
    gap = 1 if max(matrix.shape) <= 24 else 0
    cells = {
        "type": "heatmap", "z": matrix, "x": columns and list(columns), "y": rows and list(rows),
        "colorscale": plotly_colour_scale(DIVERGING if diverging else SEQUENTIAL), "zmax": top,
        "zmin": -top if diverging else 0, "showscale": bool(colour_key),
        "colorbar": {"thickness": 12, "title": {"text": colour_key}},
        "xgap": gap, "ygap": gap,
        "hovertemplate": hover + "<extra></extra>", "hoverongaps": False,
    }  # fmt: skip
    return base_figure(
        x=x, y=y, height=height, data=[cells], xaxis={"type": "category" if columns else "-", "tickangle": 0},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category" if rows else "-"},
    )  # fmt: skip


def add_cell_discs(
    figure: go.Figure, columns: Sequence[str], rows: Sequence[str], places: Sequence[int], hover: str, **look: Any
) -> go.Figure:
    """Add a disc to one cell of each row of a heat map, in column `places`, seen on dark and on light cells. `look` are
    other options of a Plotly marker."""
    disc = {"size": 14, "color": "black", "line": {"width": 2.5, "color": "white"}, **look}
    add_line(figure, [columns[place] for place in places], list(rows), hover, mode="markers", marker=disc)
    return figure


def label_ticks_with_symbols(
    figure: go.Figure, columns: Sequence[str] | None = None, rows: Sequence[str] | None = None
) -> go.Figure:
    """Label the ticks of a heat map with characters or words: category `3 e` shows `e`; words below are rotated."""
    for axis, names, aslant in ((figure.layout.xaxis, columns, -60), (figure.layout.yaxis, rows, 0)):
        if names is not None:
            shown = [name.rpartition(" ")[2] for name in names]
            angle = aslant if max(map(len, shown), default=0) > 1 else 0
            font = {"family": "Source Code Pro, monospace", "color": INK["ink"], "size": 12}
            ticks = {"tickmode": "array", "tickvals": list(names), "ticktext": shown, "ticks": ""}
            axis.update(**ticks, tickangle=angle, tickfont=font)
    return figure


def word_neighbour_map(points: Array, words: Sequence[str], near: int) -> go.Figure:
    """Draw words at `points` (N, 2): the first word, its `near` neighbours, then others, in three colours."""
    figure = base_figure(x=t("first direction"), y=t("second direction"), height=460)
    sides, others = place_labels(points, words), slice(near + 1, len(words))
    for ink, size, rows in (("grey", 4, others), ("blue", 7, slice(1, near + 1)), ("accent", 11, slice(1))):
        names, marker = list(words[rows]), {"color": INK[ink], "size": size}
        letters = 12 if ink == "grey" else 13
        add_named_points(figure, points[rows], names, sides[rows], marker, ink=INK[ink], size=letters, customdata=names)
    return figure


def coin_flip_series_chart(x: Array, y: Array, at: int, lags: Sequence[int]) -> go.Figure:
    """Draw coin flips `x` `(T,)` above a series `y` `(T,)` made of them. A diamond marks `y[at]`; an arrow leads to
    it from each flip behind it, a disc with its lag above."""
    coin, steps = t("coin x"), [str(step) for step in range(1, len(x) + 1)]
    figure = heat_map(
        np.vstack([x, y]), rows=[coin, "y"], columns=steps, x=t("step"), limit=1, height=220,
        hover=t("%{y}, step %{x}: %{z}"),
    )  # fmt: skip
    for lag in lags:
        hover = t("%{{y}}: lag {lag}, step %{{x}}", lag=lag)
        add_cell_discs(figure, steps, [coin], [at - lag], hover)
        add_label(figure, at - lag, -0.5, f"−{lag}", INK["ink"], yanchor="bottom")
        arrow = {"showarrow": True, "arrowcolor": INK["accent"], "arrowwidth": 2.5, "arrowhead": 2, "standoff": 8}
        add_label(figure, at, 1, "", INK["accent"], ax=at - lag, ay=0, axref="x", ayref="y", startstandoff=9, **arrow)
    add_cell_discs(figure, steps, ["y"], [at], t("%{y}: step %{x}"), symbol="diamond", color=INK["accent"], size=16)
    return figure.update_xaxes(dtick=8, tick0=7).update_layout(margin_t=24)
