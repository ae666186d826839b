"""Pages open on an answer: something striking is picked, and its mark has an outline."""

import base64
import json
import re
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.palette import INK
from dashboard.components.frame.figure_card import PICKED_OUTLINE_PIXELS, _highlight_picked
from dashboard.queries.groups import compare_figures
from dashboard.queries.words import smooth_over_years
from pipeline.analysis.comparison.keyness import MAX_FALSE_DISCOVERY_RATE
from pipeline.analysis.findings import closest_artists, contrasting_artists
from pipeline.analysis.precomputed import french_subcorpus
from pipeline.analysis.variants import each_line_once
from pipeline.analysis.words.timeline import query_timeline
from pipeline.analysis.words.word_classes import content_word_mask
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.store import load_corpus
from tests.corpora import make_corpus
from tests.dashboard.pages import html, visit


def figure_data(app: AppTest, key: str) -> list[dict[str, Any]]:
    """The traces of a figure."""
    figure = next(chart for chart in app.get("plotly_chart") if f"figure-{key}" in chart.proto.id)
    return json.loads(figure.proto.spec)["data"]


def lit(app: AppTest, key: str) -> list[str]:
    """The marks of a figure that have an outline."""
    found = []
    for trace in figure_data(app, key):
        widths = trace.get("marker", {}).get("line", {}).get("width")
        if isinstance(widths, list):
            found += [v for v, width in zip(trace["customdata"], widths, strict=True) if width]
    return found


def test_lexicon_opens_on_its_first_content_word(app: AppTest) -> None:
    visit(app, "lexicon")
    word = app.text_input(key="word").value
    assert content_word_mask(pd.Series([word])).all()
    assert lit(app, "frequent") == [word]
    assert f"{word}: " in html(app)


def test_compare_opens_on_two_voices_with_words_on_both_sides(app: AppTest) -> None:
    visit(app, "compare")
    far = contrasting_artists(each_line_once(french_subcorpus(load_corpus("demo"))))
    assert far is not None
    assert (app.multiselect(key="these").value, app.multiselect(key="against").value) == ([far[0]], [far[1]])
    ratios = figure_data(app, "keyness")[0]["x"]
    ratios = np.frombuffer(base64.b64decode(ratios["bdata"]), ratios["dtype"])
    assert ratios.min() < 0 < ratios.max()
    assert html(app).count("<th scope=row>") == 3
    assert lit(app, "keyness") == [app.selectbox(key="key").value]


def test_what_may_be_chance_is_hatched_and_apart(app: AppTest) -> None:
    visit(app, "compare")
    marker = figure_data(app, "keyness")[0]["marker"]
    assert set(marker["color"]) == {INK["blue"], INK["vermilion"]}
    assert set(marker["pattern"]["shape"]) == {"", "/"}
    tables = [frame.value for frame in app.dataframe]
    assert (tables[0]["q (FDR)"] < MAX_FALSE_DISCOVERY_RATE).all()
    assert len(tables[0]) < len(marker["color"])
    assert tables[0]["q (FDR)"].is_monotonic_increasing


def test_the_answer_of_compare_names_its_first_bars(app: AppTest) -> None:
    visit(app, "compare", these=["Kobalt"])
    words = re.search(r"Most distinctive words: <i lang=fr>(.*?)</i> for <b>Kobalt</b>", html(app))[1].split(", ")
    assert figure_data(app, "keyness")[0]["customdata"][: len(words)] == words


def test_shared_phrases_are_counted_alike_above_and_in_their_list(app: AppTest) -> None:
    visit(app, "reuse")
    above = re.search(r"<b>([\d,]+) shared phrases</b>", html(app))[1]
    assert f"{above} distinct phrases" in html(app)


def test_the_same_name_is_the_same_number_on_home_compare_portrait_and_ranking(app: AppTest) -> None:
    """Home, Compare, a portrait and the ranking of vocabularies tell one artist's distinct words per 100 alike."""
    visit(app, "overview")
    least = re.search(r"From ([\d.]+) \(Kilo d'Plumes\)", titles(app))[1]
    visit(app, "compare", these=["Kilo d'Plumes"], against=["Kobalt"])
    one = re.search(r"<td>([\d.]+)</td><th scope=row>distinct words per 100<", html(app))[1]
    density = re.search(r"<td>([\d.]+%)</td><th scope=row>of syllables rhyme<", html(app))[1]
    visit(app, "artist", artist="Kilo d'Plumes")
    assert f"{density} of syllables rhyme" in html(app)
    assert f"{one} [" in html(app)
    visit(app, "diversity")
    assert f"from {one} (Kilo d'Plumes)" in unescape(html(app))
    assert one == least


