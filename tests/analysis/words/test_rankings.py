import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.counting import count_matrix
from pipeline.analysis.intervals import jackknife
from pipeline.analysis.words import diversity as d
from pipeline.analysis.words.moving_windows import mattr, previous_occurrence
from pipeline.analysis.words.rankings import (
    MEASURES,
    diversity_ranking,
    diversity_table,
    estimate_mattr,
    estimate_spectrum_measure,
)
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


@pytest.fixture(scope="module")
def voices():
    """Three artists of 12 songs, their words drawn from 60, 61 and 600: the first two cannot be told apart."""
    rng = np.random.default_rng(2)

    def song(artist, k, size):
        words = [f"mot{i}" for i in rng.integers(0, size, 60)]
        lines = tuple(Line(" ".join(words[i : i + 6])) for i in range(0, 60, 6))
        return Song(f"{artist}{k}", artist, (Section("couplet", lines),), year=2000 + k)

    # songs of the artists alternate, so that an artist's tokens do not stand together
    return make_corpus("v", [song(*pair) for k in range(12) for pair in (("A", k, 60), ("B", k, 61), ("C", k, 600))])


def test_table_is_the_functions_on_each_text(voices):
    table = diversity_table(voices).set_index("artist")
    part = voices.where(artists=["B"])
    s = d.frequency_spectrum(part.word_counts())
    assert table.loc["B", ["songs", "tokens"]].tolist() == [12, 720]
    for name, measure in MEASURES.items():
        if measure.of_spectrum:
            assert table.loc["B", name] == pytest.approx(measure.of_spectrum(s), nan_ok=True), name
    ids = part.token_ids()
    assert table.loc["B", "mattr_50"] == pytest.approx(mattr(ids, 50))


@pytest.mark.parametrize("measure", ["mattr_50", "hdd", "yule_k"])
def test_ranking_shows_no_order_where_intervals_overlap(voices, measure):
    table = diversity_ranking(voices, measure)
    whole = diversity_table(voices).set_index("artist")[measure]
    assert table["value"].tolist() == pytest.approx(whole[table["artist"]].tolist())
    assert table["artist"].iloc[0] == "C"
    assert table["rank"].tolist() == ["1", "2–3", "2–3"]
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()


def test_ranking_leaves_out_what_is_too_short(voices):
    assert diversity_ranking(voices, "rarefied_5000").empty
    with pytest.raises(SettingError, match="no measure 'ttttr'"):
        diversity_ranking(voices, "ttttr")


def test_families_take_any_number(voices):
    ids, _ = voices.where(artists=["B"]).token_table()
    s = d.frequency_spectrum(voices.where(artists=["B"]).word_counts())
    expected = {"mattr_75": mattr(ids, 75), "rarefied_123": d.rarefaction(s, 123), "hdd_30": d.hdd(s, 30)}
    for name, value in expected.items():
        assert diversity_ranking(voices, name).set_index("artist").loc["B", "value"] == pytest.approx(value)
    for bad in ("mattr_1", "rarefied_9", "mattr_99999999999", "mattr_x", "yule_3"):
        with pytest.raises(SettingError):
            diversity_ranking(voices, bad)


def test_small_groups_are_not_ranked(voices):
    few = voices.where(songs=[0, 3, *range(1, 36, 3), *range(2, 36, 3)])  # two songs of A
    assert diversity_ranking(few, "mattr_50")["songs"].min() == 2
    assert set(diversity_ranking(few, "mattr_50", least_songs=3)["artist"]) == {"B", "C"}
    assert set(diversity_ranking(few, "mattr_50", least_words=200)["artist"]) == {"B", "C"}


@pytest.mark.parametrize("by", ["song", "year", "kind"])
def test_other_groupings(voices, by):
    assert diversity_table(voices, by)["tokens"].sum() == 36 * 60


@pytest.mark.parametrize("by", ["artist", "song", "year", "kind"])
def test_a_group_of_one_song_has_a_value_and_no_limits(voices, by):
    """Warnings are errors here: what is left of such a group has no words to divide by."""
    one = voices.where(songs=[int(voices.songs.index[0])])
    for measure in MEASURES:
        table = diversity_ranking(one, measure, by)
        assert table["low"].isna().all(), measure


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
    truth = measure.of_spectrum(d.frequency_spectrum(np.bincount(big)))
    held = 0
    for _ in range(100):
        ids, song = songs(20)
        _, (low, high) = estimate_spectrum_measure(measure.of_spectrum, count_matrix(ids, song, (20, 800)))
        held += low <= truth <= high
    assert 88 <= held <= 100


@pytest.mark.parametrize("cells", [1, 1 << 20])
def test_a_song_left_out_is_a_text_without_it(monkeypatch, cells):
    monkeypatch.setattr("pipeline.analysis.words.rankings._MAX_TABLE_CELLS", cells)
    rng = np.random.default_rng(3)
    ids, song = (rng.zipf(1.4, 900) % 200).astype(np.int32), np.sort(rng.integers(0, 7, 900))
    measure = MEASURES["hdd"].of_spectrum
    value, interval = estimate_spectrum_measure(measure, count_matrix(ids, song, (7, 200)))
    assert value == pytest.approx(measure(d.frequency_spectrum(np.bincount(ids))))
    without = [measure(d.frequency_spectrum(np.bincount(ids[song != k]))) for k in range(7)]
    assert interval == pytest.approx(jackknife(value, without))


def zipf_text(words, songs, seed=3):
    """(ids, song of each): a text of some songs of unequal lengths."""
    rng = np.random.default_rng(seed)
    ids = (rng.zipf(1.4, words) % 200).astype(np.int32)
    return ids, np.sort(rng.integers(0, songs, words))


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_text_without_a_song(songs):
    """Yule's K, which every count changes, of texts of any shape."""
    ids, song = np.concatenate(songs).astype(np.int32), np.repeat(np.arange(len(songs)), [len(s) for s in songs])
    value, interval = estimate_spectrum_measure(d.yule_k, count_matrix(ids, song, (len(songs), 6)))
    assert value == pytest.approx(d.yule_k(d.frequency_spectrum(np.bincount(ids))), nan_ok=True)
    without = [d.yule_k(d.frequency_spectrum(np.bincount(ids[song != k], minlength=1))) for k in range(len(songs))]
    assert interval == pytest.approx(jackknife(value, without), nan_ok=True)


def test_mattr_without_a_song_is_near_its_definition():
    ids, song = zipf_text(3000, 10)
    value, interval = estimate_mattr(previous_occurrence(ids), np.searchsorted(song, np.arange(10)), 50)
    assert value == pytest.approx(mattr(ids, 50))
    exact = jackknife(value, [mattr(ids[song != k], 50) for k in range(10)])
    assert interval.high - interval.low == pytest.approx(exact.high - exact.low, rel=0.1)
