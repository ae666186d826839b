"""From logits to a token: the contract of samplers and the steps that they share, the samplers, and their settings.

Each step is a function on float64 logits `(…, V)`; -inf means "never". Knows nothing of text or networks.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_softmax, softmax
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark
from pipeline.generation.policy import Policy
from pipeline.language.vocabulary import LINE, SONG

Logits = npt.NDArray[np.float64]
Generator = np.random.Generator
RepeatingTokensByRow = Sequence[Collection[int]]  # of each row, the tokens that would write an n-gram of its text again
DRAW_BLOCK_SIZE = 64  # tokens of which one is drawn at last


@dataclass(kw_only=True)
class Sampler(ABC):
    """Draws the next token of each of n texts under way, the rows; what it remembers of each is its state.

    repetition_penalty  what the logits of `history` are divided by
    """

    repetition_penalty: float = 1.0

    @abstractmethod
    def filter_logits(self, logits: Logits) -> Logits:
        """Return the logits `(…, V)` that a token is drawn from, -inf for what never is."""

    def select(self, rows: Sequence[int]) -> Self:
        """Return the sampler of these rows, each with a state of its own; they may repeat."""
        return self

    def next(self, logits: Logits, history: RepeatingTokensByRow, rng: Generator) -> npt.NDArray[np.intp]:
        """Return a token a row, `(n,)` for logits `(n, V)`, `()` for those of one text `(V,)`."""
        return self.draw(self.penalise(logits, history), rng)

    def draw(self, logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
        """Return a token a row, as `next` does, of logits that are penalised already."""
        return draw(self.filter_logits(logits), rng)

    def penalise(self, logits: Logits, history: RepeatingTokensByRow) -> Logits:
        """Return logits `(n, V)`, or `(V,)`, lower for what would write an n-gram again."""
        if self.repetition_penalty == 1 or not any(history):
            return logits
        pairs = zip(np.atleast_2d(logits), history, strict=True)
        return np.stack([penalise(row, each, self.repetition_penalty) for row, each in pairs]).reshape(logits.shape)


@dataclass(kw_only=True)
class Truncation(Sampler):
    """Temperature, then top-k, top-p and min-p, in the usual order. Has no state.

    Temperature 0 is the likeliest token always; 1 the model as it is. top_k 0, top_p 1 and min_p 0 change nothing.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0

    def filter_logits(self, logits: Logits) -> Logits:
        truncated = keep_top_k(with_temperature(logits, self.temperature), self.top_k)
        return keep_min_p(keep_top_p(truncated, self.top_p), self.min_p)


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


