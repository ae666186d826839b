import pytest

from pipeline.generation.search.constraint_index import Trie
from pipeline.generation.search.orthography import Orthography
from pipeline.language.vocabulary import Vocabulary

CHARACTERS = Vocabulary.from_tokens("abcdeijlmnorstuvRJ'- ,!?.", level="char")
ORTHOGRAPHY = Orthography(["rue", "rues", "j'", "dis", "-moi", "aujourd'hui", "mot", "10 000"], CHARACTERS)


def following(text):
    return {CHARACTERS.index2word[i] for i in ORTHOGRAPHY.allowed(text)}


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


def test_a_trie_shares_beginnings():
    trie = Trie([(5, 6, 2), (5, 7, 2), (5, 6, 8, 2)]).subtrie_of([0, 1, 2])
    tokens, nodes = trie.children(0)
    assert tokens.tolist() == [5]
    tokens, nodes = trie.children(int(nodes[0]))
    assert tokens.tolist() == [6, 7]
    assert trie.children(int(nodes[0]))[0].tolist() == [2, 8]
    assert not Trie([]).subtrie_of([])
