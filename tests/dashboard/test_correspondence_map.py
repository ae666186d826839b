"""Words and groups on the Map page: the plane, its tables, supplementary groups, too few groups."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.plane_charts import class_dendrogram, correspondence_plane
from dashboard.queries.groups import word_group_plane
from pipeline.analysis.comparison.correspondence import confidence_ellipses
from pipeline.analysis.worlds.reinert import Tree
from pipeline.core.errors import SettingError
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import html, visit


def test_the_plane_stands_over_its_table(app: AppTest) -> None:
    visit(app, "map", distance="afc", laid="decade")
    assert not app.exception
    assert "300 words and 24 groups" in html(app)
    table = app.dataframe[0].value
    assert len(table) == 24
    assert {"Contribution 1", "cos² 2"} <= set(table.columns)


def test_groups_of_another_kind(app: AppTest) -> None:
    visit(app, "map", distance="afc", groups="decade")
    assert not app.exception
    assert "300 words and 4 groups" in html(app)


def test_supplementary_groups_are_drawn_and_named_words_weigh_most(app: AppTest) -> None:
    found = word_group_plane(load_corpus("demo"), "artist", "kind", True, "lyrics")
    weight = (found.analysis.row_contributions[:, :2] @ found.analysis.inertia[:2])[found.analysis.heaviest_rows(5)]
    assert pd.Series(weight).is_monotonic_decreasing
    tables = {"groups": found.groups, "words": found.words.head(5), "supplementary": found.supplementary}
    figure = correspondence_plane(tables, found.analysis.shares)
    assert [len(trace.x) for trace in figure.data] == [24, 5, len(found.supplementary)]


def test_ellipses_are_drawn_under_the_groups() -> None:
    corpus = load_corpus("demo")
    found = word_group_plane(corpus, "artist", None, True, "lyrics")
    ellipses = confidence_ellipses(corpus, "artist", found, rounds=20)
    tables = {"groups": found.groups, "words": found.words.head(5)}
    figure = correspondence_plane(tables, found.analysis.shares, ellipses)
    assert [len(trace.x) for trace in figure.data] == [*[49] * len(ellipses), 24, 5]


@pytest.mark.parametrize(
    ("asked", "holds"),
    [({"network": "places", "named": "Paris"}, "Paris: "), ({"network": "company"}, "Names in the same song")],
)
def test_names_are_drawn_and_their_lines_read(app: AppTest, asked: dict[str, str], holds: str) -> None:
    visit(app, "map", distance="names", **asked)
    assert not app.exception
    assert holds in html(app)
    assert {"Name", "Guessed"} <= set(app.dataframe[0].value.columns)


def test_the_similitude_of_a_corpus_is_drawn(app: AppTest) -> None:
    visit(app, "map", distance="similitude")
    assert not app.exception
    assert "Words used together" in html(app)


def test_one_group_is_one_sentence(app: AppTest) -> None:
    visit(app, "map", distance="afc", artists="Kobalt")
    assert not app.exception
    with pytest.raises(SettingError, match="two rows and two columns"):
        word_group_plane(load_corpus("demo").where(artists=["Kobalt"]), "artist", None, True, "lyrics")


def test_two_groups_have_one_axis() -> None:
    found = word_group_plane(load_corpus("demo").where(artists=["Kobalt", "Marmite"]), "artist", None, True, "lyrics")
    assert "x2" not in found.groups
    figure = correspondence_plane({"groups": found.groups, "words": found.words.head(9)}, found.analysis.shares)
    assert set(figure.data[0].y) == {0}


def test_the_names_of_classes_have_room_on_a_phone() -> None:
    for name in ("mot, vers", "recommencement, anniversaire, quart"):
        left, right = class_dendrogram(Tree(1, [[0]]), 1, [name], 0).layout.xaxis.range  # type: ignore[list-item]
        assert 346 * right / (right - left) >= 14 + 6.7 * len(name)
