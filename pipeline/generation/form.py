"""The plan of a song: its sections with their lengths, schemes and syllables, and the refrain that comes back.

It is typed, or it is the measure of a verse, to be fitted with other words: blank lines part the sections, tags such as
[Refrain] name them, and a section that returns word for word is a refrain. Knows nothing of how lines are written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.song import SECTION_KINDS
from pipeline.generation.constraints import FREE_SCHEME, Constraints, Richness, rhyme_letters
from pipeline.generation.sampling import check_range
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, RHYME_KINDS, Rhyme, compare_rhyme
from pipeline.language.scheme import UNRHYMED_LETTER, section_rhyme_scheme
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import tokenise

_PART = re.compile(r"(?P<kind>[^\W\d_]+(?:-[^\W\d_]+)?)(?P<rest>.*)", re.DOTALL)
MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class SectionPlan:
    """The plan of one section of a song. Fields that are None follow the constraints of the whole text.

    `syllables` is a number for all lines, or one for each of the first lines, the last of them for all after.
    """

    kind: str = "couplet"
    lines: int = 16
    scheme: str | None = None
    syllables: int | tuple[int, ...] | None = None
    richness: Richness | None = None

    def __post_init__(self) -> None:
        if self.kind not in SECTION_KINDS:
            raise SettingError(
                "A section of a plan is a {kind!r}: choose one of {known}.",
                kind=self.kind,
                known=", ".join(SECTION_KINDS),
            )
        check_range(mark("number of lines of a section"), self.lines, 1, 64)
        for at in range(len(self.syllables) if isinstance(self.syllables, tuple) else 1):
            self.constraints(Constraints(), at)

    def constraints(self, common: Constraints, line: int = 0) -> Constraints:
        """Return the constraints of the section's line `line`, made of the whole text's (`common`) and its own."""
        own = self.syllables
        syllables = own[min(line, len(own) - 1)] if isinstance(own, tuple) else own
        return replace(
            common,
            scheme=common.scheme if self.scheme is None else self.scheme,
            syllables=common.syllables if syllables is None else syllables,
            richness=common.richness if self.richness is None else self.richness,
        )

    def __str__(self) -> str:
        """Return the section's plan as text that `parse_plan` reads.

        >>> str(SectionPlan(lines=4, scheme="AABB", syllables=(12, 11), richness="multi3"))
        'couplet 4 AABB 12/11 multi3'
        """
        each = self.syllables if isinstance(self.syllables, tuple) else (self.syllables,) if self.syllables else ()
        parts = (self.kind, str(self.lines), self.scheme, "/".join(map(str, each)), self.richness)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Slot:
    """The place of a line in a planned song: its section, rhyme letter and constraints, or the line that it repeats."""

    section: int
    kind: str
    letter: str
    constraints: Constraints
    repeats: int | None = None

    def rhymes_with(self, other: "Slot") -> bool:
        """Return whether two slots have the same rhyme letter in the same section."""
        return bool(self.letter) and (self.section, self.letter) == (other.section, other.letter)


def parse_plan(text: str) -> tuple[SectionPlan, ...]:
    """Return the plan written as sections separated by commas: a kind, optionally lines, scheme, syllables, richness.

    Syllables are a number, or one for each line: couplet 4 AABB 12/11/12/10. A kind that comes back without a number
    is like the one before it; a refrain is then the same words. Raises SettingError for anything else.

    >>> ", ".join(map(str, parse_plan("couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain")))
    'couplet 16 AABB 12, refrain 4 ABAB, couplet 16 AABB 12, refrain 4 ABAB'
    """
    parts: list[SectionPlan] = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        match = _PART.fullmatch(piece)
        if match is None:
            raise _plan_error(piece)
        before = next((part for part in reversed(parts) if part.kind == match["kind"].lower()), None)
        parts.append(
            before if before and not match["rest"].strip() else _parse_section(match["kind"].lower(), match["rest"])
        )
    if not parts or sum(part.lines for part in parts) > MOST_LINES:
        raise SettingError("A plan has at least one section and at most {most} lines in all.", most=MOST_LINES)
    return tuple(parts)


def _parse_section(kind: str, rest: str) -> SectionPlan:
    numbers, others = list[str](), list[str]()
    for word in rest.split():
        (numbers if word.replace("/", "").isdecimal() else others).append(word)
    measures = [tuple(int(number[:9]) for number in word.split("/") if number) for word in numbers]  # 9: out of range
    rich = [word for word in others if word in RHYME_KINDS]
    schemes = [word for word in others if word not in RHYME_KINDS]
    if len(numbers) > 2 or len(schemes) > 1 or len(rich) > 1 or len(measures[0] if measures else "1") > 1:
        raise _plan_error(kind + rest)
    lines = measures[0][0] if measures else 16 if kind == "couplet" else 4
    syllables = (measures[1] if len(measures[1]) > 1 else measures[1][0]) if measures[1:] else None
    return SectionPlan(
        kind=kind,
        lines=lines,
        scheme=schemes[0] if schemes else None,
        syllables=syllables,
        richness=rich[0] if rich else None,
    )


def _plan_error(piece: str) -> SettingError:
    return SettingError("The plan contains {piece!r}: write a section as in 'couplet 16 AABB 12'.", piece=piece)


def song_line_slots(parts: tuple[SectionPlan, ...], common: Constraints) -> Iterator[Slot]:
    """Yield the slots (places of lines) of a song. A refrain as long as an earlier one repeats it line by line."""
    refrains: dict[SectionPlan, int] = {}
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


LONGEST_SECTION = 64  # lines
FEWEST, MOST = 2, 30  # syllables that a line can be asked for
_BLANK = re.compile(r"\n[^\S\n]*\n")


def plan_from_verse(text: str, sounds: Pronunciations) -> tuple[SectionPlan, ...]:
    """Return a plan with the sections, rhyme schemes and syllables of a text. Add its new words to `sounds`.

    Lines of fewer syllables than 2 or more than 30 count as those. Raises SettingError for a text without words, and
    for one longer than a plan.
    """
    sections = list(_split_verse(text))
    if not sections or sum(len(lines) for _, lines in sections) > MOST_LINES:
        raise SettingError("A verse to match has at least one line and at most {most} lines.", most=MOST_LINES)
    sounds.transcribe_missing_in_lines(line for _, lines in sections for line in lines)
    return tuple(_plan_of_section(kind, lines, sounds) for kind, lines in sections)


def _split_verse(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (kind, lines) of each section of a text."""
    kind, earlier = "couplet", list[list[list[str]]]()
    for block in _BLANK.split("\n".join(text.splitlines())):
        for section in parse_sections(block):
            kind = kind if section.inferred else section.kind
            lines = [line.text for line in section.lines for _ in range(line.repeat) if tokenise(line.text)]
            words = [tokenise(line) for line in lines]
            for _ in range(section.repeat):
                for start in range(0, len(lines), LONGEST_SECTION):
                    returns = words in earlier and section.inferred
                    yield "refrain" if returns else kind, lines[start : start + LONGEST_SECTION]
            earlier.append(words)


