"""Figures of the page on sound: groups on their intervals that can be picked, and bars of shares."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.bar_charts import inks
from dashboard.charts.base_figure import base_figure
from dashboard.charts.distributions import intervals
from dashboard.charts.palette import INK
from pipeline.core.translation import share


def picked_intervals(
    table: pd.DataFrame, group: str, value: str, *, x_title: str, hovers: Sequence[str], picked: str | None
) -> go.Figure:
    """Draw `intervals` of column `value`, with `value`_low and _high; a click gives the name of the group as a text.

    `hovers` are templates, one a row.
    """
    figure = intervals(table, group, value, f"{value}_low", f"{value}_high", x_title=x_title, hover="")
    names = table[group].astype(str).tolist()
    return figure.update_traces(
        hovertemplate=[f"{hover}<extra></extra>" for hover in hovers],
        customdata=names,
        marker={"color": inks(names, picked), "opacity": 1, "size": [13 if name == picked else 9 for name in names]},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def shares(
    table: pd.DataFrame, name: str, labels: Sequence[str], *, hover: str, picked: object = None, row: int = 24
) -> go.Figure:
    """Draw lying bars of the column `share`, the share written beside; a click gives `name`. `hover`: %{y}, %{x}."""
    names = table[name].tolist()
    figure = base_figure(height=len(table) * row + 30)
    figure.add_bar(
        x=table["share"],
        y=list(labels),
        orientation="h",
        customdata=names,
        text=[share(value) for value in table["share"]],
        textposition="outside",
        textfont={"size": 12, "color": INK["grey"]},
        cliponaxis=False,
        marker={"color": inks(names, picked), "line_width": 0},
        hovertemplate=hover + "<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    figure.update_layout(margin={"t": 4, "b": 4, "r": 60}, bargap=0.3)
    figure.update_yaxes(
        range=[len(table) - 0.4, -0.6], showgrid=False, type="category", tickfont_color=INK["ink"], dtick=1
    )
    figure.update_xaxes(visible=False)
    return figure
