"""Mirostat 2.0 (Basu, Ramachandran, Keskar & Varshney 2021): texts of a surprise that is asked for, in bits a token.

What is more surprising than `limit` is cut off; after each token the limit follows what that one cost,

    limit <- limit - rate * (-log2 p(token) - surprise),

so that a text neither settles into repeating itself nor drifts into noise, whatever its model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_softmax
from pipeline.generation.sampler import Generator, Logits, Sampler

RATE = 0.1


@dataclass(kw_only=True)
class Mirostat(Sampler):
    """`surprise` is asked for, in bits a token; `limits`, `()` or `(n,)`, cut each row: twice that at first."""

    surprise: float
    limits: npt.NDArray[np.float64] = field(default_factory=lambda: np.array(np.nan))

    def __post_init__(self) -> None:
        self.limits = np.where(np.isnan(self.limits), 2 * self.surprise, self.limits)

    def options(self, logits: Logits) -> Logits:
        cost = -log_softmax(logits, axis=-1) / np.log(2)
        return np.where(cost <= np.maximum(self.limits[..., None], cost.min(axis=-1, keepdims=True)), logits, -np.inf)

    def draw(self, logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
        tokens = super().draw(logits, rng)
        log_p = np.take_along_axis(log_softmax(logits, axis=-1), tokens[..., None], -1)[..., 0]
        self.limits = self.limits - RATE * (-log_p / np.log(2) - self.surprise)
        return tokens

    def select(self, rows: Sequence[int]) -> Self:
        return replace(self, limits=np.atleast_1d(self.limits)[rows])
