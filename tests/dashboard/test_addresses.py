"""Addresses hold keys: each page its own, each song one, whatever it is called."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queries.subcorpus import song_key, song_keys
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import go, visit


@pytest.mark.slow
def test_the_scheme_of_write_is_no_word_of_rhymes(app: AppTest) -> None:
    """Both pages called a control `rhyme`, and the one showed what was picked on the other."""
    visit(app, "studio", rhyme="ABAB")
    del app.query_params["rhyme"]  # as the menu does
    go(app, "rhymes").run()
    assert app.text_input(key="rhymes-with").value == "la nuit"


def test_an_address_with_the_name_of_a_song_opens_it(app: AppTest) -> None:
    song = load_corpus("demo").songs.iloc[7]
    visit(app, "song", song=f"{song['artist']} – {song['title']}")
    assert app.title[0].value == song["title"]
    key = song_key(song["artist"], song["title"])
    assert app.query_params["song"] in (key, [key])


def test_the_keys_of_songs_are_different_and_stable() -> None:
    corpus = ensure_demo()
    keys = song_keys(corpus)
    assert len(set(keys.values())) == len(corpus.songs)
    few = corpus.where(artists=["Kobalt"])
    assert {song: keys[song] for song in few.songs.index} == song_keys(few)
