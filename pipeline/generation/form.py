"""The plan of a song: its sections with their lengths, schemes and syllables, and the refrain that comes back.

Knows nothing of how lines are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.errors import SettingError
from pipeline.generation.constraints import Constraints, rhyme_letters
from pipeline.generation.sampling import check_range
from pipeline.translation import mark

KINDS = ("couplet", "refrain", "pré-refrain", "pont", "intro", "outro", "interlude")
_PART = re.compile(r"(?P<kind>[^\W\d_]+(?:-[^\W\d_]+)?)(?P<rest>.*)", re.DOTALL)
MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section. None takes what the constraints of the whole text say."""

    kind: str = "couplet"
    lines: int = 16
    scheme: str | None = None
    syllables: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SettingError(
                "plan-kind-unknown",
                "A section of a plan is a {kind!r}: take one of {known}.",
                kind=self.kind,
                known=", ".join(KINDS),
            )
        check_range(mark("number of lines of a section"), self.lines, 1, 64)
        Constraints(scheme=self.scheme or "free", syllables=self.syllables)

    def constraints(self, common: Constraints) -> Constraints:
        """Return what its lines are asked for."""
        return replace(
            common,
            scheme=common.scheme if self.scheme is None else self.scheme,
            syllables=common.syllables if self.syllables is None else self.syllables,
        )


@dataclass(frozen=True)
class Slot:
    """A line to be written: its section, rhyme letter and constraints; or the line, by number, that it repeats."""

    section: int
    kind: str
    letter: str
    constraints: Constraints
    repeats: int | None = None


def parse_plan(text: str) -> tuple[Part, ...]:
    """Read a plan written as sections separated by commas: kind, then lines, scheme and syllables as wanted.

    A kind that comes back without a number is like the one before it; a refrain is then the same words.
    Raises SettingError for anything else.

    >>> parse_plan("couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain")[2]
    Part(kind='couplet', lines=16, scheme='AABB', syllables=12)
    """
    parts: list[Part] = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        match = _PART.fullmatch(piece)
        if match is None:
            raise _unreadable(piece)
        before = next((part for part in reversed(parts) if part.kind == match["kind"].lower()), None)
        parts.append(before if before and not match["rest"].strip() else _part(match["kind"].lower(), match["rest"]))
    if not parts or sum(part.lines for part in parts) > MOST_LINES:
        raise SettingError(
            "plan-length", "A plan has at least one section and at most {most} lines in all.", most=MOST_LINES
        )
    return tuple(parts)


def _part(kind: str, rest: str) -> Part:
    numbers = [int(word[:9]) for word in rest.split() if word.isdecimal()]  # longer ones are out of range as well
    schemes = [word for word in rest.split() if not word.isdecimal()]
    if len(numbers) > 2 or len(schemes) > 1:
        raise _unreadable(kind + rest)
    lines = numbers[0] if numbers else 16 if kind == "couplet" else 4
    return Part(
        kind=kind, lines=lines, scheme=schemes[0] if schemes else None, syllables=numbers[1] if numbers[1:] else None
    )


def _unreadable(piece: str) -> SettingError:
    return SettingError(
        "plan-section-unreadable", "The plan holds {piece!r}: write a section as in 'couplet 16 AABB 12'.", piece=piece
    )


def slots(parts: tuple[Part, ...], common: Constraints) -> Iterator[Slot]:
    """Yield the lines of a song in order. A refrain of the length of an earlier one repeats it, line by line."""
    refrains: dict[Part, int] = {}
    number = 0
    for section, part in enumerate(parts):
        constraints = part.constraints(common)
        letters = ["A"] * part.lines if constraints.rhyme_with else rhyme_letters(constraints.scheme, part.lines)
        first = refrains.get(part) if part.kind == "refrain" else None
        refrains.setdefault(part, number)
        for at, letter in enumerate(letters):
            yield Slot(section, part.kind, letter, constraints, None if first is None else first + at)
        number += part.lines
