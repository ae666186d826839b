"""The contract of `Units`, run over every kind, and what each does with a text."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.language.vocabulary import LINE, SPECIALS, UNK
from pipeline.language_models.subword_units import CAPITAL, CAPITALS, BytePairs, learn_merges
from pipeline.language_models.units import (
    CHARACTERS,
    SUBWORDS,
    UNITS,
    WORDS,
    decode_ids,
    encode_text,
    vocabulary_units,
)

TEXTS = st.text(alphabet="aàéE' -!(),.\n123xİ’", max_size=60)


@given(TEXTS, st.sampled_from(list(UNITS)))
def test_tokens_stand_where_the_text_has_them(text, key):
    spans = list(UNITS[key].token_spans(text))
    assert [token for token, _, _ in spans] == UNITS[key].tokenise(text)
    assert [start for _, start, _ in spans] == sorted(start for _, start, _ in spans)
    assert all(text[start:stop] == "\n" for token, start, stop in spans if token == "<line>")


@given(TEXTS, st.sampled_from(list(UNITS)))
@example("1)111", "word")
def test_text_of_tokens_has_the_same_tokens(text, key):
    units = UNITS[key]
    tokens = units.tokenise(text)
    assert units.tokenise(units.detokenise(tokens)) == tokens


@pytest.mark.parametrize("units", UNITS.values(), ids=list(UNITS))
def test_each_kind_is_known_by_its_vocabulary(units):
    vocabulary = units.vocabulary(["la nuit\n"] * 2)
    assert type(vocabulary_units(vocabulary)) is type(units)
    assert vocabulary.level == units.key
    assert decode_ids(encode_text("la nuit\n", vocabulary), vocabulary) == "la nuit\n"


@pytest.mark.parametrize("units", UNITS.values(), ids=list(UNITS))
def test_a_line_is_spelt_as_it_is_joined(units):
    """But for the capital that the first word of a line gets, and the space that a piece may end with."""
    tokens, detokeniser = units.tokenise("dis-le j'arrive"), units.detokeniser("la nuit")
    assert "la nuit" + "".join(map(detokeniser.decode_token, tokens)) in (
        "la nuit dis-le j'arrive",
        "la nuitdis-le j'arrive",
    )
    assert units.append_tokens("la", units.phrase_tokens(["nuit"])).replace("la nuit", "lanuit").rstrip() == "lanuit"
    assert units.detokeniser("").decode_token(SPECIALS[LINE]) == "\n"


def test_where_a_word_may_begin():
    lines = ["", "la ", "la", "j'", "aujourd'"]
    assert [CHARACTERS.begins_word(line) for line in lines] == [True, True, False, True, False]
    assert all(map(WORDS.begins_word, lines))


def test_what_a_line_may_not_hold():
    assert WORDS.banned_tokens(frozenset({"rue"})) == {"rue"}
    assert "(" in CHARACTERS.banned_tokens(frozenset())


@given(st.text(alphabet="abé' \n!", max_size=40))
def test_characters_there_and_back(text):
    vocabulary = CHARACTERS.vocabulary(["abé' \n!" * 2])
    assert decode_ids(encode_text(text, vocabulary), vocabulary) == text


def test_words_end_lines_and_keep_empty_ones():
    assert WORDS.tokenise("J'arrive, là.\n\nouais\n") == [
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
    assert (
        decode_ids(encode_text("J'arrive, dis-le !\n\nOuais\n", vocabulary), vocabulary) == "j'arrive dis-le\n\nouais\n"
    )


def test_what_was_seen_once_is_unknown():
    vocabulary = CHARACTERS.vocabulary(["aab"])
    np.testing.assert_array_equal(encode_text("ab", vocabulary), [4, UNK])


SONGS = ["J'vais dans la nuit,\nla nuit de PARIS.\n\nJ'ai l'quartier, j'ai la nuit\n"] * 3
PIECES = SUBWORDS.vocabulary(SONGS, limit=60)


def test_the_pieces_of_a_vocabulary():
    assert PIECES.index2word[4:6] == (CAPITAL, CAPITALS)
    assert "nuit " in PIECES
    units = vocabulary_units(PIECES)
    assert units.tokenise("La nuit")[-1] == "nuit "  # the end of the line stands for a space
    assert units.tokenise("J'")[:1] == [CAPITAL]
    assert units.tokenise("PARIS")[0] == CAPITALS
    assert UNK not in encode_text(SONGS[0], PIECES)


@given(st.text(alphabet="laLAnuitJ'É .,-!\n12  ", max_size=60))
def test_pieces_there_and_back(text):
    units = vocabulary_units(PIECES)
    assert units.detokenise(units.tokenise(text)) == text
    at = 0
    for _, start, stop in units.token_spans(text):
        assert start == at
        at = stop
    assert at == len(text)


@pytest.mark.parametrize(
    "text", ["QU'il PARIS-nord A1 McSolaar", "İzmir ẞ ² ß", "KM²A", "rock'n'roll ROCK'N'ROLL", "a_b\tc"]
)
def test_capitals_come_back_where_they_were(text):
    assert vocabulary_units(PIECES).detokenise(vocabulary_units(PIECES).tokenise(text)) == text


def test_pieces_are_cut_as_sentencepiece_cuts_them():
    """Kudo & Richardson 2018: its pieces, read in their order, say all."""
    words = ["nuit ", "nuits ", "ruine ", "suite ", "minuit ", "nuitées "]
    pieces = learn_merges(dict.fromkeys(words, 9), 30)
    assert all(len(piece) > 1 for piece in pieces)
    assert "".join(BytePairs(pieces).cut_chunk("minuits ")) == "minuits "
    assert BytePairs(pieces).cut_chunk("nuit ") == ("nuit ",)


def test_a_vocabulary_that_starts_from_another_cuts_as_that_one():
    more = SUBWORDS.extend_vocabulary(PIECES, ["Ça va, la nuit ?\n"] * 2)
    assert more.index2word[: len(PIECES)] == PIECES.index2word
    assert {"ç", "?"} <= set(more.index2word[len(PIECES) :])
    assert vocabulary_units(more).tokenise("la nuit de paris") == vocabulary_units(PIECES).tokenise("la nuit de paris")
    own = CHARACTERS.extend_vocabulary(CHARACTERS.vocabulary(["abc"] * 2), ["xyz"] * 2)
    assert own.index2word[4:] == ("x", "y", "z")


def test_a_piece_goes_on_after_a_seed():
    units = vocabulary_units(PIECES)
    assert units.append_tokens("Dans la", ["nuit "]) == "Dans la nuit "
    assert units.append_tokens("J'", ["nuit "]) == "J'nuit "
    assert units.append_tokens("On a monté", [", ", "nuit "]) == "On a monté, nuit "
    assert (
        "".join(map(units.detokeniser("On a monté").decode_token, ["nuit ", ", ", "nuit "])) == " nuit , nuit"
    )  # as it is read
    assert "".join(map(units.detokeniser("Dans la").decode_token, [CAPITAL, "nuit ", "<line>"])) == " Nuit\n"
    assert [units.begins_word(line) for line in ("", "la ", "la", "j'")] == [True, True, False, True]
