"""Bars that can be picked: the picked one takes the accent."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure, label
from dashboard.charts.palette import INK
from dashboard.charts.tails import MORE, fold_tail, mark_text
from pipeline.core.translation import number

FEW = 6  # things that Plotly would count by halves and fifths
TICKS = 20  # on an axis: more run into each other, and thousands of them stop a browser


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
    return _whole_ticks(figure, table[y])


def lengths(
    table: pd.DataFrame,
    x: str,
    y: str,
    *,
    x_title: str,
    y_title: str,
    hover: str,
    picked: str | None = None,
    step: int = 1,
) -> go.Figure:
    """Draw `columns` of whole numbers, a long tail as one bar; a click gives the mark of `length_marks`.

    Ticks are at multiples of `step`, `TICKS` of them at most. `hover` says the length with %{hovertext}.
    """
    shown, more = fold_tail(table, x, y)
    numbers = shown[x].tolist()
    marks = [str(each) for each in numbers]
    if more is not None:
        marks[-1] = f"{more}{MORE}"
        numbers[-1] = max([0, *numbers[:-1]]) + 2  # beside the others, wherever it begins
    figure = _whole_ticks(base_figure(x=x_title, y=y_title), shown[y])
    figure.add_bar(
        x=numbers,
        y=shown[y],
        width=0.82,
        customdata=marks,
        marker={"color": inks(marks, picked), "line_width": 0},
        hovertext=[mark_text(mark) for mark in marks],
        hovertemplate=hover + "<extra></extra>",
        **_full_opacity(),
    )
    if more is not None:
        label(figure, numbers[-1], shown[y].iloc[-1], f"{more}{MORE}", INK["grey"], yanchor="bottom", xanchor="center")
    width = step * -(-max(numbers, default=1) // (step * TICKS))
    return figure.update_xaxes(dtick=width, tick0=0) if step > 1 or width > 1 else figure


def _whole_ticks(figure: go.Figure, counts: pd.Series) -> go.Figure:
    """Keep the ticks of a few whole things off fractions: there is no half song."""
    whole = pd.api.types.is_integer_dtype(counts) and counts.max() <= FEW
    return figure.update_yaxes(dtick=1, tick0=0) if whole else figure


def ranked_bars(
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
        text=table[value].map(number),
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


def inks(values: Sequence[object], picked: object, ink: str = "blue") -> list[str]:
    """Return the ink of each bar: the accent for the picked one."""
    return [INK["accent"] if value == picked else INK[ink] for value in values]


def _full_opacity() -> dict[str, dict[str, dict[str, float]]]:
    """Keep every bar as it is: Plotly pales what is not selected; here the picked bar has another ink."""
    return {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
