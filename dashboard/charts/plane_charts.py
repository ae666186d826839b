"""Planes of a correspondence analysis, similarity maps of artists, and the dendrogram of classes."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_label, add_line, base_figure
from dashboard.charts.label_placement import add_named_points, place_labels, plot_size_in_pixels
from dashboard.charts.palette import CATEGORIES, INK
from pipeline.analysis.worlds.reinert import Tree
from pipeline.cells.activations import Array
from pipeline.core.translation import format_percentage, t

_SIDE, PHONE = 300, 230  # pixels of the longer axis: between a phone and a desk, on a phone
_MARKER_STYLES = {
    "groups": ("blue", "square", 8),
    "words": ("grey", "circle", 5),
    "supplementary": ("orange", "diamond", 8),
}


def correspondence_plane(
    tables: dict[str, pd.DataFrame], shares: Array, ellipses: pd.DataFrame | None = None
) -> go.Figure:
    """Draw groups, words and supplementary groups (label, x1, x2) of a correspondence analysis on its first two axes.

    Names are written where there is room. `shares` are the axes' shares of inertia, 0 to 1; `ellipses` those of
    `confidence_ellipses`.
    """
    figure = _axes_titled_with_inertia(shares, 560).update_yaxes(scaleanchor="x")
    around = np.linspace(0, 2 * np.pi, 49)
    line = {"color": INK["blue"], "width": 1}
    for _, x, y, major, minor, angle in () if ellipses is None else ellipses.itertuples(index=False):
        one, other = major * np.cos(around), minor * np.sin(around)
        edge = x + one * np.cos(angle) - other * np.sin(angle), y + one * np.sin(angle) + other * np.cos(angle)
        figure.add_scatter(x=edge[0], y=edge[1], mode="lines", line=line, opacity=0.5, hoverinfo="skip")
    names = {kind: table["label"].astype(str).tolist() for kind, table in tables.items()}
    points = {kind: _first_two_coordinates(table) for kind, table in tables.items()}
    all_points = np.concatenate(list(points.values()))
    sides = place_labels(
        all_points, [name for each in names.values() for name in each], plot_size_in_pixels(all_points, _SIDE)
    )
    for kind, each in names.items():
        own, sides = sides[: len(each)], sides[len(each) :]
        ink, symbol, size = _MARKER_STYLES[kind]
        marker, label_ink = {"size": size, "symbol": symbol, "color": INK[ink]}, INK["ink" if kind == "words" else ink]
        add_named_points(figure, points[kind], each, own, marker, ink=label_ink, customdata=each)
    return figure


def _axes_titled_with_inertia(shares: Sequence[float] | Array, height: int) -> go.Figure:
    """Draw an empty plane with two crossing axes, titled with their shares of the inertia."""
    titles = [
        t("axis {n}: {share} of inertia", n=n, share=format_percentage(s, 0)) for n, s in enumerate(shares[:2], 1)
    ]
    figure = base_figure(x=titles[0], y=titles[1] if len(titles) > 1 else "", height=height)
    cross = {"zeroline": True, "zerolinecolor": INK["rule"], "showticklabels": False}
    return figure.update_xaxes(**cross).update_yaxes(**cross)


def _first_two_coordinates(table: pd.DataFrame) -> Array:
    """Return float[rows, 2]: columns x1 and x2, 0 where there is no second axis."""
    return np.stack([table["x1"], table["x2"] if "x2" in table else np.zeros(len(table))], axis=1)


_ROW_PIXELS = 34  # pixels a class


def class_colour(number: int) -> str:
    """Return the colour of a class by its number; there are seven colours."""
    return CATEGORIES[number % len(CATEGORIES)]


def _class_marker_style(numbers: Iterable[int]) -> dict[str, Any]:
    """Return the marker colour and symbol of each class; classes of similar colours have different symbols."""
    symbols, numbers = ("circle", "square", "diamond", "cross", "triangle-up"), list(numbers)
    return {"color": list(map(class_colour, numbers)), "symbol": [symbols[number // 4 % 5] for number in numbers]}


def class_dendrogram(tree: Tree, k: int, names: list[str], picked: int) -> go.Figure:
    """Draw the tree of a descending classification into `k` classes, a named row each, class `picked` larger."""
    figure = base_figure(height=k * _ROW_PIXELS + 30)
    rows = {node: float(row) for row, node in enumerate(tree.class_numbers_for_k(k))}
    reach = dict.fromkeys(rows, 0.0)  # of each class to the right end: how many cuts back it was made
    cuts = tree.splits[: k - 1]
    for level, cut in enumerate(reversed(cuts), 1):
        one, other = rows[cut.left], rows[cut.right]
        for node, row in ((cut.left, one), (cut.right, other)):
            figure.add_scatter(x=[-level, -reach[node]], y=[row, row], mode="lines", line=_LINE_STYLE, hoverinfo="skip")
        figure.add_scatter(x=[-level, -level], y=[one, other], mode="lines", line=_LINE_STYLE, hoverinfo="skip")
        rows[cut.parent], reach[cut.parent] = (one + other) / 2, float(level)
    numbers = list(range(len(names)))
    dots = {"size": [15 if number == picked else 10 for number in numbers], **_class_marker_style(numbers)}
    about: dict[str, Any] = {"customdata": numbers, "hovertext": names, "cliponaxis": False}
    add_line(figure, [0.0] * len(names), numbers, "%{hovertext}", mode="markers", marker=dots, **about)
    for number, name in enumerate(names):
        add_label(figure, 0, number, name, INK["ink"], xanchor="left", xshift=14)
    figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})
    figure.update_yaxes(visible=False, range=[len(names) - 0.5, -0.5])
    tree_end = max(len(cuts), 1) + 0.3
    share = min((20 + 7 * max(map(len, names))) / 346, 0.75)  # of the pixels on a phone, for the longest name
    figure.update_xaxes(visible=False, range=[-tree_end, max(1.4 * tree_end + 1.1, tree_end * share / (1 - share))])
    return figure


_LINE_STYLE = {"color": INK["grey"], "width": 1.5}


def class_plane(words: pd.DataFrame, classes: pd.DataFrame, shares: tuple[float, float]) -> go.Figure:
    """Draw words and classes (label, x, y, class) on the first two axes of a correspondence analysis.

    `shares` are the axes' shares of inertia, 0 to 1. A class without room for its name has its number alone.
    """
    figure = _axes_titled_with_inertia(shares, 540)
    points = np.vstack([classes[["x", "y"]].to_numpy(), words[["x", "y"]].to_numpy()])
    hovers, n = [*classes["label"], *words["label"]], len(classes)
    place = partial(place_labels, points, plot=plot_size_in_pixels(points, PHONE), clear=True, always=n)
    written = [name if side else name.split()[0] for name, side in zip(hovers[:n], place(hovers), strict=False)]
    sides = [side or "bottom center" * (at < n) for at, side in enumerate(place([*written, *hovers[n:]]))]
    marks = _class_marker_style([*classes["class"], *words["class"]])
    marker = {"size": [13] * n + [6] * len(words), "opacity": 0.85, **marks}
    add_named_points(figure, points, [*written, *hovers[n:]], sides, marker, ink=marks["color"], hover=hovers)
    return figure


MOST_NAMED_POINTS = 200  # points whose names are tried: there is room for a fraction of them
MOST_LARGE_POINTS = 60  # points above which a map draws smaller ones


def similarity_map_chart(table: pd.DataFrame, picked: object = None) -> go.Figure:
    """Draw a similarity map of groups at columns x, y, with their names where there is room; a click gives the label.

    Columns label, name, words, x, y: names of groups of the most words come first, after those of a lower `rank` if
    there is such a column; groups of the highest rank are grey. `picked` is a label to mark.
    """
    figure = base_figure(height=540)
    chosen = (table["label"] == picked).to_numpy()
    few = len(table) <= MOST_LARGE_POINTS
    points = table[["x", "y"]].to_numpy()
    marker = {
        "size": np.where(chosen, 14, 9 if few else 6),
        "color": _rank_colours(table, chosen),
        "line": {"color": INK["ink"], "width": np.where(chosen, 2.5, 0)},
        "opacity": 1 if few else 0.7,
    }
    sides = _map_label_sides(table, points, chosen)
    add_named_points(figure, points, table["name"].tolist(), sides, marker, customdata=table["label"].tolist())
    figure.update_layout(margin={"l": 20, "r": 20, "t": 30, "b": 10})
    return figure.update_xaxes(visible=False).update_yaxes(visible=False, scaleanchor="x")


def _rank_colours(table: pd.DataFrame, chosen: Array) -> Any:
    if "rank" not in table:
        return INK["blue"]
    near = chosen | (table["rank"] < table["rank"].max()).to_numpy()
    return np.where(near, INK["blue"], INK["grey"])


def _map_label_sides(table: pd.DataFrame, points: Array, first: Array) -> list[str]:
    """Return the side of its point that each name is written on, "" for no room; names in `first` are always written.

    The others where there is room, by rank, then by their number of words, `MOST_NAMED_POINTS` at most.
    """
    order = np.lexsort((-table["words"], table.get("rank", 0 * table["words"]), ~first))[:MOST_NAMED_POINTS]
    sides = np.full(len(table), "", dtype=object)
    names = table["name"].iloc[order].tolist()
    sides[order] = place_labels(
        points[order], names, plot_size_in_pixels(points, _SIDE), clear=len(table) <= MOST_LARGE_POINTS
    )
    sides[first & (sides == "")] = "top center"
    return sides.tolist()