def titles(app: AppTest) -> str:
    return unescape("".join(re.findall(r"<h2>(.*?)</h2>", html(app))))


def test_home_portrait_and_map_name_the_same_nearest_artists(app: AppTest) -> None:
    visit(app, "map")
    nearest = re.search(r'answer"><b>(.*?)</b> and <b>(.*?)</b> are the most alike', unescape(html(app))).groups()
    assert f"{nearest[0]} is most like {nearest[1]}<" in html(app)
    visit(app, "artist", artist=nearest[0])
    assert re.search(r"Most similar artists</h2>.*?<a [^>]*>(.*?)</a>", unescape(html(app)), re.DOTALL)[1] == nearest[1]
    finding = closest_artists(load_corpus("demo")).values
    assert {finding["first"], finding["second"]} == set(nearest) or finding["closer"]


def test_another_voice_is_compared_with_all_others(app: AppTest) -> None:
    visit(app, "compare", these=["Kobalt"])
    assert app.multiselect(key="against").value == []
    assert "all the others" in html(app)


@pytest.mark.parametrize(
    ("view", "figures"),
    [("verses", ["line-lengths"]), ("structure", ["couplet-lengths"]), ("sound", ["syllables", "schemes"])],
)
def test_a_bar_is_picked_to_begin_with(app: AppTest, view: str, figures: list[str]) -> None:
    visit(app, view)
    assert [len(lit(app, key)) for key in figures] == [1] * len(figures)


@pytest.mark.parametrize("scale", ["share", "per_million"])
def test_the_timeline_opens_on_the_year_at_which_its_curve_is_highest(app: AppTest, scale: str) -> None:
    visit(app, "timeline", said="nuit", said_as=scale)
    drawn = smooth_over_years(query_timeline(french_subcorpus(load_corpus("demo")), ["nuit"]))
    year = str(drawn.loc[drawn[scale].idxmax(), "year"])
    assert app.selectbox(key="said_in").value == year
    assert f"nuit in {year}: " in html(app)
    assert ("<b>nuit</b>: no clear change" in html(app)) == ("nuit: no clear change since" in titles(app))


def test_what_is_picked_has_an_outline_and_keeps_its_colour() -> None:
    import plotly.graph_objects as go

    stacked = go.Figure(
        [go.Bar(y=["a", "b"], x=[1, 2], orientation="h", marker_color=INK[ink]) for ink in ("blue", "green")]
    )
    _highlight_picked(stacked, "y", "a")
    assert [trace.marker.color for trace in stacked.data] == [INK["blue"], INK["green"]]
    assert [list(trace.marker.line.width) for trace in stacked.data] == [[PICKED_OUTLINE_PIXELS, 0]] * 2
    dots = go.Figure(go.Scatter(y=["a", "b"], x=[1, 2], mode="markers", marker_color=INK["blue"]))
    _highlight_picked(dots, "y", "b")
    assert (dots.data[0].marker.color, dots.data[0].marker.line.color) == (INK["blue"], INK["ink"])
    assert list(dots.data[0].marker.line.width) == [0, PICKED_OUTLINE_PIXELS]


def test_figures_of_one_side() -> None:
    """Two lines of 2 and 4 words; 3 of 6 syllables rhyme."""
    lines = (Line("la nuit"), Line("je vois la nuit"))
    corpus = make_corpus("side", [Song("Une", "Aube", (Section("couplet", lines),))])
    table = pd.DataFrame({"rhymed_syllables": [1, 2], "vowels": [2, 4]}, index=corpus.lines.index)
    found = compare_figures(corpus, table)
    assert (found.density, found.length) == (0.5, 3.0)
    assert found.variety != found.variety  # fewer than 100 words


def test_one_side_may_be_french_at_large(app: AppTest) -> None:
    visit(app, "compare", these=["Kobalt"], french="everyday")
    assert not app.exception
    assert "for <b>Everyday French</b>" in html(app)
    assert "Songs B" not in app.dataframe[0].value.columns
