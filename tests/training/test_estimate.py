"""The estimate scales from a run that was trained: its own settings give its own figures back."""

import dataclasses
from dataclasses import replace

import pytest

from pipeline.cells.replay import NetworkSpec
from pipeline.language_models.splits import song_texts
from pipeline.language_models.units import UNITS, encode_text
from pipeline.runs.run import load_run
from pipeline.training.estimate import (
    TrainingSpeed,
    estimate_training,
    estimate_training_set_sizes,
    multiplication_count,
    parameter_count,
    training_speed,
)

LSTM = NetworkSpec(cell="lstm", units=4, layers=1, embedding=3, tied=False, vocabulary_size=10)
RUN = TrainingSpeed("run", "char", LSTM, tokens_per_second=500.0)


def test_parameters_and_products_by_hand():
    # embedding 10·3, kernel 3·16, recurrent 4·16, bias 16, output 4·10 + 10
    assert parameter_count(LSTM) == 30 + 48 + 64 + 16 + 50
    assert multiplication_count(LSTM) == 48 + 64 + 40
    gru = replace(LSTM, cell="gru")
    assert multiplication_count(gru) == 3 * 12 + 4 * 12 + 40
    tied = replace(LSTM, tied=True)  # a projection 4·3, then the embedding 10·3 serves as output
    assert multiplication_count(tied) == 48 + 64 + 12 + 30


def test_the_same_training_again():
    found = estimate_training(LSTM, "char", tokens=9000, seconds=90, runs=[RUN])
    assert found.tokens_per_second == 500
    assert found.epochs == pytest.approx(5)
    assert found.after == "run"


def test_a_larger_network_is_slower_in_proportion():
    wide = replace(LSTM, units=40)
    found = estimate_training(wide, "char", tokens=9000, seconds=90, runs=[RUN])
    assert found.tokens_per_second == pytest.approx(500 * multiplication_count(LSTM) / multiplication_count(wide))


def test_the_same_cell_goes_before_the_nearest_size():
    wide = TrainingSpeed("wide", "char", replace(LSTM, units=64), 10.0)
    gru = TrainingSpeed("gru", "char", replace(LSTM, cell="gru"), 10.0)
    found = estimate_training(LSTM, "char", tokens=1, seconds=1, runs=[gru, wide])
    assert found.after == "wide"


def test_nothing_to_go_by():
    assert estimate_training(LSTM, "word", tokens=1, seconds=1, runs=[RUN]) is None
    assert estimate_training(LSTM, "char", tokens=0, seconds=1, runs=[RUN]) is None


def test_a_run_says_how_fast_it_was(models):
    run = load_run("lettres")

    def lasting(seconds):
        config = {**run.config, "training": {**run.config["training"], "seconds": seconds}}
        return training_speed(dataclasses.replace(run, config=config))

    assert lasting(2.0) is None
    found = lasting(60.0)
    assert found.tokens_per_second == 12 * 4 * 20 / 60  # steps, batch, time, seconds
    assert training_speed(dataclasses.replace(run, config={})) is None


def test_the_sizes_of_a_corpus(small_corpus):
    characters = estimate_training_set_sizes(small_corpus, "char")
    whole = sum(map(len, song_texts(small_corpus)))
    assert characters.tokens == characters.characters == pytest.approx(0.9 * whole, rel=0.01)
    vocabulary = UNITS["char"].vocabulary(song_texts(small_corpus))
    assert characters.vocabulary == len(vocabulary)
    words = estimate_training_set_sizes(small_corpus, "word")
    encoded = sum(len(encode_text(text, vocabulary)) for text in song_texts(small_corpus))
    assert words.tokens < encoded
    assert words.vocabulary == len(UNITS["word"].vocabulary(song_texts(small_corpus)))
