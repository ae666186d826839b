"""The rhyme scheme of a section: which lines rhyme at the end, as letters, and the name of the pattern.

Lines share a letter when they have the same rhyme key and no more than `MAX_LINE_GAP` lines apart; the same sound
after a longer gap starts a new group. A group needs two different end words: a word repeated alone does not
rhyme with itself (two lines that end on "chez Lidl" are no group, but both join one that has another word).
Lines outside any group are X. One call is one section: groups never cross into the next.

A second layer hears assonance: a line that rhymes with none joins the line within reach whose end sounds most like its
own, if they are as alike as `MIN_ASSONANCE_SIMILARITY` (`phone_similarity`). The reading writes both: a capital where a
line rhymes, a small letter where it assonates (ombre, monde, sombre: A a A).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.language.phone_similarity import Ending, split_ending_similarity
from pipeline.language.rhyme import has_feminine_ending, line_ending_parts, rhyme_keys_of_line
from pipeline.language.syllables import LineScansion

MAX_LINE_GAP = 4  # lines: ABBA needs 3, one more lets a group survive a line in between
UNRHYMED_LETTER = "X"
# Similarity from which two ends assonate: 2 % of random pairs that do not rhyme are as alike. Different vowels are
# never alike enough.
MIN_ASSONANCE_SIMILARITY = 0.66
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWYZ"  # without X


class Scheme(NamedTuple):
    """The rhyme scheme of a section: a letter and a group number per line (None for X), its name, the rhyme keys.

    `reading` has the letters with assonances, in lower case where a line only assonates, `assonances` the group
    numbers. `name` is the pattern of most quatrains (AABB, ABAB, XAXA ..., AA for two lines), "monorhyme" for one rhyme
    throughout, "mixed" without a pattern of most, "free" when under half of the lines rhyme."""

    letters: tuple[str, ...]
    groups: tuple[int | None, ...]
    name: str
    keys: tuple[str, ...]
    reading: tuple[str, ...]
    assonances: tuple[int | None, ...]


def section_rhyme_scheme(lines: Sequence[LineScansion], *, verse: bool = False) -> Scheme:
    """Return the rhyme scheme of a section's lines; in `verse` feminine ends rhyme only with feminine ones.

    >>> from pipeline.language.pronunciations import Pronunciations
    >>> from pipeline.language.syllables import scan_line
    >>> ends = ["la nuit", "la rue", "le bruit", "perdue"]
    >>> section_rhyme_scheme([scan_line(end, Pronunciations()) for end in ends]).name
    'ABAB'
    """
    keys = section_rhyme_keys(lines)
    if verse:
        keys = [key + "ə" * (bool(key) and has_feminine_ending(line)) for key, line in zip(keys, lines, strict=True)]
    ends = [end_word(line) for line in lines]
    groups = rhyme_groups(keys, ends)
    letters = tuple(UNRHYMED_LETTER if group is None else rhyme_group_letter(group) for group in groups)
    loose = assonance_groups(groups, [line_ending_parts(line.words) for line in lines], ends)
    return Scheme(letters, groups, scheme_name(groups), tuple(keys), letters_with_assonance(groups, loose), loose)


def letters_with_assonance(groups: Sequence[int | None], assonances: Sequence[int | None]) -> tuple[str, ...]:
    """Return the letter of each line: a capital for a rhyme, a small letter for an assonance only, X for neither.

    >>> letters_with_assonance((0, None, 0, None), (0, 0, 0, None))
    ('A', 'a', 'A', 'X')
    """
    letters = (UNRHYMED_LETTER if loose is None else rhyme_group_letter(loose) for loose in assonances)
    return tuple(
        letter.lower() if group is None and loose is not None else letter
        for letter, group, loose in zip(letters, groups, assonances, strict=True)
    )


def assonance_groups(
    groups: Sequence[int | None], endings: Sequence[Ending], ends: Sequence[str]
) -> tuple[int | None, ...]:
    """Return each line's group number by rhyme or, where it rhymes with none, by assonance; None where it has neither.

    `groups` are those of `rhyme_groups`, which stay whole; `ends` are the last words: none assonates with itself."""
    partner: dict[int, int] = {}
    for line, group in enumerate(groups):
        if group is None and endings[line].vowel:
            near = range(max(line - MAX_LINE_GAP, 0), min(line + MAX_LINE_GAP + 1, len(groups)))
            scores = [
                (
                    split_ending_similarity(endings[line], endings[other]),
                    groups[other] is not None,
                    -abs(other - line),
                    other,
                )
                for other in near
                if endings[other].vowel == endings[line].vowel and ends[other] != ends[line]
            ]
            score, *_, best = max(scores, default=(0.0, False, 0, line))
            if score >= MIN_ASSONANCE_SIMILARITY:
                partner[line] = best
    numbers: dict[tuple[str, int], int] = {}
    loose: list[int | None] = []
    joined = {line: _end_of_assonance_chain(line, partner) for line in {*partner, *partner.values()}}
    for line in range(len(groups)):
        of = joined.get(line, line)
        own = groups[of]
        label = ("rhyme", own) if own is not None else ("assonance", of) if line in joined else None
        loose.append(None if label is None else numbers.setdefault(label, len(numbers)))
    return tuple(loose)


def _end_of_assonance_chain(line: int, partner: Mapping[int, int]) -> int:
    """Follow assonance partners from `line` and return the last one; of a cycle, return its first line."""
    seen = [line]
    while (line := partner.get(line, line)) not in seen:
        seen.append(line)
    return min(seen[seen.index(line) :])


def section_rhyme_keys(lines: Sequence[LineScansion]) -> list[str]:
    """Return the rhyme key of each line of a section."""
    return disambiguate_rhyme_keys([rhyme_keys_of_line(line) for line in lines])


def disambiguate_rhyme_keys(candidates: Sequence[tuple[str, ...]]) -> list[str]:
    """Return one rhyme key per line, of the several that the pronunciations of its last word allow.

    A word said in several ways (huit, plus) takes the one the nearest rhymes with."""
    keys = [keys_of_end[0] for keys_of_end in candidates]
    for at, keys_of_end in enumerate(candidates):
        if len(keys_of_end) > 1:
            near = (
                candidates[other]
                for d in range(1, MAX_LINE_GAP + 1)
                for other in (at - d, at + d)
                if 0 <= other < len(candidates)
            )
            keys[at] = next((key for other in near for key in keys_of_end if key in other), keys_of_end[0])
    return keys


def end_word(line: LineScansion) -> str:
    """Return the last word of a line that has a vowel, as a token; "" for a silent line."""
    return next((word.text for word in reversed(line.words) if word.syllables), "")


def rhyme_groups(keys: Sequence[str], ends: Sequence[str]) -> tuple[int | None, ...]:
    """Return the rhyme group of each line, from its rhyme key and end word, numbered by first appearance; None is
    unrhymed."""
    latest: dict[str, list[int]] = {}  # key -> lines of the group still within reach
    members: list[list[int]] = []
    for line, key in enumerate(keys):
        if not key:
            continue
        group = latest.get(key)
        if group is None or line - group[-1] > MAX_LINE_GAP:
            group = latest[key] = []
            members.append(group)
        group.append(line)
    numbers: list[int | None] = [None] * len(keys)
    rhyming = [group for group in members if len({ends[line] for line in group}) > 1]
    for number, group in enumerate(rhyming):
        for line in group:
            numbers[line] = number
    return tuple(numbers)


def rhyme_group_letter(group: int) -> str:
    """Return the letter of a rhyme group, given its number from 0: A, B, ... Z (never X), then A1, B1, ...

    >>> rhyme_group_letter(0), rhyme_group_letter(24), rhyme_group_letter(25)
    ('A', 'Z', 'A1')
    """
    lap, letter = divmod(group, len(_ALPHABET))
    return _ALPHABET[letter] + (str(lap) if lap else "")


def quatrain_patterns(groups: Sequence[int | None]) -> list[str]:
    """Return the rhyme pattern of each full block of four lines, with letters of its own: AABB, ABAB, ABBA, ..."""
    return [_rhyme_pattern(groups[at : at + 4]) for at in range(0, len(groups) - 3, 4)]


def _rhyme_pattern(groups: Sequence[int | None]) -> str:
    """Return the letters of a block of lines in order of appearance; a line that rhymes with none inside it is X."""
    counts = Counter(groups)
    names: dict[int, str] = {}
    letters = ""
    for group in groups:
        if group is None or counts[group] == 1:
            letters += UNRHYMED_LETTER
        else:
            letters += names.setdefault(group, rhyme_group_letter(len(names)))
    return letters


def scheme_name(groups: Sequence[int | None]) -> str:
    """Return the name of a section's rhyme pattern: monorhyme, AABB, …, mixed or free, as described in `Scheme`."""
    rhymed = [group for group in groups if group is not None]
    if len(rhymed) * 2 < len(groups) or not rhymed:
        return "free"
    if len(set(rhymed)) == 1 and len(rhymed) == len(groups) > 2:
        return "monorhyme"
    patterns = quatrain_patterns(groups) or [_rhyme_pattern(groups)]
    pattern, count = Counter(patterns).most_common(1)[0]
    return pattern if count * 2 > len(patterns) else "mixed"
