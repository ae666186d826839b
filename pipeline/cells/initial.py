"""Random weights for the teaching cells, in the article's notation, as Keras starts its layers.

Input weights: Glorot uniform. State weights: orthogonal, times `scale`. Biases 0, but the forget gate's `forget_bias`.
"""

import numpy as np

from pipeline.cells.activations import Array


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
    leaves = _CELLS[cell](n_x, n_a, rng, scale)
    if cell == "lstm":
        leaves["bf"] += forget_bias
        leaves["c0"] = np.zeros((n_a, m))
    return {
        "a0": np.zeros((n_a, m)),
        **leaves,
        "Wya": glorot(n_y, n_a, rng),
        "by": np.zeros((n_y, 1)),
    }


def parameter_count(cell: str, n_x: int, n_a: int, n_y: int) -> int:
    """Numbers to learn: the cell's, and those of Wya and by. Keras's GRU has 2·n_a more: two biases that only add up.

    >>> parameter_count("rnn", 8000, 100, 8000)  # 2·100·8000 + 100² + 100 + 8000
    1618100
    """
    one_gate = n_a * (n_a + n_x) + n_a
    in_cell = {"rnn": one_gate, "lstm": 4 * one_gate, "gru": 3 * one_gate + n_a}[cell]
    return in_cell + n_y * n_a + n_y


def one_hot(ids: Array, n: int) -> Array:
    """ids int `(m, T)` → `(n, m, T)`: one 1 a column.

    >>> one_hot(np.array([[2, 0]]), 3)[:, 0]
    array([[0., 1.],
           [0., 0.],
           [1., 0.]])
    """
    return np.moveaxis(np.eye(n)[ids], -1, 0)


def glorot(rows: int, columns: int, rng: np.random.Generator) -> Array:
    """Uniform within ±√(6/(rows + columns)) (Glorot & Bengio 2010)."""
    limit = np.sqrt(6 / (rows + columns))
    return rng.uniform(-limit, limit, (rows, columns))


def orthogonal(n: int, rng: np.random.Generator) -> Array:
    """A random rotation or reflection `(n, n)`: all singular values are 1 (Saxe et al. 2014)."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q * np.sign(np.diag(r))


def _rnn(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    return {"Waa": scale * orthogonal(n_a, rng), "Wax": glorot(n_a, n_x, rng), "ba": np.zeros((n_a, 1))}


def _gate(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> Array:
    return np.hstack([scale * orthogonal(n_a, rng), glorot(n_a, n_x, rng)])


def _lstm(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    weights = {f"W{q}": _gate(n_x, n_a, rng, scale) for q in "ifco"}
    return {**weights, **{f"b{q}": np.zeros((n_a, 1)) for q in "ifco"}}


def _gru(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> dict[str, Array]:
    weights = {f"W{q}": _gate(n_x, n_a, rng, scale) for q in "zr"}
    biases = {f"b{q}": np.zeros((n_a, 1)) for q in "zrx"}
    return {**weights, **biases, **_rnn(n_x, n_a, rng, scale)}


_CELLS = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}
