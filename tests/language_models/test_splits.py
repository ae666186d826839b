"""The texts of songs, and the split by song."""

import pytest

from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.language_models.splits import song_texts, split_corpus
from tests.corpora import make_corpus


def a_song(number, *sections):
    sections = sections or (("couplet", f"ligne {number}", f"encore {number}"),)
    return Song(
        title=f"t{number}",
        artist="a",
        sections=tuple(Section(kind, tuple(Line(text) for text in lines)) for kind, *lines in sections),
    )


def corpus(count):
    return make_corpus("essai", [a_song(n) for n in range(count)])


def test_sections_are_parted_by_an_empty_line():
    songs = [a_song(0, ("couplet", "J'arrive (skrrt)", "en bas"), ("refrain", "Ouais")), a_song(1, ("intro", "Yo"))]
    assert song_texts(make_corpus("essai", songs)) == ("J'arrive (skrrt)\nen bas\n\nOuais\n", "Yo\n")


def test_a_filtered_corpus_gives_its_songs_only():
    assert song_texts(corpus(5).where(songs=[3])) == ("ligne 3\nencore 3\n",)


def test_split_covers_every_song_once_and_is_stable():
    split = split_corpus(corpus(200))
    texts = [*split.train, *split.valid, *split.test]
    assert sorted(texts) == sorted(song_texts(corpus(200)))
    assert 160 < len(split.train) < 195
    grown = split_corpus(corpus(250))
    assert set(split.train) <= set(grown.train)
    assert set(split.test) <= set(grown.test)


def test_small_corpora_have_something_on_each_side():
    split = split_corpus(corpus(3))
    assert [len(side) for side in (split.train, split.valid, split.test)] == [1, 1, 1]
    with pytest.raises(SettingError, match="three are needed"):
        split_corpus(corpus(2))


def test_the_side_of_a_song_is_the_hash_of_its_words_modulo_a_hundred():
    songs = corpus(200)
    percent = [int(mark, 16) % 100 for mark in songs.songs["fingerprint"]]  # marks are hexadecimal
    texts = list(zip(percent, song_texts(songs), strict=True))
    split = split_corpus(songs)
    assert split.test == tuple(text for percent, text in texts if percent >= 95)
    assert split.valid == tuple(text for percent, text in texts if 90 <= percent < 95)
