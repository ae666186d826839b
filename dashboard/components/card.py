"""A figure as a card: the finding above, the figure, and what a click does."""

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.sheet import CONFIG


def card(title: str, figure: go.Figure, *, key: str, alt: str = "", note: str = "") -> None:
    """`title` states the finding; `alt` says it to a screen reader when the title does not."""
    with st.container(key=f"card-{key}", gap="small"):
        heading(title, note)
        st.plotly_chart(figure, key=f"figure-{key}", config=CONFIG, alt=alt or title)


def pick_card(
    title: str, figure: go.Figure, *, key: str, picks: str, note: str, alt: str = "", height: int | str = "content"
) -> None:
    """A card whose bars can be clicked: the customdata of the bar becomes the value of the widget `picks`."""
    with st.container(key=f"card-{key}", gap="small"):
        heading(title, note)
        with st.container(key=f"click-{key}", height=height, border=False):
            name = f"figure-{key}"
            st.plotly_chart(
                figure,
                key=name,
                config=CONFIG,
                alt=alt or title,
                on_select=_picker(name, picks),
                selection_mode="points",
            )


def heading(title: str, note: str = "") -> None:
    """The finding, and a remark below it."""
    st.html(f"<h2>{escape(title)}</h2>" + (f'<p class="quiet">{escape(note)}</p>' if note else ""))


def _picker(figure: str, picks: str) -> Callable[[], None]:
    def pick() -> None:
        points = st.session_state[figure].selection.points
        if points:  # the selection empties itself when the figure changes
            st.session_state[picks] = points[0]["customdata"]

    return pick
