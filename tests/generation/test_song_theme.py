"""What tokens gain by leading to a word of a theme: sums that are known, and lines that hold its words more often."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from pipeline.analysis.words.word_vectors import theme_words, word_vectors
from pipeline.core.errors import SettingError
from pipeline.core.plain_data import from_plain_data
from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.style import Theme
from pipeline.generation.writing import write_lyric
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary
from tests.corpora import make_corpus
from tests.generation.fakes import index_of, run_of

THEME = Theme(words=(("nuit", 1.0), ("pain", 0.5)), strength=4.0)
LETTERS = Vocabulary.from_counts(dict.fromkeys("abcdeintupqs ',", 1), level="char")
WORDS = Vocabulary.from_counts({"nuit": 3, "pain": 2, "la": 1}, level="word")


def gained(bonus, line):
    """Return what the letters of a line gain, one after the other."""
    total = []
    for at, letter in enumerate(line):
        gains = np.broadcast_to(bonus.logit_adjustments(line[:at]), len(LETTERS))
        total.append(float(gains[LETTERS.word2index[letter]]))
    return total


def test_a_word_is_worth_its_weight():
    bonus = THEME.word_bonus(WORDS)
    assert [bonus.logit_adjustments("la")[WORDS.word2index[word]] for word in ("nuit", "pain", "la")] == [4.0, 2.0, 0.0]


def test_letters_share_what_their_word_is_worth():
    assert gained(THEME.word_bonus(LETTERS), "nuit ") == [1.0, 1.0, 1.0, 1.0, 0.0]
    assert sum(gained(THEME.word_bonus(LETTERS), "la pain,".replace("l", "t"))) == pytest.approx(2.0)


def test_a_beginning_that_becomes_another_word_loses_what_it_gained():
    # n, u, i: a nat each; nuis: none of them is kept
    assert gained(THEME.word_bonus(LETTERS), "nuis") == [1.0, 1.0, 1.0, -3.0]
    assert sum(gained(THEME.word_bonus(LETTERS), "nu ta ")) == pytest.approx(0.0)


def test_a_line_gains_once_and_used_words_are_worth_less():
    assert not np.any(THEME.word_bonus(WORDS).logit_adjustments("la nuit la"))
    assert not np.any(THEME.word_bonus(LETTERS).logit_adjustments("nuit "))
    assert THEME.word_bonus(WORDS, {"nuit"}).logit_adjustments("")[WORDS.word2index["nuit"]] == pytest.approx(1.2)


MEASURE = Constraints(scheme="AABB", syllables=10)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("level", "constraints"),
    [
        ("word", None),
        ("char", None),
        ("subword", None),
        ("word", MEASURE),
        pytest.param("subword", MEASURE, marks=pytest.mark.slow),
    ],
)
def test_lines_hold_words_of_the_theme_more_often(level, constraints):
    index = index_of(level)
    words = tuple((word, 1.0) for word in ("nuit", "cour", "main", "pain"))

    def share(strength):
        theme = Theme(words=words, strength=strength)
        settings = LyricSettings(lines=12, constraints=constraints, theme=theme)
        lines = write_lyric(run_of(index), "", settings, 1).lines
        return sum(bool(dict(words).keys() & set(tokenise(line.text))) for line in lines)

    assert share(8.0) > share(0.0)


def test_settings_with_a_theme_survive_json():
    theme = Theme(words=(("nuit", 1.0),), strength=2)
    plain = json.loads(json.dumps(asdict(LyricSettings(lines=4, theme=theme))))
    assert from_plain_data(LyricSettings, plain).theme == theme
    with pytest.raises(SettingError):
        Theme(words=(("nuit", 2.0),))


def test_the_field_of_a_theme_begins_with_its_own_words_then_what_is_sung_beside_them():
    sea, rail = [Line("la mer le bateau le port")] * 4, [Line("le train k la gare le quai")] * 4
    songs = [Song(f"{n}", "A", (Section("couplet", tuple(lines)),)) for n, lines in enumerate((sea, rail, sea, rail))]
    corpus = make_corpus("places", songs)
    field = theme_words(corpus, "la mer", 3)
    assert field[0] == ("mer", 1.0)
    assert {word for word, _ in field} == {"mer", "bateau", "port"}
    with pytest.raises(SettingError, match="“k”"):
        theme_words(corpus, "k")  # a letter alone is no theme
    assert np.allclose(np.linalg.norm(word_vectors(corpus).vectors, axis=1), 1)
    with pytest.raises(SettingError, match="clafoutis"):
        theme_words(corpus, "clafoutis")
