"""A table as a chart on a card: bars, intervals, years; what is left out is said; nothing breaks it."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.publish.canvas import SHAPES, Shape, to_png
from pipeline.publish.chart_card import MAX_ROWS, Chart, draw_chart
from pipeline.publish.theme import RHYME_COLOURS

SVG = "{http://www.w3.org/2000/svg}"
WORDS = pd.DataFrame({"word": [f"mot {at}" for at in range(40)], "count": range(40, 0, -1)})
YEARS = pd.DataFrame({"query": ["nuit"] * 3 + ["<b>"] * 3, "year": [1994, 1995, 1997] * 2, "share": [0.1, 0, 0.3] * 2})
BARS = Chart("Most often mot 0", "Times", "word", "count", source="demo")


def described(svg: str) -> list[str]:
    return str(ElementTree.fromstring(svg).findtext(f"{SVG}desc")).split("\n")


def widths(svg: str, high: str) -> list[float]:
    rectangles = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [float(each.attrib["width"]) for each in rectangles if each.attrib["height"] == high]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_holds_so_many_rows_the_first(shape: Shape) -> None:
    said = described(draw_chart(BARS, WORDS, shape))
    assert said[:2] == ["mot 0: 40", "mot 1: 39"]
    assert len(said) == MAX_ROWS[shape]


def test_bars_are_as_long_as_what_they_count() -> None:
    svg = draw_chart(BARS, pd.DataFrame({"word": ["a", "b", "c"], "count": [8, 4, 0]}))
    two = widths(svg, "38.4")  # 64 pixels a row, 0.6 of them inked
    assert two[0] == pytest.approx(2 * two[1], abs=0.2)
    assert len(two) == 2, "nothing is no bar"


def test_what_has_intervals_is_a_dot_with_its_limits() -> None:
    table = pd.DataFrame({"artist": ["A", "B"], "value": [0.5, -0.4], "low": [0.4, -0.6], "high": [0.6, -0.2]})
    svg = draw_chart(Chart("Two", "MATTR", "artist", "value"), table)
    assert described(svg) == ["A: 0.500", "B: -0.400"]
    assert widths(svg, "4.0")[1] == pytest.approx(2 * widths(svg, "4.0")[0], abs=0.2)


def test_an_unknown_interval_is_a_dot_alone() -> None:
    table = pd.DataFrame({"artist": ["A", "B"], "value": [0.5, 0.4], "low": [0.4, None], "high": [0.6, None]})
    svg = draw_chart(Chart("Two", "MATTR", "artist", "value"), table)
    assert "nan" not in svg
    assert widths(svg, "4.0")[1] == 1


def test_years_are_lines_and_their_names_are_text() -> None:
    svg = draw_chart(Chart("Over the years", "Share", "year", "share", series="query"), YEARS, "story", "dark")
    assert described(svg) == ["nuit: 0.300 (1997)", "<b>: 0.300 (1997)"]
    lines = [each.attrib["points"].split() for each in ElementTree.fromstring(svg).iter(f"{SVG}polyline")]
    assert len(lines) == 2
    (first, _), (second, _), (third, _) = (map(float, point.split(",")) for point in lines[0])
    assert third - second == pytest.approx(2 * (second - first), abs=0.2), "1996 has its place"
    assert to_png(svg).startswith(b"\x89PNG")


def test_nothing_to_draw_is_an_empty_card() -> None:
    for table in (WORDS.head(0), WORDS.assign(count=0)):
        assert described(draw_chart(BARS, table)) == [""]


def test_no_more_lines_than_there_are_colours() -> None:
    many = pd.concat([YEARS.head(3).assign(query=f"mot {at}") for at in range(len(RHYME_COLOURS) + 3)])
    svg = draw_chart(Chart("Over the years", "Share", "year", "share", series="query"), many)
    assert svg.count("<polyline") == len(RHYME_COLOURS)
