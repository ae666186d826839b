"""The small random networks that the claims are tried on; every weight is random, biases and first states too."""

from dataclasses import dataclass

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import initial_leaves, one_hot


@dataclass(frozen=True)
class Example:
    """Leaves of `bptt`'s model, one-hot targets `(n_y, m, T)`, and a mask `(m, T)` that ends one example early."""

    cell: str
    leaves: dict[str, Array]
    y: Array
    mask: Array


def example(cell: str, seed: int = 0, *, n_x: int = 4, n_a: int = 5, n_y: int = 3, m: int = 2, T: int = 6) -> Example:
    """A random example: n_x inputs, n_a units, n_y classes, m sequences of T steps."""
    rng = np.random.default_rng(seed)
    drawn = initial_leaves(cell, n_x, n_a, n_y, rng, m=m)
    leaves = {name: rng.normal(0, 0.6, leaf.shape) for name, leaf in drawn.items()}
    leaves["x"] = one_hot(rng.integers(n_x, size=(m, T)), n_x)
    mask = np.ones((m, T))
    mask[-1, T - 2 :] = 0
    return Example(cell, leaves, one_hot(rng.integers(n_y, size=(m, T)), n_y), mask)


def largest(values: Array) -> float:
    """The largest magnitude."""
    return float(np.abs(values).max())
