import pytest

from pipeline.generation.search.orthography import Orthography
from pipeline.language.vocabulary import Vocabulary

CHARACTERS = Vocabulary.from_tokens("abcdeijlmnorstuvRJ'- ,!?.", level="char")
ORTHOGRAPHY = Orthography(["rue", "rues", "j'", "dis", "-moi", "aujourd'hui", "mot", "10 000"], CHARACTERS)


def following(text):
    return {CHARACTERS.index2word[i] for i in ORTHOGRAPHY.allowed_tokens(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ru", "e"),
        ("rues", " ,!?.-"),
        ("rue", "s ,!?.-"),
        ("la RU", "e"),
        ("", "rRjJdm"),
        ("j'", "rRjJdm"),  # after an elided clitic a word begins
        ("rue,", " "),
        ("rue ", "rRjJdm!?"),
        ("rue, ", "rRjJdm"),
        ("dis-m", "o"),
        ("dis-moi", " ,!?."),
        ("xyz", " "),
        ("aujourd'", ""),  # h is not among the characters, so neither is the word: a space is all that is left
    ],
)
def test_what_may_follow(text, expected):
    assert following(text) == (set(expected) or {" "})
