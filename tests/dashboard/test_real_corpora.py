"""Pages on corpora of real shapes: a song of 30,000 lines, 400 artists, 14,000 songs."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_shapes import save_shape
from streamlit.testing.v1 import AppTest
from test_pages import html, visit

from pipeline.paths import prepared_folder

NODES = 3_000  # of lyrics on a page
TALLEST = 1_800  # pixels: two screens


@pytest.fixture(scope="module")
def shapes(places: dict[str, str]) -> Iterator[dict[str, bool]]:
    """Which shapes are prepared; they leave after the module."""
    made: dict[str, bool] = {}
    yield made
    for name in made:
        shutil.rmtree(Path(places["SEIZE_PREPARED"]) / name, ignore_errors=True)


@pytest.fixture
def shape(app: AppTest, shapes: dict[str, bool], request: pytest.FixtureRequest) -> str:
    """The name of a prepared corpus of a shape."""
    if request.param not in shapes:
        save_shape(request.param)
        shapes[request.param] = True
    assert (prepared_folder() / request.param).is_dir()
    return request.param


def tags(app: AppTest) -> int:
    return len(re.findall(r"<[a-z]", html(app)))


@pytest.mark.parametrize("shape", ["long-song"], indirect=True)
def test_a_song_of_30_000_lines_is_binned_and_read_by_windows(app: AppTest, shape: str) -> None:
    visit(app, "song", corpus=shape)
    assert not app.exception
    assert tags(app) < NODES
    assert "Lines 1 to 140 of 30,000" in app.caption[0].value
    figure = app.get("plotly_chart")[0].proto
    assert len(figure.spec) < 2_000_000
    assert "stretches of 50 lines" in html(app)
    app.selectbox(key="itself_line").set_value(400).run()
    assert not app.exception
    start, stop = map(int, re.findall(r"[\d,]+", app.caption[0].value.replace(",", ""))[:2])
    assert start <= 399 * 50 + 1 <= stop
    assert tags(app) < NODES
