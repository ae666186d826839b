"""The eighteen bugs of `pipeline.cells.bugs`: what the check sees, and what training with them does."""

from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import START, Setting, leaves, line_of
from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost_and_gradients
from pipeline.cells.bugs import BUGS, Bug, broken_gradients
from pipeline.cells.optimisers import SGD
from pipeline.learn.verify.gradients import SEEN, worst_error

STEPS, RATE, BATCH = 60, 0.05, 2


class Verdict(NamedTuple):
    """What the gradient check says of a bug."""

    name: str
    error: float
    caught: bool


def bug_named(name: str) -> Bug | None:
    """The bug of this name, if there is one."""
    return next((bug for bug in BUGS if bug.name == name), None)


def verdict(name: str) -> Verdict:
    """The worst error against the complex step on the standard example; above `SEEN` it is caught."""
    bug = bug_named(name)
    error = worst_error(cost_and_gradients, "lstm") if bug is None else worst_error(broken_gradients(bug), bug.cell)
    return Verdict(name, error, error > SEEN)


def training_curve(text: str, name: str, cell: str) -> Array:
    """Mean nats a character at each of `STEPS` steps of plain descent on two copies of the line: `(STEPS,)`."""
    line, bug = line_of(text), bug_named(name)
    gradients_of = cost_and_gradients if bug is None else broken_gradients(bug)
    held = leaves(text, Setting(cell, 16))
    twice = {q: np.repeat(leaf, BATCH, axis=1) if q in START else leaf for q, leaf in held.items()}
    y = np.repeat(line.y, BATCH, axis=1)
    weights = {q: leaf for q, leaf in held.items() if q not in START}
    optimiser = SGD(RATE * 4 / len(text))
    state = optimiser.start(weights)
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            J, gradients = gradients_of(cell, {**twice, **weights}, y)
            losses.append(J / len(text))
            weights, state = optimiser.step(weights, gradients, state)
    return np.array(losses)
