"""Random weights for the teaching cells, in the article's notation, as Keras starts its layers.

Input weights: Glorot uniform. State weights: orthogonal, times `scale`. Biases 0, but the forget gate's `forget_bias`.
"""

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.random_weights import glorot
from pipeline.cells.registry import CELLS


def initial_leaves(
    cell: str,
    n_x: int,
    n_a: int,
    n_y: int,
    rng: np.random.Generator,
    *,
    m: int = 1,
    scale: float = 1.0,
    forget_bias: float = 1.0,
) -> dict[str, Array]:
    """Weights, a0 and c0 `(n_a, m)` (zeros) of `bptt`'s language model: all its leaves but x.

    `scale` multiplies the orthogonal state weights: below 1 an RNN forgets faster, above it may explode.
    """
    leaves = CELLS[cell].draw(n_x, n_a, rng, scale)
    if cell == "lstm":
        leaves["bf"] += forget_bias
    return {
        **{name: np.zeros((n_a, m)) for name in CELLS[cell].first_states},
        **leaves,
        "Wya": glorot(n_y, n_a, rng),
        "by": np.zeros((n_y, 1)),
    }


def parameter_count(cell: str, n_x: int, n_a: int, n_y: int) -> int:
    """Numbers to learn: the cell's, and those of Wya and by. Keras's GRU has 2·n_a more: two biases that only add up.

    >>> parameter_count("rnn", 8000, 100, 8000)  # 2·100·8000 + 100² + 100 + 8000
    1618100
    """
    return CELLS[cell].count(n_x, n_a) + n_y * n_a + n_y


def one_hot(ids: Array, n: int) -> Array:
    """ids int `(m, T)` → `(n, m, T)`: one 1 a column.

    >>> one_hot(np.array([[2, 0]]), 3)[:, 0]
    array([[0., 1.],
           [0., 0.],
           [1., 0.]])
    """
    return np.moveaxis(np.eye(n)[ids], -1, 0)
