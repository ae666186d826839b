from hypothesis import given
from hypothesis import strategies as st

from pipeline.generation.demand import are_similar
from pipeline.generation.sampling import RepeatedNgrams
from pipeline.generation.search.endings import ending_sounds
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


def test_lines_are_similar_that_end_alike_or_share_more_than_half_of_their_words():
    assert are_similar("je vois la rue", ["il perd sa rue"])
    assert are_similar("je vois la rue", ["tu vois la rue ici"])
    assert not are_similar("je vois la rue", ["tu perds le fil", "la nuit", "tu vois la nuit"])
