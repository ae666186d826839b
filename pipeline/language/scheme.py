"""The rhyme scheme of a section: which lines rhyme at the end, as letters, and the name of the pattern.

Lines share a letter when they have the same rhyme key and no more than `REACH` lines apart; the same sound
after a longer gap starts a new group. A group needs two different end words: a word repeated alone does not
rhyme with itself (two lines that end on "chez Lidl" are no group, but both join one that has another word).
Lines outside any group are X. One call is one section: groups never cross into the next.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.language.rhyme import line_keys
from pipeline.language.syllables import LineScansion

REACH = 4  # lines: ABBA needs 3, one more lets a group survive a line in between
UNRHYMED = "X"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWYZ"  # without X


class Scheme(NamedTuple):
    """One letter and one group number a line (None for X), the pattern's name, and the rhyme key of each line.

    `name` is the pattern of most quatrains (AABB, ABAB, ABBA, XAXA ..., AA for two lines), "monorhyme" when one
    rhyme holds throughout, "mixed" when no pattern has most of them, "free" when under half of the lines rhyme.
    """

    letters: tuple[str, ...]
    groups: tuple[int | None, ...]
    name: str
    keys: tuple[str, ...]


def section_scheme(lines: Sequence[LineScansion]) -> Scheme:
    """Return the scheme of the lines of one section, in order.

    >>> from pipeline.language.pronunciations import Pronunciations
    >>> from pipeline.language.syllables import scan_line
    >>> ends = ["la nuit", "la rue", "le bruit", "perdue"]
    >>> section_scheme([scan_line(end, Pronunciations()) for end in ends]).name
    'ABAB'
    """
    keys = section_keys(lines)
    groups = rhyme_groups(keys, [end_word(line) for line in lines])
    letters = tuple(UNRHYMED if group is None else group_letter(group) for group in groups)
    return Scheme(letters, groups, scheme_name(groups), tuple(keys))


def section_keys(lines: Sequence[LineScansion], reach: int = REACH) -> list[str]:
    """Return the rhyme key of each line."""
    return nearest_keys([line_keys(line) for line in lines], reach)


def nearest_keys(candidates: Sequence[tuple[str, ...]], reach: int = REACH) -> list[str]:
    """Return the rhyme key of each line of those it may have.

    A word said in several ways (huit, plus) takes the one the nearest rhymes with.
    """
    keys = [each[0] for each in candidates]
    for at, each in enumerate(candidates):
        if len(each) > 1:
            near = (
                candidates[other]
                for d in range(1, reach + 1)
                for other in (at - d, at + d)
                if 0 <= other < len(candidates)
            )
            keys[at] = next((key for other in near for key in each if key in other), each[0])
    return keys


def end_word(line: LineScansion) -> str:
    """Return the last word that has a vowel, as a token; empty for a silent line."""
    return next((word.text for word in reversed(line.words) if word.syllables), "")


def rhyme_groups(keys: Sequence[str], ends: Sequence[str], reach: int = REACH) -> tuple[int | None, ...]:
    """Group number of each line from its key and end word; numbers follow first appearance, None is unrhymed."""
    latest: dict[str, list[int]] = {}  # key -> lines of the group still within reach
    members: list[list[int]] = []
    for line, key in enumerate(keys):
        if not key:
            continue
        group = latest.get(key)
        if group is None or line - group[-1] > reach:
            group = latest[key] = []
            members.append(group)
        group.append(line)
    numbers: list[int | None] = [None] * len(keys)
    rhyming = [group for group in members if len({ends[line] for line in group}) > 1]
    for number, group in enumerate(rhyming):
        for line in group:
            numbers[line] = number
    return tuple(numbers)


def group_letter(group: int) -> str:
    """Return A, B, ... Z (never X), then A1, B1, ...

    >>> group_letter(0), group_letter(24), group_letter(25)
    ('A', 'Z', 'A1')
    """
    lap, letter = divmod(group, len(_ALPHABET))
    return _ALPHABET[letter] + (str(lap) if lap else "")


def quatrain_patterns(groups: Sequence[int | None]) -> list[str]:
    """Return the pattern of each full block of four lines, its own letters: AABB, ABAB, ABBA, AAXA, ..."""
    return [_rhyme_pattern(groups[at : at + 4]) for at in range(0, len(groups) - 3, 4)]


def _rhyme_pattern(groups: Sequence[int | None]) -> str:
    """Return the letters in order of appearance; what rhymes with nothing inside the block is X."""
    counts = Counter(groups)
    names: dict[int, str] = {}
    letters = ""
    for group in groups:
        if group is None or counts[group] == 1:
            letters += UNRHYMED
        else:
            letters += names.setdefault(group, group_letter(len(names)))
    return letters


def scheme_name(groups: Sequence[int | None]) -> str:
    """Return the name of a section's pattern; see Scheme."""
    rhymed = [group for group in groups if group is not None]
    if len(rhymed) * 2 < len(groups) or not rhymed:
        return "free"
    if len(set(rhymed)) == 1 and len(rhymed) == len(groups) > 2:
        return "monorhyme"
    patterns = quatrain_patterns(groups) or [_rhyme_pattern(groups)]
    pattern, count = Counter(patterns).most_common(1)[0]
    return pattern if count * 2 > len(patterns) else "mixed"
