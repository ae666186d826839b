"""Figures of the lexicon: length of words, rank and frequency."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure, label
from dashboard.charts.palette import INK
from pipeline.core.translation import t


def characters(tokens: pd.DataFrame, types: pd.DataFrame) -> go.Figure:
    """Draw characters per word in the text (bars) and in the lexicon (line). Columns characters, count, share."""
    longest = int(max(tokens["characters"].max(), types["characters"].max()))
    figure = base_figure(x=t("characters in the word"), y=t("share of words, %"))
    figure.add_bar(
        x=tokens["characters"],
        y=100 * tokens["share"],
        customdata=tokens["count"],
        marker={"color": INK["blue"], "line_width": 0},
        hovertemplate=t("%{x} characters: %{y:.1f}% of the words of the text<br>%{customdata:,} words")
        + "<extra></extra>",
    )
    figure.add_scatter(
        x=types["characters"],
        y=100 * types["share"],
        customdata=types["count"],
        mode="lines+markers",
        line={"color": INK["vermilion"], "width": 2.5},
        marker={"size": 6},
        hovertemplate=t("%{x} characters: %{y:.1f}% of the lexicon<br>%{customdata:,} different words")
        + "<extra></extra>",
    )
    top, peak = tokens["share"].idxmax(), types["share"].idxmax()
    label(
        figure,
        tokens["characters"][top],
        100 * tokens["share"][top],
        t("in the text"),
        INK["blue"],
        yanchor="bottom",
        yshift=4,
    )
    label(
        figure,
        types["characters"][peak],
        100 * types["share"][peak],
        t("in the lexicon"),
        INK["vermilion"],
        xanchor="left",
        yanchor="bottom",
        xshift=8,
    )
    figure.update_xaxes(range=[0.4, min(longest, 18) + 0.6], dtick=2, tick0=1)
    figure.update_yaxes(rangemode="tozero")
    return figure


def rank_frequency(table: pd.DataFrame, words: list[str]) -> go.Figure:
    """Draw frequency by rank on two log axes, with the fitted law. Columns rank, count, expected; a word a row."""
    figure = base_figure(x=t("rank of the word (log)"), y=t("occurrences (log)"), height=380)
    figure.add_scatter(
        x=table["rank"],
        y=table["expected"],
        mode="lines",
        line={"color": INK["vermilion"], "width": 2},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=table["rank"],
        y=table["count"],
        text=words,
        customdata=words,
        mode="markers",
        marker={"color": INK["blue"], "size": 5},
        hovertemplate=t("<b>%{text}</b><br>rank %{x:,}, %{y:,} times") + "<extra></extra>",
    )
    for place in np.unique(np.searchsorted(table["rank"], [1, 10, 100, 1000, 10000])):
        if place < len(table):
            row = table.iloc[place]
            label(
                figure,
                np.log10(row["rank"]),
                np.log10(row["count"]),
                words[place],
                INK["ink"],
                xanchor="left",
                yanchor="bottom",
                xshift=6,
            )
    middle = table.iloc[len(table) // 3]
    if np.isfinite(middle["expected"]):
        label(
            figure,
            np.log10(middle["rank"]),
            np.log10(middle["expected"]),
            "Zipf–Mandelbrot",
            INK["vermilion"],
            xanchor="right",
            yanchor="top",
            xshift=-10,
            yshift=-6,
        )
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", dtick=1, showgrid=True)
    return figure
