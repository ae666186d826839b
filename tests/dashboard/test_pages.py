"""Every page through AppTest: it runs, asks a question, answers with the numbers of the pipeline, takes its filters."""

import re
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.corpus.rhyme_marks import STYLE_COUNT
from dashboard.components.frame.page_layout import read_static
from dashboard.navigation import PLACES, has_sidebar, tabs_of_page
from dashboard.site_map import GROUPS
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import go, html, visit


@pytest.mark.parametrize(
    ("path", "has"), [("", True), ("/words?part=verses", True), ("/learn_rnn?step=2", False), ("/studio", False)]
)
def test_an_address_tells_whether_its_page_has_a_sidebar(path: str, has: bool) -> None:
    assert has_sidebar(f"http://localhost:8501{path}") is has


def test_overview_counts_what_the_corpus_holds(app: AppTest) -> None:
    visit(app, "overview")
    corpus = load_corpus("demo")
    assert f"{len(corpus.songs):,} songs" in html(app)
    assert "fictional" in html(app)


def test_a_filter_in_the_url_narrows_the_selection(app: AppTest) -> None:
    visit(app, "verses", artists=["Kobalt"])
    assert app.multiselect(key="artists").value == ["Kobalt"]
    assert "<b>20 songs</b>" in html(app)


def test_a_filter_carries_to_the_next_page(app: AppTest) -> None:
    app.run()
    app.multiselect(key="artists").set_value(["Kobalt", "Marmite"]).run()
    go(app, "lexicon").run()
    assert app.multiselect(key="artists").value == ["Kobalt", "Marmite"]
    assert "<b>40 songs</b>" in html(app)


def test_an_unknown_value_in_the_url_is_ignored(app: AppTest) -> None:
    visit(app, "verses", artists=["<script>alert(1)</script>"], years="abc", length="-3")
    assert not app.exception
    assert app.multiselect(key="artists").value == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("view", "asked", "says"),
    [
        ("overview", {"corpus": "gone"}, "gone"),
        ("overview", {"artists": "<b>Nobody"}, "&lt;b&gt;Nobody"),
        ("artist", {"artist": "Nobody"}, "Nobody"),
        ("song", {"song": "Kobalt – Nothing"}, "Kobalt – Nothing"),
        ("runs", {"run": "gone", "look": "Card"}, "gone"),
        ("studio", {"model": "gone"}, "gone"),
    ],
)
def test_a_name_in_the_address_that_is_not_here_is_told(app: AppTest, view: str, asked: dict, says: str) -> None:
    visit(app, view, **asked)
    assert not app.exception
    assert f"Nothing here is called {says}." in html(app)


def test_a_problem_inside_a_part_of_a_page_is_one_sentence(app: AppTest) -> None:
    visit(app, "compare", sections=["interlude"], layer="Ad-libs")
    assert not app.exception
    assert "One of the two selections contains no words" in html(app)


@pytest.mark.parametrize(
    ("view", "query", "says"),
    [
        ("structure", {"sections": ["interlude"]}, "No verses selected."),
        ("lexicon", {"word": "zzzz"}, "No line contains zzzz."),
        ("phrases", {}, "à l'envers"),
    ],
)
def test_sentences_of_pages(app: AppTest, view: str, query: dict, says: str) -> None:
    visit(app, view, **query)
    assert not app.exception
    assert says in html(app)


def test_an_empty_selection_says_what_to_do(app: AppTest) -> None:
    visit(app, "lexicon", artists=["Kobalt"], years=["2020", "2024"])
    assert not app.exception
    assert "Clear a filter" in html(app)


def test_a_word_leads_to_its_lines(app: AppTest) -> None:
    visit(app, "lexicon", word="nuit")
    times = int(load_corpus("demo").word_counts()[load_corpus("demo").vocabulary.word2index["nuit"]])
    assert f"nuit: {times} times" in html(app)
    assert "<mark>" in html(app)


