import numpy as np
import pytest

from pipeline.analysis import diversity as d
from pipeline.analysis.counting import count_matrix
from pipeline.analysis.intervals import jackknife, rank_ranges, ratio_jackknife, wilson
from pipeline.analysis.mtld import mtld
from pipeline.analysis.rankings import MEASURES, _counted, diversity_ranking, diversity_table
from pipeline.analysis.windows import mattr
from pipeline.corpus.build import build_corpus
from pipeline.corpus.song import Line, Section, Song
from pipeline.errors import SettingError


@pytest.fixture(scope="module")
def voices():
    """Three artists of 12 songs, their words drawn from 60, 61 and 600: the first two cannot be told apart."""
    rng = np.random.default_rng(2)

    def song(artist, k, size):
        words = [f"mot{i}" for i in rng.integers(0, size, 60)]
        lines = tuple(Line(" ".join(words[i : i + 6])) for i in range(0, 60, 6))
        return Song(f"{artist}{k}", artist, (Section("couplet", lines),), year=2000 + k)

    # songs of the artists alternate, so that an artist's tokens do not stand together
    return build_corpus("v", [song(*pair) for k in range(12) for pair in (("A", k, 60), ("B", k, 61), ("C", k, 600))])


def test_table_is_the_functions_on_each_text(voices):
    table = diversity_table(voices).set_index("artist")
    part = voices.where(artists=["B"])
    s = d.spectrum(part.counts())
    assert table.loc["B", ["songs", "tokens"]].tolist() == [12, 720]
    for name, measure in MEASURES.items():
        if measure.of_spectrum:
            assert table.loc["B", name] == pytest.approx(measure.of_spectrum(s), nan_ok=True), name
    ids, _ = part.token_table()
    assert table.loc["B", "mattr_50"] == pytest.approx(mattr(ids, 50))
    assert table.loc["B", "mtld"] == pytest.approx(mtld(ids))


@pytest.mark.parametrize("measure", ["mattr_50", "mtld", "hdd", "yule_k"])
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


@pytest.mark.parametrize("by", ["song", "year", "kind"])
def test_other_groupings(voices, by):
    assert diversity_table(voices, by)["tokens"].sum() == 36 * 60


def test_jackknife_of_a_mean_is_the_interval_of_a_mean():
    x = np.array([2.0, 4.0, 9.0, 5.0])
    without = (x.sum() - x) / 3
    low, high = jackknife(x.mean(), without)
    # sd / sqrt(n) = 2.9439 / 2, t(3) = 3.1824
    assert (low, high) == (pytest.approx(5 - 3.1824 * 1.47196, abs=1e-3), pytest.approx(5 + 3.1824 * 1.47196, abs=1e-3))
    assert ratio_jackknife(x, np.ones(4)) == (pytest.approx(5), pytest.approx((low, high)))
    assert np.isnan(jackknife(1.0, [1.0, 2.0]).low)


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
        _, (low, high) = _counted(measure.of_spectrum, count_matrix(ids, song, (20, 800)))
        held += low <= truth <= high
    assert 88 <= held <= 100


@pytest.mark.parametrize("cells", [1, 1 << 20])
def test_a_song_left_out_is_a_text_without_it(monkeypatch, cells):
    monkeypatch.setattr("pipeline.analysis.rankings._CELLS", cells)
    rng = np.random.default_rng(3)
    ids, song = (rng.zipf(1.4, 900) % 200).astype(np.int32), np.sort(rng.integers(0, 7, 900))
    measure = MEASURES["hdd"].of_spectrum
    value, interval = _counted(measure, count_matrix(ids, song, (7, 200)))
    assert value == pytest.approx(measure(d.spectrum(np.bincount(ids))))
    without = [measure(d.spectrum(np.bincount(ids[song != k]))) for k in range(7)]
    assert interval == pytest.approx(jackknife(value, without))


def test_wilson_by_hand():
    # Wilson 1927 for 1 of 10: (0.1 + 0.19207 ± 1.95996 sqrt(0.009 + 0.0096)) / 1.38415
    low, high = wilson([1, 0, 0], [10, 10, 0])
    assert (low[0], high[0]) == (pytest.approx(0.017876, abs=1e-5), pytest.approx(0.404150, abs=1e-5))
    assert (low[1], high[1]) == (0, pytest.approx(0.277533, abs=1e-5))
    assert np.isnan([low[2], high[2]]).all()


def test_rank_ranges():
    low, high = np.array([9.0, 4.0, 5.0, 1.0, np.nan]), np.array([10.0, 6.0, 7.0, 2.0, np.nan])
    best, worst = rank_ranges(low, high)
    assert best.tolist() == [1, 2, 2, 4, 1]
    assert worst.tolist() == [2, 4, 4, 5, 5]
