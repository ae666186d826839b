"""Every page that looks at a corpus opens with one of a single song, without years, and without section tags."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import distributions
from dashboard.navigation import PLACES, shows_corpus_filters
from pipeline.core.paths import prepared_folder
from pipeline.corpus.prepare import prepare
from tests.dashboard.pages import go, html, visit

PLAIN = (
    "Le soir descend sur la ville\nJe marche et le temps défile\nOn reste debout la nuit\nTous mes frères sont ici\n"
)
TAGGED = f"[Couplet 1]\n{PLAIN}[Refrain]\nOn reste debout la nuit (ouais)\n"
DATED = "---\nartist: Une voix\ntitle: Un soir\ndate: 2001-05-01\n---\n"
SMALL = {  # name -> file -> text
    "one-song": {"soir.txt": DATED + TAGGED},
    "one-line": {"ligne.txt": "---\nartist: Une voix\ntitle: Une ligne\n---\nLa nuit\n"},
    "no-years": {"soir.txt": TAGGED, "nuit.txt": TAGGED.replace("ville", "rue")},
    "no-tags": {"soir.txt": DATED + PLAIN, "nuit.txt": DATED.replace("Une", "Autre") + PLAIN.replace("ville", "rue")},
}
VIEWS = [*filter(shows_corpus_filters, PLACES), "importing", "methods", "rhymes", "training"]


@pytest.fixture
def small(app: AppTest, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a prepared corpus of these files."""
    for name, text in SMALL[request.param].items():
        (tmp_path / name).write_text(text, "utf-8")
    prepare(tmp_path, request.param)
    yield request.param
    shutil.rmtree(prepared_folder() / request.param)


FASTEST = [name if name == "one-song" else pytest.param(name, marks=pytest.mark.slow) for name in SMALL]


@pytest.mark.parametrize("small", FASTEST, indirect=True)
def test_every_page_opens(app: AppTest, small: str) -> None:
    visit(app, "overview", corpus=small)
    for view in VIEWS:
        if view != "overview":
            go(app, view)
            app.query_params["corpus"] = small
            app.run()
        assert not app.exception, (view, app.exception)
        assert len(app.title) == 1, view
        assert ('role="alert"' in html(app)) == (view in {"training", "worlds"}), view  # they need more songs
    assert "training needs three" in html(app)


@pytest.mark.parametrize("small", ["one-song"], indirect=True)
def test_one_song_is_no_ranking_and_one_year_no_figure(app: AppTest, small: str) -> None:
    visit(app, "overview", corpus=small)
    assert not app.get("plotly_chart"), "one year is no figure"
    said = {view: html(go(app, view).run()) for view in ("structure", "timeline", "artist")}
    assert "Choruses: 20.0% (Une voix)" in said["structure"]
    assert "All songs are of 2001" in said["timeline"]
    assert not go(app, "timeline").run().get("plotly_chart")
    assert "have sixteen" not in said["structure"], "none has"
    assert "Rarest rhyme" not in said["artist"], "it is among the favourite ones"
    assert "1 of 1" not in said["artist"]
    go(app, "lexicon").run()
    assert json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["height"] < 300


@pytest.mark.parametrize("small", ["one-song"], indirect=True)
def test_one_group_comes_neither_first_nor_last(app: AppTest, small: str) -> None:
    visit(app, "diversity", corpus=small, measure="ttr")
    assert "with nobody to compare" in html(app)
    assert "ranks first" not in html(app)


def test_values_that_are_all_the_same_have_an_axis_around_them() -> None:
    table = pd.DataFrame(
        {"artist": ["A", "B"], "tone": [0.22, 0.22], "low": [0.22, 0.22], "high": [0.22, 0.22 + 1e-17]}
    )
    figure = distributions.interval_chart(table, "artist", "tone", "low", "high", x_title="", hover="")
    assert list(figure.layout.xaxis.range) == pytest.approx([0.165, 0.275])


@pytest.mark.parametrize("small", ["no-tags"], indirect=True)
def test_what_was_inferred_is_marked_beside_its_lines(app: AppTest, small: str) -> None:
    visit(app, "overview", corpus=small)
    song = html(go(app, "song").run())
    assert "\u202f?</span>" in song
    assert "A ? marks a section type that the source does not give" in song
    lines = html(go(app, "lexicon").run())
    assert "\u202f?</span>" in lines
    assert f"song?song=une-voix--un-soir&amp;corpus={small}" in lines, "leads to the song of this corpus"


@pytest.mark.parametrize("small", ["no-years"], indirect=True)
def test_years_are_no_choice_where_no_song_has_one(app: AppTest, small: str) -> None:
    visit(app, "overview", corpus=small)
    for view, key in (("diversity", "rank"), ("map", "points"), ("compare", "apart-by")):
        go(app, view).run()
        assert not app.exception
        offered = [option for group in app.button_group if group.key == key for option in group.options]
        assert "Year" not in offered, view


def test_a_corpus_without_french_is_looked_at_whole(app: AppTest, tmp_path: Path) -> None:
    (tmp_path / "night.txt").write_text("I walk the streets of the city and the night is with me\n" * 8, "utf-8")
    prepare(tmp_path, "no-french")
    visit(app, "overview", corpus="no-french")
    shutil.rmtree(prepared_folder() / "no-french")
    assert "1 song" in html(app)
    assert "0 songs" not in html(app)
    assert "Languages found: English." in [each.value for each in app.sidebar.caption]
    assert "languages" not in [each.key for each in app.toggle]


@pytest.mark.parametrize("small", ["no-years"], indirect=True)
def test_songs_without_artists_open_on_a_song_and_compare_no_artists(app: AppTest, small: str) -> None:
    visit(app, "overview", corpus=small)
    assert "One song to read" in html(app)
    assert "A portrait of every artist" not in html(app)
    assert "No song of this corpus has a known artist" not in html(go(app, "diversity").run())
