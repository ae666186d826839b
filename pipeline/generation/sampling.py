"""From logits to a token. Each step is a function on float64 logits `(…, V)`; -inf means "never".

Knows nothing of text or networks. The order is the usual one: repetition penalty, temperature, top-k, top-p, min-p.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import softmax
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark
from pipeline.language_models.unit_contract import Units

Logits = npt.NDArray[np.float64]
Generator = np.random.Generator
HOTTEST = 5  # temperature
BLOCK = 64  # tokens of which one is drawn at last


@dataclass(frozen=True, kw_only=True)
class SamplingSettings:
    """How daring the choice of each token is. Raises SettingError outside the ranges below.

    temperature 0 is the likeliest token always; 1 the model as it is. top_k 0, top_p 1, min_p 0 and
    repetition_penalty 1 change nothing.
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.02  # cuts the tail where slips of spelling live; unlike top-p it needs no sorting
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        check_range(mark("temperature"), self.temperature, 0, HOTTEST)
        check_range(mark("top-k"), self.top_k, 0, 1_000_000)
        check_range(mark("top-p"), self.top_p, 0.01, 1)
        check_range(mark("min-p"), self.min_p, 0, 1)
        check_range(mark("repetition penalty"), self.repetition_penalty, 1, 10)


def suited_sampling(units: Units, **asked: float | None) -> SamplingSettings:
    """Return the settings asked for; those that are None suit the units of the run that writes."""
    chosen = {name: value for name, value in asked.items() if value is not None}
    return SamplingSettings(**{**units.drawn, **chosen})  # type: ignore[arg-type]


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise SettingError unless `value` is a number from `low` to `high`.

    >>> check_range("temperature", -1, 0, 5)
    Traceback (most recent call last):
    pipeline.core.errors.SettingError: The temperature is -1: take a number from 0 to 5.
    """
    if not isinstance(value, int | float | np.number) or not low <= value <= high:  # NaN fails the comparison
        raise SettingError(
            "The {name} is {value}: take a number from {low:g} to {high:,}.",
            name=Sentence(name),
            value=value,
            low=low,
            high=high,
        )


def penalise(logits: Logits, tokens: Collection[int], penalty: float) -> Logits:
    """Divide the positive logits of `tokens` by `penalty`, multiply the negative ones (CTRL, Keskar et al. 2019)."""
    if penalty == 1 or not tokens:
        return logits
    ids = list(tokens)
    chosen = logits[..., ids]
    logits = logits.copy()
    logits[..., ids] = np.where(chosen > 0, chosen / penalty, chosen * penalty)
    return logits


def with_temperature(logits: Logits, temperature: float) -> Logits:
    """Divide logits by the temperature; 0 (or as good as 0) keeps the largest alone, the first of equals."""
    if temperature < 0.001:
        best = logits.argmax(axis=-1)[..., None]
        return np.where(np.arange(logits.shape[-1]) == best, logits, -np.inf)
    return logits if temperature == 1 else logits / temperature


def keep_top_k(logits: Logits, k: int) -> Logits:
    """Keep the `k` largest (and what ties with the last of them)."""
    if not 0 < k < logits.shape[-1]:
        return logits
    least = np.partition(logits, -k, axis=-1)[..., -k, None]
    return np.where(logits >= least, logits, -np.inf)


def keep_top_p(logits: Logits, p: float) -> Logits:
    """Keep the smallest set of the likeliest whose probabilities reach `p` (nucleus, Holtzman et al. 2020)."""
    if p >= 1:
        return logits
    probability = softmax(logits, axis=-1)
    falling = -np.sort(-probability, axis=-1)
    before = np.cumsum(falling, axis=-1) - falling  # mass of what is likelier: the likeliest is always kept
    least = np.where(before < p, falling, np.inf).min(axis=-1, keepdims=True)
    return np.where(probability >= least, logits, -np.inf)


def keep_min_p(logits: Logits, p: float) -> Logits:
    """Keep what is at least `p` times as likely as the likeliest (min-p, Nguyen et al. 2024)."""
    if p <= 0:
        return logits
    return np.where(logits >= logits.max(axis=-1, keepdims=True) + math.log(p), logits, -np.inf)


def adjust_logits(logits: npt.ArrayLike, settings: SamplingSettings, repeats: Collection[int] = ()) -> Logits:
    """Apply all of `settings` in order; `repeats` are the tokens that the repetition penalty is for."""
    result = penalise(np.asarray(logits), repeats, settings.repetition_penalty)
    result = with_temperature(result, settings.temperature)
    return keep_min_p(keep_top_p(keep_top_k(result, settings.top_k), settings.top_p), settings.min_p)


def draw(logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
    """Draw one token a row, `(…,)`, from softmax(logits) by inverting the cumulative distribution.

    First one of the blocks of `BLOCK` tokens is drawn, then a token of it: a sum of all tokens, one after the other,
    takes longer than everything else here.
    """
    if logits.ndim == 1:
        return np.asarray(_draw_one(logits, rng))
    mass = np.exp(logits - logits.max(axis=-1, keepdims=True)).reshape(-1, logits.shape[-1])
    blocks = np.add.reduceat(mass, np.arange(0, mass.shape[1], BLOCK), axis=1, dtype=np.float64).cumsum(axis=1)
    target = rng.random(len(mass)) * blocks[:, -1]
    rows, block = np.arange(len(mass)), (blocks <= target[:, None]).sum(axis=1)
    columns = np.minimum(block[:, None] * BLOCK + np.arange(BLOCK), mass.shape[1] - 1)
    inside = mass[rows[:, None], columns].cumsum(axis=1, dtype=np.float64)
    left = target - np.where(block, blocks[rows, block - 1], 0)
    # the two sums differ in their last digit: never beyond the last token of the block that has a mass
    at = np.minimum((inside <= left[:, None]).sum(axis=1), (inside < inside[:, -1:]).sum(axis=1))
    return (block * BLOCK + at).reshape(logits.shape[:-1])


def _draw_one(logits: Logits, rng: Generator) -> int:
    """The same of one row, as texts are written: from the same sums of blocks, so the same token."""
    mass = np.exp(logits - logits.max())
    blocks = np.add.reduceat(mass, np.arange(0, len(mass), BLOCK), dtype=np.float64).cumsum()
    target = rng.random() * float(blocks[-1])
    block = min(int(blocks.searchsorted(target, "right")), len(blocks) - 1)
    inside = mass[block * BLOCK : (block + 1) * BLOCK].cumsum(dtype=np.float64)
    left = target - float(blocks[block - 1]) if block else target
    return block * BLOCK + int(min(inside.searchsorted(left, "right"), inside.searchsorted(inside[-1])))