def _plan_of_section(kind: str, lines: Sequence[str], sounds: Pronunciations) -> SectionPlan:
    scanned = [scan_line(line, sounds) for line in lines]
    measure = tuple(min(max(line.syllables.spoken, FEWEST), MOST) for line in scanned)
    letters = section_rhyme_scheme(scanned).letters
    return SectionPlan(
        kind=kind,
        lines=len(lines),
        scheme=find_scheme(letters),
        syllables=measure[0] if len(set(measure)) == 1 else measure,
        richness=_rhyme_richness(lines, letters, scanned, sounds),
    )


def find_scheme(letters: Sequence[str]) -> str:
    """Return the scheme that repeats to these letters: one of four letters if possible (they have names), or the
    shortest.

    A 26th rhyme in one section, for which a scheme has no letter, is left out.

    >>> find_scheme("AABBCCDD"), find_scheme("AABBCC"), find_scheme("ABXBA"), find_scheme("XX")
    ('AABB', 'AABB', 'ABXBA', 'free')
    """
    plain = [letter if len(letter) == 1 else UNRHYMED_LETTER for letter in letters]
    if set(plain) == {UNRHYMED_LETTER}:
        return FREE_SCHEME
    groups = _letter_groups([letter if letter != UNRHYMED_LETTER else "" for letter in plain])
    schemes = ["".join(plain[:size]) for size in (4, *range(1, len(plain)))]
    fitting = (scheme for scheme in schemes if _letter_groups(rhyme_letters(scheme, len(plain))) == groups)
    return next(fitting, "".join(plain))


def _letter_groups(letters: Sequence[str]) -> list[int]:
    """Return for each line the number of its rhyme letter by first appearance; -1 for no letter."""
    order = list(dict.fromkeys(letter for letter in letters if letter))
    return [order.index(letter) if letter else -1 for letter in letters]


def _rhyme_richness(
    lines: Sequence[str], letters: Sequence[str], scanned: Sequence[LineScansion], sounds: Pronunciations
) -> Richness | None:
    """Return the richest of `RHYME_KINDS` that at least half of the rhymes reach. Multisyllabic kinds come first."""
    rhymes = list[Rhyme]()
    for letter in dict.fromkeys(letters):
        same_letter = [line for line, other in zip(lines, letters, strict=True) if other == letter != UNRHYMED_LETTER]
        rhymes += [compare_rhyme(a, b, sounds) for a, b in pairwise(same_letter)]
    if not rhymes:
        return None
    half = (len(rhymes) + 1) // 2
    vowels = sorted(rhyme.shared_vowels for rhyme in rhymes)[-half]
    multis = (kind for kind in reversed(RHYME_KINDS.values()) if kind.is_multisyllabic)
    multi = next((kind.name for kind in multis if 3 <= kind.vowels <= vowels), None)
    kind = sorted(KINDS.index(rhyme.kind) for rhyme in rhymes)[-half]
    kinds = [name for name, each in RHYME_KINDS.items() if not each.is_multisyllabic and KINDS.index(name) <= kind]
    return multi or (kinds[-1] if kinds else "assonance")
