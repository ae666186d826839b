"""Where the nodes of a graph stand: forces that pull linked ones together and push all of them apart."""

import numpy as np

from pipeline.cells.activations import Array

_STEPS = 300


def spring_layout(n: int, ends: Array, weights: Array) -> Array:
    """Return float[n, 2]: places of the nodes by Fruchterman and Reingold (1991), the first one kept in the middle.

    `ends` int[links, 2]; a link pulls by its weight, each two nodes push each other apart. The same every time.
    """
    angle = np.arange(n) * 2.399963  # the golden angle: no two start at one place
    points = np.sqrt(np.arange(n))[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pull = np.zeros((n, n))
    if len(ends):
        pull[ends[:, 0], ends[:, 1]] = weights / weights.max()
    pull = pull + pull.T
    for step in range(_STEPS):
        apart = points[:, None] - points[None]
        distance = np.maximum(np.linalg.norm(apart, axis=2, keepdims=True), 1e-6)
        force = (apart / distance * (1 / distance - pull[..., None] * distance**2 / 4)).sum(axis=1)
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        points = points + force / length * np.minimum(length, 0.5 * (1 - step / _STEPS))
        points -= points[0]
    return points