def test_a_bar_leads_to_lines_of_that_length(app: AppTest) -> None:
    visit(app, "verses")
    app.selectbox(key="length").set_value("3").run()
    assert "lines of 3 words" in html(app)


def test_the_same_url_writes_the_same_text(app: AppTest, places: dict[str, str]) -> None:
    def text() -> str:
        again = AppTest.from_file(app._script_path, default_timeout=300)
        visit(again, "studio", seed="la rue", model="tiny", take="7", bars="4")
        assert not again.exception
        return again.session_state["written"].writing.text

    first = text()
    assert first.startswith("la rue")
    assert first == text()


def test_another_take_writes_another_text(app: AppTest) -> None:
    visit(app, "studio", model="tiny", bars="4")
    before = app.session_state["written"].writing.text
    next(button for button in app.button if button.label == "Another version").click().run()
    assert app.session_state["written"].writing.text != before


def test_a_seed_with_unknown_characters_is_kept_and_reported(app: AppTest) -> None:
    visit(app, "studio", model="tiny", seed="été 漢 <b>", bars="4")
    assert not app.exception
    assert "never seen: 漢" in html(app)
    assert "&lt;b&gt;" in html(app)


def test_a_damaged_run_is_one_sentence(app: AppTest, places: dict[str, str], tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    visit(app, "studio")
    assert not app.exception
    assert 'role="alert"' in html(app)


@pytest.mark.parametrize("view", ["studio", "takes", "runs"])
def test_without_a_model_the_page_leads_to_where_one_is_trained(app: AppTest, tmp_path, monkeypatch, view) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    visit(app, view)
    assert not app.exception
    assert "There is no model yet" in html(app)
    assert [link.proto.page for link in app.get("page_link")] == ["training"]
    assert "python -m" not in html(app)


def test_an_empty_notebook_leads_to_the_pages_that_write(app: AppTest) -> None:
    visit(app, "notebook")
    app.button(key="to-studio").click().run()
    assert app.title[0].value == "What are the next sixteen bars?"


VISIT_ALL = """
import sys
from streamlit.testing.v1 import AppTest
from dashboard.navigation import PLACES
from tests.dashboard.pages import go
app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
for place in PLACES:
    go(app, place).run()
    assert not app.exception, (place, app.exception)
print([name for name in ("tensorflow", "keras") if name in sys.modules])
"""


@pytest.mark.slow
def test_visiting_every_page_leaves_tensorflow_out(app: AppTest, places: dict[str, str]) -> None:
    command = [sys.executable, "-c", VISIT_ALL, str(app._script_path)]
    done = subprocess.run(command, env=places, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]


@pytest.mark.parametrize(
    ("place", "group", "source"), [("sound", 1, True), ("notebook", 2, False), ("takes", 3, False)]
)
def test_the_menu_shows_where_a_page_is_and_its_end_what_is_counted(app: AppTest, place, group, source) -> None:
    visit(app, place)
    styles = "".join(element.proto.body for element in app.get("html"))
    assert f".rc-overflow-item:nth-child({group}) button" in styles
    assert ('class="quiet source' in html(app)) is source


def test_each_rhyme_of_a_section_has_a_colour_and_an_underline_of_its_own() -> None:
    rules = re.findall(
        r"([^{}]+)\{([^{}]+)\}", read_static("seize.css").partition("/* Rhymes")[2].partition("/* A line")[0]
    )
    looks = [tuple(rule for names, rule in rules if f".r{n}" in re.split(r", |\s", names)) for n in range(STYLE_COUNT)]
    assert len(set(looks)) == STYLE_COUNT >= 12
    assert all("--group" in " ".join(look) for look in looks)


def test_a_menu_has_some_twenty_pages() -> None:
    assert 12 <= sum(not page.hidden for group in GROUPS for page in group.pages) <= 20
    names = [part.name for group in GROUPS for page in group.pages for part in tabs_of_page(page)]
    assert names == list(PLACES), "no two places share a name"
