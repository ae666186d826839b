"""A figure as a card: the finding above, the figure, and what a click does."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.base_figure import config
from dashboard.charts.data_as_text import escape_data, unescape_data


def card(title: str, figure: go.Figure, *, key: str, alt: str = "", note: str = "") -> None:
    """Draw a figure under its finding, the `title`; `alt` says it to a screen reader when the title does not."""
    with st.container(key=f"card-{key}", gap="small"):
        heading(title, note)
        st.plotly_chart(escape_data(figure), key=f"figure-{key}", config=config(), alt=alt or title)


def pick_card(
    title: str,
    figure: go.Figure,
    *,
    key: str,
    picks: str,
    note: str,
    alt: str = "",
    height: int | Literal["content", "stretch"] = "content",
    at: str = "customdata",
    keys: Mapping[str, Any] | None = None,
) -> None:
    """Draw a card with marks to click: the `at` (customdata, x or y) of one becomes the value of the widget `picks`.

    An x or y is put in as text, or as the one of `keys` that it is the label of.
    """
    _undim(figure)
    with st.container(key=f"card-{key}", gap="small"):
        heading(title, note)
        with st.container(key=f"click-{key}", height=height, border=False):
            name = f"figure-{key}"
            st.plotly_chart(
                escape_data(figure),
                key=name,
                config=config(),
                alt=alt or title,
                on_select=_picker(name, picks, at, keys or {}),
                selection_mode="points",
            )


def heading(title: str, note: str = "") -> None:
    """Draw the finding, and a remark below it."""
    st.html(f"<h2>{escape(title)}</h2>" + (f'<p class="quiet">{escape(note)}</p>' if note else ""))


def _undim(figure: go.Figure) -> None:
    """Keep everything, which Plotly pales when it is not picked, as it is drawn."""
    for trace in figure.data:
        if trace.type in ("bar", "scatter"):
            kept = {"marker": {"opacity": 1 if trace.marker.opacity is None else trace.marker.opacity}}
            trace.update(selected=kept, unselected=kept)


def _picker(figure: str, picks: str, at: str, keys: Mapping[str, Any]) -> Callable[[], None]:
    def pick() -> None:
        points = st.session_state[figure].selection.points
        if points:  # the selection empties itself when the figure changes
            mark = unescape_data(points[0][at])
            st.session_state[picks] = mark if at == "customdata" else keys.get(str(mark), str(mark))

    return pick
