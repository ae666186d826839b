"""Data of a figure as text: Plotly reads the strings among it as tags, links and styles."""

from html import unescape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.basedatatypes import BasePlotlyType

from dashboard.locale.escaping import escape_plotly

_TRACE = ("x", "y", "text", "hovertext", "customdata", "name")
_AXIS = ("tickvals", "ticktext", "categoryarray")


def escape_data(figure: go.Figure) -> go.Figure:
    """Let traces, ticks and places of labels hold text alone, whatever marks are in it, and return the figure.

    For a figure that is about to be drawn, once. What figures say themselves (templates, titles, labels) is left:
    whoever writes these escapes what goes in.
    """
    for trace in figure.data:
        _escape(trace, _TRACE)
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        _escape(axis, _AXIS)
    for note in figure.layout.annotations:
        _escape(note, ("x", "y"))
    return figure


def unescape_data(mark: object) -> object:
    """Return the value of a mark that was picked in such a figure, as it was in the data."""
    return unescape(mark) if isinstance(mark, str) else mark


def _escape(part: BasePlotlyType, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(part, name, None)
        text = _as_text(value)
        if text is not value:
            part[name] = text


def _as_text(value: Any) -> Any:
    """Return the value with its strings escaped; itself where it holds none."""
    if isinstance(value, str):
        return escape_plotly(value)
    if isinstance(value, list | tuple):
        return [_as_text(each) for each in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "OU":
        return _EACH(value.astype(object))
    return value


_EACH = np.frompyfunc(_as_text, 1, 1)
