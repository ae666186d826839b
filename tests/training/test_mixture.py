"""The mixture: a distribution, its weight the likeliest, stepping equal to scoring, playable as a network."""

import numpy as np
import pytest

from pipeline.language.vocabulary import SONG
from pipeline.training.evaluate import log_probabilities
from pipeline.training.mixture import Mixture, fit_weight, mixed_scores
from pipeline.training.run import load_run
from pipeline.training.streams import encode


def test_the_weight_by_hand():
    """Two tokens; the experts give (0.8, 0.2) and (0.2, 0.8): by symmetry half and half, p = 0.5 each."""
    network, ngrams = np.log([0.8, 0.2]), np.log([0.2, 0.8])
    assert fit_weight(network, ngrams) == pytest.approx(0.5)
    np.testing.assert_allclose(np.exp(mixed_scores(network, ngrams, 0.5)), 0.5)


def test_no_other_weight_is_likelier():
    rng = np.random.default_rng(0)
    network, ngrams = np.log(rng.uniform(0.01, 1, (2, 500)))
    weight = fit_weight(network, ngrams)
    best = mixed_scores(network, ngrams, weight).sum()
    assert all(mixed_scores(network, ngrams, other).sum() <= best + 1e-6 for other in np.linspace(0.01, 0.99, 99))


@pytest.mark.parametrize("name", ["lettres-mixed", "mots-mixed"])
def test_playing_gives_the_probabilities_that_are_scored(models, name):
    run = load_run(name)
    player = run.player()
    assert isinstance(player, Mixture)
    song = encode("la nuit dans la ville\n", run.vocabulary)
    state, token, walked = player.initial_state(), SONG, []
    for following in [*song.tolist(), SONG]:
        log_p, state = player.step([token], state)
        assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-9)
        walked.append(log_p[0, following])
        token = following
    np.testing.assert_allclose(log_probabilities(run, [song])[0], walked, atol=2e-5)
    whole, _ = player.run(np.array([[SONG, *song]]))
    np.testing.assert_allclose(whole[0, np.arange(len(song)), song], walked[:-1], atol=2e-5)


def test_mixed_is_at_least_as_good_on_validation_as_either(models):
    scores = load_run("lettres-mixed").scores
    assert (
        scores["valid"]["bits_per_char"] <= min(scores["network"]["valid"], scores["baseline"]["valid"]) + 1e-3
    )  # the weight stops at 1e-4
