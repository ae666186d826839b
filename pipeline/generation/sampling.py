"""From logits to a token: temperature, truncation, and the settings that say how much of each.

Each step is a function on logits `(…, V)`; -inf means "never". Knows nothing of text or networks.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import softmax
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark
from pipeline.generation.policy import DecodingPolicy

Logits = npt.NDArray[np.floating[Any]]
Generator = np.random.Generator
DRAW_BLOCK_SIZE = 64  # tokens of which one is drawn at last


def with_temperature(logits: Logits, temperature: float) -> Logits:
    """Return logits divided by the temperature; near 0 all become -inf but the first of the largest."""
    if temperature < 0.001:
        best = logits.argmax(axis=-1)[..., None]
        return np.where(np.arange(logits.shape[-1]) == best, logits, -np.inf)
    return logits if temperature == 1 else logits / temperature


def keep_top_k(logits: Logits, k: int) -> Logits:
    """Return logits with all but the `k` largest (and ties with the last of these) set to -inf."""
    if not 0 < k < logits.shape[-1]:
        return logits
    least = np.partition(logits, -k, axis=-1)[..., -k, None]
    return np.where(logits >= least, logits, -np.inf)


def keep_top_p(logits: Logits, p: float) -> Logits:
    """Return logits, all -inf but the likeliest whose probabilities add up to `p` (nucleus, Holtzman et al. 2020)."""
    if p >= 1:
        return logits
    probability = softmax(logits, axis=-1)
    falling = -np.sort(-probability, axis=-1)
    before = np.cumsum(falling, axis=-1) - falling  # mass of what is likelier: the likeliest is always kept
    least = np.where(before < p, falling, np.inf).min(axis=-1, keepdims=True)
    return np.where(probability >= least, logits, -np.inf)


def keep_min_p(logits: Logits, p: float) -> Logits:
    """Return logits, -inf for tokens less than `p` times as likely as the likeliest (min-p, Nguyen et al. 2024)."""
    if p <= 0:
        return logits
    return np.where(logits >= logits.max(axis=-1, keepdims=True) + math.log(p), logits, -np.inf)


def draw_tokens(logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
    """Return one token a row, `(…,)`, drawn from softmax(logits) by inverting the cumulative distribution.

    First one of the blocks of `DRAW_BLOCK_SIZE` tokens is drawn, then a token of it: a sum of all tokens, one after the
    other, takes longer than everything else here.
    """
    mass = np.exp(logits - logits.max(axis=-1, keepdims=True)).reshape(-1, logits.shape[-1])
    blocks = np.add.reduceat(mass, np.arange(0, mass.shape[1], DRAW_BLOCK_SIZE), axis=1, dtype=np.float64).cumsum(
        axis=1
    )
    target = rng.random(len(mass)) * blocks[:, -1]
    rows, block = np.arange(len(mass)), (blocks <= target[:, None]).sum(axis=1)
    columns = np.minimum(block[:, None] * DRAW_BLOCK_SIZE + np.arange(DRAW_BLOCK_SIZE), mass.shape[1] - 1)
    inside = mass[rows[:, None], columns].cumsum(axis=1, dtype=np.float64)
    left = target - np.where(block, blocks[rows, block - 1], 0)
    # the two sums differ in their last digit: never beyond the last token of the block that has a mass
    at = np.minimum((inside <= left[:, None]).sum(axis=1), (inside < inside[:, -1:]).sum(axis=1))
    return (block * DRAW_BLOCK_SIZE + at).reshape(logits.shape[:-1])


MAX_TEMPERATURE = 5


@dataclass(frozen=True, kw_only=True)
class SamplingSettings:
    """Settings by which a token is drawn: temperature, top-k, top-p and min-p, applied in this order.

    Temperature 0 is always the likeliest token, 1 the model as it is; top_k 0, top_p 1 and min_p 0 change nothing.
    Raises SettingError outside the ranges below.
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.02  # cuts the tail where slips of spelling live; unlike top-p it needs no sorting

    def __post_init__(self) -> None:
        check_range(mark("temperature"), self.temperature, 0, MAX_TEMPERATURE)
        check_range(mark("top-k"), self.top_k, 0, 1_000_000)
        check_range(mark("top-p"), self.top_p, 0.01, 1)
        check_range(mark("min-p"), self.min_p, 0, 1)

    def truncate(self, logits: Logits) -> Logits:
        """Return the logits `(…, V)` after temperature and truncation, -inf for tokens that are never drawn."""
        likely = keep_top_k(with_temperature(logits, self.temperature), self.top_k)
        return keep_min_p(keep_top_p(likely, self.top_p), self.min_p)

    def sample(self, logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
        """Return one token a row `(n,)`, drawn from logits `(n, V)`."""
        return draw_tokens(self.truncate(logits), rng)


def sampling_with_defaults(policy: DecodingPolicy, **asked: Any) -> SamplingSettings:
    """Return the sampling settings in `asked`, each that is None replaced by the default for the kind of units."""
    chosen = {name: value for name, value in asked.items() if value is not None}
    return SamplingSettings(**{**policy.sampling, **chosen})


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise SettingError unless `value` is a number from `low` to `high`.

    >>> check_range("temperature", -1, 0, 5)
    Traceback (most recent call last):
    pipeline.core.errors.SettingError: The temperature is -1: use a number from 0 to 5.
    """
    if not isinstance(value, int | float | np.number) or not low <= value <= high:  # NaN fails the comparison
        raise SettingError(
            "The {name} is {value}: use a number from {low:g} to {high:,}.",
            name=Sentence(name),
            value=value,
            low=low,
            high=high,
        )
