"""The mixture: a distribution, its shares the likeliest, played with a cache as it is scored."""

import numpy as np
import pytest

from pipeline.language.vocabulary import SONG
from pipeline.language_models.mixture import fit_shares, mixed_scores, scale_share_odds
from pipeline.language_models.units import encode_text
from pipeline.runs.run import load_run

HERE = np.zeros(2, int)


def test_the_share_by_hand():
    """Two tokens; the models give (0.8, 0.2) and (0.2, 0.8): by symmetry half and half, p = 0.5 each."""
    first, second = np.log([0.8, 0.2]), np.log([0.2, 0.8])
    assert fit_shares(first, second, HERE, 1) == pytest.approx(0.5)
    np.testing.assert_allclose(np.exp(mixed_scores(first, second, 0.5)), 0.5)


def test_no_other_share_is_likelier():
    rng = np.random.default_rng(0)
    first, second = np.log(rng.uniform(0.01, 1, (2, 500)))
    (share,) = fit_shares(first, second, np.zeros(500, int), 1)
    best = mixed_scores(first, second, share).sum()
    assert all(mixed_scores(first, second, other).sum() <= best + 1e-6 for other in np.linspace(0.01, 0.99, 99))


def test_each_context_has_its_share_and_an_unseen_one_that_of_all():
    first, second = np.log(np.tile([[0.9], [0.1]], (1, 400)))
    first[200:], second[200:] = second[200:].copy(), first[200:].copy()
    context = np.repeat([0, 1], 200)
    shares = fit_shares(first, second, context, 3)
    assert shares[0] > 0.9
    assert shares[1] < 0.1
    assert shares[2] == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["lettres-mixed", "mots-mixed"])
def test_playing_with_the_cache_gives_the_probabilities_that_are_scored(models, name):
    run = load_run(name)
    song = encode_text("la nuit dans la ville\nla nuit dans la rue\n", run.vocabulary)
    player, walked = run.language_model().with_cache([]), []
    state, heard = player.initial_state(), [SONG, *song.tolist()]
    for at, following in enumerate([*song.tolist(), SONG]):
        log_p, state = player.with_cache(heard[1 : at + 1]).feed_tokens([heard[at]], state)
        assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-9)
        walked.append(log_p[0, following])
    model = run.text_model()
    scored = model.adaptive_scores([song], model.score([song]))[0]
    np.testing.assert_allclose(scored, walked, atol=2e-5)


def test_the_weight_multiplies_the_odds_of_the_cache(models):
    run = load_run("lettres-mixed")
    line = encode_text("la nuit zzz dans\n", run.vocabulary)
    at_weight = {}
    for weight in (0.0, 1.0, 3.0):
        player = run.language_model().with_cache(line, weight)
        log_p, _ = player.feed_sequences(np.array([[SONG, *line[:6]]]))
        at_weight[weight] = np.exp(log_p[0, -1])
    cache = run.language_model().with_cache(line).cache
    recent, share = cache.probabilities(np.array([SONG, *line[:6]]))
    for weight in (1.0, 3.0):
        here = scale_share_odds(share, weight)
        assert here / (1 - here) == pytest.approx(weight * share / (1 - share))
        np.testing.assert_allclose(at_weight[weight], (1 - here) * at_weight[0.0] + here * recent, atol=1e-12)


def test_the_faster_model_of_a_mixture_is_its_network_unless_it_reads_a_cache(models):
    model = load_run("lettres-mixed").language_model()
    faster, state = model.faster_model(model.initial_state(2))
    assert faster is model.network
    np.testing.assert_equal(state, model.network.initial_state(2))
    cached = model.with_cache([4, 5])
    assert cached.faster_model(cached.initial_state())[0] is cached


def test_mixed_is_at_least_as_good_on_validation_as_either(models):
    scores = load_run("lettres-mixed").scores
    assert (
        scores["valid"]["bits_per_char"] <= min(scores["network"]["valid"], scores["baseline"]["valid"]) + 1e-3
    )  # a share stops at 1e-4


CONTEXTS, LENGTH = 24, 12


@pytest.mark.parametrize("name", ["demo-char", "demo-word"])
@pytest.mark.parametrize("cached", [False, True])
def test_a_shipped_mixture_sums_to_one(name, cached):
    """After contexts of tokens drawn by chance: what hashes take for known, and what nothing knows."""
    model, rng = load_run(name).language_model(), np.random.default_rng(1)
    words = model.vocabulary_size - model.control_token_count
    tokens = np.column_stack([np.full(CONTEXTS, SONG), rng.integers(2, words, (CONTEXTS, LENGTH))])
    tokens[::2, LENGTH // 2 :] = tokens[::2, 1 : LENGTH - LENGTH // 2 + 2]  # of every second one a part comes back
    model = model.with_cache(tokens[0]) if cached else model
    scores, _ = model.feed_sequences(tokens)
    assert np.abs(np.exp(scores).sum(-1) - 1).max() < 1e-9
