"""Conditions: where they stand, what the vocabulary keeps, that nothing of the text changes."""

import dataclasses

import numpy as np
import pytest

from pipeline.corpus.song import Line, Section, Song
from pipeline.language.vocabulary import LINE
from pipeline.language_models.control_tokens import (
    END_LINE,
    END_WORD,
    END_WORD_SHARE,
    TEXT_WORDS,
    ConditionedSongs,
    add_control_tokens,
    control_tokens_of,
    last_word,
    section_conditions_by_song,
    section_starts,
)
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import CHARACTERS, decode_ids, encode_text
from pipeline.runs.run import load_run
from pipeline.training.data import encode_split
from pipeline.training.evaluate import song_bits
from pipeline.training.settings import TrainSettings
from tests.corpora import make_corpus


def test_labels_are_those_of_the_sections(small_corpus):
    labels = section_conditions_by_song(small_corpus)
    assert labels[0] == (("<voice:a>", "<section:couplet>"), ("<voice:a>", "<section:refrain>"))


def test_conditioned_songs_are_the_same_songs(small_corpus):
    split = split_corpus(small_corpus)
    vocabulary = add_control_tokens(CHARACTERS.vocabulary(split.train), split.labels["train"])
    known = control_tokens_of(vocabulary)
    assert set(known) == {"<voice:a>", "<section:couplet>", "<section:refrain>"}
    songs = [encode_text(text, vocabulary) for text in split.train]
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
    told = add_control_tokens(vocabulary, [(("<voice:x>",),)] * 2 + [(("<voice:y>",), ("<voice:y>",))] * 3)
    assert control_tokens_of(told) == ("<voice:y>",)


def test_songs_are_scored_by_what_their_model_is_told(models, small_corpus):
    run, split = load_run("lettres"), split_corpus(small_corpus)
    told = song_bits(run.text_model(), split.test, split.labels["test"])
    assert told.shape == (len(split.test),)
    assert (told > 0).all()
    assert (told != song_bits(run.text_model(), split.test)).all()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Il a vu la NUIT !", "nuit"),
        ("Dis-le", "-le"),
        ("Dans la nuit (ouais)", ""),
        ("Encore [bruit de porte", ""),
        ("La nuit x2", ""),
        ("… !", ""),
        ("", ""),
    ],
)
def test_the_word_that_ends_a_line_is_no_adlib(line, word):
    assert last_word(line) == word


def told_corpus():
    """Twelve texts of two lines, each with a facet; nothing of chance in it."""
    lines = ("On attend le bateau", "Il a posé son manteau (ouais)", "T'as vu l'heure ?")
    songs = [
        Song(
            f"t{n}", "a", (Section("", (Line(f"{lines[n % 3]}"), Line("Je rentre à la maison"))),), facets={"who": "je"}
        )
        for n in range(12)
    ]
    return make_corpus("essai", songs)


def told_data(split):
    return encode_split(split, TrainSettings(name="essai", level="subword", vocabulary_limit=60).with_defaults())


def test_lines_of_subwords_are_told_their_last_word_as_they_spell_it():
    split = split_corpus(told_corpus(), ("who",))
    data = told_data(split)
    vocabulary = data.vocabulary
    assert {"<who:je>", END_LINE, END_WORD} <= set(control_tokens_of(vocabulary))
    word, line = (vocabulary.word2index[entry] for entry in (END_WORD, END_LINE))
    told_count, epochs = 0, 20
    for epoch in range(epochs):
        for song, told in zip(data.train, data.songs(np.random.default_rng(epoch)), strict=True):
            kept = np.ones(len(told), bool)
            for start, stop in zip(np.flatnonzero(told == word), np.flatnonzero(told == line), strict=True):
                end = stop + int(np.argmax(told[stop:] == LINE))
                written = decode_ids(told[stop + 1 : end], vocabulary)
                told_word, line_words = (
                    vocabulary.decode(told[start + 1 : stop]),
                    vocabulary.decode(told[stop + 1 : end]),
                )
                assert "".join(told_word).strip() == last_word(written)
                assert "|".join(told_word) in "|".join(line_words)
                kept[start : stop + 1] = False
                told_count += 1
            kept &= told < len(vocabulary) - data.control_token_count
            np.testing.assert_array_equal(told[kept], song)
    words = sum(bool(last_word(part)) for text in split.train for part in text.split("\n"))
    assert told_count / (epochs * words) == pytest.approx(END_WORD_SHARE, abs=0.1)


def test_the_same_generator_tells_the_same_ends():
    data = told_data(dataclasses.replace(split_corpus(told_corpus()), labels={}))  # as of a plain text
    assert {END_WORD, END_LINE} <= set(control_tokens_of(data.vocabulary))
    one, same, other = (np.concatenate(data.songs(np.random.default_rng(seed))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert one.tolist() != other.tolist()


def test_characters_and_words_are_told_no_ends():
    split = split_corpus(told_corpus())
    for level in ("char", "word"):
        data = encode_split(split, TrainSettings(name="essai", level=level).with_defaults())
        assert END_WORD not in data.vocabulary


def test_facets_and_words_of_a_text_stand_at_its_head():
    split = split_corpus(told_corpus(), ("who",))
    assert split.labels["train"][0] == (("<voice:a>", "<who:je>"),)
    labels = tuple(((*song[0], f"{TEXT_WORDS} maison bateau"),) for song in split.labels["train"])
    data = told_data(dataclasses.replace(split, labels={"train": labels}))
    head = [
        *data.vocabulary.encode(["<voice:a>", "<who:je>", TEXT_WORDS]),
        *data.vocabulary.encode(data.modelling_units.phrase_tokens(("maison", "bateau"))),
    ]
    heads = [song[: len(head)].tolist() for epoch in range(9) for song in data.songs(np.random.default_rng(epoch))]
    assert head in heads
    words = data.vocabulary.word2index[TEXT_WORDS]
    assert 0.3 < np.mean([words in song for song in heads]) < 0.7  # half
    assert 0.5 < np.mean([head[0] in song for song in heads]) < 0.9  # seven of ten


def test_what_is_told_is_no_part_of_a_text_that_is_scored(small_corpus):
    split = split_corpus(small_corpus)
    told = ConditionedSongs.from_conditions(
        [encode_text(text, CHARACTERS.vocabulary(split.train)) for text in split.train],
        [((f"{TEXT_WORDS} nuit",),)] * len(split.train),
        CHARACTERS.vocabulary(split.train),
    )
    for song, same in zip(told.songs, told.with_control_tokens(), strict=True):
        np.testing.assert_array_equal(song, same)
