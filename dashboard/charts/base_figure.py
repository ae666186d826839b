"""The empty figure that all start from: no frame, thin rules, room for one finding; and its data as text.

Plotly reads the strings among the data of a figure as tags, links and styles.
"""

from collections.abc import Mapping, Sequence
from html import unescape
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BasePlotlyType

from dashboard.charts.palette import INK
from dashboard.locale.escaping import escape_plotly
from pipeline.core.translation import SOURCE, language

_CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True, "scrollZoom": False}
# What Plotly itself says and writes in French; English it brings.
_FRENCH_LOCALE = {
    "dictionary": {"Download plot as a PNG": "Enregistrer l'image (PNG)", "Download plot": "Enregistrer l'image"},
    "format": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "percent": "\u202f%"},
}

TITLE_LINE_CHARACTERS = 38  # characters of the title of an axis in a line
NARROW_TITLE_CHARACTERS = 20  # of that below rows, whose names leave a phone little room
MAX_YEARLY_TICK_SPAN = 6  # Plotly would part them
LEAST_HEIGHT = 160  # pixels: ticks and a title of two lines take half of it


def plotly_config(name: str = "seize") -> dict[str, Any]:
    """Return Plotly's configuration in the language of the visitor; `name` is the file name of saved pictures."""
    own = {**_CONFIG, "toImageButtonOptions": {"filename": name, "format": "png", "scale": 2}}
    return own if language() == SOURCE else {**own, "locale": "fr", "locales": {"fr": _FRENCH_LOCALE}}


def base_figure(
    *,
    x: str = "",
    y: str = "",
    height: int = 340,
    widest: int = TITLE_LINE_CHARACTERS,
    data: Sequence[Mapping[str, Any]] = (),
    xaxis: Mapping[str, Any] | None = None,
    yaxis: Mapping[str, Any] | None = None,
    **layout: Any,
) -> go.Figure:
    """Draw an empty figure with axis titles (with units) and `height` in pixels. Drag does not zoom: clicks pick.

    `widest`: characters of the title of x in a line. What is known of a figure beforehand, its traces (`data`), more of
    its axes and of its layout, is given here: each later update costs Plotly milliseconds, and a slider waits for them.
    """
    axis = {
        "automargin": True, "fixedrange": True, "zeroline": False, "tickfont": {"color": INK["grey"], "size": 13},
        "separatethousands": True, "exponentformat": "none",  # 15,000, not 15k, which is English
    }  # fmt: skip
    title = {"standoff": 10, "font": {"color": INK["grey"], "size": 13}}
    x_title = {"text": "<br>".join(wrap(escape_plotly(x), widest)), **title}
    ticks = {"showgrid": False, "ticks": "outside", "ticklen": 4, "tickcolor": INK["rule"]}
    grid = {"showgrid": True, "gridcolor": INK["rule"], "griddash": "dot"}
    look = {
        "height": height, "margin": {"l": 8, "r": 12, "t": 16, "b": 8}, "showlegend": False, "dragmode": False,
        "clickmode": "event+select", "bargap": 0.18, "hoverlabel": {"align": "left"},
        "separators": ".," if language() == SOURCE else ",\u202f", "modebar": {"orientation": "v"},
        "xaxis": {"title": x_title, **ticks, **axis, **(xaxis or {})},
        "yaxis": {"title": {"text": escape_plotly(y), **title}, **grid, **axis, **(yaxis or {})},
    }  # fmt: skip
    return go.Figure(data, look | layout)


def set_year_axis(figure: go.Figure, years: "pd.Series[int]") -> go.Figure:
    """Format the x axis for years: integers without separators, each once where there are few. Return the figure."""
    figure.update_xaxes(tickformat="d", separatethousands=False)
    if years.max() - years.min() < MAX_YEARLY_TICK_SPAN:
        figure.update_xaxes(tick0=years.min(), dtick=1)
    return figure


