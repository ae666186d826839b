"""A map of words: a name where there is room for it, a dot where there is none."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure
from dashboard.charts.label_placement import place_labels
from dashboard.charts.palette import INK
from pipeline.cells.activations import Array
from pipeline.core.translation import t


def word_map(points: Array, words: Sequence[str], near: int) -> go.Figure:
    """Points `(N, 2)`: first the word itself, then its `near` neighbours, then others; named in this order."""
    figure = base_figure(x=t("first direction"), y=t("second direction"), height=460)
    sides = place_labels(points, words)
    for ink, size, rows in (
        ("grey", 4, range(near + 1, len(words))),
        ("blue", 7, range(1, near + 1)),
        ("accent", 11, range(1)),
    ):
        figure.add_scatter(
            x=points[rows, 0],
            y=points[rows, 1],
            mode="markers+text",
            text=[words[i] if sides[i] else "" for i in rows],
            textposition=[sides[i] or "top center" for i in rows],
            textfont={"color": INK[ink], "size": 12 if ink == "grey" else 13},
            marker={"color": INK[ink], "size": size},
            customdata=[words[i] for i in rows],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        )
    return figure
