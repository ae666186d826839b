"""A small random network and its line, on which gradients and states are compared."""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import initial_weights_and_states, one_hot


class Example(NamedTuple):
    """Leaves of `bptt`'s model, one-hot targets `(n_y, m, T)`, and a mask `(m, T)` that ends one example early."""

    leaves: dict[str, Array]
    y: Array
    mask: Array


def example(cell: str, *, n_x: int = 4, n_a: int = 5, n_y: int = 3, m: int = 2, T: int = 6) -> Example:
    """Return a random example: n_x inputs, n_a units, n_y classes, m sequences of T steps."""
    rng = np.random.default_rng(0)
    drawn = initial_weights_and_states(cell, n_x, n_a, n_y, rng, m=m)
    leaves = {name: rng.normal(0, 0.6, leaf.shape) for name, leaf in drawn.items()}
    leaves["x"] = one_hot(rng.integers(n_x, size=(m, T)), n_x)
    mask = np.ones((m, T))
    mask[-1, T - 2 :] = 0
    return Example(leaves, one_hot(rng.integers(n_y, size=(m, T)), n_y), mask)


def one_of_batch(leaves: dict[str, Array], i: int) -> dict[str, Array]:
    """Return the leaves with the i-th sequence alone."""
    return {name: leaf[:, i : i + 1] if name in ("x", "a0", "c0") else leaf for name, leaf in leaves.items()}
