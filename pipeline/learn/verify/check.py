"""A claim that a number can refute, and what came of it; and the small random networks that claims are tried on."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import initial_leaves, one_hot
from pipeline.core.translation import t


@dataclass(frozen=True)
class Check:
    """The outcome of a claim: what was observed, against what bound, in how many seconds."""

    group: str
    name: str
    tolerance: float
    observed: float
    seconds: float
    at_least: bool  # a negative control: the observed error has to exceed the bound
    sentence: str = ""  # its name, with {values}: what is translated
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """False also when the observed error is not a number."""
        return self.observed >= self.tolerance if self.at_least else self.observed <= self.tolerance


@dataclass(frozen=True)
class Claim:
    """A named error and its bound. `at_least` is for deliberate mistakes, which have to be seen."""

    group: str
    sentence: str
    tolerance: float
    observe: Callable[[], Any]  # a number, or an array whose largest magnitude counts
    at_least: bool = False
    values: Mapping[str, str] = field(default_factory=dict)  # of the sentence

    @property
    def name(self) -> str:
        """What is claimed, in English."""
        return self.sentence.format(**self.values) if self.values else self.sentence

    def check(self) -> Check:
        """Compute the error now."""
        start = time.perf_counter()
        observed = float(np.abs(self.observe()).max())
        seconds = time.perf_counter() - start
        return Check(
            self.group, self.name, self.tolerance, observed, seconds, self.at_least, self.sentence, self.values
        )


def check_text(row: Mapping[str, Any]) -> str:
    """Return what a check, as its fields, says in the language of the moment."""
    return t(row["sentence"], **{key: t(text) for key, text in row["values"].items()})


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
