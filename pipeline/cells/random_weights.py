"""How weights are drawn: as Keras starts its layers. Knows nothing of cells."""

import numpy as np

from pipeline.cells.activations import Array


def glorot(rows: int, columns: int, rng: np.random.Generator) -> Array:
    """Uniform within ±√(6/(rows + columns)) (Glorot & Bengio 2010)."""
    limit = np.sqrt(6 / (rows + columns))
    return rng.uniform(-limit, limit, (rows, columns))


def orthogonal(n: int, rng: np.random.Generator) -> Array:
    """A random rotation or reflection `(n, n)`: all singular values are 1 (Saxe et al. 2014)."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q * np.sign(np.diag(r))


def gate(n_x: int, n_a: int, rng: np.random.Generator, scale: float) -> Array:
    """The weights of a gate on [a⟨t−1⟩; x⟨t⟩], `(n_a, n_a + n_x)`; `scale` multiplies those of the state."""
    return np.hstack([scale * orthogonal(n_a, rng), glorot(n_a, n_x, rng)])
