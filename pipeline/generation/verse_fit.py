"""The measure of a verse as a plan for other words: its sections, schemes, syllables line by line, its multis.

Blank lines part the sections, tags such as [Refrain] name them; a section that returns word for word is a refrain.
Knows nothing of models.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.core.errors import SettingError
from pipeline.corpus.markup import parse
from pipeline.generation.constraints import FREE, Richness, rhyme_letters
from pipeline.generation.form import MOST_LINES, Part
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, RHYME_KINDS, Rhyme, compare
from pipeline.language.scheme import UNRHYMED, section_scheme
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import tokenise

LONGEST_SECTION = 64  # lines
FEWEST, MOST = 2, 30  # syllables that a line can be asked for
_BLANK = re.compile(r"\n[^\S\n]*\n")


def fit_plan(text: str, sounds: Pronunciations) -> tuple[Part, ...]:
    """Return the plan whose lines have the measure of a verse. `sounds` learns its words.

    Lines of fewer syllables than 2 or more than 30 count as those. Raises SettingError for a text without words, and
    for one longer than a plan.
    """
    sections = list(_sections(text))
    if not sections or sum(len(lines) for _, lines in sections) > MOST_LINES:
        raise SettingError("A verse to fit has at least one line and at most {most} lines in all.", most=MOST_LINES)
    sounds.learn_lines(line for _, lines in sections for line in lines)
    return tuple(_part(kind, lines, sounds) for kind, lines in sections)


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each section: its kind, its lines."""
    kind, seen = "couplet", list[list[list[str]]]()
    for block in _BLANK.split("\n".join(text.splitlines())):
        for section in parse(block):
            kind = kind if section.inferred else section.kind
            lines = [line.text for line in section.lines for _ in range(line.repeat) if tokenise(line.text)]
            words = [tokenise(line) for line in lines]
            for start in range(0, len(lines), LONGEST_SECTION):
                for _ in range(section.repeat):
                    returns = words in seen and section.inferred
                    yield "refrain" if returns else kind, lines[start : start + LONGEST_SECTION]
            seen.append(words)


def _part(kind: str, lines: Sequence[str], sounds: Pronunciations) -> Part:
    scanned = [scan_line(line, sounds) for line in lines]
    measure = tuple(min(max(line.syllables.spoken, FEWEST), MOST) for line in scanned)
    letters = section_scheme(scanned).letters
    return Part(
        kind=kind,
        lines=len(lines),
        scheme=find_scheme(letters),
        syllables=measure[0] if len(set(measure)) == 1 else measure,
        richness=_richness(lines, letters, scanned, sounds),
    )


def find_scheme(letters: Sequence[str]) -> str:
    """Return the scheme that gives lines these letters when it is used again for each group of lines: of four letters,
    which have names, else the shortest.

    A 26th rhyme in one section, for which a scheme has no letter, is left out.

    >>> find_scheme("AABBCCDD"), find_scheme("AABBCC"), find_scheme("ABXBA"), find_scheme("XX")
    ('AABB', 'AABB', 'ABXBA', 'free')
    """
    plain = [letter if len(letter) == 1 else UNRHYMED for letter in letters]
    if set(plain) == {UNRHYMED}:
        return FREE
    wanted = _letter_groups([letter if letter != UNRHYMED else "" for letter in plain])
    schemes = ["".join(plain[:size]) for size in (4, *range(1, len(plain)))]
    fitting = (scheme for scheme in schemes if _letter_groups(rhyme_letters(scheme, len(plain))) == wanted)
    return next(fitting, "".join(plain))


def _letter_groups(letters: Sequence[str]) -> list[int]:
    """Return which lines share a letter, whatever it is; -1 for none."""
    order = list(dict.fromkeys(letter for letter in letters if letter))
    return [order.index(letter) if letter else -1 for letter in letters]


def _richness(
    lines: Sequence[str], letters: Sequence[str], scanned: Sequence[LineScansion], sounds: Pronunciations
) -> Richness | None:
    """Return what at least half of the rhymes of a section are: a multi of 3 or 4 vowels, else a kind."""
    rhymes = list[Rhyme]()
    for letter in dict.fromkeys(letters):
        same = [line for line, other in zip(lines, letters, strict=True) if other == letter != UNRHYMED]
        rhymes += [compare(a, b, sounds) for a, b in pairwise(same)]
    if not rhymes:
        return None
    half = (len(rhymes) + 1) // 2
    vowels = sorted(rhyme.shared_vowels for rhyme in rhymes)[-half]
    multis = (kind for kind in reversed(RHYME_KINDS.values()) if kind.is_multi)
    multi = next((kind.name for kind in multis if 3 <= kind.vowels <= vowels), None)
    kind = sorted(KINDS.index(rhyme.kind) for rhyme in rhymes)[-half]
    return multi or KINDS[max(kind, 1)]
