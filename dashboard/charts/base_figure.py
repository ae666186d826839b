"""The empty figure that all start from: no frame, thin rules, room for one finding."""

from typing import Any

import plotly.graph_objects as go

from dashboard.charts.palette import INK
from dashboard.locale.escaping import escape_plotly
from pipeline.translation import SOURCE, language

_CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True, "scrollZoom": False}
# What Plotly itself says and writes in French; English it brings.
_FRENCH = {
    "dictionary": {"Download plot as a PNG": "Enregistrer l'image (PNG)", "Download plot": "Enregistrer l'image"},
    "format": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u202f€"]},
}

LEAST_HEIGHT = 130  # pixels: ticks and title of an axis take half of it


def config() -> dict[str, Any]:
    """Return how Plotly shows figures, in the language of the moment."""
    return _CONFIG if language() == SOURCE else {**_CONFIG, "locale": "fr", "locales": {"fr": _FRENCH}}


def base_figure(*, x: str = "", y: str = "", height: int = 340) -> go.Figure:
    """Draw an empty figure with axis titles (with units) and `height` in pixels. Drag does not zoom: clicks pick."""
    axis = {
        "automargin": True,
        "fixedrange": True,
        "zeroline": False,
        "tickfont": {"color": INK["grey"], "size": 13},
        "separatethousands": True,
    }
    title = {"standoff": 10, "font": {"color": INK["grey"], "size": 13}}
    layout = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "clickmode": "event+select",
        "bargap": 0.18,
        "hoverlabel": {"align": "left"},
        "separators": ".," if language() == SOURCE else ",\u202f",
        "modebar": {"orientation": "v"},
        "xaxis": {
            "title": {"text": escape_plotly(x), **title},
            "showgrid": False,
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": INK["rule"],
            **axis,
        },
        "yaxis": {
            "title": {"text": escape_plotly(y), **title},
            "showgrid": True,
            "gridcolor": INK["rule"],
            "griddash": "dot",
            **axis,
        },
    }
    return go.Figure(layout=layout)  # at once: each update of a figure costs Plotly milliseconds


def rows_height(rows: int, row: int, around: int) -> int:
    """Return the pixels of a figure of so many rows of `row` pixels, with its axis: one row does not clip it."""
    return max(rows * row + around, LEAST_HEIGHT)


def label(figure: go.Figure, x: object, y: object, text: str, ink: str, **place: object) -> None:
    """Draw a direct label beside what it names, in its ink."""
    figure.add_annotation(x=x, y=y, text=escape_plotly(text), showarrow=False, font_color=ink, font_size=13, **place)
