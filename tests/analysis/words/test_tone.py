"""Tone by hand, and as textblob-fr 0.2.0 gives it (`TextBlob(text, pos_tagger=PatternTagger(), analyzer=...)`)."""

import numpy as np
import pytest

from pipeline.analysis.words.tone import (
    line_tone,
    lines_by_tone,
    polarity_lexicon,
    rated_word_spans,
    read_lexicon,
    tone_table,
    word_tone,
)
from pipeline.analysis.words.word_classes import function_words
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def corpus_of(*lines, artist="a"):
    return make_corpus("lignes", [Song("t", artist, (Section("couplet", tuple(map(Line, lines))),))])


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("une belle journée", 0.8),
        ("un homme triste et seul", -0.2),
        ("la nuit est froide", -0.34),
        ("un mauvais rêve", -0.71),
        ("pas triste", 0.15),
        ("il est content", 0.65),
        ("une vie riche et belle, un cœur pauvre", 0.29333333),
    ],
)
def test_the_mean_is_that_of_textblob(text, polarity):
    assert tone_table(corpus_of(text))["tone"].item() == pytest.approx(polarity)


def test_negation_ends_with_its_clause():
    lexicon = (("triste", -1.0), ("heureux", 1.0))
    for text, expected in (
        ("j'suis pas triste", [0.5]),
        ("j'suis pas triste, heureux", [0.5, 1.0]),
        ("pas heureux mais triste", [-0.5, -1.0]),
        ("triste, pas heureux", [-1.0, -0.5]),
        ("jamais vraiment heureux", [-0.5]),
    ):
        values, _ = word_tone(corpus_of(text), lexicon)
        assert values[~np.isnan(values)].tolist() == expected, text
    values, _ = word_tone(corpus_of("j'suis pas", "triste"), lexicon)  # nor beyond the line
    assert values[-1] == -1


def test_coverage_stands_beside_the_mean():
    songs = [
        Song(f"t{k}", artist, (Section("couplet", (Line("belle nuit"), Line(line))),))
        for artist, line in (("a", "la rue est belle"), ("b", "rue triste"))
        for k in range(3)
    ]
    table = tone_table(make_corpus("deux", songs), "artist").set_index("artist")
    assert table.loc["a", ["songs", "words", "rated", "coverage"]].tolist() == [3, 18, 6, 6 / 18]
    assert table.loc["b", "tone"] == pytest.approx((0.8 - 0.3) / 2)
    assert table.loc["b", "low"] == pytest.approx(table.loc["b", "high"])  # three songs alike
    assert tone_table(corpus_of("la rue")).empty


def test_rated_words_are_found_in_a_text():
    lexicon = (("belle", 0.8), ("nuit", 0.0), ("triste", -1.0))
    marked = [[(4, 10, "negative"), (17, 22, "positive")], []]
    assert rated_word_spans(["Une triste nuit, belle (belle)", "la Belle"], lexicon) == marked


def test_names_are_not_rated():
    corpus = corpus_of("Belle de Mai, Belle de Mai", "Belle nuit. Belle vie", "C'EST BELLE")
    values, rows = word_tone(corpus, (("belle", 1.0),))
    assert rows[~np.isnan(values)].tolist() == [1, 1, 2]


def test_no_example_is_negated():
    corpus = corpus_of("Pas écrire que c'est belle", "une belle rue")
    assert lines_by_tone(corpus)["text"].tolist() == ["une belle rue"]


def test_lines_by_tone():
    corpus = corpus_of("belle et belle", "triste", "rue", "belle", "belle et belle")
    assert lines_by_tone(corpus)["text"].tolist() == ["belle et belle", "belle"]
    assert lines_by_tone(corpus, dark=True)["text"].tolist() == ["triste"]


def test_words_of_another_sense_are_not_rated():
    assert {word for word in function_words() if dict(polarity_lexicon()).get(word)} == {"mal"}
    assert np.isnan(word_tone(corpus_of("tout droit et trop plein, au numéro neuf"))[0]).all()


def test_of_lines_with_the_same_rated_words_one_is_an_example():
    lines = ("une belle nuit triste", "une belle rue triste", "une belle ville")
    assert lines_by_tone(corpus_of(*lines))["text"].tolist() == [lines[2], lines[0]]


def test_a_lexicon_of_ones_own():
    assert read_lexicon("mot;valeur\nÔ Rage;-1\nflamme;0,5\n".encode()) == (("ô rage", -1.0), ("flamme", 0.5))
    assert read_lexicon(b"\xef\xbb\xbfhess,-2\n") == (("hess", -2.0),)
    for bad in (b"", b"mot,valeur\n", b"a,1\nb,x\n", b"\xff\xfe\x00", b"a,1\nb,nan\n"):
        with pytest.raises(SettingError):
            read_lexicon(bad)


def test_the_lexicon_that_comes_along():
    lexicon = dict(polarity_lexicon())
    assert len(lexicon) > 4900
    assert min(lexicon.values()) >= -1
    assert max(lexicon.values()) <= 1


def test_a_negator_after_a_verb_negates_it() -> None:
    lines = ("j'aime ça", "j'aime pas ça", "j'aime plus", "j'aime, pas toi", "c'est beau pas laid", "j'aime")
    corpus = make_corpus("pas", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])
    liked = 0.6
    tone = line_tone(corpus, (("aime", liked), ("beau", 1.0)))["value"].tolist()
    assert tone == pytest.approx([liked, -liked / 2, -liked / 2, liked, 1.0, liked])
