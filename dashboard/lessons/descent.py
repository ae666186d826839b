"""Optimisers racing on one line, clipping, early stopping, an exploding loss, and training with each of eighteen bugs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import (
    Descent,
    Leaves,
    NetworkSetting,
    encode_line,
    network_arrays,
    train_by_descent,
    weights_of,
)
from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost, cost_and_gradients, initial_weights_and_states
from pipeline.cells.bugs import BUGS, Bug, broken_gradients, largest_gradient_error
from pipeline.cells.optimisers import (
    OPTIMISERS,
    SGD,
    Adam,
)

EXPLOSION_FACTOR = 3.0  # a loss above this many times the best so far counts as exploded


def train_with_optimiser(text: str, setting: NetworkSetting, optimiser: str, rate: float, steps: int) -> Descent:
    """Train a network on the line for so many steps with one optimiser, from the same start as the others."""
    start = network_arrays(text, setting)
    return train_by_descent(setting.cell, start, encode_line(text).targets, OPTIMISERS[optimiser](rate), steps)


@lru_cache(maxsize=64)  # a slider that freezes its state asks for the same training
def train_cell(text: str, cell: str, clipped: bool, steps: int = 40) -> tuple[Leaves, Array]:
    """Train a cell of 24 units on the line by momentum; return its weights and the mean loss before each step, in nats.

    Its state weights start as 1.3 times a rotation: unless its gradients are clipped, it may explode."""
    line = encode_line(text)
    n, rng = len(line.alphabet), np.random.default_rng(0)
    leaves = {**initial_weights_and_states(cell, n, 24, n, rng, scale=1.3), "x": line.inputs}
    limit = len(text) / 10 if clipped else None
    course = train_by_descent(cell, leaves, line.targets, SGD(2.0 / len(text), 0.9), steps, limit=limit)
    return course.leaves[-1], course.loss


class EarlyStoppingTrace(NamedTuple):
    """Training and validation loss at each step, with the steps of the best one, of the stop and, if any, of explosion."""

    train: Array
    valid: Array
    best: int
    stopped: int
    exploded: int | None


def train_with_patience(text: str, patience: int, rate: float, steps: int = 100) -> EarlyStoppingTrace:
    """Train on the first half of the line and validate on the second, with one alphabet."""
    train, valid = _train_and_watch(text, rate, steps)
    best, stopped = best_and_last_steps(valid, patience)
    return EarlyStoppingTrace(np.array(train), np.array(valid), best, stopped, first_explosion(train))


@lru_cache(maxsize=64)  # for each patience the same training
def _train_and_watch(text: str, rate: float, steps: int) -> tuple[list[float], list[float]]:
    half, line = max(2, len(text) // 2), encode_line(text)
    parameters = network_arrays(text, NetworkSetting("rnn", 16))
    (first_x, rest_x), (first_y, rest_y) = (np.split(both, [half], axis=2) for both in (line.inputs, line.targets))
    course = train_by_descent("rnn", {**parameters, "x": first_x}, first_y, Adam(rate), steps - 1)
    with np.errstate(all="ignore"):
        valid = [float(cost("rnn", {**leaves, "x": rest_x}, rest_y)) / (len(text) - half) for leaves in course.leaves]
    return course.loss.tolist(), valid


def best_and_last_steps(valid: list[float], patience: int) -> tuple[int, int]:
    """Return the step of the best checkpoint, and the step at which training ends.

    >>> best_and_last_steps([3, 2, 1, 1.5, 1.2, 0.5], patience=2)
    (2, 4)
    """
    best = 0
    for step, loss in enumerate(valid):
        if loss < valid[best]:
            best = step
        elif step - best >= patience:
            return best, step
    return best, len(valid) - 1


def first_explosion(losses: list[float], factor: float = EXPLOSION_FACTOR) -> int | None:
    """Return the first step whose loss is not finite or above `factor` times the best before it, or None.

    >>> first_explosion([4.0, 1.3, 1.2, 11.0]), first_explosion([4.0, 3.0])
    (3, None)
    """
    best = np.inf
    for step, loss in enumerate(losses):
        if not np.isfinite(loss) or loss > factor * best:
            return step
        best = min(best, loss)
    return None


STEPS, RATE, BATCH = 60, 0.05, 2


def bug_named(name: str) -> Bug | None:
    """Return the bug of this name, or None."""
    return next((bug for bug in BUGS if bug.name == name), None)


def check_bug(name: str) -> float:
    """Return the largest error of the gradients with a bug, or with none, against the complex step."""
    bug = bug_named(name)
    return (
        largest_gradient_error(cost_and_gradients, "lstm")
        if bug is None
        else largest_gradient_error(broken_gradients(bug), bug.cell)
    )


def training_curve(text: str, name: str, cell: str) -> Array:
    """Return the mean loss in nats before and after each of `STEPS` gradient steps `(STEPS + 1,)`; `name` is a bug of the
    gradients, or none.

    The network learns two copies of the line.
    """
    line, bug = encode_line(text), bug_named(name)
    gradients_of = cost_and_gradients if bug is None else broken_gradients(bug)
    leaves = network_arrays(text, NetworkSetting(cell, 16))
    weights, rate = weights_of(leaves), RATE * 4 / len(text)
    twice = {q: leaf if q in weights else np.repeat(leaf, BATCH, axis=1) for q, leaf in leaves.items()}
    y = np.repeat(line.targets, BATCH, axis=1)
    return train_by_descent(cell, twice, y, SGD(rate), STEPS, gradients_of=gradients_of).loss
