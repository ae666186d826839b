"""Points with their names, placed so that names do not overlap, and the layout of the nodes of a network."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.palette import INK
from pipeline.cells.activations import Array

# In pixels. The plot is taken as narrow as on a phone: on a wider one the names only move apart.
PLOT, LETTER, LINE, DOT = (260.0, 390.0), 7.6, 16.0, 5.0
# Where a name may stand: how far its left edge is from the dot in widths of the name, its foot in heights.
SIDE_OFFSETS = {
    "top center": (-0.5, 0.25), "bottom center": (-0.5, -1.25), "middle right": (0.05, -0.5),
    "middle left": (-1.05, -0.5), "top right": (0.05, 0.25), "bottom right": (0.05, -1.25), "top left": (-1.05, 0.25),
    "bottom left": (-1.05, -1.25),
}  # fmt: skip
Box = tuple[float, float, float, float]  # left, bottom, right, top


def add_named_points(
    figure: go.Figure,
    points: Array,
    names: Sequence[str],
    sides: Sequence[str],
    marker: Mapping[str, Any],
    *,
    ink: Any = INK["ink"],
    size: int = 12,
    hover: Sequence[str] | None = None,
    **trace: Any,
) -> None:
    """Add points to a figure, with the name of each on its side (none for ""); `hover`, or the name, shows on hover."""
    figure.add_scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers+text",
        text=[name if side else "" for name, side in zip(names, sides, strict=True)],
        textposition=[side or "top center" for side in sides],
        textfont={"size": size, "color": ink},
        hovertext=names if hover is None else hover,
        hovertemplate="<b>%{hovertext}</b><extra></extra>" if hover is None else "%{hovertext}<extra></extra>",
        marker=marker,
        cliponaxis=False,
        **trace,
    )


def plot_size_in_pixels(points: Array, side: float) -> tuple[float, float]:
    """Return the (width, height) in pixels of a plot of these points whose longer side has `side` pixels."""
    across, up = np.ptp(points, axis=0) * side / (np.ptp(points, axis=0).max() or 1.0)
    return float(across), float(up)


def place_labels(
    points: Array, words: Sequence[str], plot: tuple[float, float] = PLOT, *, clear: bool = False, always: int = 0
) -> list[str]:
    """Return for each point the side on which its name is inside the plot and covers no earlier name; "" for none.

    `plot` is how many pixels the points stretch over, across and up; with `clear` a name covers no other point either,
    but for the first `always` names.

    >>> crowd = np.array([[0, 0], [0.5, 0.5], [0.5, 0.49], [0.5, 0.48], [1, 1]])
    >>> place_labels(crowd, ["rue", "nuit", "nuits", "jour", "ville"])
    ['top center', 'top center', 'bottom center', '', 'middle left']
    >>> near = np.array([[0, 0], [0.5, 0.5], [0.52, 0.53], [1, 1]])  # the third is where the second's name would be
    >>> place_labels(near, ["rue", "nuit", "jour", "ville"], clear=True)
    ['top center', 'bottom center', 'top center', 'middle left']
    """
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    pixels = (points - points.min(axis=0)) / span * np.array(plot)
    dots = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in pixels.tolist()]
    occupied: list[Box] = []
    sides = []
    for at, ((x, y), word) in enumerate(zip(pixels.tolist(), words, strict=True)):
        others = [*dots[:at], *dots[at + 1 :]] if clear and at >= always else []
        side, box = _free_label_side(x, y, LETTER * len(word), [*occupied, *others], plot)
        occupied += [box, dots[at]] if side else []
        sides.append(side)
    return sides


def _free_label_side(
    x: float, y: float, wide: float, occupied: list[Box], plot: tuple[float, float]
) -> tuple[str, Box]:
    """Return (the first side of a point where its name fits, or ""; the box of the name), in pixels."""
    box = (x, y, x, y)
    for side, (across, up) in SIDE_OFFSETS.items():
        left, bottom = x + across * wide, y + up * LINE
        right, top = left + wide, bottom + LINE
        box = (left, bottom, right, top)
        is_inside = left > -2 * LINE and right < plot[0] + LINE and bottom > -LINE and top < plot[1] + LINE
        if is_inside and not any(left < b[2] and right > b[0] and bottom < b[3] and top > b[1] for b in occupied):
            return side, box
    return "", box


_STEPS = 300
_GRAVITY = 0.5  # of the middle, by distance


def spring_layout(n: int, ends: Array, weights: Array) -> Array:
    """Return float[n, 2]: coordinates of the nodes of a network by Fruchterman and Reingold (1991), the first at 0.

    `ends` int[links, 2]; a link pulls by its weight, each two nodes push each other apart, and all are drawn to the
    middle, so that parts without a link do not drift off and shrink on the figure. The same every time.
    """
    angle = np.arange(n) * 2.399963  # the golden angle: no two start at one place
    points = np.sqrt(np.arange(n))[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pull = np.zeros((n, n))
    if len(ends):
        pull[ends[:, 0], ends[:, 1]] = weights / weights.max()
    pull = pull + pull.T
    for step in range(_STEPS):
        differences = points[:, None] - points[None]
        distance = np.maximum(np.linalg.norm(differences, axis=2, keepdims=True), 1e-6)
        force = (differences / distance * (1 / distance - pull[..., None] * distance**2 / 4)).sum(axis=1)
        force -= _GRAVITY * (points - points.mean(axis=0))
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        points = points + force / length * np.minimum(length, 0.5 * (1 - step / _STEPS))
        points -= points[0]
    return points
