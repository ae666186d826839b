import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.activations import softmax
from pipeline.core.errors import SettingError
from pipeline.generation.sampling import (
    SAMPLERS,
    Mirostat,
    SamplingSettings,
    draw,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    penalise,
    with_temperature,
)

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


def test_the_penalty_lowers_both_signs():
    # CTRL: a positive logit is divided, a negative one multiplied
    assert penalise(np.array([2.0, -1.0, 3.0]), {0, 1}, 2.0).tolist() == [1.0, -2.0, 3.0]


def test_temperature_0_takes_the_first_of_equals():
    logits = SamplingSettings(temperature=0).make_sampler().filter_logits(np.array([1.0, 3.0, 3.0]))
    assert {int(draw(logits, np.random.default_rng(seed))) for seed in range(20)} == {1}


@pytest.mark.parametrize("size", [5, 64, 65, 158, 4132])
def test_one_row_is_drawn_as_one_of_many(size):
    rng = np.random.default_rng(size)
    for seed in range(50):
        logits = np.where(rng.random(size) < 0.5, 3 * rng.normal(size=size), -np.inf)
        logits[rng.integers(size)] = 0
        one, rows = (draw(row, np.random.default_rng(seed)).item() for row in (logits, logits[None]))
        assert one == rows


def test_draws_follow_the_distribution():
    rows = np.tile(LOGITS, (20_000, 1))
    counts = np.bincount(draw(rows, np.random.default_rng(0)), minlength=4)
    # three standard errors of a share of 0.5 over 20,000 draws: 3 · sqrt(0.25 / 20,000) = 0.011
    np.testing.assert_allclose(counts / 20_000, softmax(LOGITS), atol=0.011)


@pytest.mark.parametrize("size", [5, 64, 65, 1000])
def test_a_draw_inverts_the_cumulative_distribution(size):
    logits = np.random.default_rng(size).normal(size=(50, size)) * 5
    logits[:, -1] = logits[:, ::3] = -np.inf  # blocks end on what is forbidden
    cumulative = softmax(logits, axis=-1).cumsum(axis=1)
    target = np.random.default_rng(7).random(50)[:, None]
    assert draw(logits, np.random.default_rng(7)).tolist() == (cumulative <= target).sum(axis=1).tolist()


@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=30),
    st.floats(0, 5),
    st.integers(0, 40),
    st.floats(0.01, 1),
    st.floats(0, 1),
    st.integers(0, 2**32),
)
def test_what_is_drawn_is_never_forbidden(values, temperature, k, p, m, seed):
    logits = np.array(values)
    logits[0] = -np.inf
    settings = SamplingSettings(temperature=temperature, top_k=k, top_p=p, min_p=m, repetition_penalty=1.3)
    sampler = settings.make_sampler()
    result = sampler.filter_logits(sampler.penalise(np.asarray(logits), [{1}]))
    token = draw(result, np.random.default_rng(seed))
    assert 0 < token < len(values)
    assert np.isfinite(result[token])


@given(st.lists(st.lists(st.floats(-20, 20), min_size=5, max_size=5), min_size=1, max_size=6), st.floats(0.05, 2))
def test_a_batch_is_its_rows(rows, temperature):
    settings = SamplingSettings(temperature=temperature, top_k=3, top_p=0.9, min_p=0.1)
    sampler = settings.make_sampler()
    batch = sampler.filter_logits(np.array(rows))
    for row, result in zip(rows, batch, strict=True):
        np.testing.assert_array_equal(sampler.filter_logits(np.array(row)), result)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"temperature": -1}, "The temperature is -1: use a number from 0 to 5."),
        ({"temperature": float("nan")}, "The temperature is nan: use a number from 0 to 5."),
        ({"temperature": "hot"}, "The temperature is hot: use a number from 0 to 5."),
        ({"top_k": -3}, "The top-k is -3: use a number from 0 to 1,000,000."),
        ({"top_p": 0}, "The top-p is 0: use a number from 0.01 to 1."),
        ({"min_p": 1.5}, "The min-p is 1.5: use a number from 0 to 1."),
        ({"repetition_penalty": 0.5}, "The repetition penalty is 0.5: use a number from 1 to 10."),
    ],
)
def test_a_setting_out_of_range_is_one_sentence(setting, message):
    with pytest.raises(SettingError) as error:
        SamplingSettings(**setting)
    assert str(error.value) == message


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_draws_rows_as_it_draws_one_text(name):
    """The contract: rows are drawn as texts are, one after the other; what is never allowed never comes."""
    settings = SamplingSettings(sampler=name, repetition_penalty=1.5)
    logits = np.random.default_rng(3).normal(0, 3, (4, 12))
    logits[:, 5] = -np.inf
    history = [{0}, set(), {1, 2}, {5}]
    rows = settings.make_sampler().select([0] * 4).next(logits, history, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    texts = [settings.make_sampler().next(row, [each], rng) for row, each in zip(logits, history, strict=True)]
    assert rows.tolist() == [int(token) for token in texts]
    assert 5 not in rows


def test_a_sampler_that_is_none():
    with pytest.raises(SettingError, match="no sampler 'dice': choose one of truncation, mirostat"):
        SamplingSettings(sampler="dice")


def test_mirostat_follows_what_its_tokens_cost():
    # p = 1/2, 1/4, 1/8, 1/8: costs 1, 2, 3, 3 bits; at a limit of 2 bits the last two are cut off
    sampler = Mirostat(surprise=1.0)
    assert kept(sampler.filter_logits(LOGITS)) == [False, True, False, True]
    token = int(sampler.next(LOGITS, (), np.random.default_rng(0)))
    cost = {1: 1.0, 3: 2.0}[token]
    assert float(sampler.limits) == pytest.approx(2.0 - 0.1 * (cost - 1.0))


def test_rows_of_mirostat_have_limits_of_their_own():
    sampler = Mirostat(surprise=1.0).select([0, 0])
    sampler.next(np.log([[0.999, 0.001], [0.25, 0.75]]), (), np.random.default_rng(2))
    assert sampler.limits[0] != sampler.limits[1]
    assert sampler.select([1, 1]).limits.tolist() == [sampler.limits[1]] * 2
    assert sampler.limits.shape == (2,)


@pytest.mark.parametrize("surprise", [3.0, 4.0])
def test_mirostat_reaches_the_surprise_that_is_asked_for(surprise):
    """Of 4,000 tokens drawn from ranks by Zipf's law, the likeliest of which costs 2.4 bits: within 3 %."""
    logits, rng, sampler = -np.log(np.arange(1, 101)), np.random.default_rng(7), Mirostat(surprise=surprise)
    log_p = logits - np.log(np.exp(logits).sum())
    costs = [-log_p[int(sampler.next(logits, (), rng))] / np.log(2) for _ in range(4000)]
    assert np.mean(costs) == pytest.approx(surprise, rel=0.03)
