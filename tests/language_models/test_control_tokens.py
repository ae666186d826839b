"""Conditions: where they stand, what the vocabulary keeps, that nothing of the text changes."""

import numpy as np

from pipeline.language.vocabulary import LINE
from pipeline.language_models.control_tokens import (
    ConditionedSongs,
    conditions_of,
    section_conditions_by_song,
    section_starts,
    with_conditions,
)
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import CHARACTERS, encode
from pipeline.runs.run import load_run
from pipeline.training.evaluate import song_bits


def test_labels_are_those_of_the_sections(small_corpus):
    labels = section_conditions_by_song(small_corpus)
    assert labels[0] == (("<voice:a>", "<section:couplet>"), ("<voice:a>", "<section:refrain>"))


def test_conditioned_songs_are_the_same_songs(small_corpus):
    split = split_corpus(small_corpus)
    vocabulary = with_conditions(CHARACTERS.vocabulary(split.train), split.labels["train"])
    known = conditions_of(vocabulary)
    assert set(known) == {"<voice:a>", "<section:couplet>", "<section:refrain>"}
    songs = [encode(text, vocabulary) for text in split.train]
    words = len(vocabulary) - len(known)
    conditioned = ConditionedSongs.from_conditions(songs, split.labels["train"], vocabulary)
    for song, told in zip(songs, conditioned.with_control_tokens(), strict=True):
        np.testing.assert_array_equal(told[told < words], song)
        assert (told >= words).sum() == 4
        assert (told[:2] >= words).all()
        after = section_starts(song)[1] + 2
        assert told[after - 1] == LINE
        assert (told[after : after + 2] >= words).all()
    dropped = conditioned.with_control_tokens(np.random.default_rng(1))
    assert 0 < sum((told >= words).sum() for told in dropped) < 4 * len(songs)


def test_a_condition_of_few_songs_is_left_out():
    vocabulary = CHARACTERS.vocabulary(("aabb",))
    told = with_conditions(vocabulary, [(("<voice:x>",),)] * 2 + [(("<voice:y>",), ("<voice:y>",))] * 3)
    assert conditions_of(told) == ("<voice:y>",)


def test_songs_are_scored_by_what_their_model_is_told(models, small_corpus):
    run, split = load_run("lettres"), split_corpus(small_corpus)
    told = song_bits(run.text_model(), split.test, split.labels["test"])
    assert told.shape == (len(split.test),)
    assert (told > 0).all()
    assert (told != song_bits(run.text_model(), split.test)).all()
