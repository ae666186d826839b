"""A number that a course prints, beside ours."""

from typing import Any, NamedTuple

import numpy as np

from pipeline.cells.activations import Array


class Printed(NamedTuple):
    """A printed number and ours."""

    name: str
    ours: Array
    printed: Any

    @property
    def error(self) -> float:
        """The largest difference; infinite if even the shapes differ."""
        ours, printed = np.asarray(self.ours, float), np.asarray(self.printed, float)
        return float(np.abs(ours - printed).max()) if ours.size == printed.size else float("inf")


def draw(seed: int, **shapes: tuple[int, ...]) -> dict[str, Array]:
    """Standard normal arrays, in the order in which they are named."""
    # NumPy's legacy generator, frozen since 2018: the one that the courses drew from.
    legacy = np.random.RandomState(seed)
    return {name: legacy.randn(*shape) for name, shape in shapes.items()}
