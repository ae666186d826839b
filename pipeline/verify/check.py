"""A claim that a number can refute, and what came of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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
    sentence = row.get("sentence") or row["name"]
    return t(sentence, **{key: t(text) for key, text in row.get("values", {}).items()})
