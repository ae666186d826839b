"""Curves of the Learn pages: several lines with direct labels, functions with a movable point, bars with signs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure, label_annotation
from dashboard.charts.palette import INK
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, t

FLAT = 0.05  # of its highest slope: below that a function counts as flat
MOST_TICKS = 10  # that have room beside each other on a phone
INK_ORDER = ("blue", "vermilion", "green", "orange", "purple", "sky", "grey")


def line_chart(
    curves: Mapping[str, tuple[Any, Any]],
    *,
    x: str,
    y: str,
    log: bool = False,
    inks: Sequence[str] = INK_ORDER,
    dashed: Sequence[str] = (),
    hover: str = "%{y:.3g}",
    height: int = 360,
    markers: bool = False,
    level: float | None = None,
) -> go.Figure:
    """Draw several curves, name → (xs, ys), each labelled at its end; with `level` a dotted horizontal line.

    On a log axis values that are not positive are left out. With `markers` each of a few xs has a tick.
    """
    traces = []
    for (name, (xs, ys)), ink in zip(curves.items(), inks, strict=False):
        xs, ys = np.asarray(xs, float), np.asarray(ys, float)
        if log:
            ys = np.where(ys > 1e-300, ys, np.nan)
        look = {"color": INK[ink], "width": 2.5, "dash": "dot" if name in dashed else "solid"}
        told = f"<b>{escape_plotly(name)}</b><br>{escape_plotly(x)} %{{x}}: {hover}<extra></extra>"
        mode = {"mode": "lines+markers", "marker": {"size": 6}} if markers else {"mode": "lines"}
        traces.append({"type": "scatter", "x": xs, "y": ys, "name": name, "line": look, "hovertemplate": told, **mode})
    right = 18 + 8 * max((len(name) for name in curves), default=0)
    if not traces:
        return base_figure(x=x, y=y, height=height)
    across, values = (np.concatenate([trace[axis] for trace in traces]) for axis in "xy")
    values = np.append(values, [] if level is None else level)
    values = values[np.isfinite(values)]
    values = np.log10(values) if log else values
    low, beside = across.min(), 0.01 * np.ptp(across)  # labels beside the curves would otherwise widen the axis
    ticks = {"tickvals": few} if markers and len(few := np.unique(across)) <= MOST_TICKS else {}
    figure = base_figure(
        x=x, y=y, height=height, data=traces, xaxis={"range": [low - beside, across.max() + beside], **ticks},
        yaxis={"type": "log", "exponentformat": "power", **_log_ticks(values)} if log else None,
        margin={"l": 8, "r": right, "t": 16, "b": 8}, annotations=_curve_end_labels(traces, inks, log, values, height),
    )  # fmt: skip
    if level is not None:
        add_straight_line(figure, y=level, dotted=True)
    return figure


def _log_ticks(powers: Array) -> dict[str, Any]:
    """Return the ticks of a log axis over these powers of ten: about eight, or 1, 2 and 5 of each decade of few."""
    if not len(powers) or np.ptp(powers) >= 3:
        return {"dtick": max(1, round(np.ptp(powers) / 8)) if len(powers) else 1}
    decades = 10.0 ** np.arange(np.floor(powers.min()), np.ceil(powers.max()) + 1)
    ticks = np.outer(decades, (1, 2, 5)).ravel().tolist()
    return {"tickvals": ticks, "ticktext": [format_number(tick, "g") for tick in ticks]}


def _curve_end_labels(
    traces: Sequence[Mapping[str, Any]], inks: Sequence[str], log: bool, values: Array, height: int
) -> list[dict[str, Any]]:
    """Return the labels at the ends of curves as annotations; those that would overlap are moved apart."""
    ends = []
    for trace, ink in zip(traces, inks, strict=False):
        real = np.flatnonzero(np.isfinite(trace["y"]))
        if len(real):
            value = float(trace["y"][real[-1]])
            ends.append((np.log10(value) if log else value, float(trace["x"][real[-1]]), trace["name"], ink))
    span = np.ptp(values) if len(values) else 1.0
    gap, last, labels = 25 / height * (span or 1.0), -np.inf, []  # about a line of text
    for value, x, name, ink in sorted(ends):
        last = max(value, last + gap)
        labels.append(label_annotation(x, last, name, INK[ink], xanchor="left", xshift=6))
    return labels


def add_straight_line(
    figure: go.Figure, *, x: float | None = None, y: float | None = None, dotted: bool = False
) -> None:
    """Add a thin straight line across a figure: vertical at `x`, horizontal at `y`."""
    look = {"type": "line", "line": {"color": INK["grey"], "width": 1.5, "dash": "dot" if dotted else "solid"}}
    if x is not None:
        figure.add_shape(x0=x, x1=x, y0=0, y1=1, yref="y domain", **look)
    if y is not None:
        figure.add_shape(x0=0, x1=1, y0=y, y1=y, xref="x domain", **look)


def function_curve(
    xs: Array, ys: Array, slopes: Array, at: tuple[float, float, float], *, name: str, histogram: Array
) -> go.Figure:
    """Draw a function and its derivative, with the tangent at a point and the range of saturation shaded.

    `at` is (z, value, slope) of the point; `histogram` are z values, drawn as a histogram in a strip of its own below.
    """
    z, value, slope = at
    steep = np.abs(slopes) >= FLAT * slopes.max()
    curve: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    tangent = {"x": [z - 1.6, z + 1.6], "y": [value - 1.6 * slope, value + 1.6 * slope]}
    dots = {"size": 12, "color": [INK["blue"], INK["vermilion"]]}
    traces = [
        _histogram(histogram, (xs[0], xs[-1])),
        {**curve, "x": xs, "y": ys, "line": {"color": INK["blue"], "width": 3}},
        {**curve, "x": xs, "y": slopes, "line": {"color": INK["vermilion"], "width": 2}},
        {**curve, **tangent, "line": {"color": INK["ink"], "width": 1.5, "dash": "dot"}},
        {"type": "scatter", "x": [z, z], "y": [value, slope], "mode": "markers", "marker": dots,
         "hovertemplate": "z = %{x:.2f}: %{y:.4f}<extra></extra>"},
    ]  # fmt: skip
    tail = int(np.flatnonzero(slopes > 0.15 * slopes.max())[-1])  # to the right of the bell, where no other curve is
    labels = [
        label_annotation(xs[-1], ys[-1], name, INK["blue"], xanchor="right", yanchor="bottom", yshift=4),
        label_annotation(xs[tail], slopes[tail], t("derivative"), INK["vermilion"], xanchor="left", yanchor="bottom"),
        label_annotation(xs[0], 1, t("what the cell receives"), INK["grey"], yref="y2", xanchor="left", yanchor="top"),
    ]
    veil = {"type": "rect", "fillcolor": INK["rule"], "opacity": 0.35, "line": {"width": 0}, "layer": "below"}
    flat = [part for side in (xs < 0, xs > 0) if len(part := xs[~steep & side])]
    labels += [
        label_annotation(part.mean(), 0, t("flat"), INK["grey"], yref="y domain", yanchor="bottom") for part in flat
    ]
    return base_figure(
        x="z", y=t("value"), height=400, data=traces, annotations=labels,
        xaxis={"range": [xs[0], xs[-1]], "anchor": "y2"},
        yaxis={"range": [float(ys.min()) - 0.3, float(ys.max()) + 0.3], "domain": [0.3, 1]},
        yaxis2={"domain": [0, 0.24], "range": [0, 1], "visible": False, "fixedrange": True},
        shapes=[{**veil, "x0": part[0], "x1": part[-1], "y0": 0, "y1": 1, "yref": "paper"} for part in flat],
    )  # fmt: skip


def _histogram(values: Array, span: tuple[float, float]) -> dict[str, Any]:
    """Return a histogram of z values as a trace of bars on the second y axis, the highest 0.8."""
    counts, edges = np.histogram(values.clip(*span), bins=48, range=span)
    return {
        "type": "bar", "x": (edges[1:] + edges[:-1]) / 2, "y": 0.8 * counts / max(counts.max(), 1), "yaxis": "y2",
        "width": np.diff(edges), "marker": {"color": INK["grey"], "opacity": 0.5, "line": {"width": 0}},
        "customdata": counts, "hovertemplate": t("z near %{x:.1f}: %{customdata} values") + "<extra></extra>",
    }  # fmt: skip


def share_bars(names: Sequence[str], values: Sequence[float] | Array, *, height: int = 280) -> go.Figure:
    """Draw vertical bars of shares between 0 and 1."""
    written = [format_decimal(v, 3) if len(names) <= 6 else "" for v in values]
    beside = {"text": written, "textposition": "outside", "textfont": {"color": INK["grey"]}, "cliponaxis": False}
    names_axis = {**_NAME_AXIS, "dtick": 1 if all(len(name) == 1 for name in names) else None}
    return base_figure(
        y=t("probability"), height=height, xaxis=names_axis, yaxis={"rangemode": "tozero"},
        data=[_upright_bar_trace(names, values, "%{y:.4f}", [INK["blue"]] * len(names)) | beside],
    )  # fmt: skip


_NAME_AXIS = {"type": "category", "tickfont": {"color": INK["ink"], "size": 13}}


def _upright_bar_trace(
    names: Sequence[str], values: Sequence[float] | Array, shown: str, inks: Sequence[str]
) -> dict[str, Any]:
    hover, marker = f"<b>%{{x}}</b>: {shown}<extra></extra>", {"color": inks, "line": {"width": 0}}
    return {"type": "bar", "x": list(names), "y": np.asarray(values, float), "marker": marker, "hovertemplate": hover}


def signed_bars(names: Sequence[str], values: Sequence[float] | Array, *, y: str, height: int = 280) -> go.Figure:
    """Draw vertical bars of signed values, above and below zero."""
    inks = [INK["blue"] if v < 0 else INK["vermilion"] for v in values]
    figure = base_figure(
        y=y, height=height, data=[_upright_bar_trace(names, values, "%{y:+.4f}", inks)], xaxis=_NAME_AXIS
    )
    add_straight_line(figure, y=0)
    return figure


def set_log_x(figure: go.Figure, start: float, end: float) -> go.Figure:
    """Put the x axis and the labels on it on a log scale from 10^start to 10^end."""
    figure.update_xaxes(type="log", range=[start, end], exponentformat="power", dtick=1 if end > start else None)
    for note in figure.layout.annotations:
        note.x = np.log10(note.x)
    return figure
