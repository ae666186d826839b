"""The plane of a correspondence analysis: words, groups, and groups that are only laid on it."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure
from dashboard.charts.label_placement import place_labels, written_labels
from dashboard.charts.palette import INK
from pipeline.cells.activations import Array
from pipeline.core.translation import share, t

_SIDE = 300  # pixels of the longer axis: between a phone and a desk
_LOOKS = {"groups": ("blue", "square", 8), "words": ("grey", "circle", 5), "supplementary": ("orange", "diamond", 8)}


def correspondence_plane(tables: dict[str, pd.DataFrame], shares: Array) -> go.Figure:
    """Draw groups, words and supplementary groups (label, x1, x2) on the first two axes; names where there is room.

    `shares` is what each axis holds of the inertia, 0 to 1.
    """
    titles = [t("axis {n}: {share} of inertia", n=n, share=share(s, 0)) for n, s in enumerate(shares[:2], 1)]
    figure = base_figure(x=titles[0], y=titles[1] if len(titles) > 1 else "", height=560)
    names = {kind: table["label"].astype(str).tolist() for kind, table in tables.items()}
    points = {kind: _coordinates(table) for kind, table in tables.items()}
    together = np.concatenate(list(points.values()))
    span = np.ptp(together, axis=0) * _SIDE / (np.ptp(together, axis=0).max() or 1.0)
    sides = place_labels(together, [name for each in names.values() for name in each], tuple(span))
    for kind, each in names.items():
        own, sides = sides[: len(each)], sides[len(each) :]
        ink, symbol, size = _LOOKS[kind]
        figure.add_scatter(
            x=points[kind][:, 0],
            y=points[kind][:, 1],
            mode="markers+text",
            **written_labels(each, own),
            textfont={"size": 12, "color": INK["ink" if kind == "words" else ink]},
            customdata=each,
            hovertext=each,
            hovertemplate="<b>%{hovertext}</b><extra></extra>",
            marker={"size": size, "symbol": symbol, "color": INK[ink]},
            cliponaxis=False,
        )
    figure.update_xaxes(zeroline=True, zerolinecolor=INK["rule"], showticklabels=False)
    return figure.update_yaxes(zeroline=True, zerolinecolor=INK["rule"], showticklabels=False, scaleanchor="x")


def _coordinates(table: pd.DataFrame) -> Array:
    """Return float[rows, 2]; 0 on an axis that two groups do not have."""
    return np.stack([table["x1"], table["x2"] if "x2" in table else np.zeros(len(table))], axis=1)
