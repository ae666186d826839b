"""The contract of `Units`, run over every kind, and what each does with a text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.vocabulary import LINE, SPECIALS, UNK
from pipeline.language_models.units import CHARACTERS, UNITS, WORDS, decode, encode, units_of

TEXTS = st.text(alphabet="aàéE' -!(),.\n123xİ’", max_size=60)


@settings(deadline=None)
@given(TEXTS, st.sampled_from(list(UNITS)))
def test_tokens_stand_where_the_text_has_them(text, key):
    spans = list(UNITS[key].spans(text))
    assert [token for token, _, _ in spans] == UNITS[key].tokens(text)
    assert [start for _, start, _ in spans] == sorted(start for _, start, _ in spans)
    assert all(text[start:stop] == "\n" for token, start, stop in spans if token == "<line>")


@settings(deadline=None)
@given(TEXTS, st.sampled_from(list(UNITS)))
def test_text_of_tokens_has_the_same_tokens(text, key):
    units = UNITS[key]
    tokens = units.tokens(text)
    assert units.tokens(units.text(tokens)) == tokens


@pytest.mark.parametrize("units", UNITS.values(), ids=list(UNITS))
def test_each_kind_is_known_by_its_vocabulary(units):
    vocabulary = units.vocabulary(["la nuit\n"] * 2)
    assert units_of(vocabulary) is units
    assert vocabulary.level == units.key
    assert decode(encode("la nuit\n", vocabulary), vocabulary) == "la nuit\n"


@pytest.mark.parametrize("units", UNITS.values(), ids=list(UNITS))
def test_a_line_is_spelt_as_it_is_joined(units):
    """But for the capital that the first word of a line gets."""
    tokens, speller = units.tokens("dis-le j'arrive"), units.speller("la nuit")
    assert "la nuit" + "".join(map(speller.spell, tokens)) in ("la nuit dis-le j'arrive", "la nuitdis-le j'arrive")
    assert units.join("la", units.phrase(["nuit"])).replace("la nuit", "lanuit") == "lanuit"
    assert units.speller("").spell(SPECIALS[LINE]) == "\n"


def test_where_a_word_may_begin():
    lines = ["", "la ", "la", "j'", "aujourd'"]
    assert [CHARACTERS.begins_word(line) for line in lines] == [True, True, False, True, False]
    assert all(map(WORDS.begins_word, lines))


def test_what_a_line_may_not_hold():
    assert WORDS.unwritable(frozenset({"rue"})) == {"rue"}
    assert "(" in CHARACTERS.unwritable(frozenset())


@given(st.text(alphabet="abé' \n!", max_size=40))
def test_characters_there_and_back(text):
    vocabulary = CHARACTERS.vocabulary(["abé' \n!" * 2])
    assert decode(encode(text, vocabulary), vocabulary) == text


def test_words_end_lines_and_keep_empty_ones():
    assert WORDS.tokens("J'arrive, là.\n\nouais\n") == [
        "j'",
        "arrive",
        "là",
        "<line>",
        "<line>",
        "ouais",
        "<line>",
    ]


def test_words_come_back_readable():
    vocabulary = WORDS.vocabulary(["j'arrive dis-le\n\nouais\n"] * 2)
    assert decode(encode("J'arrive, dis-le !\n\nOuais\n", vocabulary), vocabulary) == "j'arrive dis-le\n\nouais\n"


def test_what_was_seen_once_is_unknown():
    vocabulary = CHARACTERS.vocabulary(["aab"])
    np.testing.assert_array_equal(encode("ab", vocabulary), [4, UNK])
