"""A table as a chart on a card: bars, dots with their intervals, or lines over the years. No browser draws it.

Pages draw the same tables with Plotly, and share them as they stand there; this is for those who have no page open.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.core.translation import format_decimal, t
from pipeline.publish.canvas import Canvas, Shape, shorten_to_width, width
from pipeline.publish.theme import RHYME_COLOURS, Mode

MAX_ROWS = {"square": 15, "story": 26, "wide": 8}  # rows of a shape
_LARGEST, _LABELS = 34.0, 0.4  # pixels of a label; share of the width that labels may take


@dataclass(frozen=True)
class Chart:
    """What of a table is drawn under its finding, the `title`; `unit` says what is measured.

    Rows are bars of `value`, named by `label`; dots where columns low and high limit it. With `series` the label is a
    year, and each value of that column a line.
    """

    title: str
    unit: str
    label: str
    value: str
    series: str = ""
    source: str = ""
    address: str = ""


def draw_chart(chart: Chart, table: pd.DataFrame, shape: Shape = "square", mode: Mode = "light") -> str:
    """Return the SVG of a card; rows and lines beyond what the shape holds are left out."""
    canvas = Canvas(shape, mode)
    rows = table if chart.series else _drawable_rows(chart, table)
    shown, unit = rows if chart.series else rows.head(MAX_ROWS[shape]), chart.unit
    if len(shown) < len(rows):
        unit = t("{unit} · the first {n} of {all}", unit=unit, n=len(shown), all=format_decimal(len(rows)))
    top = canvas.head(chart.title, unit, (34, 56 if shape != "wide" else 44)) + 14
    bottom = canvas.height - canvas.margin - 66.0
    if chart.series:
        description = _draw_lines(canvas, chart, shown, top, bottom)
    else:
        description = _draw_rows(canvas, chart, shown, top, bottom)
    canvas.foot(chart.source, chart.address, 16)
    return canvas.svg(chart.title, "\n".join(description))


def _drawable_rows(chart: Chart, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have something to draw: a bar needs more than nothing, an interval may be unknown."""
    drawable = table.dropna(subset=chart.value)
    if not {"low", "high"} <= set(table.columns):
        return drawable[drawable[chart.value] > 0]
    return drawable.assign(**{side: drawable[side].fillna(drawable[chart.value]) for side in ("low", "high")})


def _draw_rows(canvas: Canvas, chart: Chart, table: pd.DataFrame, top: float, bottom: float) -> list[str]:
    """Draw a row each, and return them in words."""
    if table.empty:
        return []
    step = min((bottom - top) / len(table), 64.0)
    size = min(_LARGEST, step * 0.6)
    names = [shorten_to_width(str(name), canvas.inner_width * _LABELS, "text", size) for name in table[chart.label]]
    decimals = _decimals(table[chart.value])
    values = [format_decimal(value, decimals) for value in table[chart.value]]
    left = canvas.margin + max(width(name, "text", size) for name in names) + 18
    right = canvas.width - canvas.margin - max(width(value, "mono", size * 0.8) for value in values) - 14
    limited = {"low", "high"} <= set(table.columns)
    low, high = _range(table, chart.value, limited)
    pixels = left + (table[[chart.value, *(["low", "high"] if limited else [])]] - low) / (high - low) * (right - left)
    for at, (name, value, row) in enumerate(zip(names, values, pixels.itertuples(index=False), strict=True)):
        y = top + at * step + step / 2
        canvas.text(left - 18, y + size * 0.35, name, size, end=True)
        canvas.text(canvas.width - canvas.margin, y + size * 0.35, value, size * 0.8, face="mono", ink="grey", end=True)
        if limited:
            canvas.rectangle(row[1], y - 2, max(row[2] - row[1], 1), 4, "rule")
            canvas.rectangle(row[0] - 7, y - 7, 14, 14, "blue")
        else:
            canvas.rectangle(left, y - step * 0.3, max(row[0] - left, 1), step * 0.6, "blue")
    return [f"{name}: {value}" for name, value in zip(table[chart.label], values, strict=True)]


def _range(table: pd.DataFrame, value: str, has_intervals: bool) -> tuple[float, float]:
    """Return the ends of the axis: from 0 for bars, over all intervals for dots."""
    if not has_intervals:
        return 0.0, max(float(table[value].max()), 1e-9)
    limits = table[[value, "low", "high"]]
    low, high = float(limits.min().min()), float(limits.max().max())
    return low, high if high > low else low + 1.0


def _draw_lines(canvas: Canvas, chart: Chart, table: pd.DataFrame, top: float, bottom: float) -> list[str]:
    """Draw a line each, its name in its colour above, and return their peaks in words."""
    years, peak = table[chart.label], max(float(table[chart.value].max()), 1e-9)
    decimals = _decimals(table[chart.value])
    first, span = int(years.min()), max(int(years.max() - years.min()), 1)
    x, description = float(canvas.margin), []
    above, below = top + 74, bottom - 40
    canvas.rectangle(canvas.margin, below, canvas.inner_width, 2, "ink")
    canvas.rectangle(canvas.margin, above, canvas.inner_width, 1, "rule")
    canvas.text(
        canvas.width - canvas.margin, above - 10, format_decimal(peak, decimals), 22, face="mono", ink="grey", end=True
    )
    canvas.text(canvas.margin, below + 34, str(first), 24, face="mono", ink="grey")
    canvas.text(canvas.width - canvas.margin, below + 34, str(first + span), 24, face="mono", ink="grey", end=True)
    # as many lines as there are colours
    for ink, (name, part) in zip(RHYME_COLOURS, table.groupby(chart.series, sort=False), strict=False):
        points = [
            (canvas.margin + canvas.inner_width * (year - first) / span, below - (below - above) * value / peak)
            for year, value in zip(part[chart.label], part[chart.value], strict=True)
        ]
        canvas.line(points, ink)
        x += canvas.text(
            x, top + 30, shorten_to_width(str(name), canvas.inner_width / 3, "text", 30, 650), 30, weight=650, ink=ink
        )
        x += 32
        best = part.loc[part[chart.value].idxmax()]
        description.append(f"{name}: {format_decimal(best[chart.value], decimals)} ({best[chart.label]})")
    return description


def _decimals(values: pd.Series) -> int:
    """Return how many decimals tell such values apart."""
    largest = float(values.max())
    return 0 if largest >= 100 or (values % 1 == 0).all() else 1 if largest >= 10 else 3
