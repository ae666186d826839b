"""The theme's colours are the palette's, and each can be told from its ground (WCAG 2.2: 3 to 1)."""

import tomllib
from pathlib import Path

import pytest

from dashboard.charts.palette import CATEGORIES, COLOURS, INK, SURFACES

THEME = tomllib.loads((Path(__file__).resolve().parents[2] / "dashboard" / ".streamlit" / "config.toml").read_text())[
    "theme"
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("mode", "place"), [("light", 0), ("dark", 1)])
def test_the_theme_holds_the_palette_in_order(mode: str, place: int) -> None:
    assert THEME[mode]["chartCategoricalColors"] == [pair[place] for pair in COLOURS.values()]
    assert THEME[mode]["backgroundColor"] == SURFACES["paper"][place]


@pytest.mark.parametrize("place", [0, 1])
def test_every_category_stands_out_from_the_paper(place: int) -> None:
    paper = luminance(SURFACES["paper"][place])
    for name in [name for name, ink in INK.items() if ink in CATEGORIES]:
        high, low = sorted((luminance(COLOURS[name][place]), paper), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 3, name
