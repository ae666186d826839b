"""Intervals over songs: each clever estimate against the measure of the text without the song."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.counting import count_matrix
from pipeline.analysis.intervals import jackknife
from pipeline.analysis.words import diversity as d
from pipeline.analysis.words.moving_windows import mattr, previous_occurrence
from pipeline.analysis.words.mtld import both_directions, mtld
from pipeline.analysis.words.rankings import MEASURES, estimate_from_counts, estimate_mattr, estimate_mtld


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Artists whose songs each have their own theme words: the interval over songs holds the value of a far larger
    output about 95 times in 100 (between 88 and 100 of 100 is what chance leaves)."""
    rng = np.random.default_rng(11)
    p = 1 / (np.arange(1, 801) + 3.0)

    def songs(n):
        theme = p * rng.gamma(0.7, 1 / 0.7, (n, 800))
        words = [rng.choice(800, 120, p=row / row.sum()) for row in theme]
        return np.concatenate(words).astype(np.int32), np.repeat(np.arange(n), 120)

    big, _ = songs(3000)
    measure = MEASURES["hdd"]
    truth = measure.of_spectrum(d.spectrum(np.bincount(big)))
    held = 0
    for _ in range(100):
        ids, song = songs(20)
        _, (low, high) = estimate_from_counts(measure.of_spectrum, count_matrix(ids, song, (20, 800)))
        held += low <= truth <= high
    assert 88 <= held <= 100


@pytest.mark.parametrize("cells", [1, 1 << 20])
def test_a_song_left_out_is_a_text_without_it(monkeypatch, cells):
    monkeypatch.setattr("pipeline.analysis.words.rankings._CELLS", cells)
    rng = np.random.default_rng(3)
    ids, song = (rng.zipf(1.4, 900) % 200).astype(np.int32), np.sort(rng.integers(0, 7, 900))
    measure = MEASURES["hdd"].of_spectrum
    value, interval = estimate_from_counts(measure, count_matrix(ids, song, (7, 200)))
    assert value == pytest.approx(measure(d.spectrum(np.bincount(ids))))
    without = [measure(d.spectrum(np.bincount(ids[song != k]))) for k in range(7)]
    assert interval == pytest.approx(jackknife(value, without))


def zipf_text(words, songs, seed=3):
    """(ids, song of each): a text of some songs of unequal lengths."""
    rng = np.random.default_rng(seed)
    ids = (rng.zipf(1.4, words) % 200).astype(np.int32)
    return ids, np.sort(rng.integers(0, songs, words))


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_text_without_a_song(songs):
    """Simpson's D, which every count changes, of texts of any shape."""
    ids, song = np.concatenate(songs).astype(np.int32), np.repeat(np.arange(len(songs)), [len(s) for s in songs])
    value, interval = estimate_from_counts(d.simpson_d, count_matrix(ids, song, (len(songs), 6)))
    assert value == pytest.approx(d.simpson_d(d.spectrum(np.bincount(ids))), nan_ok=True)
    without = [d.simpson_d(d.spectrum(np.bincount(ids[song != k], minlength=1))) for k in range(len(songs))]
    assert interval == pytest.approx(jackknife(value, without), nan_ok=True)


def test_mattr_without_a_song_is_near_its_definition():
    ids, song = zipf_text(3000, 10)
    value, interval = estimate_mattr(previous_occurrence(ids), np.searchsorted(song, np.arange(10)), 50)
    assert value == pytest.approx(mattr(ids, 50))
    exact = jackknife(value, [mattr(ids[song != k], 50) for k in range(10)])
    assert interval.high - interval.low == pytest.approx(exact.high - exact.low, rel=0.1)


def test_mtld_without_a_song_is_near_its_definition():
    ids, song = zipf_text(6000, 12)
    bounds, starts = np.array([0, len(ids)]), np.append(np.searchsorted(song, np.arange(12)), len(ids))
    forward, backward = (part.within(starts) for part in both_directions(previous_occurrence(ids), bounds))
    value, interval = estimate_mtld(np.diff(starts), forward, backward)
    assert value == pytest.approx(mtld(ids))
    exact = jackknife(value, [mtld(ids[song != k]) for k in range(12)])
    assert interval.high - interval.low == pytest.approx(exact.high - exact.low, rel=0.25)


def test_a_song_that_holds_every_factor_leaves_no_limits():
    tokens = np.array([150.0, 3.0, 2.0])
    value, interval = estimate_mtld(tokens, np.array([2.0, 0, 0]), np.array([2.5, 0, 0]))
    assert value == pytest.approx((155 / 2 + 155 / 2.5) / 2)
    assert np.isnan(interval).all()
