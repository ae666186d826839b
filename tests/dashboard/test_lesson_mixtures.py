"""Ten words worked out by hand are those of the model; a cache makes a refrain cheap; a share is fitted."""

import numpy as np
import pytest

from dashboard.lessons import mixtures
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.kneser_ney import train_kneser_ney
from pipeline.language_models.mixture import fit_shares

LEARNT = ["la", "nuit", "tombe", "sur", "la", "ville", "et", "la", "nuit", "monte", "sur", "la", "mer"]
TESTED = ["la", "nuit", "monte", "sur", "la", "ville", "et", "je", "compte", "la"]


def test_ten_words_by_hand_are_those_of_the_model() -> None:
    counted = mixtures.count_by_hand(LEARNT, TESTED)
    vocabulary = Vocabulary.from_counts({word: LEARNT.count(word) for word in LEARNT}, level="word")
    model = train_kneser_ney([vocabulary.encode(LEARNT)], len(vocabulary), 2)
    (scores,) = model.score([vocabulary.encode(TESTED)])
    np.testing.assert_allclose([word.p for word in counted.words], np.exp(scores[:-1]), rtol=1e-12)
    for word in counted.words:
        kept = (word.times - word.discount) / word.total if word.times else 0
        assert word.p == pytest.approx(kept + word.left * word.below)
    assert counted.perplexity == pytest.approx(np.exp(-scores[:-1].mean()))


def test_a_line_that_comes_again_is_cheap_with_the_cache() -> None:
    ids = np.tile(np.random.default_rng(0).integers(4, 40, 30), 2)
    model = train_kneser_ney([np.arange(4, 40, dtype=np.int32)], 40, 2)
    weights = np.tile([-1.0, 0.5, -0.5], (6, 1))
    read = mixtures.score_with_cache(model, weights, ids)
    assert read.mixed[30:60].mean() < 0.5 * read.mixed[:30].mean()
    np.testing.assert_allclose(mixtures.score_with_cache(model, weights, ids, 1e-12).mixed, read.alone, rtol=1e-6)


def test_a_share_is_fitted_as_the_mixtures_are_and_never_for_worse() -> None:
    first, second = np.log(np.random.default_rng(1).uniform(0.05, 0.9, (2, 200)))
    fit = mixtures.fit_share(first, second, steps=60)
    assert (np.diff(fit.bits) <= 1e-15).all()
    whole = fit_shares(first, second, np.zeros(200, int), 1)
    assert fit.shares[-1] == pytest.approx(whole.item(), abs=0.01)
    scene = mixtures.fit_scene("a" * 200, fit, ["counts", "network"])
    assert {len(track["values"]) for track in scene.parts[0].tracks} == {60}
