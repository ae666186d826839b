"""Scores: a complete code, equal to a step-by-step reading, the same however a text is cut into pieces."""

import json
import math

import numpy as np
import pytest

from pipeline.cells.activations import log_softmax
from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import SONG
from pipeline.language_models import protocol
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import encode
from pipeline.runs.run import load_run
from pipeline.training.evaluate import evaluate_split, evaluate_text


def step_by_step(network, song):
    state, token, out = network.initial_state(), SONG, []
    for following in [*song.tolist(), SONG]:
        logits, state = network.step([token], state)
        out.append(log_softmax(logits.astype(np.float64), axis=1)[0, following])
        token = following
    return np.array(out)


def test_parallel_reading_equals_stepping(models, small_corpus):
    run = load_run("lettres")
    songs = [encode(text, run.vocabulary) for text in split_corpus(small_corpus).train[:3]] + [np.zeros(0, np.int32)]
    for song, scores in zip(songs, run.network_model().score(songs), strict=True):
        np.testing.assert_allclose(scores, step_by_step(run.network(), song), atol=2e-5)


def test_pieces_of_a_long_text_agree_with_an_unbroken_reading(models, small_corpus, monkeypatch):
    run = load_run("lettres")
    song = encode("".join(split_corpus(small_corpus).train[:6]), run.vocabulary)
    (whole,) = run.network_model().score([song])
    monkeypatch.setattr(protocol, "PIECE", 300)
    monkeypatch.setattr(protocol, "PIECE_WARM_UP", 100)
    (pieces,) = run.network_model().score([song])
    assert len(song) > 1500
    np.testing.assert_allclose(pieces[:300], whole[:300], atol=1e-5)
    assert abs(pieces.mean() - whole.mean()) < 1e-3


def test_an_unknown_character_pays_for_its_code_point(models):
    run = load_run("lettres")
    known, unknown = evaluate_text(run, "la nuit"), evaluate_text(run, "la nu\u4e16t")
    assert (known.unknown, unknown.unknown) == (0, 1)
    assert unknown.parts["spelling"] == pytest.approx(CODE_POINT_BITS / 7)


def test_a_word_model_pays_for_everything(models):
    run = load_run("mots")
    plain = evaluate_text(run, "dans la ville\n")
    odd = evaluate_text(run, "DANS, la ville\n")
    spelt = evaluate_text(run, "dans la vxlle\n")
    assert odd.parts["surface"] * odd.characters > plain.parts["surface"] * plain.characters
    assert (plain.unknown, spelt.unknown, spelt.oov_rate) == (0, 1, pytest.approx(1 / 3))
    assert spelt.parts["spelling"] > 0 == plain.parts["spelling"]
    assert plain.perplexity == pytest.approx(2 ** (plain.parts["tokens"] * plain.characters / plain.tokens))


@pytest.mark.parametrize("name", ["lettres", "mots"])
def test_a_split_is_what_training_wrote(models, small_corpus, name):
    run = load_run(name)
    scores = evaluate_split(run, small_corpus, "test")
    assert scores.bits_per_char == pytest.approx(run.scores["test"]["bits_per_char"], rel=1e-6)
    assert scores.characters == sum(len(text) + 1 for text in split_corpus(small_corpus).test)
    assert json.loads(json.dumps(scores.to_json()))["characters"] == scores.characters


def test_scores_are_those_of_a_better_than_uniform_model(models, small_corpus):
    run = load_run("lettres-mixed")
    assert evaluate_split(run, small_corpus).bits_per_char < math.log2(len(run.vocabulary))


def test_line_ends_of_other_systems_are_line_ends(models):
    run = load_run("lettres")
    assert evaluate_text(run, "la\r\nnuit\r").characters == len("la\nnuit\n")


def test_bad_input(models, small_corpus):
    with pytest.raises(SettingError, match="empty"):
        evaluate_text(load_run("lettres"), "")
    with pytest.raises(SettingError, match="Unknown split"):
        evaluate_split(load_run("lettres"), small_corpus, "all")
