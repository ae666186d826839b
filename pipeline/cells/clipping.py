"""Clipping: a cure for exploding gradients only (Pascanu, Mikolov & Bengio 2013).

Gradients are a mapping from names to arrays; each function returns new ones and leaves the old as they were.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from pipeline.cells.activations import Array

Gradients = Mapping[str, Array]


def clip_by_value(gradients: Gradients, limit: float) -> dict[str, Array]:
    """Every entry into [−limit, limit]: changes the direction of the step. Keras: `clipvalue`."""
    return {name: np.clip(g, -limit, limit) for name, g in gradients.items()}


def clip_by_norm(gradients: Gradients, limit: float) -> dict[str, Array]:
    """g·min(1, limit/‖g‖₂), each array on its own: keeps each array's direction. Keras: `clipnorm`."""
    return {name: g * _shrink(np.linalg.norm(g), limit) for name, g in gradients.items()}


def clip_by_global_norm(gradients: Gradients, limit: float) -> dict[str, Array]:
    """The same with the norm of all arrays together: keeps the direction of the step. Keras: `global_clipnorm`."""
    factor = _shrink(global_norm(gradients.values()), limit)
    return {name: g * factor for name, g in gradients.items()}


def global_norm(arrays: Iterable[Array]) -> float:
    """√ of the sum of all squares."""
    return float(np.sqrt(sum(float(np.vdot(g, g).real) for g in arrays)))


def cosine(first: Gradients, second: Gradients) -> float:
    """Cosine of the angle between two gradients of the same names: 1 where the direction is kept."""
    dot = sum(float(np.vdot(first[name], second[name])) for name in first)
    return dot / (global_norm(first.values()) * global_norm(second.values()))


def _shrink(norm: float | np.floating, limit: float) -> float:
    return min(1.0, limit / float(norm)) if norm else 1.0
