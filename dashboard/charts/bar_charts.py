"""Bars, upright or lying.

A figure of lengths goes to the 99.5th percentile, and one bar holds all that is longer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import (
    add_bars,
    add_label,
    base_figure,
    lay_out_named_rows,
    named_rows_figure,
    set_year_axis,
)
from dashboard.charts.palette import INK
from pipeline.core.translation import format_decimal, t

MOST_UNMERGED_BARS = 40  # columns from which on a tail is merged: as many are wide enough to be seen
PERCENTILE = 0.995
GAP_PERCENTILE, MAX_GAP = 0.95, 8  # from which on a tail also begins after a gap of so many empty columns
OR_MORE_SUFFIX = "+"  # ends the mark of a bar that holds all from its number on


class LengthBarTable(NamedTuple):
    """A table of counts by length for a bar chart; if `more` is a number, the last row sums all lengths from it on."""

    table: pd.DataFrame
    more: int | None


def merge_tail(table: pd.DataFrame, x: str, y: str) -> LengthBarTable:
    """Return a table of counts `y` by integers `x`, in order, whose last row sums the tail. The tail begins above the
    99.5th percentile, or at a gap above the 95th.

    >>> table = pd.DataFrame({"words": range(1, 101), "lines": [100] * 10 + [1] + [0] * 87 + [1, 1]})
    >>> merged = merge_tail(table, "words", "lines")
    >>> merged.more, merged.table.tail(2).to_numpy().tolist()
    (11, [[10, 100], [11, 3]])
    >>> verses = [50] * 20 + [0] * 21 + [3, 0, 2, 0, 2, 0, 0, 0, 1]  # 42 lines and more after a gap
    >>> merge_tail(pd.DataFrame({"lines": range(1, 51), "verses": verses}), "lines", "verses").more
    42
    """
    if len(table) <= MOST_UNMERGED_BARS:
        return LengthBarTable(table, None)
    occurring = table[table[y] > 0]
    reach = np.cumsum(occurring[y].to_numpy()) / occurring[y].sum()
    last = int(np.searchsorted(reach, PERCENTILE))
    gaps = np.flatnonzero((np.diff(occurring[x]) > MAX_GAP) & (reach[:-1] >= GAP_PERCENTILE))
    last = min([last, *gaps[:1].tolist()])
    if last + 1 >= len(occurring):
        return LengthBarTable(occurring, None)
    rest = occurring.iloc[[last + 1]].assign(**{y: occurring[y].iloc[last + 1 :].sum()})
    return LengthBarTable(pd.concat([occurring.iloc[: last + 1], rest]), int(rest[x].iloc[0]))


def length_bar_labels(table: pd.DataFrame, x: str, y: str) -> dict[str, str]:
    """Return the label of each bar of lengths, keyed by its mark: "58" for the mark "58", "58 or more" for "58+"."""
    marks = {str(length): str(length) for length in table.loc[table[y] > 0, x].tolist()}
    more = merge_tail(table, x, y).more
    return marks if more is None else marks | {f"{more}{OR_MORE_SUFFIX}": length_bar_label(f"{more}{OR_MORE_SUFFIX}")}


def length_bar_label(mark: str) -> str:
    """Return the label of the bar of lengths that has this mark, such as "58 or more" for "58+".

    >>> length_bar_label("58"), length_bar_label("58+")
    ('58', '58 or more')
    """
    return t("{length} or more", length=mark.removesuffix(OR_MORE_SUFFIX)) if mark.endswith(OR_MORE_SUFFIX) else mark


def lengths_in_bin(mark: str, longest: int) -> tuple[int, ...]:
    """Return the lengths that the bar with this mark counts, up to the longest.

    >>> lengths_in_bin("8", 12), lengths_in_bin("10+", 12)
    ((8,), (10, 11, 12))
    """
    first = int(mark.removesuffix(OR_MORE_SUFFIX))
    return tuple(range(first, longest + 1)) if mark.endswith(OR_MORE_SUFFIX) else (first,)


WHOLE_TICKS_MAX_COUNT = 6  # things that Plotly would count by halves and fifths
MAX_TICKS = 20  # on an axis: more run into each other, and thousands of them stop a browser


def songs_per_year_bars(table: pd.DataFrame, *, height: int) -> go.Figure:
    """Draw a bar chart of songs over years, from columns year and songs."""
    figure = base_figure(x=t("year"), y=t("songs"), height=height)
    years = table["year"]
    add_bars(figure, years, table["songs"], t("%{x}: %{y} songs"), customdata=years.tolist())
    return set_year_axis(_set_integer_ticks(figure, table["songs"]), years)


def length_bars(
    table: pd.DataFrame, x: str, y: str, *, x_title: str, y_title: str, hover: str, step: int = 1
) -> go.Figure:
    """Draw upright bars of column `y` over the whole numbers of `x`, a long tail as one bar. A click on a bar gives its
    mark: "8", or "58+" of the tail.

    Ticks are at multiples of `step`, `MAX_TICKS` of them at most. `hover` says the length with %{hovertext}.
    """
    shown, more = merge_tail(table, x, y)
    numbers = shown[x].tolist()
    marks = [str(each) for each in numbers]
    if more is not None:
        marks[-1] = f"{more}{OR_MORE_SUFFIX}"
        numbers[-1] = max([0, *numbers[:-1]]) + 2  # beside the others, wherever it begins
    figure = _set_integer_ticks(base_figure(x=x_title, y=y_title), shown[y])
    texts = [length_bar_label(mark) for mark in marks]
    add_bars(figure, numbers, shown[y], hover, width=0.82, customdata=marks, hovertext=texts)
    if more is not None:
        add_label(
            figure,
            numbers[-1],
            shown[y].iloc[-1],
            f"{more}{OR_MORE_SUFFIX}",
            INK["grey"],
            yanchor="bottom",
            xanchor="center",
        )
    width = step * -(-max(numbers, default=1) // (step * MAX_TICKS))
    return figure.update_xaxes(dtick=width, tick0=0) if step > 1 or width > 1 else figure


def metrical_position_chart(table: pd.DataFrame, names: Mapping[str, str]) -> go.Figure:
    """Draw the share of syllables on each sixteenth of a musical bar, from column `step` and those named in `names`."""
    figure = base_figure(x=t("step in the bar"), y=t("share of syllables"))
    for (column, name), ink in zip(names.items(), (INK["blue"], INK["orange"]), strict=True):
        add_bars(figure, table["step"], table[column], t("step %{x}: %{y:.1%} of syllables"), ink, name=name)
    figure.update_layout(barmode="group", showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return figure.update_xaxes(dtick=4, tick0=1).update_yaxes(tickformat=".0%")


def _set_integer_ticks(figure: go.Figure, counts: pd.Series) -> go.Figure:
    """Set integer ticks on the y axis where counts are few: there is no half song."""
    whole = pd.api.types.is_integer_dtype(counts) and counts.max() <= WHOLE_TICKS_MAX_COUNT
    return figure.update_yaxes(dtick=1, tick0=0) if whole else figure


def labelled_horizontal_bars(
    table: pd.DataFrame,
    name: str,
    value: str,
    *,
    hover: str,
    row: int = 21,
    shown: str = "",
    format_value: Callable[[float], str] = format_decimal,
) -> go.Figure:
    """Draw horizontal bars of column `value`, a row of `row` pixels each, in order, with names left and values right.

    A click gives column `name`; column `shown`, if given, is written instead. `format_value` formats the values.
    """
    figure = base_figure(height=len(table) * row + 50)
    add_bars(
        figure, table[value], table[shown or name], hover, orientation="h", customdata=table[name].tolist(),
        text=table[value].map(format_value), textposition="outside", textfont={"size": 12, "color": INK["grey"]},
        cliponaxis=False,
    )  # fmt: skip
    figure.update_layout(margin={"t": 4, "b": 4, "r": 60}, bargap=0.3)
    return lay_out_named_rows(figure, len(table)).update_xaxes(visible=False)


def diverging_bars(
    table: pd.DataFrame, value: str, names: Sequence[str], counts: list[str], *, x_title: str, hover: str
) -> go.Figure:
    """Draw horizontal bars of the column `value`, those above 0 to the left, with these `names`. Bars are hatched where
    a column `chance` is true. A click gives the word of the row.

    `hover` is a template, in which %{hovertext} is the two counts.
    """
    figure = named_rows_figure(len(table), 22, x=x_title)
    pairs = [f"{format_decimal(one)} : {format_decimal(other)}" for one, other in table[counts].to_numpy()]
    inks = np.where(table[value] >= 0, INK["blue"], INK["vermilion"])
    hatching = {"shape": np.where(table.get("chance", False), "/", ""), "size": 5}
    words, marker = table["word"].tolist(), {"pattern": hatching}
    add_bars(
        figure, table[value], names, hover, inks, orientation="h", customdata=words, hovertext=pairs, marker=marker
    )
    figure.update_layout(bargap=0.3)
    step = max(1, int(np.abs(table[value].to_numpy(float)).max(initial=0)) // 2)
    ticks = {at: format_decimal(abs(at)) for at in range(-2 * step, 2 * step + 1, step)}  # the side tells the sign
    figure.update_xaxes(tickvals=list(ticks), ticktext=list(ticks.values()))
    return figure.update_xaxes(zeroline=True, zerolinecolor=INK["ink"], autorange="reversed")
