"""Windows: nothing lost, y one later than x, rows that go on from window to window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.vocabulary import SONG
from pipeline.training.data import make_windows

SONGS = [np.arange(10, 10 + n, dtype=np.int32) for n in (7, 1, 12, 0, 30)]


def test_without_a_generator_the_songs_lie_in_order_between_borders():
    windows = make_windows(SONGS, batch=1, time=5, generator=None)
    stream = np.concatenate([np.append(SONG, song) for song in SONGS])
    np.testing.assert_array_equal(windows.x[0], stream[: windows.x.shape[1]])
    np.testing.assert_array_equal(windows.y[0][:-1], windows.x[0][1:])


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 99))
def test_rows_go_on_and_targets_are_one_step_later(batch, time, seed):
    windows = make_windows(SONGS, batch, time, np.random.default_rng(seed))
    for (x, y), (following, _) in zip(windows, list(windows)[1:], strict=False):
        assert x.shape == (batch, windows.time)
        np.testing.assert_array_equal(x[:, 1:], y[:, :-1])
        np.testing.assert_array_equal(y[:, -1], following[:, 0])
    read = sum(x.size for x, _ in windows)
    total = sum(len(song) + 1 for song in SONGS)
    assert total - batch * windows.time < read <= total


def test_the_order_follows_from_the_generator_alone():
    one, same, other = (make_windows(SONGS, 2, 5, np.random.default_rng(seed)).x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_too_few_tokens_for_the_batch():
    with pytest.raises(ValueError, match="do not fill 10 rows"):
        make_windows([np.array([4], np.int32)], 10, 5, None)
