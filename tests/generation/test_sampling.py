from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.activations import softmax
from pipeline.core.errors import SettingError
from pipeline.generation.constraints import Constraints
from pipeline.generation.form import SectionPlan
from pipeline.generation.lyric import MAX_LINES, LyricSettings
from pipeline.generation.sampling import (
    SamplingSettings,
    draw_tokens,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    with_temperature,
)
from pipeline.generation.style import Style, Theme

# Probabilities 0.5, 0.25, 0.125, 0.125, out of order.
LOGITS = np.log([0.125, 0.5, 0.125, 0.25])


def kept(logits):
    return np.isfinite(logits).tolist()


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (keep_top_k(LOGITS, 0), [True, True, True, True]),
        (keep_top_k(LOGITS, 1), [False, True, False, False]),
        (keep_top_k(LOGITS, 2), [False, True, False, True]),
        (keep_top_k(LOGITS, 9), [True, True, True, True]),
        (keep_top_p(LOGITS, 0.5), [False, True, False, False]),  # 0.5 alone reaches 0.5
        (keep_top_p(LOGITS, 0.6), [False, True, False, True]),  # 0.5 < 0.6 <= 0.75
        (keep_top_p(LOGITS, 0.8), [True, True, True, True]),  # the two of 0.125 tie
        (keep_min_p(LOGITS, 0.0), [True, True, True, True]),
        (keep_min_p(LOGITS, 0.3), [False, True, False, True]),  # the threshold is 0.3 · 0.5 = 0.15
        (keep_min_p(LOGITS, 1.0), [False, True, False, False]),
        (with_temperature(LOGITS, 0), [False, True, False, False]),
    ],
)
def test_what_each_step_keeps(step, expected):
    assert kept(step) == expected


def test_temperature_divides_the_logits():
    # at temperature 2, probabilities go with their square root: sqrt(0.5) : sqrt(0.125) = 2 : 1
    p = softmax(with_temperature(LOGITS, 2))
    assert p[1] / p[0] == pytest.approx(2)


def test_temperature_0_takes_the_first_of_equals():
    logits = SamplingSettings(temperature=0).truncate(np.array([[1.0, 3.0, 3.0]]))
    assert {draw_tokens(logits, np.random.default_rng(seed)).item() for seed in range(20)} == {1}


def test_draws_follow_the_distribution():
    rows = np.tile(LOGITS, (20_000, 1))
    counts = np.bincount(draw_tokens(rows, np.random.default_rng(0)), minlength=4)
    # three standard errors of a share of 0.5 over 20,000 draws: 3 · sqrt(0.25 / 20,000) = 0.011
    np.testing.assert_allclose(counts / 20_000, softmax(LOGITS), atol=0.011)


@pytest.mark.parametrize("size", [5, 64, 65, 1000])
def test_a_draw_inverts_the_cumulative_distribution(size):
    logits = np.random.default_rng(size).normal(size=(50, size)) * 5
    logits[:, -1] = logits[:, ::3] = -np.inf  # blocks end on what is forbidden
    cumulative = softmax(logits, axis=-1).cumsum(axis=1)
    target = np.random.default_rng(7).random(50)[:, None]
    assert draw_tokens(logits, np.random.default_rng(7)).tolist() == (cumulative <= target).sum(axis=1).tolist()


@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=30),
    st.floats(0, 5),
    st.integers(0, 40),
    st.floats(0.01, 1),
    st.floats(0, 1),
    st.integers(0, 2**32),
)
def test_what_is_drawn_is_never_forbidden(values, temperature, k, p, m, seed):
    logits = np.array([values])
    logits[0, 0] = -np.inf
    settings = SamplingSettings(temperature=temperature, top_k=k, top_p=p, min_p=m)
    token = settings.sample(logits, np.random.default_rng(seed)).item()
    assert 0 < token < len(values)
    assert np.isfinite(settings.truncate(logits)[0, token])


@given(st.lists(st.lists(st.floats(-20, 20), min_size=5, max_size=5), min_size=1, max_size=6), st.floats(0.05, 2))
def test_a_batch_is_its_rows(rows, temperature):
    settings = SamplingSettings(temperature=temperature, top_k=3, top_p=0.9, min_p=0.1)
    batch = settings.truncate(np.array(rows))
    for row, result in zip(rows, batch, strict=True):
        np.testing.assert_array_equal(settings.truncate(np.array(row)), result)


@pytest.mark.parametrize(
    ("settings", "name", "low", "high"),
    [
        (SamplingSettings, "temperature", 0, 5),
        (SamplingSettings, "top_k", 0, 1_000_000),
        (SamplingSettings, "top_p", 0.01, 1),
        (SamplingSettings, "min_p", 0, 1),
        (SectionPlan, "lines", 1, 64),
        (Constraints, "syllables", 2, 30),
        (Constraints, "rhyme_beat", 1, 4),
        (Constraints, "tolerance", 0, 10),
        (LyricSettings, "lines", 1, MAX_LINES),
        (LyricSettings, "memory", 0, 10),
        (Style, "share", 0, 1),
        (partial(Theme, words=()), "strength", 0, 20),
    ],
)
def test_a_setting_is_from_its_low_to_its_high_end(settings, name, low, high):
    for value in (low, high):
        assert getattr(settings(**{name: value}), name) == value
    for value in (low - 0.001, high + 0.001, float("nan"), "hot"):
        with pytest.raises(SettingError, match=f"is {value}: use a number from {low:g} to {high:,}"):
            settings(**{name: value})


def test_rows_are_drawn_as_texts_are_one_after_the_other():
    settings, logits = SamplingSettings(), np.random.default_rng(3).normal(0, 3, (4, 12))
    logits[:, 5] = -np.inf
    rows = settings.sample(logits, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    assert rows.tolist() == [settings.sample(row[None], rng).item() for row in logits]
    assert 5 not in rows
