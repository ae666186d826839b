"""Figures of the structure of songs: their sections as coloured bars, shares of kinds, self-similarity of a song."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base_figure import add_bars, add_line, base_figure, named_rows_figure
from dashboard.charts.palette import INK, SECTION_COLOURS
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import section_name
from pipeline.core.translation import format_decimal, format_percentage, t

MOST_SECTIONS_PER_SONG = 400  # of one song: a bar of a wide figure is then two pixels
AXIS_QUARTILE_FACTOR = 2.5  # the axis goes to so many times the length of the upper quartile of the songs in the figure


def sections_to_draw(table: pd.DataFrame) -> tuple[pd.DataFrame, int | None]:
    """Return (the sections that a figure draws, the line at which longer songs are cut; None where none is).

    One song of thousands of lines would leave the others a pixel. A song of more than `MOST_SECTIONS_PER_SONG` sections
    is drawn in stretches of equal length, each of the kind that has most of it. Columns song, title, kind, lines,
    first_line.
    """
    lengths = table.groupby("song")["lines"].sum()
    limit = int(lengths.quantile(0.75) * AXIS_QUARTILE_FACTOR) + 1
    cut = limit if (lengths > limit).any() else None
    if cut is not None:
        table = table[table["first_line"] < cut]
        table = table.assign(lines=np.minimum(table["lines"], cut - table["first_line"]))
    many = table["song"].map(table["song"].value_counts()) > MOST_SECTIONS_PER_SONG
    if not many.any():
        return table, cut
    stretches = [_summarise_long_song(part) for _, part in table[many].groupby("song")]
    return pd.concat([table[~many], *stretches]).sort_values("song", kind="stable"), cut


def _summarise_long_song(song: pd.DataFrame) -> pd.DataFrame:
    """Return the sections of a long song summarised into `MOST_SECTIONS_PER_SONG` at most, each of its main kind."""
    codes, kinds = pd.factorize(song["kind"])
    lines = np.repeat(codes, song["lines"])
    step = -(-len(lines) // MOST_SECTIONS_PER_SONG)
    size = -(-len(lines) // step) * len(kinds)
    cells = np.bincount(np.arange(len(lines)) // step * len(kinds) + lines, minlength=size)
    most = cells.reshape(-1, len(kinds)).argmax(axis=1)
    runs = np.flatnonzero(np.diff(most, prepend=-1))
    first = runs * step
    columns = {"kind": kinds[most[runs]], "lines": np.diff(np.append(first, len(lines))), "first_line": first}
    return pd.DataFrame(columns).assign(**song.iloc[0][["song", "title"]])


MAX_CLICKABLE_CELLS = 1500  # that can be clicked in one figure: each is a node of the page


def song_section_bars(table: pd.DataFrame) -> go.Figure:
    """Draw songs, a row each, as bars of their sections, coloured by kind. Columns title, kind, lines, song,
    first_line."""
    titles = table.drop_duplicates("song")
    names = {song: f"{title} " + "\u200b" * at for at, (song, title) in enumerate(titles[["song", "title"]].to_numpy())}
    order: dict[str, Any] = {"categoryorder": "array", "categoryarray": list(names.values())}
    figure = named_rows_figure(len(titles), 24, x=t("lines from the start"), **order)
    rim = {"line_width": 0.5, "line_color": "rgba(128,128,128,0.6)"}
    for kind, part in table.groupby("kind", sort=False):
        hover = t("<b>%{{y}}</b><br>{kind}, %{{x}} lines", kind=escape_plotly(section_name(kind)))
        place = {"base": part["first_line"], "orientation": "h", "width": 0.72, "customdata": part["song"].tolist()}
        ink, rows = INK[SECTION_COLOURS[kind]], part["song"].map(names)
        add_bars(figure, part["lines"], rows, hover, ink, marker=rim, **place)
    return figure.update_layout(barmode="overlay")


def section_kind_bars(table: pd.DataFrame, group: str) -> go.Figure:
    """Draw groups, a row each, as stacked bars of the share of lines in each kind of section. Columns kind,
    line_share."""
    groups = table[group].astype(str)
    order: dict[str, Any] = {"categoryorder": "array", "categoryarray": list(dict.fromkeys(groups))}
    figure = named_rows_figure(groups.nunique(), 26, x=t("share of lines, %"), **order)
    for kind in SECTION_COLOURS:
        part = table[table["kind"] == kind]
        hover = t(
            "<b>%{{y}}</b><br>{kind}: %{{x:.1f}}%, %{{customdata:,}} lines", kind=escape_plotly(section_name(kind))
        )
        shares, names = 100 * part["line_share"], part[group].astype(str)
        add_bars(figure, shares, names, hover, INK[SECTION_COLOURS[kind]], orientation="h", customdata=part["lines"])
    return figure.update_layout(barmode="stack", bargap=0.3)


def self_similarity_plot(similarity: np.ndarray, alike: float, lines: int = 1) -> go.Figure:
    """Draw the self-similarity matrix of a song, 0 to 1. A cell compares two lines, or two blocks of `lines` lines.

    Cells of `alike` or more can be clicked, the `MAX_CLICKABLE_CELLS` most similar ones: invisible markers lie on them,
    whose customdata is the number of the row from 1.
    """
    cells = t("lines %{y} and %{x}: %{z}% similar")
    marks = t("lines %{y} and %{x}: %{text} similar")
    if lines > 1:
        cells = t("the {lines} lines from %{{y}} and from %{{x}}: %{{z}}% similar", lines=format_decimal(lines))
        marks = t("the {lines} lines from %{{y}} and from %{{x}}: %{{text}} similar", lines=format_decimal(lines))
    figure = base_figure(x=t("line of the song"), y=t("line of the song"), height=420)
    figure.add_heatmap(
        z=np.round(100 * similarity).astype(np.uint8),  # a byte a cell, not eight
        x0=1, dx=lines, y0=1, dy=lines, colorscale="Cividis", zmin=0, zmax=100, showscale=False,
        hovertemplate=cells + "<extra></extra>",
    )  # fmt: skip
    rows, columns = np.nonzero(similarity >= alike)
    if len(rows) > MAX_CLICKABLE_CELLS:
        best = np.argsort(-similarity[rows, columns], kind="stable")[:MAX_CLICKABLE_CELLS]
        rows, columns = rows[best], columns[best]
    unseen = {"symbol": "square", "size": 12 if len(similarity) < 100 else 6, "opacity": 0}
    about: dict[str, Any] = {
        "customdata": (rows + 1).tolist(),
        "text": [format_percentage(value, 0) for value in similarity[rows, columns]],
    }
    add_line(figure, columns * lines + 1, rows * lines + 1, marks, mode="markers", marker=unseen, **about)
    figure.update_xaxes(constrain="domain")
    figure.update_yaxes(autorange="reversed", showgrid=False, scaleanchor="x", constrain="domain")
    return figure