def draw(logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
    """Draw one token a row, `(…,)`, from softmax(logits) by inverting the cumulative distribution.

    First one of the blocks of `DRAW_BLOCK_SIZE` tokens is drawn, then a token of it: a sum of all tokens, one after the
    other, takes longer than everything else here.
    """
    if logits.ndim == 1:
        return np.asarray(_draw_one(logits, rng))
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


def _draw_one(logits: Logits, rng: Generator) -> int:
    """The same of one row, as texts are written: from the same sums of blocks, so the same token."""
    mass = np.exp(logits - logits.max())
    blocks = np.add.reduceat(mass, np.arange(0, len(mass), DRAW_BLOCK_SIZE), dtype=np.float64).cumsum()
    target = rng.random() * float(blocks[-1])
    block = min(int(blocks.searchsorted(target, "right")), len(blocks) - 1)
    inside = mass[block * DRAW_BLOCK_SIZE : (block + 1) * DRAW_BLOCK_SIZE].cumsum(dtype=np.float64)
    left = target - float(blocks[block - 1]) if block else target
    return block * DRAW_BLOCK_SIZE + int(min(inside.searchsorted(left, "right"), inside.searchsorted(inside[-1])))


class RepeatedNgrams:
    """The n-grams of a text so far, and so the tokens that would write one of them again.

    >>> ngrams = RepeatedNgrams(2, [5, 6, 5])
    >>> ngrams.repeats(), ngrams.repeats([7, 8, 7])
    ({6}, {8})
    """

    def __init__(self, order: int, tokens: Iterable[int] = ()) -> None:
        self._order = order
        self._last: tuple[int, ...] = ()
        self._following: dict[tuple[int, ...], set[int]] = {}  # n-gram without its last token -> last tokens
        self.extend(tokens)

    def extend(self, tokens: Iterable[int]) -> None:
        """Read on in the text."""
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """Read the next token of the text."""
        self._following.setdefault(self._last, set()).add(token)
        self._last = (*self._last, token)[1 - self._order :]

    def repeats(self, tokens: Sequence[int] = ()) -> set[int]:
        """Return what would write an n-gram again after the text and these tokens; line ends never count."""
        history = (*self._last, *tokens)
        width = self._order - 1
        last = history[-width:]
        continuations = set(self._following.get(last, ()))
        for stop in range(width, len(history)):  # n-grams that end in `tokens`
            if history[stop - width : stop] == last:
                continuations.add(history[stop])
        return continuations - {LINE, SONG}


MIROSTAT_LEARNING_RATE = 0.1  # of Mirostat


@dataclass(kw_only=True)
class Mirostat(Sampler):
    """Mirostat 2.0 (Basu, Ramachandran, Keskar & Varshney 2021): `surprise` is asked for, in bits a token.

    What is more surprising than `limits`, `()` or `(n,)`, is cut off, at first twice that; after each token the limit
    follows what that one cost, limit <- limit - RATE * (-log2 p(token) - surprise), so that a text neither settles into
    repeating itself nor drifts into noise, whatever its model.
    """

    surprise: float
    limits: npt.NDArray[np.float64] = field(default_factory=lambda: np.array(np.nan))

    def __post_init__(self) -> None:
        self.limits = np.where(np.isnan(self.limits), 2 * self.surprise, self.limits)

    def filter_logits(self, logits: Logits) -> Logits:
        cost = -log_softmax(logits, axis=-1) / np.log(2)
        return np.where(cost <= np.maximum(self.limits[..., None], cost.min(axis=-1, keepdims=True)), logits, -np.inf)

    def draw(self, logits: Logits, rng: Generator) -> npt.NDArray[np.intp]:
        tokens = super().draw(logits, rng)
        log_p = np.take_along_axis(log_softmax(logits, axis=-1), tokens[..., None], -1)[..., 0]
        self.limits = self.limits - MIROSTAT_LEARNING_RATE * (-log_p / np.log(2) - self.surprise)
        return tokens

    def select(self, rows: Sequence[int]) -> Self:
        return replace(self, limits=np.atleast_1d(self.limits)[rows])


MAX_TEMPERATURE = 5  # temperature
SAMPLERS: dict[str, type[Sampler]] = {"truncation": Truncation, "mirostat": Mirostat}


@dataclass(frozen=True, kw_only=True)
class SamplingSettings:
    """How daring the choice of each token is. Raises SettingError outside the ranges below.

    sampler   "truncation" reads temperature, top_k, top_p and min_p; "mirostat" reads `surprise`, in bits a token
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.02  # cuts the tail where slips of spelling live; unlike top-p it needs no sorting
    repetition_penalty: float = 1.0
    sampler: str = "truncation"
    surprise: float = 3.0

    def __post_init__(self) -> None:
        check_range(mark("temperature"), self.temperature, 0, MAX_TEMPERATURE)
        check_range(mark("top-k"), self.top_k, 0, 1_000_000)
        check_range(mark("top-p"), self.top_p, 0.01, 1)
        check_range(mark("min-p"), self.min_p, 0, 1)
        check_range(mark("repetition penalty"), self.repetition_penalty, 1, 10)
        check_range(mark("surprisal"), self.surprise, 0, 20)
        if self.sampler not in SAMPLERS:
            raise SettingError(
                "There is no sampler {name!r}: choose one of {known}.", name=self.sampler, known=", ".join(SAMPLERS)
            )

    def make_sampler(self) -> Sampler:
        """Return the sampler of a text that begins."""
        kind = SAMPLERS[self.sampler]
        own = {each.name: getattr(self, each.name) for each in fields(kind) if hasattr(self, each.name)}
        return kind(**own)


def suited_sampling(policy: Policy, **asked: Any) -> SamplingSettings:
    """Return the settings asked for; those that are None suit the run that writes."""
    chosen = {name: value for name, value in asked.items() if value is not None}
    return SamplingSettings(**{"surprise": policy.surprise, **policy.sampling, **chosen})


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
