"""Figures of trainings: curves of bits over minutes, and differences of two runs by song."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_bars, add_label, base_figure
from dashboard.charts.learn_curves import INK_ORDER, line_chart
from dashboard.charts.palette import INK
from dashboard.locale.escaping import escape_plotly
from pipeline.core.translation import t

Curves = Mapping[str, pd.DataFrame]
TITLE_CHARACTERS = 32  # characters of a song's title beside its bar


def training_curves(
    named: Curves,
    *,
    y: str,
    floors: Mapping[str, float] | None = None,
    faint: tuple[str, ...] = (),
    colours_used: int = 0,
) -> go.Figure:
    """Draw the training curves of runs, name -> table with `minutes` and `bits`; `floors` are dotted horizontal lines.

    The high values of the first moments are cut off: they would flatten the rest. Colours begin after `colours_used`.
    """
    measured = {name: table.dropna(subset=["minutes", "bits"]) for name, table in named.items()}
    measured = {name: table for name, table in measured.items() if len(table)}
    floors = floors or {}
    ends = [float(table["bits"].iloc[-1]) for table in measured.values()] + list(floors.values())
    top = 1.35 * max(ends, default=0.0)  # a third above what the curves came to
    measured = {name: table[table["bits"] <= top] for name, table in measured.items()}
    drawn = {name: (table["minutes"], table["bits"]) for name, table in measured.items()}
    end = max((float(x.max()) for x, _ in drawn.values()), default=1.0)
    drawn |= {name: (np.array([0.0, end]), np.array([bits, bits])) for name, bits in floors.items()}
    bright, hover = iter([ink for ink in INK_ORDER if ink != "grey"][colours_used:]), t("%{y:.3f} bits")
    inks = ["grey" if name in faint or name in floors else next(bright) for name in drawn]
    figure = line_chart(drawn, x=t("minutes"), y=y, inks=inks, dashed=tuple(floors), hover=hover, height=380)
    for trace in figure.data:
        if len(trace.x) == 1:  # a line of one point is none
            trace.mode = "markers"
    figure.update_xaxes(range=[0, 1.01 * end], hoverformat=".1f")
    return figure


def song_differences(songs: pd.DataFrame, first: str, second: str) -> go.Figure:
    """Draw the difference of two runs on each song: bars to the left where `first` needs fewer bits.

    Columns title, artist, first, second, difference (bits a character); the order is that of the table, from the top.
    """
    figure = base_figure(x=t("bits per character, difference"), height=len(songs) * 24 + 70)
    names = {"first": escape_plotly(first), "second": escape_plotly(second)}
    sizes = t("{first} %{{customdata[2]:.3f}}, {second} %{{customdata[3]:.3f}}, difference %{{x:+.3f}}", **names)
    hover = f"<b>%{{customdata[0]}}</b>, %{{customdata[1]}}<br>{sizes}"
    rows, inks = list(range(len(songs))), np.where(songs["difference"] < 0, INK["blue"], INK["vermilion"])
    about = songs[["title", "artist", "first", "second"]]
    add_bars(figure, songs["difference"], rows, hover, inks, orientation="h", customdata=about)
    named = {"tickvals": rows, "ticktext": songs["title"].str.slice(0, TITLE_CHARACTERS), "tickfont_color": INK["ink"]}
    figure.update_yaxes(range=[len(songs) - 0.4, -0.6], showgrid=False, **named)
    figure.add_vline(0, line_color=INK["ink"], line_width=1)
    low, high = min(0.0, songs["difference"].min()), max(0.0, songs["difference"].max())
    room = 0.04 * (high - low) or 0.01
    figure.update_xaxes(range=[low - room, high + room], nticks=6)  # the labels above would widen it
    above = {"xref": "paper", "yref": "paper", "yanchor": "bottom"}
    add_label(figure, 0, 1, t("← {run} better", run=first), INK["blue"], xanchor="left", **above)
    add_label(figure, 1, 1, t("{run} better →", run=second), INK["vermilion"], xanchor="right", **above)
    figure.update_layout(margin={"t": 34})
    return figure
