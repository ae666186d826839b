"""Each page says nothing outside the catalogues, and opens in French."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import visit
from untranslated import speak_in_brackets, untranslated

# A page each, with what shows most of it; one row a page or two.
ADDRESSES = (
    "overview?of_voice=Kobalt&of_year=1996",
    "overview?corpus=away&artists=Nobody",
    "lexicon?word=nuit&words=all&letters=4&read_words=0&class=argot",
    "lexicon?word=xyz&lexicon_version=once",
    "verses?length=8&of_artist=Kobalt",
    "diversity?measure=mtld&ranked_artist=Kobalt",
    "diversity?measure=ttr&rank=kind",
    "structure?couplet_of=16&of_built_artist=Kobalt",
    "sound?syllables=12&scheme=AABB&vowel=a",
    "sound?measure=syllables&count=verse&multis-artist=Kobalt&layer=adlibs",
    "song?itself_line=1",
    "artist?artist=Kobalt",
)


def opened(app: AppTest, address: str, **more: str) -> AppTest:
    view, _, query = address.partition("?")
    visit(app, view, **dict(parse_qsl(query)), **more)
    assert not app.exception
    return app


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_said_outside_the_catalogues(app: AppTest, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_in_brackets(monkeypatch)
    assert untranslated(opened(app, address)) == []


@pytest.mark.parametrize("view", sorted({address.partition("?")[0] for address in ADDRESSES}))
def test_a_page_opens_in_french(app: AppTest, view: str) -> None:
    address = next(address for address in ADDRESSES if address.partition("?")[0] == view)
    assert opened(app, address, lang="fr").title[0].value
