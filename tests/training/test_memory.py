"""The memory of a song: by hand, a distribution, scoring equal to stepping."""

import numpy as np
import pytest

from pipeline.language.vocabulary import SONG
from pipeline.training.memory import SongMemory

A, B, SIZE = 4, 5, 8


def test_by_hand():
    """After <song> A B A the context A was once before, followed by B; A twice and B once among four tokens."""
    memory = SongMemory(SIZE, order=2)
    memory.read([A, B, A])
    p, known = memory.probabilities([A])
    unigram = (1 - 0.75 + 0.75 * 3 / SIZE) / 4  # B: once of four tokens (<song> is one), three types
    assert known == 1
    assert p[B] == pytest.approx((1 - 0.75) / 1 + 0.75 * unigram)


def test_probabilities_are_a_distribution_and_score_says_the_same():
    rng = np.random.default_rng(3)
    song = rng.integers(4, SIZE, 60)
    scores, known = SongMemory(SIZE, order=4).score(song)
    memory = SongMemory(SIZE, order=4)
    for at, token in enumerate(song):
        p, length = memory.probabilities([SONG, *song[:at]][-3:])
        assert p.sum() == pytest.approx(1, abs=1e-12)
        assert (np.log(p[token]), length) == (pytest.approx(scores[at]), known[at])
        memory.read([token])


def test_a_new_song_is_uniform():
    p, known = SongMemory(SIZE, order=3).probabilities([A, B])
    assert known == 0
    assert p[A] == pytest.approx(0.75 / SIZE)
