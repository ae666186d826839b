"""What a written line or text lacks: a code and values, made into a sentence only where somebody reads it.

The English sentences stand here beside the codes; a page in another language has a catalogue of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# code -> (English template, type of each value)
_CODES: dict[str, tuple[str, dict[str, type]]] = {
    "no-line": ("no line could be written here", {}),
    "no-words": ("no words", {}),
    "syllables": ("{count} syllables instead of {least} to {most}", {"count": int, "least": int, "most": int}),
    "no-rhyme": ("no rhyme ({richness} or better) with “{answer}”", {"richness": str, "answer": str}),
    "phrase-missing": ("does not hold “{phrase}”", {"phrase": str}),
    "phrase-missing-in-text": ("the text does not hold “{phrase}”", {"phrase": str}),
    "phrase-avoided": ("holds “{phrase}”", {"phrase": str}),
    "corpus-line": ("a line of the corpus", {}),
    "corpus-words": ("{count} words in a row from the corpus", {"count": int}),
    "repeated-line": ("repeats a line", {}),
    "described": ("{text}", {"text": str}),  # of a lyric saved when violations were sentences
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
        """Read an object with `code` and `values`, or the sentence that stood in its place in format 1.

        Raises KeyError, TypeError or ValueError for anything else.
        """
        return cls("described", {"text": data}) if isinstance(data, str) else cls(data["code"], dict(data["values"]))


def violation_text(violation: Violation) -> str:
    """Return what is lacking, in English.

    >>> violation_text(Violation("syllables", {"count": 9, "least": 11, "most": 13}))
    '9 syllables instead of 11 to 13'
    """
    return _CODES[violation.code][0].format(**violation.values)
