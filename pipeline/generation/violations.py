"""What a written line or text lacks: a code and values, which become a sentence where somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.translation import mark, t

# code -> (English template, type of each value)
_CODES: dict[str, tuple[str, dict[str, type]]] = {
    "no-line": (mark("no line could be written here"), {}),
    "no-words": (mark("no words"), {}),
    "syllables": (mark("{count} syllables instead of {least} to {most}"), {"count": int, "least": int, "most": int}),
    "no-rhyme": (mark("no rhyme ({richness} or better) with “{answer}”"), {"richness": str, "answer": str}),
    "phrase-missing": (mark("does not hold “{phrase}”"), {"phrase": str}),
    "phrase-missing-in-text": (mark("the text does not hold “{phrase}”"), {"phrase": str}),
    "phrase-avoided": (mark("holds “{phrase}”"), {"phrase": str}),
    "corpus-line": (mark("a line of the corpus"), {}),
    "corpus-words": (mark("{count} words in a row from the corpus"), {"count": int}),
    "repeated-line": (mark("repeats a line"), {}),
}
CODES = tuple(_CODES)


@dataclass(frozen=True)
class Violation:
    """One constraint that is not met. Raises ValueError for a code that is none, or values that are not those of it."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        types = _CODES[self.code][1] if self.code in CODES else None
        if types is None or {name: type(value) for name, value in self.values.items()} != types:
            raise ValueError(f"{self.code!r} with {dict(self.values)!r} is no violation.")

    @classmethod
    def from_json(cls, data: Any) -> "Violation":
        """Read an object with `code` and `values`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(data["code"], dict(data["values"]))


def violation_text(violation: Violation) -> str:
    """Return what is lacking.

    >>> violation_text(Violation("syllables", {"count": 9, "least": 11, "most": 13}))
    '9 syllables instead of 11 to 13'
    """
    return t(_CODES[violation.code][0], **violation.values)
