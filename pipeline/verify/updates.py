"""Claims about clipping and about the optimisers' arithmetic."""

from collections.abc import Iterator

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.optimisers import SGD, Adam, clip_by_global_norm, clip_by_norm, clip_by_value, cosine, global_norm
from pipeline.core.translation import mark
from pipeline.verify.check import Claim

GROUP = mark("Clipping and optimisers")


def claims() -> Iterator[Claim]:
    g = _spiky()
    yield Claim(GROUP, "clipping by norm keeps the direction: 1 − cos", 1e-12, lambda: 1 - _cosine_by_norm(g))
    yield Claim(GROUP, "clipping by norm: ‖g‖ is the limit", 1e-12, _norm_after)
    yield Claim(GROUP, "clipping by global norm keeps the direction of all: 1 − cos", 1e-12, _global_bend)
    yield Claim(GROUP, "clipping by value bends the direction: 1 − cos", 0.2, lambda: _bend_by_value(g), at_least=True)
    yield Claim(GROUP, "clipping leaves a small gradient alone", 0, lambda: clip_by_norm(g, 1e9)["g"] - g["g"])
    yield Claim(GROUP, "the first step of Adam has size α", 1e-7, _first_adam_step)
    yield Claim(GROUP, "momentum 0 is plain descent", 0, _no_momentum)


def _spiky() -> dict[str, Array]:
    """1,000 entries, 2 % of them outliers of size 50."""
    rng = np.random.default_rng(5)
    g = rng.standard_normal(1000)
    g[:20] *= 50
    return {"g": g}


def _cosine_by_norm(g: dict[str, Array]) -> float:
    return cosine(g, clip_by_norm(g, 1))


def _norm_after() -> float:
    return global_norm(clip_by_norm(_spiky(), 1).values()) - 1


def _bend_by_value(g: dict[str, Array]) -> float:
    return 1 - cosine(g, clip_by_value(g, 1))


def _global_bend() -> float:
    rng = np.random.default_rng(6)
    g = {"a": rng.standard_normal((3, 4)), "b": 20 * rng.standard_normal(5)}
    return 1 - cosine(g, clip_by_global_norm(g, 1))


def _first_adam_step() -> Array:
    """v̂/√ŝ is ±1 whatever the size of the gradient."""
    optimiser, w = Adam(learning_rate=0.01, epsilon=1e-12), {"w": np.zeros(3)}
    moved, _ = optimiser.step(w, {"dw": np.array([1e-3, -1.0, 500.0])}, optimiser.start(w))
    return moved["w"] - 0.01 * np.array([-1, 1, -1])


def _no_momentum() -> Array:
    optimiser, w, g = SGD(0.1), {"w": np.ones(3)}, {"dw": np.array([1.0, 2.0, 3.0])}
    moved, state = optimiser.step(w, g, optimiser.start(w))
    moved, _ = optimiser.step(moved, g, state)
    return moved["w"] - (np.ones(3) - 0.1 * g["dw"] - 0.1 * g["dw"])
