"""How tokens are drawn, as asked for: the settings of samplers, and the samplers by name."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark
from pipeline.generation.mirostat import Mirostat
from pipeline.generation.policy import Policy
from pipeline.generation.sampler import Sampler, Truncation

HOTTEST = 5  # temperature
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
        check_range(mark("temperature"), self.temperature, 0, HOTTEST)
        check_range(mark("top-k"), self.top_k, 0, 1_000_000)
        check_range(mark("top-p"), self.top_p, 0.01, 1)
        check_range(mark("min-p"), self.min_p, 0, 1)
        check_range(mark("repetition penalty"), self.repetition_penalty, 1, 10)
        check_range(mark("surprise"), self.surprise, 0, 20)
        if self.sampler not in SAMPLERS:
            raise SettingError(
                "There is no sampler {name!r}: take one of {known}.", name=self.sampler, known=", ".join(SAMPLERS)
            )

    def make_sampler(self, likeliest: int = 0) -> Sampler:
        """Return the sampler of a text that begins; `likeliest` as in `Sampler`."""
        kind = SAMPLERS[self.sampler]
        own = {each.name: getattr(self, each.name) for each in fields(kind) if hasattr(self, each.name)}
        return kind(**own, likeliest=likeliest)


def suited_sampling(policy: Policy, **asked: Any) -> SamplingSettings:
    """Return the settings asked for; those that are None suit the run that writes."""
    chosen = {name: value for name, value in asked.items() if value is not None}
    return SamplingSettings(**{"surprise": policy.surprise, **policy.sampling, **chosen})


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
