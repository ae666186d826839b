"""The words that a local model is told to end its lines on, on the corpus of the fakes."""

import numpy as np
import pytest

from pipeline.generation.constraints import Constraints
from pipeline.generation.demand import LineDemand
from pipeline.generation.form import Slot
from pipeline.generation.partner.proposer import (
    END_WORDS,
    EXAMPLE,
    _allowed_end_words,
    _chat_prompt,
    _completion_prompt,
    _LineGroup,
)
from pipeline.generation.search.endings import word_sound
from pipeline.generation.song import SongState
from pipeline.language.rhyme import RHYME_KINDS
from tests.generation.fakes import asking, index_of


@pytest.mark.parametrize("answer", ["", "Je regarde la nuit"])
@pytest.mark.parametrize("given", [(), ("amour",), ("amour", "nuit", "gamin")])
def test_lines_of_a_letter_may_end_on_words_that_rhyme_and_those_of_another_on_others(
    answer: str, given: tuple[str, ...]
) -> None:
    constraints = Constraints(end_words=given, avoid=("ennui", "chemin"))
    song = SongState.from_seed(index_of("word"), "", asking(), np.random.default_rng(1))
    slots = [Slot(0, "", letter, constraints) for letter in "ABAB"]
    families = list(_allowed_end_words(LineDemand(song, slots[0], answer, group=2), slots))
    assert families[: len(given)] == [[word] for word in given]
    by_letter = dict(zip("ABAB"[len(given) :], families[len(given) :], strict=True))
    assert families[len(given) :] == [by_letter[letter] for letter in "ABAB"[len(given) :]]
    rhymes = RHYME_KINDS[constraints.richness]
    keys = []
    for letter, family in by_letter.items():
        words = [song.index.pronunciations[word] for word in family]
        assert (0 if answer and not given and letter == "A" else 2) < len(family) <= END_WORDS
        assert not {"ennui", "chemin"} & {*family}
        assert len({*map(word_sound, words)}) == len(words)  # one of each sound
        [key] = {rhymes.rhyme_phones(word.phones) for word in words}
        if answer and not given:
            assert (key == rhymes.rhyme_phones(song.index.pronunciations["nuit"].phones)) == (letter == "A")
        keys.append(key)
    assert len({*keys}) == len(keys)


@pytest.mark.parametrize("done", [0, 1, 3])
@pytest.mark.parametrize("before", [0, 5, 20])
def test_a_request_is_about_the_lines_that_are_missing_and_shows_the_last_ones(done: int, before: int) -> None:
    song = SongState.from_seed(index_of("word"), "", asking(), np.random.default_rng(1))
    song.lines[:] = [f"vers {at}" for at in range(before + done)]
    slots = [Slot(0, "", letter, Constraints(syllables=8 + at)) for at, letter in enumerate("AABB")]
    ends = [["nuit", "ennui", "bruit"]] * 2 + [["amour", "jour"], []]
    group = _LineGroup(before, slots, ends)
    asked = _chat_prompt(LineDemand(song, slots[done]), group, ["un tort"]).splitlines()
    shown = asked[1 : asked.index("")]
    assert shown == (song.lines[-12:] or ["(rien encore)"])
    assert asked[len(shown) + 2] == f"Écris les {4 - done} vers qui suivent."
    requests = [line.partition(" : ")[2] for line in asked if line.startswith("Vers ")]
    for number, (request, words) in enumerate(zip(requests, ends[done:], strict=True), done):
        assert request.startswith(f"{8 + number} syllabes")
        assert all(word in request for word in words)
        assert ("le dernier mot" in request) == bool(words)
    assert asked[-1] == "À corriger : un tort"
    rhymes = ["nuit, ennui", "amour, jour"] if done < 2 else ["amour, jour"] if done == 2 else []
    context = "".join(f"{line}\n" for line in song.lines[-4:])
    assert _completion_prompt(LineDemand(song, slots[done]), group) == (
        f"{EXAMPLE}\n{context}\nRimes : {' / '.join(rhymes)}\n"
    )
