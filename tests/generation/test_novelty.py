from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.generation.sampling import RepeatedNgrams
from pipeline.generation.search.endings import ending_sounds
from pipeline.generation.search.selection import LineSelection, are_similar, share_of_new_pairs
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import LINE, SONG

TOKENS = st.lists(st.integers(2, 6), max_size=30)


@given(TOKENS, TOKENS, st.integers(2, 4))
def test_the_repeats_are_those_that_looking_everywhere_finds(text, line, order):
    """The table is there because a line is drawn token by token; the definition reads the whole text each time."""
    whole = text + line
    grams = {tuple(whole[at : at + order]) for at in range(len(whole) - order + 1)}
    last = tuple(whole[1 - order :])
    expected = {token for token in range(2, 7) if len(last) == order - 1 and (*last, token) in grams} - {LINE, SONG}
    found = RepeatedNgrams(order, text).repeats(line)
    assert found == expected if len(text) >= order else found >= expected


def test_plurals_are_one_ending():
    sounds = Pronunciations()
    assert ending_sounds("la porte", sounds, "riche") == ending_sounds("des portes", sounds, "riche")
    assert ending_sounds("!!!", sounds, "riche") == set()
    assert len(ending_sounds("la porte", sounds, None)) == 1


@pytest.mark.parametrize(
    ("lines", "text", "share"),
    [
        (["Hier la rue"], "Encore perdu", 1 / 4),
        (["Minuit", "Hier la rue"], "Encore perdu", 1 / 4),
        (["Hier la rue", "Minuit", "La mer"], "Encore perdu", 1 / 4),
        (["Hier la rue", "Minuit", "La mer", "Demain"], "Encore perdu", 0),
        ([], "Encore perdu", 0),
        (["Hier la rue"], "", 0),
    ],
)
def test_the_share_of_syllables_that_rhyme_with_the_three_lines_before(lines, text, share):
    song = SimpleNamespace(lines=lines, index=SimpleNamespace(pronunciations=Pronunciations()))
    assert LineSelection._rhymed_share(SimpleNamespace(song=song), text) == share


def test_lines_are_similar_that_end_alike_or_share_more_than_half_of_their_words():
    assert are_similar("je vois la rue", ["il perd sa rue"])
    assert are_similar("je vois la rue", ["tu vois la rue ici"])
    assert not are_similar("je vois la rue", ["tu perds le fil", "la nuit", "tu vois la nuit"])


def test_pairs_are_new_until_they_are_said():
    # de la, la rue, rue noire: one of three is known
    assert share_of_new_pairs("de la rue noire", {("la", "rue")}) == 2 / 3
    assert share_of_new_pairs("rue", set()) == 0
