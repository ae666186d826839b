"""The portrait of an artist: what it says is what the corpus holds, everything leads on, the couplet can be shared."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import html, visit


def test_a_portrait_leads_on(app: AppTest) -> None:
    visit(app, "artist", artist="Kobalt")
    assert not app.exception
    page, own = html(app), load_corpus("demo").where(artists=["Kobalt"], languages=["fr"])
    assert app.title[0].value == "Kobalt"
    assert f"<b>{len(own.songs)} songs</b>" in page
    assert "search?q=" in page
    assert "artist?corpus=demo&amp;artist=" in page
    assert 'class="verse' in page
    refrains = own.sections.loc[own.lines["section"], "kind"].eq("refrain").mean()
    assert f"chorus\N{NO-BREAK SPACE}{refrains:.1%}</a>" in page


@pytest.mark.parametrize(("view", "key"), [("artist", "portrait"), ("song", "song"), ("overview", "example")])
def test_a_portrait_a_song_and_a_verse_can_be_shared(app: AppTest, view: str, key: str) -> None:
    visit(app, view)
    scripts = len(app.get("bidi_component"))
    app.button(key=f"share-{key}").click().run()
    assert not app.exception
    assert len(app.get("bidi_component")) == scripts + 1


def test_rhymes_lead_to_their_word(app: AppTest) -> None:
    visit(app, "artist", artist="Kobalt")
    links = re.findall(r'href="(rhymes\?[^"]+)"', html(app))
    query = {key: values[0] for key, values in parse_qs(unescape(links[0]).partition("?")[2]).items()}
    visit(app, "rhymes", **query)
    assert not app.exception
    assert app.text_input(key="rhymes-with").value == query["rhymes-with"]


def test_nobody_is_shown_in_the_place_of_an_artist_who_is_not_here(app: AppTest) -> None:
    visit(app, "artist", artist="Nobody")
    assert app.title[0].value == "Who is this?"
    app.selectbox(key="artist").set_value("Marmite").run()
    assert app.title[0].value == "Marmite"
