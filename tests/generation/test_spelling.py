import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.generation.context import encode_seed, normalise_text
from pipeline.language.vocabulary import LINE, UNK, Vocabulary
from pipeline.language_models.units import UNITS

WORDS = Vocabulary.from_tokens(["j'", "suis", "là", "dis", "-le", "rue"], level="word")
CHARACTERS = Vocabulary.from_tokens("j'suis là", level="char")


def spelled(tokens, level="word", before=""):
    detokeniser = UNITS[level].detokeniser(before)
    return "".join(map(detokeniser.decode_token, tokens))


@pytest.mark.parametrize(
    ("before", "tokens", "expected"),
    [
        ("", ["j'", "suis", "là"], "J'suis là"),
        ("", ["dis", "-le", "<line>", "<line>", "qu'", "il"], "Dis-le\n\nQu'il"),
        ("J'reviens du", ["bloc"], " bloc"),
        ("J'reviens du ", ["bloc"], "bloc"),
        ("C'est l'", ["heure"], "heure"),
        ("C'est l’", ["heure"], "heure"),
        ("Dis", ["-le"], "-le"),
        ("Un vers\n", ["rue"], "Rue"),
        ("", ["école", "<song>"], "École"),
    ],
)
def test_words_as_shown(before, tokens, expected):
    assert spelled(tokens, before=before) == expected


def test_characters_are_shown_as_they_are():
    assert spelled([*"l'été", "<line>", "<line>", "a", "<song>"], "char") == "l'été\n\na"


def test_unknown_words_are_kept_apart_and_reported_once():
    seed = encode_seed("J'suis wesh\nwesh la rue", WORDS)
    assert WORDS.decode(seed.ids) == ["j'", "suis", "<unk>", "<line>", "<unk>", "<unk>", "rue"]
    assert seed.unknown == ("wesh", "la")


def test_unknown_characters_too():
    seed = encode_seed("jé\r\n", CHARACTERS)
    assert seed.ids.tolist() == [CHARACTERS.word2index["j"], UNK, LINE]
    assert seed.unknown == ("é",)


def test_an_accent_may_come_in_two_parts():
    assert encode_seed("la\u0300", CHARACTERS).unknown == ()


def test_an_empty_seed_is_no_token():
    assert encode_seed("", WORDS).ids.tolist() == []


@given(st.text(max_size=60))
def test_any_text_can_be_a_seed(text):
    for vocabulary in (WORDS, CHARACTERS):
        seed = encode_seed(text, vocabulary)
        assert len(seed.ids) == 0 or seed.ids.max() < len(vocabulary)
        assert (seed.ids == LINE).sum() == normalise_text(text).count("\n")
    UNITS["word"].detokeniser(text).decode_token("rue")
