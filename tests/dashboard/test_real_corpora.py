"""Pages on corpora of real shapes: a song of 30,000 lines, 400 artists, 14,000 songs."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PLACES, shows_corpus_filters
from pipeline.core.paths import prepared_folder
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import go, html, visit
from tests.dashboard.real_shapes import save_shape

pytestmark = pytest.mark.slow
VIEWS = list(filter(shows_corpus_filters, PLACES))

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
    assert "lines 1 to 140 of 30,000" in app.caption[0].value
    figure = app.get("plotly_chart")[0].proto
    assert len(figure.spec) < 2_000_000
    assert "blocks of 50 lines" in html(app)
    app.selectbox(key="itself_line").set_value(400).run()
    assert not app.exception
    start, stop = map(int, re.findall(r"[\d,]+", app.caption[0].value.replace(",", ""))[:2])
    assert start <= 399 * 50 + 1 <= stop
    assert tags(app) < NODES


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def drawn(figure: dict[str, Any]) -> int:
    """Rows of a figure, or marks that are nodes of the page."""
    return max(len(trace["y"]) if isinstance(trace.get("y"), list) else 0 for trace in figure["data"])


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
def test_a_number_is_filtered_by_and_an_id_is_no_group(app: AppTest, shape: str) -> None:
    visit(app, "verses", corpus=shape, by="Songid", **{"facet-views-from": "14615"})
    assert not app.exception
    assert app.selectbox(key="by").value == "artist"
    assert {"Topic", "Views"} <= set(app.selectbox(key="by").options)
    assert "Songid" not in app.selectbox(key="by").options
    assert "<b>10 songs</b>" in html(app)


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
@pytest.mark.parametrize(
    ("view", "asked"),
    [("overview", {}), ("verses", {}), ("diversity", {"measure": "mattr_50"}), ("structure", {}),
     ("sound", {"measure": "density"}), ("map", {"points": "artist"}), ("compare", {}), ("timeline", {})],
)  # fmt: skip
def test_four_hundred_artists_fit_on_two_screens(app: AppTest, shape: str, view: str, asked: dict[str, str]) -> None:
    visit(app, view, corpus=shape, **asked)
    assert not app.exception
    assert 'role="alert"' not in html(app)
    shown = figures(app)
    assert shown or "No significant difference" in html(app)
    assert all(figure["layout"]["height"] <= TALLEST for figure in shown)
    assert tags(app) < NODES
    if view in ("verses", "structure", "sound"):
        assert "top and bottom 8 of 380" in html(app)
        assert "the 364 not shown" in html(app).replace("\n", " ")
    if view in ("verses", "diversity", "structure", "sound"):
        assert "40 songs with no known artist are not counted here" in html(app)
    if view == "overview":
        assert "<b>380 artists</b>" in html(app)
        assert "Fewer than two artists have 3 songs" in html(app), "their vocabularies are drawn, and said to be small"


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
def test_an_artist_who_is_looked_for_is_named_and_nobody_is_no_artist(app: AppTest, shape: str) -> None:
    visit(app, "diversity", corpus=shape, measure="mattr_50", ranked_artist="Artiste 203")
    swarm = figures(app)[0]
    assert len(swarm["data"][-1]["customdata"]) == 380, "a dot for each"
    assert "Artiste 203" in {note["text"] for note in swarm["layout"]["annotations"]}
    assert "NaN" not in html(app)
    assert app.selectbox(key="ranked_artist").options.count(UNKNOWN_ARTIST) == 0
    assert len(app.selectbox(key="ranked_artist").options) == 380


@pytest.mark.parametrize("shape", ["long-song"], indirect=True)
@pytest.mark.parametrize("view", VIEWS)
def test_one_song_of_30_000_lines_opens_everywhere(app: AppTest, shape: str, view: str) -> None:
    visit(app, view, corpus=shape)
    assert not app.exception
    assert tags(app) < NODES
    assert len(html(app)) < 200_000
    for figure in figures(app):
        assert figure["layout"]["height"] <= TALLEST or view == "lexicon"  # whose words scroll in a card
        assert sum(len(trace["x"]) for trace in figure["data"] if isinstance(trace.get("x"), list)) < NODES
        for axis in ("xaxis", "yaxis"):
            step = figure["layout"][axis].get("dtick", 0)
            numbers = [x for trace in figure["data"] for x in trace.get(axis[0], []) if isinstance(x, int | float)]
            assert not step or not numbers or (max(numbers) - min(numbers)) / step <= 60


@pytest.mark.parametrize("shape", ["many-songs"], indirect=True)
@pytest.mark.parametrize("view", ["overview", "structure", "map", "song"])
def test_fourteen_thousand_songs_open(app: AppTest, shape: str, view: str) -> None:
    visit(app, view, corpus=shape, points="song")
    assert not app.exception
    assert tags(app) < NODES


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
@pytest.mark.parametrize("view", ["overview", "verses", "structure"])
def test_a_page_says_how_much_is_inferred(app: AppTest, shape: str, view: str) -> None:
    visit(app, view, corpus=shape, by="kind")  # Words per line: where types of section are compared
    assert "the type of 800 of 1,600 sections (50.0%), in 400 of 800 songs; 20 are chunks of longer files" in html(app)
    app.segmented_control(key="kinds-from").set_value("tagged").run()
    assert "Inferred: the kind" not in html(app)
    assert "<b>400 songs</b>" in html(app)


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "songs"),
    [
        ({"facet-topic": "amour"}, 268),
        ({"facet-born_in_france": "true"}, 640),
        ({"facet-views-from": "100", "facet-views-to": "200"}, 6),
        ({"facet-released-from": "2000-01-01", "facet-released-to": "2000-12-31"}, 26),
    ],
)
def test_an_address_filters_by_a_facet(app: AppTest, shape: str, asked: dict[str, str], songs: int) -> None:
    visit(app, "overview", corpus=shape, **asked)
    assert not app.exception
    assert f"<b>{songs} songs</b>" in html(app)
    go(app, "structure").run()
    assert f"<b>{songs} songs</b>" in html(app), "a filter carries to the next page"


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
@pytest.mark.parametrize("facet", ["topic", "views", "born_in_france", "released"])
@pytest.mark.parametrize(
    ("view", "key"),
    [("verses", "by"), ("diversity", "rank"), ("structure", "built"), ("sound", "sound-by"), ("map", "points"),
     ("compare", "apart-by")],
)  # fmt: skip
def test_pages_compare_by_a_facet(app: AppTest, shape: str, view: str, key: str, facet: str) -> None:
    visit(app, view, corpus=shape, measure="mattr_50" if view == "diversity" else "density", **{key: facet})
    assert not app.exception
    assert 'role="alert"' not in html(app)
    labels = {"topic": "amour", "views": "0–2924", "born_in_france": "True", "released": "1990"}
    options = [str(option) for box in (*app.selectbox, *app.multiselect) for option in box.options]
    if view != "map" or facet != "born_in_france":  # of two points there is no map
        assert labels[facet] in options
    else:
        assert "A map needs three points of at least 500 words, and fewer than three of the 2 here have" in html(app)


@pytest.mark.parametrize("shape", ["many-artists"], indirect=True)
def test_a_bar_of_a_facet_leads_to_its_lines(app: AppTest, shape: str) -> None:
    visit(app, "verses", corpus=shape, by="views", of_views="0–2924")
    corpus = load_corpus(shape)
    lines = corpus.lines["song"].isin(corpus.songs.index[corpus.songs["views"] <= 2924]).sum()
    assert f"0–2924: {lines:,} lines" in html(app)


@pytest.mark.parametrize("shape", ["long-song"], indirect=True)
def test_a_form_of_thousands_of_sections_is_named_by_its_first(app: AppTest, shape: str) -> None:
    visit(app, "structure", corpus=shape)
    bars = next(trace for figure in figures(app) for trace in figure["data"] if "2000+" in (trace["customdata"] or []))
    assert max(bars["x"]) < 100, "what is longer stands beside the rest"
    assert "verse – chorus – …</i>, is that of <b>1 of 1 song</b>" in html(app)
    assert html(app).count("chorus –") < 20
