"""The page of methods: a way to each definition, and the example that moves."""

import re

from streamlit.testing.v1 import AppTest

from pipeline.analysis.methods import METHODS
from tests.dashboard.pages import html, visit


def test_the_contents_lead_to_every_definition(app: AppTest) -> None:
    visit(app, "methods")
    assert not app.exception
    links = re.findall(r'href="#(method-[-a-z0-9]+)"', html(app))
    assert links == re.findall(r'id="(method-[-a-z0-9]+)"', html(app))
    assert html(app).count('proof">✓ ') == len(links) == len(METHODS)


def test_the_window_of_the_example_moves(app: AppTest) -> None:
    visit(app, "methods")
    marked = re.findall(r"<mark>(.*?)</mark>", html(app))
    app.slider(key="window").set_value(10).run()
    assert not app.exception
    assert re.findall(r"<mark>(.*?)</mark>", html(app)) != marked
