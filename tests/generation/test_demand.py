from pipeline.generation.demand import are_similar
from pipeline.generation.search.endings import ending_sounds
from pipeline.language.pronunciations import Pronunciations


def test_plurals_are_one_ending():
    sounds = Pronunciations()
    assert ending_sounds("la porte", sounds, "riche") == ending_sounds("des portes", sounds, "riche")
    assert ending_sounds("!!!", sounds, "riche") == set()
    assert len(ending_sounds("la porte", sounds, None)) == 1


def test_lines_are_similar_that_end_alike_or_share_more_than_half_of_their_words():
    assert are_similar("je vois la rue", "il perd sa rue")
    assert are_similar("je vois la rue", "tu vois la rue ici")
    assert not any(are_similar("je vois la rue", other) for other in ("tu perds le fil", "la nuit", "tu vois la nuit"))
