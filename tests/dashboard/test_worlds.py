"""The page of lexical worlds: classes, their words and lines, both kinds of topics, too small a corpus."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queries.groups import compare_methods
from pipeline.analysis.worlds.topics import classify_by
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import html, visit


@pytest.mark.parametrize("method", ["reinert", "nmf"])
def test_classes_have_words_and_lines(app: AppTest, method: str) -> None:
    visit(app, "worlds", classes="4", method=method)
    assert not app.exception
    page = html(app)
    assert "<b>4 classes</b>" in page
    assert "Typical segments" in page
    assert "Class 1: " in page


def test_another_class_is_read_by_its_address(app: AppTest) -> None:
    visit(app, "worlds", classes="4", world="2")
    assert not app.exception
    assert "Class 3: " in html(app)


def test_too_few_segments_are_one_sentence(app: AppTest) -> None:
    visit(app, "worlds", artists="Kobalt", years="1996,1996", classes="20", segment="0")
    assert not app.exception


def test_a_share_of_a_class_is_not_explained_as_one_of_all_that_is_selected(app: AppTest) -> None:
    visit(app, "worlds", classes="4")
    assert all("Share" in str(frame.value.columns.tolist()) for frame in app.dataframe)
    assert not any("selected" in frame.proto.columns for frame in app.dataframe)


def test_classified_twice_has_no_tree(app: AppTest) -> None:
    visit(app, "worlds", classes="3", method="double", segment="0")
    assert not app.exception
    assert "Class 1: " in html(app)
    assert "How the themes split" not in html(app)


def test_the_figures_of_the_study_stand_side_by_side() -> None:
    part = load_corpus("demo").where(years=(1994, 2002))
    worlds = {name: classify_by(part, name, 3, 0, True, "lyrics") for name in ("reinert", "nmf")}
    table = compare_methods(worlds).set_index("method")
    assert table.loc["reinert", "nmi_nmf"] == pytest.approx(table.loc["nmf", "nmi_reinert"])
    assert table.loc["reinert", "chi2_per_n"] == pytest.approx(worlds["reinert"].separation()["chi2_per_n"])
