"""Surprise: the bits of a text token by token add up to its score; tokens stand where the text has them."""

import numpy as np
import pytest

from pipeline.core.errors import SettingError
from pipeline.runs.run import load_run
from pipeline.training.evaluate import LONGEST_SURPRISAL_TEXT, score_texts, token_surprisals

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
