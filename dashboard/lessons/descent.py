"""Optimisers racing on one line, clipping, early stopping, an exploding loss, and training with each of eighteen bugs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import NON_WEIGHT_LEAVES, Leaves, NetworkSetting, line_of, network_leaves
from pipeline.cells import bptt
from pipeline.cells.activations import Array
from pipeline.cells.bptt import initial_leaves
from pipeline.cells.bugs import BUGS, LEAST_ERROR_OF_A_BUG, Bug, broken_gradients, largest_gradient_error
from pipeline.cells.fused import cost, cost_and_gradients
from pipeline.cells.optimisers import (
    OPTIMISERS,
    SGD,
    Adam,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    cosine,
    global_norm,
)
from pipeline.core.translation import mark

CLIPPINGS = {"value": clip_by_value, "norm": clip_by_norm, "global-norm": clip_by_global_norm}
CLIPPING_NAMES = {"value": mark("By value"), "norm": mark("By norm, each array"), "global-norm": mark("By global norm")}
EXPLOSION_FACTOR = 3.0  # a loss above this many times the best so far counts as exploded


class OptimisationTrace(NamedTuple):
    """Mean nats a character before each step `(steps + 1,)`, and ‖Δw‖ of each step `(steps,)`."""

    loss: Array
    moved: Array


def train_with_optimiser(
    text: str, setting: NetworkSetting, optimiser: str, rate: float, steps: int
) -> OptimisationTrace:
    """One optimiser from the same start. What overflows stays infinite: a diverged run is drawn as such."""
    y, parameters = line_of(text).y, network_leaves(text, setting)
    weights = _weights(parameters)
    runner = OPTIMISERS[optimiser](rate)
    state = runner.start(weights)
    loss, moved = [], []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            J, gradients = cost_and_gradients(setting.cell, {**parameters, **weights}, y)
            loss.append(J / len(text))
            following, state = runner.step(weights, gradients, state)
            moved.append(global_norm([following[q] - weights[q] for q in weights]))
            weights = following
        loss.append(cost(setting.cell, {**parameters, **weights}, y) / len(text))
    return OptimisationTrace(np.array(loss), np.array(moved))


def loss_by_rate(text: str, setting: NetworkSetting, optimiser: str, steps: int) -> tuple[Array, Array]:
    """Learning rates 10⁻⁴ to 10, and the loss that each reaches in so many steps."""
    rates = 10.0 ** np.arange(-4, 1.01, 0.5)
    reached = [train_with_optimiser(text, setting, optimiser, float(rate), steps).loss[-1] for rate in rates]
    return rates, np.nan_to_num(np.array(reached), nan=50.0).clip(max=50.0)


class Clipped(NamedTuple):
    """Entries before and after, norms, and the cosine of the angle between the two."""

    before: Array
    after: Array
    norm_before: float
    norm_after: float
    cosine: float


def clip_gradient(text: str, setting: NetworkSetting, how: str, limit: float) -> Clipped:
    """The gradient of the line, clipped."""
    line, held = line_of(text), network_leaves(text, setting)
    _, gradients = cost_and_gradients(setting.cell, held, line.y)
    weights = {f"d{q}": gradients[f"d{q}"] for q in _weights(held)}
    after = CLIPPINGS[how](weights, limit)
    return Clipped(
        np.concatenate([g.ravel() for g in weights.values()]),
        np.concatenate([g.ravel() for g in after.values()]),
        global_norm(weights.values()),
        global_norm(after.values()),
        cosine(weights, after),
    )


@lru_cache(maxsize=64)  # a slider that freezes its state asks for the same training
def learn_line(text: str, cell: str, forget_bias: float, limit: float | None, steps: int = 40) -> tuple[Leaves, Array]:
    """A cell of 24 units that learns the line by heart in so many steps of descent with momentum, and its mean nats
    before each and at the end `(steps + 1,)`. Its state weights start 1.3 times a rotation: not clipped, it may explode."""
    line = line_of(text)
    n, rng = len(line.alphabet), np.random.default_rng(0)
    held = {**initial_leaves(cell, n, 24, n, rng, scale=1.3, forget_bias=forget_bias), "x": line.x}
    learnt, course = _descend(text, cell, held, SGD(2.0 / len(text), 0.9), limit and limit * len(text) / 10, steps)
    with np.errstate(all="ignore"):
        last = cost(cell, learnt, line.y) / len(text)
    return learnt, np.append(course.loss, last)


def _descend(
    text: str, cell: str, held: Leaves, optimiser: SGD, limit: float | None, steps: int
) -> tuple[Leaves, OptimisationTrace]:
    y, weights = line_of(text).y, _weights(held)
    state = optimiser.start(weights)
    loss, norms = [], []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            J, gradients = cost_and_gradients(cell, {**held, **weights}, y)
            gradients = {f"d{q}": gradients[f"d{q}"] for q in weights}
            loss.append(J / len(text))
            norms.append(global_norm(gradients.values()))
            if limit is not None:
                gradients = clip_by_global_norm(gradients, limit)
            weights, state = optimiser.step(weights, gradients, state)
    return {**held, **weights}, OptimisationTrace(np.array(loss), np.array(norms))


class EarlyStoppingTrace(NamedTuple):
    """Learning one line while watching another: losses, the best step, where patience ran out, where it exploded."""

    train: Array
    valid: Array
    best: int
    stopped: int
    exploded: int | None


def train_with_patience(text: str, patience: int, rate: float, steps: int = 100) -> EarlyStoppingTrace:
    """Learn the first half of the line, watch the second half with the same alphabet."""
    train, valid = _train_and_watch(text, rate, steps)
    best, stopped = early_stop(valid, patience)
    return EarlyStoppingTrace(np.array(train), np.array(valid), best, stopped, explosion(train))


@lru_cache(maxsize=64)  # for each patience the same training
def _train_and_watch(text: str, rate: float, steps: int) -> tuple[list[float], list[float]]:
    half, line, parameters = max(2, len(text) // 2), line_of(text), network_leaves(text, NetworkSetting("rnn", 16))
    first_x, rest_x, first_y, rest_y = (part for both in (line.x, line.y) for part in np.split(both, [half], axis=2))
    weights = _weights(parameters)
    optimiser = Adam(rate)
    state = optimiser.start(weights)
    train, valid = [], []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            J, gradients = cost_and_gradients("rnn", {**parameters, **weights, "x": first_x}, first_y)
            train.append(J / half)
            valid.append(cost("rnn", {**parameters, **weights, "x": rest_x}, rest_y) / (len(text) - half))
            weights, state = optimiser.step(weights, gradients, state)
    return train, valid


def early_stop(valid: list[float], patience: int) -> tuple[int, int]:
    """The step of the checkpoint that is kept, and the step at which training ends.

    >>> early_stop([3, 2, 1, 1.5, 1.2, 0.5], patience=2)
    (2, 4)
    """
    best = 0
    for step, loss in enumerate(valid):
        if loss < valid[best]:
            best = step
        elif step - best >= patience:
            return best, step
    return best, len(valid) - 1


def explosion(losses: list[float], factor: float = EXPLOSION_FACTOR) -> int | None:
    """The first step whose loss is not finite or above `factor` times the best before it.

    >>> explosion([4.0, 1.3, 1.2, 11.0]), explosion([4.0, 3.0])
    (3, None)
    """
    best = np.inf
    for step, loss in enumerate(losses):
        if not np.isfinite(loss) or loss > factor * best:
            return step
        best = min(best, loss)
    return None


def _weights(held: Leaves) -> Leaves:
    return {name: leaf for name, leaf in held.items() if name not in NON_WEIGHT_LEAVES}


STEPS, RATE, BATCH = 60, 0.05, 2


class BugVerdict(NamedTuple):
    """What the gradient check says of a bug."""

    name: str
    error: float
    caught: bool


def bug_named(name: str) -> Bug | None:
    """The bug of this name, if there is one."""
    return next((bug for bug in BUGS if bug.name == name), None)


def verdict(name: str) -> BugVerdict:
    """Return the largest error against the complex step; above `LEAST_ERROR_OF_A_BUG` the bug is caught."""
    bug = bug_named(name)
    gradients = bptt.cost_and_gradients if bug is None else broken_gradients(bug)
    error = largest_gradient_error(gradients, "lstm" if bug is None else bug.cell)
    return BugVerdict(name, error, error > LEAST_ERROR_OF_A_BUG)


def training_curve(text: str, name: str, cell: str) -> Array:
    """Mean nats a character at each of `STEPS` steps of plain descent on two copies of the line: `(STEPS,)`."""
    line, bug = line_of(text), bug_named(name)
    gradients_of = cost_and_gradients if bug is None else broken_gradients(bug)
    held = network_leaves(text, NetworkSetting(cell, 16))
    twice = {q: np.repeat(leaf, BATCH, axis=1) if q in NON_WEIGHT_LEAVES else leaf for q, leaf in held.items()}
    y = np.repeat(line.y, BATCH, axis=1)
    weights = {q: leaf for q, leaf in held.items() if q not in NON_WEIGHT_LEAVES}
    optimiser = SGD(RATE * 4 / len(text))
    state = optimiser.start(weights)
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            J, gradients = gradients_of(cell, {**twice, **weights}, y)
            losses.append(J / len(text))
            weights, state = optimiser.step(weights, gradients, state)
    return np.array(losses)
