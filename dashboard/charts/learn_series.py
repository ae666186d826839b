"""Series of small classes: coins, rhyme letters, words a line, and what a network guessed of them beside baselines."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import learn_curves, learn_heat
from dashboard.charts.palette import INK
from dashboard.lessons.series_play import Forecast, probability_band
from pipeline.cells.activations import Array
from pipeline.core.translation import t


def coins(x: Array, y: Array, at: int, lags: Sequence[int]) -> go.Figure:
    """Coins `x` `(T,)` over the series `y` `(T,)`; circles around step `at`, from 0, and the coins that decide it."""
    coin, steps = t("coin x"), [str(step) for step in range(1, len(x) + 1)]
    figure = learn_heat.heat_map(
        np.vstack([x, y]), rows=[coin, "y"], columns=steps, x=t("step"), limit=1, height=190,
        hover=t("%{y}, step %{x}: %{z}"),
    )  # fmt: skip
    for lag in lags:
        hover = t("%{{y}}: lag {lag}, step %{{x}}", lag=lag)
        learn_heat.mark_cells(figure, steps, [coin], [at - lag], "circle-open", hover)
    learn_heat.mark_cells(figure, steps, ["y"], [at], "circle-open", t("%{y}: step %{x}"))
    return figure.update_xaxes(dtick=8, tick0=7)


def guessed_classes(found: Forecast, names: Sequence[str]) -> go.Figure:
    """Classes without an order: the probability of each, what came and what persistence says."""
    lines = [str(line) for line in range(2, len(found.sequence) + 1)]
    figure = learn_heat.heat_map(
        found.p.T, columns=lines, rows=names, x=t("line"), y=t("class"), limit=1, height=330, numbers=".2f",
        hover=t("line %{x}, class %{y}: %{z:.2f}"),
    )  # fmt: skip
    for symbol, classes, hover in (
        ("circle-open", found.sequence[1:], t("%{y} came, line %{x}")),
        ("x-thin", found.sequence[:-1], t("%{y} persistence says so, line %{x}")),
    ):
        ink = INK["vermilion"]
        figure.add_scatter(
            x=lines,
            y=[names[k] for k in classes],
            mode="markers",
            hovertemplate=hover + "<extra></extra>",
            marker={"symbol": symbol, "size": 15, "color": ink, "line_width": 2, "line_color": ink},
        )
    return figure


def guessed_band(found: Forecast, names: Sequence[str]) -> tuple[go.Figure, float]:
    """Classes in order: the middle 80 % of what the network expects, with its median; the share of what came in it."""
    low, middle, high = probability_band(found.p)
    lines = np.arange(2, len(found.sequence) + 1)
    figure = learn_curves.stepped_band(lines, low, high, height=360)
    for name, classes, ink, dash, mode in (
        (t("network, median"), middle, "blue", "solid", "lines"),
        (t("persistence"), found.sequence[:-1], "orange", "dot", "lines"),
        (t("majority"), np.full(len(lines), found.commonest), "grey", "dash", "lines"),
        (t("what came"), found.sequence[1:], "ink", "solid", "markers"),
    ):
        learn_curves.step_trace(figure, lines, classes, name=name, ink=ink, dash=dash, mode=mode, names=names)
    figure.update_xaxes(title_text=t("line of the song"))
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=list(names), range=[-0.6, len(names) - 0.4])
    return figure, float(np.mean((found.sequence[1:] >= low) & (found.sequence[1:] <= high)))
