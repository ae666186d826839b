"""The cache of a song: by hand, a distribution, scoring equal to playing, its weights the likeliest."""

import numpy as np
import pytest

from pipeline.language.vocabulary import SONG
from pipeline.language_models.cache_model import (
    CacheModel,
    SongNgramCounts,
    cache_log_probabilities,
    context_counts,
    fit_cache_weights,
)
from pipeline.language_models.interpolation import LEAST_SHARE
from pipeline.language_models.mixture import mixed_scores

A, B, SIZE = 4, 5, 8
WEIGHTS = np.array([[-1.0, 0.3, -0.5], [0.0, 0.8, -1.2], [0.5, 0.2, -0.4], [1.0, 0.0, 0.0]])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_by_hand():
    """After <song> A B A the context A was once before, followed by B; four tokens in all, three of them different."""
    cache = CacheModel(SIZE, WEIGHTS[:2], SongNgramCounts(2)).with_cache([A, B, A])
    p, share = cache.probabilities(np.array([A]))
    empty, after_a = sigmoid(-1 + 0.3 * np.log(4) - 0.5 * np.log(3)), sigmoid(0.0)
    expected = {A: (1 - after_a) * empty * 2 / 4, B: after_a + (1 - after_a) * empty / 4}
    assert share == pytest.approx(1 - (1 - empty) * (1 - after_a))
    for token, value in expected.items():
        assert share * p[token] == pytest.approx(value)
    levels = [level[level[:, 0] == 3] for level in context_counts(np.array([A, B, A, B]), 2)]
    np.testing.assert_array_equal(np.concatenate(levels), [[3, 4, 3, 1], [3, 1, 1, 1]])


@pytest.mark.parametrize("size", [0, 1, 300])
def test_what_is_sorted_at_once_is_what_was_counted_token_by_token(size):
    """Of each length count, types and own before each token, from the dictionaries of `SongCounts`."""
    song, counts = np.random.default_rng(size).integers(4, 7, size), SongNgramCounts(6)
    expected = [[] for _ in range(6)]
    for at, token in enumerate([*song.tolist(), SONG]):
        text = "".join(map(chr, [SONG, *song[:at]]))[-5:]
        for length, seen in enumerate(counts.follower_counts(text)):
            expected[length].append([at, sum(seen.values()), len(seen), seen.get(token, 0)])
        counts.update([token])
    for level, rows in zip(context_counts(song, 6), expected, strict=True):
        np.testing.assert_array_equal(level, np.reshape(rows, (-1, 4)))


def test_probabilities_are_a_distribution_and_scoring_says_the_same():
    song = np.random.default_rng(3).integers(4, SIZE, 60)
    scores, shares = cache_log_probabilities(song, WEIGHTS)
    cache = CacheModel(SIZE, WEIGHTS, SongNgramCounts(4))
    for at, token in enumerate([*song, SONG]):
        p, share = cache.probabilities(np.array([SONG, *song[:at]][-3:]))
        assert p.sum() == pytest.approx(1, abs=1e-12)
        assert (p[token], share) == (pytest.approx(np.exp(scores[at])), pytest.approx(shares[at]))
        cache.extend_cache([token])


def test_however_sure_the_cache_something_new_stays_possible():
    certain = np.tile([50.0, 0.0, 0.0], (4, 1))
    scores, shares = cache_log_probabilities(np.array([A] * 30 + [B]), certain)
    assert shares.max() == 1 - LEAST_SHARE
    assert scores[30] == -np.inf
    assert np.isfinite(mixed_scores(scores, np.full(32, -2.0), shares)).all()


def bits(song, static, weights):
    own, share = cache_log_probabilities(song, weights)
    return -mixed_scores(own, static, share).sum()


def test_no_other_weights_are_likelier():
    rng = np.random.default_rng(0)
    words = [rng.integers(4, SIZE, 6) for _ in range(5)]
    songs = [np.concatenate([words[at] for at in rng.integers(0, 5, 60)]) for _ in range(4)]
    static = [np.full(len(song) + 1, -np.log(SIZE)) for song in songs]
    weights = fit_cache_weights(songs, static, 3)
    cost = sum(bits(song, rest, weights) for song, rest in zip(songs, static, strict=True))
    assert cost < 0.8 * -sum(rest.sum() for rest in static)
    for at in np.ndindex(weights.shape):
        for step in (-0.3, 0.3):
            other = weights.copy()
            other[at] += step
            assert cost < sum(bits(song, rest, other) for song, rest in zip(songs, static, strict=True)) + 0.5


def test_a_length_that_no_song_knows_keeps_the_start():
    song = np.array([A, B])
    weights = fit_cache_weights([song], [np.full(3, -2.0)], 4)
    np.testing.assert_array_equal(weights[3], [-1, 0, 0])
