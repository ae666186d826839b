"""A song of crossed lines goes on with its scene, else with another that is told as it is."""

import numpy as np
import pytest

from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.search import continuity
from pipeline.generation.search.continuity import BeginningWords, Continuity, beginning_voices
from pipeline.generation.search.line_topics import LineTopics
from tests.corpora import make_corpus

STANZAS = (
    ("On portait des pierres", "Mon frère creusait la berge", "Nous bouchions le ruisseau", "Le barrage débordait"),
    ("On pousse la barque", "Le vent lève les vagues", "Mon oncle jette les filets", "On tire sur les cordes"),
    ("Je pousse la porte", "Le chat saute du lit"),
    ("Tu pousses la barque", "Ton oncle jette les filets"),
    ("Elle pousse la barque", "Son oncle jette les filets"),
)
ROWS = np.array([(0, 1), (2, 3), (0, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13)])
SECTIONS = np.repeat(np.arange(5), (4, 4, 2, 2, 2))


def make(topics: np.ndarray | None = None) -> Continuity:
    lines = [line for stanza in STANZAS for line in stanza]
    corpus = make_corpus("scenes", [Song("a", "A", (Section("couplet", tuple(map(Line, lines))),))])
    ids, line = corpus.token_table("all")
    starts = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    lengths = np.diff(starts)
    words = BeginningWords(ids, starts[ROWS], lengths[ROWS], corpus.vocabulary)
    vectors = np.random.default_rng(0).normal(size=(len(lines), 3)) if topics is None else topics
    return Continuity.of(ROWS, SECTIONS, words, LineTopics(np.zeros(len(ids)), vectors))


def chosen(mask: np.ndarray) -> list[tuple[int, int]]:
    return [tuple(row) for row in ROWS[mask].tolist()]


def test_a_scene_goes_on_with_its_later_lines() -> None:
    assert chosen(make().same_scene([0, 1])) == [(2, 3)]
    assert chosen(make().same_scene([4, 5])) == [(6, 7)]


@pytest.mark.parametrize("rows", [[], [2, 3], [8, 9]])
def test_a_scene_without_later_lines_has_ended(rows) -> None:
    assert chosen(make().same_scene(rows)) == []


def test_voices_tell_what_was_from_what_is_and_whether_it_is_told_to_somebody() -> None:
    voices = make().voices
    assert voices[0] == voices[1] == voices[2]  # nous bouchions as on portait
    assert len({voices[at] for at in (0, 3, 6)}) == 3
    assert voices[3] == voices[5] == voices[7]


def test_another_scene_is_told_as_the_song_is() -> None:
    assert chosen(make().same_song([4, 5], by_topic=False)) == [(4, 5), (6, 7), (8, 9), (12, 13)]
    assert chosen(make().same_song([10, 11], by_topic=False)) == [(10, 11)]
    assert make().same_song([], by_topic=True).all()


def test_another_scene_is_about_what_the_song_is_about_and_goes_on_where_there_are_enough(monkeypatch) -> None:
    monkeypatch.setattr(continuity, "MIN_BEGINNINGS", 1)
    topics = np.zeros((14, 3))
    topics[0:4, 0], topics[4:8, 1], topics[8:10, 2], topics[10:, 0] = 1, 1, 1, 1
    assert chosen(make(topics).same_song([6, 7], by_topic=True)) == [(4, 5)]  # (6, 7) ends its stanza
    topics[10:, 1] = 2
    monkeypatch.setattr(continuity, "MIN_BEGINNINGS", 2)  # then those that open none do as well
    assert (8, 9) not in chosen(make(topics).same_song([6, 7], by_topic=True))


def test_no_scene_opens_with_a_pronoun_for_somebody_whom_nobody_has_named() -> None:
    stanza = ("Elle pousse la barque", "Son oncle jette les filets", "Le vent tombe", "On rentre")
    corpus = make_corpus("her", [Song("a", "A", (Section("couplet", tuple(map(Line, stanza))),))])
    ids, line = corpus.token_table("all")
    starts, rows = np.searchsorted(line, np.arange(5)).astype(np.int64), np.array([(0, 1), (2, 3)])
    words = BeginningWords(ids, starts[rows], np.diff(starts)[rows], corpus.vocabulary)
    made = Continuity.of(rows, np.zeros(4, int), words, LineTopics(np.zeros(len(ids)), np.ones((4, 3))))
    assert not made.open_scenes.any()


def test_the_voice_is_that_of_the_beginnings_alone() -> None:
    words = make_corpus("one", [Song("a", "A", (Section("couplet", (Line("Je pousse ta barque"),)),))])
    ids, _ = words.token_table("all")
    short, whole = (
        beginning_voices(BeginningWords(ids, np.zeros((1, 2), int), np.full((1, 2), length), words.vocabulary))
        for length in (2, 4)
    )
    assert short != whole
