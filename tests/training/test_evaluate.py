"""Scores: a complete code, the same however a text is cut into pieces, and the sum of its surprisals."""

import json

import numpy as np
import pytest

from pipeline.core.errors import SettingError
from pipeline.language_models import protocol
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import encode_text
from pipeline.runs.run import load_run
from pipeline.training.evaluate import (
    LONGEST_SURPRISAL_TEXT,
    evaluate_split,
    evaluate_text,
    score_texts,
    token_surprisals,
)


def test_pieces_of_a_long_text_agree_with_an_unbroken_reading(models, small_corpus, monkeypatch):
    run = load_run("lettres")
    song = encode_text("".join(split_corpus(small_corpus).train[:6]), run.vocabulary)
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
    plain = evaluate_text(run, "dans la ville\n\n")
    odd = evaluate_text(run, "DANS, la ville\n\n")
    spelt = evaluate_text(run, "dans la vxlle\n\n")
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


def test_line_ends_of_other_systems_are_line_ends(models):
    run = load_run("lettres")
    assert evaluate_text(run, "la\r\nnuit\r").characters == len("la\nnuit\n")


def test_bad_input(models):
    with pytest.raises(SettingError, match="empty"):
        evaluate_text(load_run("lettres"), "")


TEXT = "J'suis dans la nuit, Brontosaure\n\nLa rue (ouais) 漢\nencore"


@pytest.mark.parametrize("name", ["lettres", "mots", "lettres-mixed", "mots-mixed"])
def test_the_bits_add_up_to_the_score(models, name):
    run = load_run(name)
    surprisals = token_surprisals(run.text_model(), TEXT * 3)
    parts = score_texts(run.text_model(), [TEXT * 3], ends=False)
    expected = (parts.parts["tokens"] + parts.parts["spelling"]) * parts.characters
    assert sum(one.bits for one in surprisals) == pytest.approx(expected, rel=1e-5)
    for one in surprisals:
        assert len(one.guesses) == 5
        odds = [p for _, p in one.guesses]
        assert odds == sorted(odds, reverse=True)
        assert sum(odds) <= 1 + 1e-9


def test_a_guess_that_comes_costs_what_its_probability_says(models):
    model = load_run("lettres").text_model()
    hits = [
        (one.bits, dict(one.guesses)[TEXT[one.start : one.stop]])
        for one in token_surprisals(model, TEXT)
        if one.in_vocabulary and TEXT[one.start : one.stop] in dict(one.guesses)
    ]
    assert hits
    for bits, p in hits:
        assert bits == pytest.approx(-np.log2(p))


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_SURPRISAL_TEXT + 1)])
def test_a_text_of_no_use(models, text):
    with pytest.raises(SettingError, match="Give a text of"):
        token_surprisals(load_run("lettres").text_model(), text)
