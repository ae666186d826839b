"""Lines that songs have, put together: each of another song, as they stand there, to the measure that is asked for."""

from functools import cache

import pytest

from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.centon import Centon, QuotedLines
from pipeline.generation.constraints import Constraints
from pipeline.generation.line_tasks import propose_lines
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.writing import write
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme
from pipeline.language.tokens import tokenise
from tests.corpora import make_corpus
from tests.generation.fakes import LINES, index_of, run_of

SONGS = [Song(f"Titre {n}", f"Artiste {n}", (Section("couplet", (Line(line),)),)) for n, line in enumerate(LINES)]


@cache
def quoted() -> QuotedLines:
    return QuotedLines.from_corpus(make_corpus("songs", SONGS))


def centon(lines: int = 6, first_words: str = "", seed: int = 1, **constraints):
    asked = LyricSettings(lines=lines, constraints=Constraints(**constraints))
    writing = write(run_of(index_of("word")), "", asked, seed, Centon(quoted(), first_words))
    for _ in writing:
        pass
    return writing.as_lyric()


def test_every_line_is_one_of_a_song_of_its_own_and_says_which() -> None:
    lyric = centon(scheme="AABB", syllables=12, tolerance=2)
    assert len(lyric.lines) == 6
    for line in lyric.lines:
        song = SONGS[line.quotation.song]
        assert line.text == song.sections[0].lines[0].text
        assert line.by == line.quotation.label == f"{song.title} · {song.artist}"
        assert line.quotation.corpus == "songs"
    assert len({line.quotation.song for line in lyric.lines}) == 6
    assert len({tokenise(line.text)[-1] for line in lyric.lines}) == 6


def test_lines_rhyme_and_have_the_measure_where_songs_have_such_lines() -> None:
    sounds = Pronunciations()
    for seed in range(5):
        lyric = centon(4, seed=seed, scheme="AABB", syllables=12, tolerance=3)
        for one, other in zip(lyric.lines[::2], lyric.lines[1::2], strict=True):
            assert one.violations == other.violations == ()
            assert RHYME_KINDS["suffisante"].includes_rhyme(compare_rhyme(one.text, other.text, sounds))


def test_a_copy_is_no_fault_of_a_quotation_and_a_wrong_length_is_said() -> None:
    lyric = centon(2, scheme="AA", syllables=30)
    assert {violation.code for line in lyric.lines for violation in line.violations} == {"syllables"}


def test_first_words_choose_the_first_line() -> None:
    assert centon(2, first_words="le stade était").lines[0].text == "Le stade était fermé, on jouait dans la cour"


def test_lines_end_with_the_words_that_are_given() -> None:
    given = [quoted().ends[row] for row in (3, 0)]
    lines = centon(3, scheme="AAA", end_words=tuple(given)).lines
    assert [tokenise(line.text)[-1] for line in lines[:2]] == given


def test_words_to_avoid_stand_in_no_line() -> None:
    words = {word for line in centon(8, avoid=("nuit", "je")).lines for word in tokenise(line.text)}
    assert words.isdisjoint({"nuit", "je"})


def test_other_lines_for_a_place_are_none_of_those_that_stand() -> None:
    asked = LyricSettings(constraints=Constraints(scheme="AA"))
    text = LINES[0] + "\n"
    lines = propose_lines(index_of("word"), text, asked, 1, count=2, proposer=Centon(quoted()))
    assert len(lines) == 2
    assert LINES[0] not in [line.text for line in lines]
    assert all(line.quotation for line in lines)


def test_nothing_to_quote_is_said() -> None:
    with pytest.raises(SettingError, match="no line to quote"):
        QuotedLines.from_corpus(make_corpus("one", [Song("T", "A", (Section("couplet", (Line("Oui"),)),))]))


def test_half_sentences_are_known_by_their_letters() -> None:
    lines = [Line(f"Je vois la rue numéro {n}") for n in "123456789"]
    lines += [Line("Je cherche dans la nuit"), Line("et le feu des phares")]
    corpus = make_corpus("half", [Song("T", "A", (Section("couplet", tuple(lines)),))])
    found = QuotedLines.from_corpus(corpus)
    whole = dict(zip(found.texts, found.is_whole.tolist(), strict=True))
    assert whole["Je vois la rue numéro 1"]
    assert not whole["Je cherche dans la nuit"]  # the next line goes on with it
    assert not whole["et le feu des phares"]
