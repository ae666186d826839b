"""A figure as a card: the finding and one menu above, the figure, what a click does.

The menu saves the table of the figure and shares the figure, as a picture that the visitor's browser makes of the chart
as it stands there: `mount_sharing` brings the script once for the whole page (static/share.js).
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from html import escape
from typing import Any, Literal, TypeAlias

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.base_figure import escape_data, plotly_config, unescape_data
from dashboard.charts.palette import INK, SECTION_COLOURS
from dashboard.components.frame.data_table import Format, exports
from dashboard.components.frame.page_layout import read_static, remark
from pipeline.core.translation import t

PICKED_OUTLINE_PIXELS = 2.5
MAX_PICTURE_NAME_LENGTH = 80  # characters of a title that are in the name of its picture


def mount_sharing(page: str, corpus: str = "") -> None:
    """Add to a page the script that saves its charts as pictures, each with the title of the page and its corpus."""
    words = {
        "share": t("Share"), "shape": t("Format"), "square": t("Square"), "story": t("Story, 9:16"), "wide": t("Wide"),
        "close": t("Close"), "source": " · ".join(filter(None, [corpus, page])),
    }  # fmt: skip
    _mount_share_script(words, "share-script")


def preview_card(card: Mapping[str, Any], name: str) -> None:
    """Open the preview in which a visitor saves a card (a `ShareCard` as a mapping) as a picture, called after `name`.

    A script runs again only for other data, so that each click has a number.
    """
    sections = [(SECTION_COLOURS.get(kind, "grey"), lines) for kind, lines in card["sections"]]
    data = {**card, "sections": sections, "name": picture_name(name), "click": time.monotonic_ns()}
    _mount_share_script({"card": data}, "share-card")


def _mount_share_script(data: Mapping[str, Any], key: str) -> None:
    """Add static/share.js to the page, hidden, with its data."""
    with st.container(key=key):
        script = st.components.v2.component("seize_share", html="<span></span>", js=read_static("share.js"))
        script(data=data, key=f"{key}-data")


def picture_name(title: str) -> str:
    """Return the name of an image file, without its ending, from the title of a chart.

    >>> picture_name("Most often nuit, rue & ville, in 12.9% of lines")
    'seize-most-often-nuit-rue-ville-in-12.9-of-lines'
    """
    return "-".join(["seize", *re.findall(r"\w+(?:[.,]\w+)*", title.lower()[:MAX_PICTURE_NAME_LENGTH])])


Table: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]


def card(
    title: str, figure: go.Figure, *, key: str, note: str = "", table: Table | None = None, file: str = ""
) -> None:
    """Draw a figure under its `title`, which states the finding. Its menu saves the `table`, if any, as `file`."""
    with st.container(key=f"card-{key}", gap="small"):
        _draw_chart_heading(title, note, key, table, file)
        _draw_chart(title, figure, key)


def _draw_chart(title: str, figure: go.Figure, key: str, **picks: Any) -> None:
    """Draw a figure. On a phone, a map (a figure whose axes share one scale) is as high as it is wide."""
    name, is_map = plotly_config(picture_name(title)), figure.layout.yaxis.scaleanchor is not None
    look = {"key": f"map-{key}", "height": figure.layout.height} if is_map else {}
    with st.container(border=False, **look) if is_map else nullcontext():
        picks["height"] = "stretch" if is_map else "content"
        st.plotly_chart(escape_data(figure), key=f"figure-{key}", config=name, alt=title, **picks)


def clickable_card(
    title: str,
    figure: go.Figure,
    *,
    key: str,
    picks: str,
    note: str,
    height: int | Literal["content", "stretch"] = "content",
    at: str = "customdata",
    keys: Mapping[str, Any] | None = None,
    table: Table | None = None,
    file: str = "",
    more: Sequence[Format] = (),
) -> None:
    """Draw a `card` whose marks can be clicked. A click sets the widget `picks` to the field `at` of the mark
    ("customdata", "x" or "y").

    An x or y is put in as text, or as the one of `keys` that it is the label of.
    """
    for trace in figure.data:  # Plotly would pale what is not picked
        if trace.type in ("bar", "scatter"):
            style = {"marker": {"opacity": 1 if trace.marker.opacity is None else trace.marker.opacity}}
            trace.update(selected=style, unselected=style)
    by_label, value = keys or {}, st.session_state.get(picks, st.query_params.get(picks))
    if value is not None:
        _highlight_picked(figure, at, next((label for label, each in by_label.items() if each == value), str(value)))

    def set_picked_value() -> None:
        points = st.session_state[f"figure-{key}"].selection.points
        if points:  # the selection empties itself when the figure changes
            mark = unescape_data(points[0][at])
            st.session_state[picks] = mark if at == "customdata" else by_label.get(str(mark), str(mark))

    with st.container(key=f"card-{key}", gap="small"):
        _draw_chart_heading(title, note, key, table, file, more)
        with st.container(key=f"click-{key}", height=height, border=False):
            _draw_chart(title, figure, key, on_select=set_picked_value, selection_mode="points")


def heading(title: str, note: str = "") -> None:
    """Draw a title of the second level, and a remark below it."""
    linked_heading(escape(title), note)


def _draw_chart_heading(
    title: str, note: str, key: str, table: Table | None, file: str, more: Sequence[Format] = ()
) -> None:
    """Draw the title of a chart with its menu, and a remark below."""
    with st.container(horizontal=True, gap="small", key=f"headed-{key}"):
        st.html(f"<h2>{escape(title)}</h2>")
        with st.popover(t("Save or share"), icon=":material/more_horiz:", type="tertiary", key=f"menu-{key}"):
            name = f'data-share="{escape(key)}" data-name="{escape(picture_name(title))}"'
            st.html(f'<button class="share" type="button" {name} data-title="{escape(title)}">{t("Share")}</button>')
            if table is not None:
                exports(table, file, key, more)
    if note:
        remark(note)


def linked_heading(html: str, note: str = "") -> None:
    """Draw a title of the second level from HTML that contains a link, and a remark below it."""
    st.html(f'<h2 class="leads">{html}</h2>' + (f'<p class="quiet">{escape(note)}</p>' if note else ""))


def _highlight_picked(figure: go.Figure, at: str, picked: str) -> None:
    """Outline the mark of a figure whose field `at` has the value `picked`, whatever its colour."""
    for trace in figure.data:
        is_marked = trace.type == "scatter" and "markers" in (trace.mode or "")
        has_outline = trace.type == "bar" or (is_marked and trace.marker.symbol != "line-ns")  # whose line is the mark
        values = trace[at] if has_outline else None
        if values is None or trace.hoverinfo == "skip":
            continue
        widths = [PICKED_OUTLINE_PIXELS if str(value) == picked else 0 for value in values]
        if any(widths):
            trace.marker.line = {"color": INK["ink"], "width": widths}
