import numpy as np

from pipeline.analysis.words.laws import new_words


def words(table):
    return [text[a:b] for text, spans in zip(table["text"], table["spans"], strict=True) for a, b in spans]


def test_the_first_song_brings_all_its_words_once(corpus):
    found = new_words(corpus, np.array([0, 1, 2]), tokens=1)
    assert words(found) == ["J'", "suis", "la", "rue", "nuit"]
    assert found["title"].unique().tolist() == ["Une"]


def test_a_later_song_brings_what_the_others_had_not(corpus):
    # songs of 12, 4 and 1 words, read as Deux, Trois, Une: 4 words read is still in Deux, 5 in Trois, 6 in Une
    order = np.array([1, 2, 0])
    assert words(new_words(corpus, order, tokens=4)) == ["La", "nuit"]
    assert words(new_words(corpus, order, tokens=5)) == ["Rue"]
    assert words(new_words(corpus, order, tokens=6)) == ["J'", "suis"]
    assert words(new_words(corpus, order, tokens=999)) == ["J'", "suis"], "past the end is the last song"


def test_a_song_may_bring_nothing_new(corpus):
    assert new_words(corpus, np.array([0, 1, 2]), tokens=14).empty


def test_adlibs_are_a_text_of_their_own(corpus):
    assert words(new_words(corpus, np.array([0, 1, 2]), tokens=1, layer="adlibs")) == ["ouais"]


def test_nothing_selected_brings_nothing(corpus):
    assert new_words(corpus.where(years=(1900, 1901)), np.array([], int), tokens=0).empty
