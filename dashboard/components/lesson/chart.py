"""The figure of a lesson as a card, drawn by a small pen of its own in the browser (static/chart.js).

Streamlit's own chart is known by what it shows: with each answer of a slider Plotly would be taken down and set up
anew, a tenth of a second a figure. This one keeps its place, and a page of lessons need not load Plotly (4.7 MB).
"""

import re
import tomllib
from typing import Final

import plotly.graph_objects as go
import streamlit as st
from plotly.io.json import to_json_plotly

from dashboard.charts.palette import DIVERGING, INK, SEQUENTIAL
from dashboard.components.frame.figure_card import chart_heading
from dashboard.components.frame.page_layout import VIEWS, static_text

_THEMES = tomllib.loads((VIEWS.parent / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
_LISTS = {
    "chartCategoricalColors": [*INK.values()],
    "chartSequentialColors": SEQUENTIAL,
    "chartDivergingColors": DIVERGING,
}
# placeholder -> colour that follows the theme of the page
COLOURS: Final = {
    ink: f"light-dark({light},{dark})"
    for name, inks in _LISTS.items()
    for ink, light, dark in zip(inks, _THEMES["light"][name], _THEMES["dark"][name], strict=True)
}


def card(title: str, figure: go.Figure, *, key: str, note: str = "") -> None:
    """Draw a figure under its finding, the `title`."""
    with st.container(key=f"card-{key}", gap="small"):
        chart_heading(title, note)
        component = st.components.v2.component(
            "seize_chart", js=static_text("chart.js"), isolate_styles=False,
            html='<div class="chart" role="figure"><div class="tip" hidden></div></div>',
        )  # fmt: skip
        component(data=as_json(title, figure), key=f"figure-{key}", height=figure.layout.height)


def as_json(title: str, figure: go.Figure) -> bytes:
    """Return what is drawn, with its colours: a figure without Plotly's template, which nothing here reads."""
    layout = {name: value for name, value in figure._layout.items() if name != "template"}
    text = to_json_plotly({"title": title, "data": figure._data, "layout": layout})  # to_dict copies all, 3 ms
    return re.sub(r'"(#0000\d\d)"', lambda ink: f'"{COLOURS.get(ink[1], ink[1])}"', text).encode()
