"""Optimisers racing on one line, clipping, early stopping, an exploding loss, and training with each of eighteen bugs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import Descent, Leaves, NetworkSetting, descend, line_of, network_leaves, weights_of
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


def train_with_optimiser(text: str, setting: NetworkSetting, optimiser: str, rate: float, steps: int) -> Descent:
    """One optimiser on the line, from the same start as the others."""
    start = network_leaves(text, setting)
    return descend(setting.cell, start, line_of(text).y, OPTIMISERS[optimiser](rate), steps)


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
    line, leaves = line_of(text), network_leaves(text, setting)
    _, gradients = cost_and_gradients(setting.cell, leaves, line.y)
    weights = {f"d{q}": gradients[f"d{q}"] for q in weights_of(leaves)}
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
    leaves = {**initial_leaves(cell, n, 24, n, rng, scale=1.3, forget_bias=forget_bias), "x": line.x}
    limit = None if limit is None else limit * len(text) / 10
    course = descend(cell, leaves, line.y, SGD(2.0 / len(text), 0.9), steps, limit=limit)
    return course.leaves[-1], course.loss


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
    course = descend("rnn", {**parameters, "x": first_x}, first_y, Adam(rate), steps - 1)
    with np.errstate(all="ignore"):
        valid = [cost("rnn", {**leaves, "x": rest_x}, rest_y) / (len(text) - half) for leaves in course.leaves]
    return course.loss.tolist(), valid


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
    leaves = network_leaves(text, NetworkSetting(cell, 16))
    weights, rate = weights_of(leaves), RATE * 4 / len(text)
    twice = {q: leaf if q in weights else np.repeat(leaf, BATCH, axis=1) for q, leaf in leaves.items()}
    y = np.repeat(line.y, BATCH, axis=1)
    return descend(cell, twice, y, SGD(rate), STEPS - 1, gradients_of=gradients_of).loss
