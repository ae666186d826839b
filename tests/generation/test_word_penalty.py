"""What a word of another gender or tense loses, whatever the units it is written in."""

import numpy as np
import pytest

from pipeline.generation.line_bonus import gender_penalty, line_gender, line_tense, tense_penalty
from pipeline.language.vocabulary import LINE
from pipeline.language_models.units import UNITS

TEXTS = ["J'suis née là, j'suis né là\nOn marchait, on va, on ira\n" * 3]


def after(penalty, line):
    """The losses of all tokens, by what they say."""
    losses = np.broadcast_to(penalty.logit_adjustments(line), len(penalty.vocabulary))
    return dict(zip(penalty.vocabulary.index2word, losses.tolist(), strict=True))


def penalty(make, lines, level):
    return make(lines, UNITS[level].vocabulary(TEXTS, minimum=1))


@pytest.mark.parametrize(
    ("line", "gender"),
    [
        ("J'étais si fatiguée", "f"),
        ("J'me suis perdu", "m"),
        ("J'ai été prise", "f"),
        ("Je suis ici", None),
        ("", None),
    ],
)
def test_the_speaker_is_what_she_says_she_is(line, gender):
    assert line_gender(line) == gender


@pytest.mark.parametrize(
    ("line", "tense"),
    [("On marchait, on va", "then"), ("Je veux", "now"), ("Jamais", None), ("On ira", "one day")],
)
def test_a_line_is_in_the_tense_of_its_first_form(line, tense):
    assert line_tense(line) == tense


def test_what_was_not_shown_costs_nothing():
    assert penalty(gender_penalty, ["Je suis là"], "word") is None
    assert penalty(tense_penalty, ["La nuit"], "word") is None


def test_words_of_the_other_gender_lose_where_they_are_said_of_the_speaker():
    hers = penalty(gender_penalty, ["J'suis née là"], "word")
    losses = after(hers, "J'suis")
    assert losses["né"] == -hers.strength
    assert losses["née"] == losses["là"] == 0
    assert not any(after(hers, "Il est").values())
    assert not any(after(hers, "J'suis là").values())
    his = penalty(gender_penalty, ["J'suis né là"], "word")
    assert {word for word, loss in after(his, "J'suis pas").items() if loss} == {"née"}


def test_a_spelled_word_loses_where_it_ends():
    hers = penalty(gender_penalty, ["J'suis née là"], "char")
    begun, stands, suits = (after(hers, f"J'suis {word}") for word in ("n", "né", "née"))
    assert not any(begun.values())
    assert list(after(hers, "J'suis v'né").values())[LINE] == -hers.strength
    assert stands["e"] == 0  # née
    assert {stands[sign] for sign in (" ", ",", "\n") if sign in stands} == {-hers.strength}
    assert list(stands.values())[LINE] == -hers.strength
    assert not any(suits.values())


@pytest.mark.parametrize(("level", "said"), [("word", "on"), ("char", "on va"), ("subword", "on va")])
def test_forms_of_another_tense_lose_in_all_units(level, said):
    then = penalty(tense_penalty, ["On marchait", "On va", "On marchait"], level)
    losses = after(then, said)
    assert min(losses.values()) == -then.strength
    if level == "word":
        assert {word for word, loss in losses.items() if loss} == {"va", "ira"}
    else:
        assert not any(after(then, "on marchait").values())
