"""Figures of lessons: what is sent of them, and what the pen in the browser makes of it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Locator, expect

from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame.page_layout import static_text
from dashboard.components.lesson.chart import COLOURS, as_json
from dashboard.lessons.series_play import Forecast
from tests.dashboard.browser import chromium

XS = np.linspace(-1, 1, 5)
SONG = Forecast(0.5, 0.6, 0.7, 2, np.array([0, 1, 1]), np.array([[0.2, 0.8], [0.5, 0.5]]), 1)
FIGURES: dict[str, Callable[[], go.Figure]] = {
    "lines": lambda: learn_curves.line_chart({"<b>a</b>": (XS, XS**2 + 1), "b": (XS, XS + 2)}, x="x & y", y="z"),
    "powers": lambda: learn_curves.line_chart({"a": ([0, 1, 2], [1, 1e-3, 1e-6])}, x="lag", y="left", log=True),
    "function": lambda: learn_curves.function_curve(
        XS, np.tanh(XS), 1 - np.tanh(XS) ** 2, (0, 0, 1), name="tanh(z)", histogram=XS
    ),
    "bars": lambda: learn_curves.signed_bars(["z1", "z2"], [-0.5, 0.25], y="∂E/∂z"),
    "plane": lambda: learn_curves.eigenvalue_plot(np.array([1j, -1j, 0.5])),
    "cells": lambda: learn_heat.heat_map(
        np.array([[0.5, np.nan], [-1, 1]]), columns=["1 <i>", "2 e"], rows=["u", "v"], diverging=True, numbers="+.2f"
    ),
    "classes": lambda: learn_heat.forecast_heat_map(SONG, ["few", "many"]),
    "band": lambda: learn_heat.forecast_band_chart(SONG, ["few", "many"])[0],
    "words": lambda: learn_heat.word_map(np.array([[0, 0], [1, 1], [2, 0]]), ["nuit", "jour", "rue"], 1),
}


def test_every_placeholder_of_a_colour_follows_the_theme() -> None:
    figure = learn_curves.line_chart({"a": (XS, XS)}, x="x", y="y")
    sent = as_json("Its finding", figure).decode()
    assert (
        json.loads(sent)["data"][0]["line"]["color"]
        == COLOURS[learn_curves.INK["blue"]]
        == "light-dark(#0072B2,#3F9BD6)"
    )
    assert not re.search(r"#0000\d\d", sent)


def test_a_word_that_looks_like_a_placeholder_stays() -> None:
    figure = learn_curves.line_chart({"#000099": (XS, XS)}, x="x", y="y")
    assert json.loads(as_json("#000001 is black", figure))["title"] == "#000001 is black"


def test_the_template_which_nothing_reads_is_not_sent() -> None:
    assert len(as_json("Its finding", learn_curves.line_chart({"a": (XS, XS)}, x="x", y="y"))) < 4000


@pytest.fixture(scope="module")
def draw() -> Iterator[Callable[[go.Figure], Locator]]:
    """Draws a figure on an empty page, 600 pixels wide."""
    script = static_text("chart.js").replace("export default function", "window.draw = function")
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(
            '<div id="card" style="width: 600px"><div class="chart"><div class="tip" hidden></div></div></div>'
        )
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => Boolean(window.draw)")

        def one(figure: go.Figure) -> Locator:
            sent: Any = base64.b64encode(as_json("Its finding", figure)).decode()
            data = "Uint8Array.from(atob(text), (each) => each.charCodeAt(0))"
            page.evaluate(f"(text) => draw({{ data: {data}, parentElement: card }})", sent)
            return page.locator(".chart")

        yield one


def texts(chart: Locator) -> list[str]:
    return chart.locator("text").all_text_contents()


@pytest.mark.browser
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", FIGURES)
def test_each_kind_of_figure_is_drawn_within_its_card(draw: Callable[[go.Figure], Locator], name: str) -> None:
    chart = draw(FIGURES[name]())
    expect(chart).to_have_attribute("aria-label", "Its finding")
    expect(chart.locator("svg.main-svg")).to_have_count(1)
    drawn = chart.locator("svg.main-svg").inner_html()
    assert "NaN" not in drawn
    assert "undefined" not in drawn
    assert chart.locator("i, b").count() == 0, "text is text"
    assert chart.evaluate("(box) => box.scrollWidth") <= 600


@pytest.mark.browser
def test_labels_ticks_and_names_stand_as_they_were_said(draw: Callable[[go.Figure], Locator]) -> None:
    said = texts(draw(FIGURES["lines"]()))
    assert {"<b>a</b>", "b", "x & y", "z", "−1.0", "0.5"} <= set(said)
    assert {"1", "10−2", "10−6"} <= set(texts(draw(FIGURES["powers"]())))
    assert {"+0.50", "−1.00", "+1.00", "1 <i>", "u"} <= set(texts(draw(FIGURES["cells"]())))


@pytest.mark.browser
def test_the_pointer_is_told_the_value_below_it(draw: Callable[[go.Figure], Locator]) -> None:
    chart = draw(FIGURES["bars"]())
    chart.hover(position={"x": 200, "y": 150})
    expect(chart.locator(".tip")).to_have_text("z1: −0.5000")
    chart.hover(position={"x": 590, "y": 275})
    expect(chart.locator(".tip")).to_be_hidden()
