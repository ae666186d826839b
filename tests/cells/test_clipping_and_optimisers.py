"""Arithmetic by hand."""

import numpy as np
import pytest

from pipeline.cells.optimisers import (
    OPTIMISERS,
    SGD,
    Adam,
    RMSprop,
    clip_by_global_norm,
    global_norm,
)

G = {"a": np.array([3.0, -4.0]), "b": np.array([0.0, 12.0])}  # norms 5 and 12, together 13


def test_clipping_by_hand():
    assert global_norm(G.values()) == 13
    np.testing.assert_allclose(clip_by_global_norm(G, 6.5)["a"], [1.5, -2])


def test_clipping_by_norm_keeps_the_direction_and_by_value_does_not():
    """1,000 entries, of which 2 in 100 are 50 times as large."""
    g = np.random.default_rng(5).standard_normal(1000)
    g[:20] *= 50
    by_norm, by_value = clip_by_global_norm({"g": g}, 1)["g"], np.clip(g, -1, 1)
    cosines = [g @ each / np.linalg.norm(g) / np.linalg.norm(each) for each in (by_norm, by_value)]
    assert cosines[0] == pytest.approx(1, abs=1e-12)
    assert cosines[1] < 0.8
    assert clip_by_global_norm({"g": g}, 1e9)["g"].tolist() == g.tolist()


def test_the_first_step_of_adam_is_alpha_whatever_the_gradient():
    optimiser, w = Adam(learning_rate=0.01, epsilon=1e-12), {"w": np.zeros(3)}
    moved, _ = optimiser.step(w, {"dw": np.array([1e-3, -1.0, 500.0])}, optimiser.initial_state(w))
    np.testing.assert_allclose(moved["w"], [-0.01, 0.01, -0.01], atol=1e-7)


def test_a_zero_gradient_stays_zero():
    assert clip_by_global_norm({"a": np.zeros(2)}, 1)["a"].tolist() == [0, 0]


def test_clipping_leaves_its_argument():
    before = G["a"].copy()
    clip_by_global_norm(G, 0.1)
    assert G["a"].tolist() == before.tolist()


def two_steps(optimiser):
    """From w = 1 with g = 2, twice."""
    w = {"w": np.array(1.0)}
    state = optimiser.initial_state(w)
    for _ in range(2):
        w, state = optimiser.step(w, {"dw": np.array(2.0)}, state)
    assert state.t == 2
    return float(w["w"])


def test_optimisers_by_hand():
    assert two_steps(SGD(0.1)) == pytest.approx(1 - 0.2 - 0.2)
    assert two_steps(SGD(0.1, momentum=0.5)) == pytest.approx(1 - 0.2 - 0.3)  # v: −0.2, then −0.1 − 0.2
    # s: 0.1·4 = 0.4, then 0.36 + 0.4 = 0.76
    assert two_steps(RMSprop(0.1, epsilon=0)) == pytest.approx(1 - 0.2 / 0.4**0.5 - 0.2 / 0.76**0.5)
    assert two_steps(Adam(0.1, epsilon=0)) == pytest.approx(1 - 0.1 - 0.1)  # v̂ = 2, ŝ = 4: every step is α


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_goes_down_a_bowl(name):
    optimiser, w = OPTIMISERS[name](0.05), {"w": np.array([1.0, -2.0])}
    state = optimiser.initial_state(w)
    for _ in range(200):
        w, state = optimiser.step(w, {"dw": 2 * w["w"]}, state)
    assert np.abs(w["w"]).max() < 0.1
