"""Bars that can be picked: the picked one takes the accent."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure
from dashboard.charts.palette import INK


def columns(
    table: pd.DataFrame,
    x: str,
    y: str,
    *,
    x_title: str,
    y_title: str,
    hover: str,
    picked: object = None,
    height: int = 340,
) -> go.Figure:
    """Draw upright bars of column `y` over column `x`. `hover`: a Plotly template with %{x}, %{y}, %{customdata}."""
    figure = base_figure(x=x_title, y=y_title, height=height)
    figure.add_bar(
        x=table[x],
        y=table[y],
        customdata=table[x].tolist(),
        marker={"color": inks(table[x].tolist(), picked), "line_width": 0},
        hovertemplate=hover + "<extra></extra>",
        **_full_opacity(),
    )
    return figure


def ranked(
    table: pd.DataFrame, name: str, value: str, *, hover: str, picked: object = None, row: int = 21, shown: str = ""
) -> go.Figure:
    """Draw lying bars of column `value`, one a row of the table from the top, `row` pixels each, the name at the left.

    A click gives `name`; column `shown` is written instead of it.
    """
    figure = base_figure(height=len(table) * row + 50)
    figure.add_bar(
        x=table[value],
        y=table[shown or name],
        orientation="h",
        customdata=table[name].tolist(),
        text=table[value].map("{:,}".format),
        textposition="outside",
        textfont={"size": 12, "color": INK["grey"]},
        cliponaxis=False,
        marker={"color": inks(table[name].tolist(), picked), "line_width": 0},
        hovertemplate=hover + "<extra></extra>",
        **_full_opacity(),
    )
    figure.update_layout(margin={"t": 4, "b": 4, "r": 60}, bargap=0.3)
    figure.update_yaxes(
        range=[len(table) - 0.4, -0.6], showgrid=False, type="category", tickfont_color=INK["ink"], dtick=1
    )
    figure.update_xaxes(visible=False)
    return figure


def years(figure: go.Figure) -> go.Figure:
    """Return the figure with whole years, unmarked by commas, on its x axis."""
    return figure.update_xaxes(tickformat="d", separatethousands=False)


def inks(values: Sequence[object], picked: object, ink: str = "blue") -> list[str]:
    """Return the ink of each bar: the accent for the picked one."""
    return [INK["accent"] if value == picked else INK[ink] for value in values]


def _full_opacity() -> dict[str, dict[str, dict[str, float]]]:
    """Keep every bar as it is: Plotly pales what is not selected; here the picked bar has another ink."""
    return {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
