"""The page of methods: a way to each definition, and the example that moves."""

import re

from streamlit.testing.v1 import AppTest

from pipeline.analysis.measures import poem_tokens, word_ids
from pipeline.analysis.methods import METHODS
from pipeline.analysis.words.moving_windows import mattr
from tests.dashboard.pages import html, visit


def test_the_contents_lead_to_every_definition(app: AppTest) -> None:
    visit(app, "methods")
    assert not app.exception
    links = re.findall(r'href="#(method-[-a-z0-9]+)"', html(app))
    assert links == re.findall(r'id="(method-[-a-z0-9]+)"', html(app))
    assert html(app).count('proof">✓ ') == len(links) == len(METHODS)


def test_the_example_gives_the_value_of_the_definition(app: AppTest) -> None:
    visit(app, "methods")
    assert f"<b>{mattr(word_ids(poem_tokens()), 50):.3f}</b>, the MATTR of the poem" in html(app)
    assert "0.621319 (three packages), 0.621319 computed here" in html(app)


def test_the_window_of_the_example_moves(app: AppTest) -> None:
    visit(app, "methods")
    marked = re.findall(r"<mark>(.*?)</mark>", html(app))
    app.slider(key="window").set_value(10).run()
    assert not app.exception
    assert re.findall(r"<mark>(.*?)</mark>", html(app)) != marked
