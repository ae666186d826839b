"""Series of a corpus as small classes, and a small network that guesses the next one beside two baselines."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dashboard.lessons.study import weights_of
from pipeline.cells.activations import Array, log_softmax, softmax
from pipeline.cells.bptt import cost_and_gradients, initial_weights_and_states, logits, one_hot
from pipeline.cells.optimisers import Adam
from pipeline.core.translation import t


class Forecast(NamedTuple):
    """Loss in nats a step on unseen sequences, of a network and of two baselines; and its predictions for one
    sequence."""

    network: float
    persistence: float
    majority: float
    steps: int
    sequence: Array  # its ids (T + 1,)
    p: Array  # the network's for each id but the first (T, classes)


def bin_values(values: Array, num_classes: int) -> tuple[Array, Array]:
    """Return the class of each whole number and the edges between classes. Classes are of about equal size.

    >>> bin_values(np.array([1, 2, 3, 4]), 2)[0].tolist()
    [0, 0, 1, 1]
    """
    edges = np.unique(np.quantile(values, np.linspace(0, 1, num_classes + 1)[1:-1], method="higher"))
    return np.searchsorted(edges, values, side="right") if len(np.unique(values)) > 1 else np.zeros(
        len(values), int
    ), edges


def class_names(edges: Sequence[int]) -> list[str]:
    """Return the names of classes of whole numbers, given the edges between them.

    >>> class_names([3, 7])
    ['under 3', '3 to 6', '7 or more']
    """
    if not len(edges):
        return [t("any")]
    inner = [t("{low} to {high}", low=a, high=b - 1) if b - a > 1 else str(a) for a, b in pairwise(edges)]
    return [t("under {edge}", edge=edges[0]), *inner, t("{edge} or more", edge=edges[-1])]


def median_class_per_row(p: Array) -> Array:
    """Return the median class of each row of probabilities (T, classes) over ordered classes.

    >>> median_class_per_row(np.array([[0.05, 0.35, 0.5, 0.1]])).tolist()
    [2]
    """
    return (np.cumsum(p, axis=1) < 0.5 - 1e-9).sum(axis=1)


def cut_windows(sequences: Sequence[Array], time_steps: int) -> Array:
    """Return windows of time_steps + 1 ids, `(windows, time_steps + 1)`: each id is the target of the one before."""
    rows = [s[i : i + time_steps + 1] for s in sequences for i in range(0, len(s) - time_steps, time_steps)]
    return np.array(rows, int).reshape(-1, time_steps + 1)


def evaluate_forecast(sequences: Sequence[Array], num_classes: int, time_steps: int, steps: int = 120) -> Forecast:
    """Train an RNN of 16 units on four sequences in five, and measure it on the fifth."""
    training = cut_windows([s for i, s in enumerate(sequences) if i % 5], time_steps)
    unseen = cut_windows([s for i, s in enumerate(sequences) if not i % 5], time_steps)
    rng = np.random.default_rng(0)
    leaves = initial_weights_and_states("rnn", num_classes, 16, num_classes, rng, m=48)
    weights = weights_of(leaves)
    optimiser = Adam(0.01)
    state = optimiser.initial_state(weights)
    for _ in range(steps):
        batch = training[rng.integers(len(training), size=48)]
        x, y = one_hot(batch[:, :-1], num_classes), one_hot(batch[:, 1:], num_classes)
        _, gradients = cost_and_gradients("rnn", {**leaves, **weights, "x": x}, y)
        weights, state = optimiser.step(weights, gradients, state)
    zero = np.zeros((16, len(unseen)))
    z = logits("rnn", {**weights, "a0": zero, "x": one_hot(unseen[:, :-1], num_classes)})  # (classes, windows, T)
    log_p = log_softmax(z)
    targets = unseen[:, 1:]
    network = -float(np.take_along_axis(log_p, targets[None], axis=0).mean())
    counts = np.ones(num_classes) + np.bincount(training.ravel(), minlength=num_classes)
    pairs = np.ones((num_classes, num_classes))
    np.add.at(pairs, (training[:, :-1].ravel(), training[:, 1:].ravel()), 1)
    majority = -float(np.log(counts / counts.sum())[targets].mean())
    persistence = -float(np.log(pairs / pairs.sum(axis=1, keepdims=True))[unseen[:, :-1], targets].mean())
    first = np.asarray(sequences[0])
    x = one_hot(first[None, :-1], num_classes)
    p = softmax(logits("rnn", {**weights, "a0": np.zeros((16, 1)), "x": x}))[:, 0].T
    return Forecast(network, persistence, majority, targets.size, first, p)
