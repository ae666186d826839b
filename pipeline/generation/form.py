"""The plan of a song: its sections with their lengths, schemes and syllables, and the refrain that comes back.

Knows nothing of how lines are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.generation.constraints import Constraints, Richness, rhyme_letters
from pipeline.generation.sampling import check_range
from pipeline.language.rhyme import RHYME_KINDS

KINDS = ("couplet", "refrain", "pré-refrain", "pont", "intro", "outro", "interlude")
_PART = re.compile(r"(?P<kind>[^\W\d_]+(?:-[^\W\d_]+)?)(?P<rest>.*)", re.DOTALL)
MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section. None takes what the constraints of the whole text say.

    `syllables` is a number for all lines, or one for each of the first lines, the last of them for all after.
    """

    kind: str = "couplet"
    lines: int = 16
    scheme: str | None = None
    syllables: int | tuple[int, ...] | None = None
    richness: Richness | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SettingError(
                "A section of a plan is a {kind!r}: take one of {known}.", kind=self.kind, known=", ".join(KINDS)
            )
        check_range(mark("number of lines of a section"), self.lines, 1, 64)
        for at in range(len(self.syllables) if isinstance(self.syllables, tuple) else 1):
            self.constraints(Constraints(), at)

    def constraints(self, common: Constraints, line: int = 0) -> Constraints:
        """Return what its line of this number is asked for."""
        own = self.syllables
        syllables = own[min(line, len(own) - 1)] if isinstance(own, tuple) else own
        return replace(
            common,
            scheme=common.scheme if self.scheme is None else self.scheme,
            syllables=common.syllables if syllables is None else syllables,
            richness=common.richness if self.richness is None else self.richness,
        )

    def __str__(self) -> str:
        """Return it as `parse_plan` reads it.

        >>> str(Part(lines=4, scheme="AABB", syllables=(12, 11), richness="multi3"))
        'couplet 4 AABB 12/11 multi3'
        """
        each = self.syllables if isinstance(self.syllables, tuple) else (self.syllables,) if self.syllables else ()
        parts = (self.kind, str(self.lines), self.scheme, "/".join(map(str, each)), self.richness)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Slot:
    """A line to be written: its section, rhyme letter and constraints; or the line, by number, that it repeats."""

    section: int
    kind: str
    letter: str
    constraints: Constraints
    repeats: int | None = None


def parse_plan(text: str) -> tuple[Part, ...]:
    """Read a plan written as sections separated by commas: kind, then lines, scheme, syllables and richness as wanted.

    Syllables are a number, or one for each line: couplet 4 AABB 12/11/12/10. A kind that comes back without a number
    is like the one before it; a refrain is then the same words. Raises SettingError for anything else.

    >>> ", ".join(map(str, parse_plan("couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain")))
    'couplet 16 AABB 12, refrain 4 ABAB, couplet 16 AABB 12, refrain 4 ABAB'
    """
    parts: list[Part] = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        match = _PART.fullmatch(piece)
        if match is None:
            raise _unreadable(piece)
        before = next((part for part in reversed(parts) if part.kind == match["kind"].lower()), None)
        parts.append(before if before and not match["rest"].strip() else _part(match["kind"].lower(), match["rest"]))
    if not parts or sum(part.lines for part in parts) > MOST_LINES:
        raise SettingError("A plan has at least one section and at most {most} lines in all.", most=MOST_LINES)
    return tuple(parts)


def _part(kind: str, rest: str) -> Part:
    numbers, others = list[str](), list[str]()
    for word in rest.split():
        (numbers if word.replace("/", "").isdecimal() else others).append(word)
    measures = [tuple(int(number[:9]) for number in word.split("/") if number) for word in numbers]  # 9: out of range
    rich = [word for word in others if word in RHYME_KINDS]
    schemes = [word for word in others if word not in RHYME_KINDS]
    if len(numbers) > 2 or len(schemes) > 1 or len(rich) > 1 or len(measures[0] if measures else "1") > 1:
        raise _unreadable(kind + rest)
    lines = measures[0][0] if measures else 16 if kind == "couplet" else 4
    syllables = (measures[1] if len(measures[1]) > 1 else measures[1][0]) if measures[1:] else None
    return Part(
        kind=kind,
        lines=lines,
        scheme=schemes[0] if schemes else None,
        syllables=syllables,
        richness=rich[0] if rich else None,
    )


def _unreadable(piece: str) -> SettingError:
    return SettingError("The plan holds {piece!r}: write a section as in 'couplet 16 AABB 12'.", piece=piece)


def slots(parts: tuple[Part, ...], common: Constraints) -> Iterator[Slot]:
    """Yield the lines of a song in order. A refrain of the length of an earlier one repeats it, line by line."""
    refrains: dict[Part, int] = {}
    number = 0
    for section, part in enumerate(parts):
        scheme = part.constraints(common).scheme
        letters = ["A"] * part.lines if common.rhyme_with else rhyme_letters(scheme, part.lines)
        first = refrains.get(part) if part.kind == "refrain" else None
        refrains.setdefault(part, number)
        for at, letter in enumerate(letters):
            constraints = part.constraints(common, at)
            yield Slot(section, part.kind, letter, constraints, None if first is None else first + at)
        number += part.lines
