"""Parts of a corpus set against each other: typical words, words over time, a map of voices."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import base_figure, label, name_rows, rows_height, with_years
from dashboard.charts.label_placement import place_labels
from dashboard.charts.palette import CATEGORIES, INK
from dashboard.locale.escaping import escape_plotly
from pipeline.core.translation import number, t

LONGEST = 18  # letters of a query beside its line
NAMED = 200  # points whose names are tried: there is room for a fraction of them
CROWD = 60  # points above which a map draws smaller ones
MAP_SIDE, PLOT, LETTER = 230, 320, 7.0  # pixels: a map on a phone, the height of a plot, a letter


def typical_words(ours: pd.DataFrame, theirs: pd.DataFrame, row: int = 22) -> go.Figure:
    """Draw lying bars of log ratio: words typical of one side to the right, of the other to the left, each side in its
    order."""
    table = pd.concat([ours, theirs])
    inks = [INK["blue"]] * len(ours) + [INK["vermilion"]] * len(theirs)
    figure = base_figure(x=t("log ratio: each step is twice as frequent"), height=rows_height(len(table), row, 70))
    figure.add_bar(
        x=table["log_ratio"],
        y=table["word"],
        orientation="h",
        customdata=table["word"].tolist(),
        text=[f"{number(a)} : {number(b)}" for a, b in zip(table["count"], table["reference_count"], strict=True)],
        textposition="none",
        marker={"color": inks, "line_width": 0},
        hovertemplate=t("<b>%{y}</b><br>log ratio %{x:.2f}<br>occurrences %{text}<extra></extra>"),
    )
    figure.update_layout(bargap=0.3)
    name_rows(figure, len(table))
    figure.update_xaxes(zeroline=True, zerolinecolor=INK["ink"])
    return figure


def over_time(table: pd.DataFrame, *, share: bool) -> go.Figure:
    """Draw a line a query over the years: occurrences a million words, or share of songs with Wilson intervals."""
    title = t("share of songs, %") if share else t("occurrences per million words")
    figure = base_figure(x=t("year"), y=title, height=400)
    scale, value = (100, "share") if share else (1, "per_million")
    parts = list(zip(CATEGORIES, table.groupby("query", sort=False), strict=False))
    for place, (ink, (_, part)) in enumerate(parts if share else []):
        # side by side, so that the intervals of two queries do not cover each other
        middle = (part["low"] + part["high"]) / 2
        reach = {"array": 100 * (part["high"] - middle), "color": ink, "thickness": 1, "width": 0}
        x = part["year"] + 0.14 * (place - (len(parts) - 1) / 2)
        figure.add_scatter(
            x=x, y=100 * middle, mode="markers", marker_size=0.1, error_y=reach, hoverinfo="skip", opacity=0.45
        )
    ends = []
    for ink, (query, part) in parts:
        figure.add_scatter(
            x=part["year"],
            y=scale * part[value],
            mode="lines+markers",
            line={"color": ink, "width": 2.5},
            marker={"size": 6},
            customdata=part[["count", "songs_with", "songs"]],
            hovertemplate=t(
                "<b>{word}</b>, %{{x}}<br>%{{customdata[0]:,}} times, in %{{customdata[1]}} of %{{customdata[2]}} songs"
                "<extra></extra>",
                word=escape_plotly(query),
            ),
        )
        last = part.dropna(subset=value).tail(1)
        if len(last):
            ends.append((scale * last[value].iloc[0], last["year"].iloc[0], query, ink))
    top = max((scale * part["high" if share else value].max() for _, (_, part) in parts), default=1) or 1
    height = -np.inf  # pixels, of the label below
    for y, x, query, ink in sorted(ends):
        height = max(y / top * PLOT, height + LETTER * 2.4)
        written = query if len(query) <= LONGEST else f"{query[:LONGEST]}…"
        label(figure, x, y, written, ink, xanchor="left", xshift=8, yshift=height - y / top * PLOT)
    figure.update_layout(margin={"r": 90})
    years = [table["year"].min() - 0.6, table["year"].max() + 0.6]
    with_years(figure, table["year"]).update_xaxes(range=years)
    figure.update_yaxes(rangemode="tozero")
    return figure


def scatter_map(table: pd.DataFrame, picked: object = None) -> go.Figure:
    """Draw a map: what is close uses the same words. Columns label, name, words, x, y.

    Names that fit are written, those of the most words first.
    """
    figure = base_figure(height=540)
    chosen = (table["label"] == picked).to_numpy()
    opacity = 1 if len(table) <= CROWD else 0.7
    sides = _sides(table, chosen)
    figure.add_scatter(
        x=table["x"],
        y=table["y"],
        mode="markers+text",
        text=np.where(sides != "", table["name"], ""),
        textposition=np.where(sides != "", sides, "top center"),
        textfont={"size": 12, "color": INK["ink"]},
        hovertext=table["name"],
        customdata=table["label"].tolist(),
        marker={
            "size": np.where(chosen, 14, 9 if len(table) <= CROWD else 6),
            "color": np.where(chosen, INK["accent"], INK["blue"]),
            "opacity": opacity,
        },
        hovertemplate="<b>%{hovertext}</b><extra></extra>",
        cliponaxis=False,
    )
    figure.update_layout(margin={"l": 20, "r": 20, "t": 30, "b": 10})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def _sides(table: pd.DataFrame, first: np.ndarray) -> np.ndarray:
    """Return on which side of its point each name is written, "" for no room; those in `first` first, and always.

    The others go by size: of the first `NAMED` that are left.
    """
    points = table[["x", "y"]].to_numpy()
    across, up = np.ptp(points, axis=0) * MAP_SIDE / (np.ptp(points, axis=0).max() or 1.0)
    order = np.lexsort((-table["words"].to_numpy(), ~first))[:NAMED]
    sides = np.full(len(table), "", dtype=object)
    sides[order] = place_labels(
        points[order], table["name"].iloc[order].tolist(), (across, up), clear=len(table) <= CROWD
    )
    sides[first & (sides == "")] = "top center"
    return sides
