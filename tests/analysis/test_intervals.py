import numpy as np
import pytest

from pipeline.analysis.intervals import jackknife, rank_ranges, ratio_jackknife, wilson


def test_jackknife_of_a_mean_is_the_interval_of_a_mean():
    x = np.array([2.0, 4.0, 9.0, 5.0])
    without = (x.sum() - x) / 3
    low, high = jackknife(x.mean(), without)
    # sd / sqrt(n) = 2.9439 / 2, t(3) = 3.1824
    assert (low, high) == (pytest.approx(5 - 3.1824 * 1.47196, abs=1e-3), pytest.approx(5 + 3.1824 * 1.47196, abs=1e-3))
    assert ratio_jackknife(x, np.ones(4)) == (pytest.approx(5), pytest.approx((low, high)))
    assert np.isnan(jackknife(1.0, [1.0, 2.0]).low)


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
