"""Addresses of before, which held labels, open what they opened and become addresses of keys."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import visit

from dashboard.components.old_addresses import OLD_VALUES
from dashboard.queries.song_addresses import song_key, song_keys
from pipeline.core.paths import prepared_folder
from pipeline.corpus.prepare import ensure_demo, prepare
from pipeline.corpus.store import load_corpus

# (page, widget, what its address held, what it holds): as the code of before wrote them
OLD = [
    ("overview", "layer", "Ad-libs", "adlibs"),
    ("lexicon", "layer", "Both", "all"),
    ("lexicon", "lexicon_version", "As heard", "heard"),
    ("lexicon", "words", "All words", "all"),
    ("lexicon", "class", "Verlan", "verlan"),
    ("verses", "by", "Year", "year"),
    ("verses", "by", "Section", "kind"),
    ("diversity", "measure", "MTLD, threshold 0.72, factors of 10 words or more", "mtld"),
    ("diversity", "measure", "Type-token ratio", "ttr"),
    ("diversity", "version", "Solo sections", "solo"),
    ("diversity", "rank", "Section", "kind"),
    ("structure", "built", "Year", "year"),
    ("sound", "count", "In classical verse", "verse"),
    ("sound", "measure", "Rhyme factor", "factor"),
    ("sound", "sound-by", "Year", "year"),
    ("sound", "vowel", "i (lit)", "i"),
    ("concordance", "sort", "By the word after", "after"),
    ("concordance", "sort", "By the word before", "before"),
    ("phrases", "phrase_version", "As written", "written"),
    ("phrases", "phrase", "c'est un", "c' est un"),
    ("timeline", "said_as", "Per million words", "per_million"),
    ("map", "points", "Songs", "song"),
    ("map", "distance", "Cosine", "cosine"),
    ("rhymes", "least-rhyme", "Léonine", "leonine"),
    ("runs", "look", "Move and delete", "files"),
]


def controls(app: AppTest) -> dict[str, object]:
    return {widget.key: widget.value for name in ("selectbox", "segmented_control") for widget in app.get(name)}


@pytest.mark.parametrize(("view", "widget", "old", "key"), OLD)
def test_an_address_with_a_label_opens_and_becomes_one_of_keys(
    app: AppTest, view: str, widget: str, old: str, key: str
) -> None:
    visit(app, view, **{widget: old})
    assert not app.exception
    assert controls(app)[widget] == key
    assert app.query_params[widget] in (key, [key])


def test_an_address_of_rhymes_by_its_names_of_before_opens(app: AppTest, tmp_path: Path) -> None:
    (tmp_path / "soir.txt").write_text("[Couplet]\nOn reste debout la nuit\nLe temps nous nuit\n", "utf-8")
    prepare(tmp_path, "own")
    try:
        visit(app, "rhymes")
        del app.query_params["corpus"]
        app.query_params.update({"rhyme-corpus": "own", "rhyme": "ennui"})
        app.run()
        assert app.selectbox(key="corpus").value == "own"
        assert app.text_input(key="rhymes-with").value == "ennui"
        assert not {"rhyme-corpus", "rhyme"} & set(app.query_params)
    finally:
        shutil.rmtree(prepared_folder() / "own")


def test_the_scheme_of_write_is_no_word_of_rhymes(app: AppTest) -> None:
    """Both pages called a control `rhyme`, and the one showed what was picked on the other."""
    visit(app, "write", rhyme="ABAB")
    del app.query_params["rhyme"]  # as the menu does
    app.switch_page("views/rhymes.py").run()
    assert app.text_input(key="rhymes-with").value == "la nuit"


def test_an_address_with_the_name_of_a_song_opens_it(app: AppTest) -> None:
    song = load_corpus("demo").songs.iloc[7]
    visit(app, "song", song=f"{song['artist']} – {song['title']}")
    assert app.title[0].value == song["title"]
    key = song_key(song["artist"], song["title"])
    assert app.query_params["song"] in (key, [key])


def test_a_number_is_found_as_it_was_written(app: AppTest) -> None:
    visit(app, "lexicon")
    points = [option for option in app.selectbox(key="read_words").options if "," in option]
    visit(app, "lexicon", read_words=points[0])
    assert app.selectbox(key="read_words").value == points[0].replace(",", "")


def test_every_old_value_leads_to_one_key() -> None:
    assert all(old and key for values in OLD_VALUES.values() for old, key in values.items())


def test_the_keys_of_songs_are_different_and_stable() -> None:
    corpus = ensure_demo()
    keys = song_keys(corpus)
    assert len(set(keys.values())) == len(corpus.songs)
    few = corpus.where(artists=["Kobalt"])
    assert {song: keys[song] for song in few.songs.index} == song_keys(few)