def add_label(figure: go.Figure, x: object, y: object, text: str, ink: str, **place: object) -> None:
    """Add a text label at a point of a figure, in a colour (`ink`); `place` are other options of an annotation."""
    figure.add_annotation(label_annotation(x, y, text, ink, **place))


def label_annotation(x: object, y: object, text: str, ink: str, **place: object) -> dict[str, Any]:
    """Return a text label at a point as a Plotly annotation, for the layout of a figure."""
    font = {"color": ink, "size": 13}
    return {"x": x, "y": y, "text": escape_plotly(text), "showarrow": False, "font": font, **place}


_TRACE_TEXT_FIELDS = ("x", "y", "text", "hovertext", "customdata", "name")
_AXIS_TEXT_FIELDS = ("tickvals", "ticktext", "categoryarray")


def escape_data(figure: go.Figure) -> go.Figure:
    """Escape all strings in the data of a figure (traces, ticks, places of labels), and return the figure.

    Call it once, before drawing. Templates, titles and labels are left: whoever writes them escapes what goes in.
    """
    for trace in figure.data:
        _escape_fields(trace, _TRACE_TEXT_FIELDS)
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        _escape_fields(axis, _AXIS_TEXT_FIELDS)
    for note in figure.layout.annotations:
        _escape_fields(note, ("x", "y"))
    return figure


def unescape_data(mark: object) -> object:
    """Return the original value of a mark that was clicked in a figure whose data `escape_data` escaped."""
    return unescape(mark) if isinstance(mark, str) else mark


def _escape_fields(part: BasePlotlyType, names: tuple[str, ...]) -> None:
    """Escape the strings in these fields of a trace, an axis or an annotation."""
    for name in names:
        value = getattr(part, name, None)
        text = _escape_value(value)
        if text is not value:
            part[name] = text


def _escape_value(value: Any) -> Any:
    """Return a value with all strings in it escaped; the value itself where it holds none."""
    if isinstance(value, str):
        return escape_plotly(value)
    if isinstance(value, list | tuple):
        return [_escape_value(each) for each in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "OU":
        return _ESCAPE_ELEMENTS(value.astype(object))
    return value


_ESCAPE_ELEMENTS = np.frompyfunc(_escape_value, 1, 1)


def named_rows_figure(
    rows: int, row: int, axis_pixels: int = 70, *, x: str = "", widest: int = TITLE_LINE_CHARACTERS, **axis: Any
) -> go.Figure:
    """Draw an empty figure for horizontal bars or dots, in named rows of `row` pixels from the top.

    `axis_pixels` are those of the axis below.
    """
    return lay_out_named_rows(
        base_figure(x=x, height=max(rows * row + axis_pixels, LEAST_HEIGHT), widest=widest), rows, **axis
    )


def lay_out_named_rows(figure: go.Figure, rows: int, **axis: Any) -> go.Figure:
    """Set the y axis of a figure to rows from the top, each with its name at the left. Return the figure."""
    named = {"type": "category", "showgrid": False, "dtick": 1, "tickfont_color": INK["ink"], **axis}
    return figure.update_yaxes(range=[rows - 0.4, -0.6], **named)


def add_line(figure: go.Figure, x: Any, y: Any, hover: str, ink: str = INK["blue"], **line: Any) -> None:
    """Add a line with dots in one colour. `hover` is a Plotly template; `line` has options of `add_scatter`."""
    look = {"mode": "lines+markers", "line": {"color": ink, "width": 2.5}, "marker": {"size": 6}}
    figure.add_scatter(x=x, y=y, hovertemplate=hover + "<extra></extra>", **look | line)


def add_bars(figure: go.Figure, x: Any, y: Any, hover: str, ink: Any = INK["blue"], **bars: Any) -> None:
    """Add bars without outlines, in one colour or one colour each. `hover` is a Plotly template."""
    marker = {"color": ink, "line_width": 0, **bars.pop("marker", {})}
    figure.add_bar(x=x, y=y, marker=marker, hovertemplate=hover + "<extra></extra>", **bars)
