"""Each page opens with one question and its answer, says nothing outside the catalogues, and opens in French."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PLACES
from tests.dashboard.pages import check_page_order, visit
from tests.dashboard.untranslated import speak_in_brackets, untranslated

# What shows most of a page; the others are opened as they are.
TELLING = (
    "overview?of_voice=Kobalt&of_year=1996",
    "overview?corpus=away&artists=Nobody",
    "lexicon?word=nuit&words=all&class=argot",
    "company?q=nuit",
    "lexicon?word=xyz&lexicon_version=once",
    "verses?length=8&of_artist=Kobalt",
    "diversity?measure=mattr_100&ranked_artist=Kobalt",
    "diversity?measure=ttr&rank=kind",
    "structure?couplet_of=16&of_built_artist=Kobalt",
    "sound?syllables=12&scheme=AABB",
    "sound?measure=syllables&count=verse&multis-artist=Kobalt&layer=adlibs",
    "song?itself_line=1",
    "artist?artist=Kobalt",
    "compare?these=Kobalt&against=Marmite",
    "compare?artists=Kobalt",
    "concordance?q=meu*&sort=after",
    "concordance?q=zzz",
    "phrases?n=2",
    "phrases?n=7&least_times=900",
    "worlds?classes=4&world=2",
    "worlds?method=nmf&classes=3",
    "timeline?said_in=2001&said_as=share",
    "timeline?said=nuit&said_as=per_million",
    "map?points=song",
    "map?points=year&artists=Kobalt",
    "studio?plan=couplet 4, refrain 2",
    "studio?rhyme=free&syllables=0&bars=4&model=nobody",
    "studio?text=Je marche dans la nuit",
    "takes?bars=4&models=tiny",
    "takes?bars=4&blindly=false&models=tiny",
    "rhymes?rhymes-with=nuit",
    "training?kind=network",
    "runs?look=surprisal",
    "runs?look=files",
    "learn_story?given=2",
    "learn_functions?bound=lstm",
    "learn_rnn?step=3",
    "learn_architectures?shape=F6",
    "learn_bptt?tau=0",
    "learn_vanishing?scale=0.5",
    "learn_lstm?fires=refrain",
    "learn_cost?real=4",
    "learn_series?made_of=words",
    "learn_words?index_query=rue&neighbour=zzz",
    "learn_bugs?bug=no+error+from+later+steps",
)
ADDRESSES = (*TELLING, *sorted(set(PLACES) - {address.partition("?")[0] for address in TELLING}))


# where nothing is selected, or what the address asks for cannot be
WITHOUT_ANSWER = ("lexicon?word=xyz&lexicon_version=once", "compare?artists=Kobalt")


def opened(app: AppTest, address: str, **more: str) -> AppTest:
    view, _, query = address.partition("?")
    visit(app, view, **dict(parse_qsl(query)), **more)
    assert not app.exception
    return app


@pytest.mark.sampled(6)
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_said_outside_the_catalogues(app: AppTest, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_in_brackets(monkeypatch)
    assert untranslated(opened(app, address)) == []
    if address not in WITHOUT_ANSWER:
        check_page_order(app, address.partition("?")[0])


@pytest.mark.slow  # what it says is looked at above
@pytest.mark.parametrize("view", sorted({address.partition("?")[0] for address in ADDRESSES}))
def test_a_page_opens_in_french(app: AppTest, view: str) -> None:
    address = next(address for address in ADDRESSES if address.partition("?")[0] == view)
    assert opened(app, address, lang="fr").title[0].value


def report_in_full() -> None:
    from dashboard.components.corpus.upload import draw_import_report
    from pipeline.core.errors import Sentence, sentence_to_json

    empty = {"file": "vide.txt", "said": sentence_to_json(Sentence("{file} contains no song.", file="vide.txt"))}
    sizes = {"lines": 3, "words": 9}
    tag = {"rule": "tag", "what": "Section tags: read, and removed from the text", "songs": 1, "count": 1, **sizes}
    merged = {"dropped": "b.txt", "kept": "a.txt", "kind": "near", "containment": 0.9}
    report = {
        "name": "mine", "files": 3, "songs": 1, "lines": 12, "words": 80, "format": "text", "skipped": [empty],
        "unmatched": [empty], "duplicates": [merged], "rules": [tag], "inferred": {"sections": 2, "songs": 1},
        "account": {"read": sizes, "dropped": [tag], "unexplained": sizes, "kept": sizes},
    }  # fmt: skip
    draw_import_report(report, "new")
    draw_import_report({}, "prepared")


def test_a_report_says_nothing_outside_the_catalogues(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()  # which prepares the corpus whose words are known
    speak_in_brackets(monkeypatch)
    report = AppTest.from_function(report_in_full).run()
    assert not report.exception
    assert untranslated(report) == []
    columns = [column for frame in report.dataframe for column in frame.value.columns]
    assert columns
    assert all(column.startswith("⟦") for column in columns)


def french_table() -> None:
    import pandas as pd

    from dashboard.components.frame.data_table import named_table
    from pipeline.core.translation import in_language

    table = pd.DataFrame({"word": ["nuit", "rue"], "count": [12345, 2], "g2": [1.5, None], "year": [2001, None]})
    with in_language("fr"):
        named_table(table, {name: name for name in table}, alt="")


def test_a_table_writes_its_numbers_as_the_language_does_and_sorts_by_them() -> None:
    app = AppTest.from_function(french_table).run()
    assert not app.exception
    assert app.dataframe[0].value["count"].tolist() == [12345, 2]
    assert "12\u202f345" in str(app.dataframe[0].proto.arrow_data.styler.display_values.decode("utf-8", "replace"))


def test_a_list_shows_its_choice_in_the_language_that_was_switched_to(app: AppTest) -> None:
    """The browser keeps the label of before, and would send it back, unless the value is set again."""
    visit(app, "exporting", format="txm")
    assert app.selectbox(key="format").proto.raw_value == "TEI files with metadata, for TXM"
    app.button(key="speak-fr").click().run()
    chosen = app.selectbox(key="format")
    assert chosen.value == "txm"
    assert chosen.proto.set_value
    assert chosen.proto.raw_value == "Fichiers TEI avec métadonnées, pour TXM"
    app.run()
    assert not app.selectbox(key="format").proto.set_value
