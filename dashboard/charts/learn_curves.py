"""Curves of the Learn pages: several lines with direct labels, functions with a movable point, bars with signs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_bars, add_line, base_figure, label
from dashboard.charts.palette import INK
from dashboard.locale.escaping import escape_plotly
from pipeline.cells.activations import Array
from pipeline.core.translation import number, t

ORDER = ("blue", "vermilion", "green", "orange", "purple", "sky", "grey")


def line_chart(
    curves: Mapping[str, tuple[Any, Any]],
    *,
    x: str,
    y: str,
    log: bool = False,
    inks: Sequence[str] = ORDER,
    dashed: Sequence[str] = (),
    hover: str = "%{y:.3g}",
    height: int = 360,
    markers: bool = False,
) -> go.Figure:
    """name → (xs, ys), each labelled at its end. On a log axis what is not positive is left out."""
    figure = base_figure(x=x, y=y, height=height)
    for (name, (xs, ys)), ink in zip(curves.items(), inks, strict=False):
        xs, ys = np.asarray(xs, float), np.asarray(ys, float)
        if log:
            ys = np.where(ys > 1e-300, ys, np.nan)
        look = {"color": INK[ink], "width": 2.5, "dash": "dot" if name in dashed else "solid"}
        told = f"<b>{escape_plotly(name)}</b><br>{escape_plotly(x)} %{{x}}: {hover}"
        add_line(figure, xs, ys, told, name=name, mode="lines+markers" if markers else "lines", line=look)
    _end_labels(figure, log, inks)
    if figure.data:  # labels beside the curves would otherwise widen the axis
        everything = np.concatenate([np.asarray(trace.x, float) for trace in figure.data])
        low, high = float(everything.min()), float(everything.max())
        figure.update_xaxes(range=[low - 0.01 * (high - low), high + 0.01 * (high - low)])
    if log:
        figure.update_yaxes(type="log", exponentformat="power", dtick=_decades(figure))
    figure.update_layout(margin={"r": 18 + 8 * max((len(name) for name in curves), default=0)})
    return figure


def _decades(figure: go.Figure) -> int:
    """How many powers of ten between two ticks, so that there are eight or so."""
    values = np.concatenate([np.asarray(trace.y, float) for trace in figure.data])
    values = values[np.isfinite(values)]
    return max(1, round(np.ptp(np.log10(values)) / 8)) if len(values) else 1


def _end_labels(figure: go.Figure, log: bool, inks: Sequence[str]) -> None:
    """A label at the end of each curve; labels that would overlap are moved apart."""
    ends = []
    for trace, ink in zip(figure.data, inks, strict=False):
        real = np.flatnonzero(np.isfinite(trace.y))
        if len(real):
            value = float(trace.y[real[-1]])
            ends.append((np.log10(value) if log else value, float(trace.x[real[-1]]), trace.name, ink))
    everything = np.concatenate([np.asarray(t.y, float) for t in figure.data]) if figure.data else np.zeros(1)
    everything = everything[np.isfinite(everything)]
    span = np.ptp(np.log10(everything) if log else everything) if len(everything) else 1.0
    gap, last = 25 / figure.layout.height * (span or 1.0), -np.inf  # about a line of text
    for value, x, name, ink in sorted(ends):
        shift = max(0.0, last + gap - value)
        last = value + shift
        label(figure, x, value + shift, name, INK[ink], xanchor="left", xshift=6)


def add_rule(figure: go.Figure, *, x: float | None = None, y: float | None = None, dotted: bool = False) -> None:
    """A thin line across, upright at `x` or level at `y`, that can be seen in both themes."""
    look = {"line": {"color": INK["grey"], "width": 1.5, "dash": "dot" if dotted else "solid"}}
    if x is not None:
        figure.add_vline(x, **look)
    if y is not None:
        figure.add_hline(y, **look)


def function_curve(
    xs: Array, ys: Array, slopes: Array, at: tuple[float, float, float], *, name: str, histogram: Array | None = None
) -> go.Figure:
    """A function and its derivative, a point with its tangent, saturation shaded, what really arrives underneath.

    `at` is (z, value, slope).
    """
    figure = base_figure(x="z", y="", height=380)
    if histogram is not None:
        _add_histogram(figure, histogram, (xs[0], xs[-1]), ys.min() - 0.55)
    _shade_saturation(figure, xs, slopes)
    figure.add_scatter(x=xs, y=ys, mode="lines", line={"color": INK["blue"], "width": 3}, hoverinfo="skip")
    figure.add_scatter(x=xs, y=slopes, mode="lines", line={"color": INK["vermilion"], "width": 2}, hoverinfo="skip")
    _add_tangent(figure, *at)
    label(figure, xs[-1], ys[-1], name, INK["blue"], xanchor="right", yanchor="bottom", yshift=4)
    tail = int(np.flatnonzero(slopes > 0.15 * slopes.max())[-1])  # to the right of the bell, where no other curve is
    label(figure, xs[tail], slopes[tail], t("derivative"), INK["vermilion"], xanchor="left", yanchor="bottom")
    figure.update_xaxes(range=[xs[0], xs[-1]])
    if histogram is not None:
        figure.update_yaxes(range=[ys.min() - 0.85, ys.max() + 0.3])
    return figure


def _add_histogram(figure: go.Figure, values: Array, span: tuple[float, float], base: float) -> None:
    """Draw how often each z arrives, as bars standing on `base`."""
    counts, edges = np.histogram(values.clip(*span), bins=48, range=span)
    hover, heights = t("z near %{x:.1f}: %{customdata} values"), 0.5 * counts / max(counts.max(), 1)
    place = {"base": base, "width": np.diff(edges), "marker": {"opacity": 0.5}, "customdata": counts}
    add_bars(figure, (edges[1:] + edges[:-1]) / 2, heights, hover, INK["grey"], **place)
    label(figure, 0, base, t("what the cell receives"), INK["grey"], yanchor="top", yshift=-2)


def _shade_saturation(figure: go.Figure, xs: Array, slopes: Array) -> None:
    """Shade where the derivative is below a twentieth of its maximum."""
    flat = np.abs(slopes) < 0.05 * slopes.max()
    for side in (xs < 0, xs > 0):
        shaded, veil = xs[flat & side], {"fillcolor": INK["rule"], "opacity": 0.35, "line_width": 0, "layer": "below"}
        if len(shaded):
            figure.add_vrect(shaded.min(), shaded.max(), **veil)


def _add_tangent(figure: go.Figure, z: float, value: float, slope: float, reach: float = 1.6) -> None:
    """Draw the tangent at z, and z on both curves."""
    ends, look = [value - slope * reach, value + slope * reach], {"color": INK["ink"], "width": 1.5, "dash": "dot"}
    figure.add_scatter(x=[z - reach, z + reach], y=ends, mode="lines", line=look, hoverinfo="skip")
    dots = {"size": 12, "color": [INK["blue"], INK["vermilion"]]}
    add_line(figure, [z, z], [value, slope], "z = %{x:.2f}: %{y:.4f}", mode="markers", marker=dots)


def share_bars(
    names: Sequence[str], values: Sequence[float] | Array, *, marked: int | None = None, height: int = 280
) -> go.Figure:
    """Upright bars of shares between 0 and 1, the marked one in the accent."""
    figure = base_figure(y=t("probability"), height=height)
    inks = [INK["accent"] if i == marked else INK["blue"] for i in range(len(names))]
    written = [number(v, 3) if len(names) <= 6 else "" for v in values]
    beside = {"text": written, "textposition": "outside", "textfont_color": INK["grey"], "cliponaxis": False}
    add_bars(figure, list(names), list(values), "<b>%{x}</b>: %{y:.4f}", inks, **beside)
    single = all(len(name) == 1 for name in names)
    figure.update_xaxes(type="category", tickfont_color=INK["ink"], dtick=1 if single else None)
    figure.update_yaxes(rangemode="tozero")
    return figure


def stepped_band(xs: Array, low: Array, high: Array, *, height: int) -> go.Figure:
    """From class `low` to class `high` at each step, half a class more at either end so that one class is seen."""
    figure = base_figure(height=height)
    edge = {"x": xs, "mode": "lines", "line": {"width": 0, "shape": "hvh"}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(y=low - 0.45, **edge)
    figure.add_scatter(y=high + 0.45, fill="tonexty", fillcolor=INK["rule"], **edge)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def step_trace(
    figure: go.Figure, xs: Array, classes: Array, *, name: str, ink: str, dash: str, mode: str, names: Sequence[str]
) -> None:
    """A class at each step, as a stepped line or as dots."""
    hover = t("<b>{name}</b><br>step %{{x}}: %{{text}}", name=escape_plotly(name))
    line, dot = {"color": INK[ink], "width": 2, "dash": dash, "shape": "hvh"}, {"color": INK[ink], "size": 6}
    texts = [names[k] for k in classes]
    add_line(figure, xs, classes, hover, name=name, mode=mode, line=line, marker=dot, text=texts)


def eigenvalue_plot(eigenvalues: Array) -> go.Figure:
    """Eigenvalues in the complex plane beside the unit circle."""
    figure = base_figure(x=t("real part"), y=t("imaginary part"), height=360)
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = {"color": INK["grey"], "dash": "dot"}
    figure.add_scatter(x=np.cos(turn), y=np.sin(turn), mode="lines", line=circle, hoverinfo="skip")
    hover, dots = t("%{x:.2f} + %{y:.2f}i, size %{customdata:.2f}"), {"size": 8, "color": INK["blue"]}
    about: dict[str, Any] = {"mode": "markers", "marker": dots, "customdata": np.abs(eigenvalues)}
    add_line(figure, eigenvalues.real, eigenvalues.imag, hover, **about)
    reach = 1.1 * max(1.0, float(np.abs(eigenvalues).max(initial=0)))
    figure.update_xaxes(range=[-reach, reach], constrain="domain")
    figure.update_yaxes(range=[-reach, reach], scaleanchor="x", constrain="domain")
    return figure


def signed_bars(names: Sequence[str], values: Sequence[float] | Array, *, y: str, height: int = 280) -> go.Figure:
    """Bars above and below zero."""
    figure = base_figure(y=y, height=height)
    inks = [INK["blue"] if v < 0 else INK["vermilion"] for v in values]
    add_bars(figure, list(names), list(values), "<b>%{x}</b>: %{y:+.4f}", inks)
    figure.update_xaxes(type="category", tickfont_color=INK["ink"])
    figure.add_hline(0, line_color=INK["ink"], line_width=1)
    return figure


def set_log_x(figure: go.Figure, start: float, end: float) -> go.Figure:
    """Put the x axis on a log scale from 10^start to 10^end, its labels with it."""
    figure.update_xaxes(type="log", range=[start, end], exponentformat="power", dtick=1 if end > start else None)
    for note in figure.layout.annotations:
        note.x = np.log10(note.x)
    return figure
