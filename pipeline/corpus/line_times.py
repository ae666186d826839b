"""The times of the lines of a raw text, for those lines of them that cleaning and markup left. Knows no format."""

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from pipeline.corpus.song import LineTime, Section
from pipeline.corpus.tags import split_repeat

_STAMPS = re.compile(r"(?:\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\][ \t]*+)++")
_LONGEST_GAP = 100  # lines that left or were added in a row, beyond which an alignment may lose its place


def set_line_times(sections: Sequence[Section], text: str, times: Sequence[LineTime]) -> tuple[Section, ...]:
    """Return sections with the times of their lines. `times` are those of the non-blank lines of `text`.

    Lines are aligned by their letters and digits: one that cleaning split has no time."""
    lines = [line for section in sections for line in section.lines]
    ours = [_line_key(line.text) for line in lines]
    theirs = [_line_key(line) for line in text.splitlines() if line.strip()]
    own = {at: LineTime(*times[row]) for at, row in align_equal_items(ours, theirs) if row < len(times)}
    timed = iter([replace(line, seconds=own.get(at)) for at, line in enumerate(lines)])
    return tuple(replace(section, lines=tuple(next(timed) for _ in section.lines)) for section in sections)


def align_line_times(text: str, lines: Sequence[str], times: Sequence[LineTime]) -> tuple[LineTime, ...]:
    """Return the times of a text's non-blank lines, taken from equal `lines` with known `times`; () for none."""
    ours = [_line_key(line) for line in text.splitlines() if line.strip()]
    known = {at: times[row] for at, row in align_equal_items(ours, [*map(_line_key, lines)])}
    return tuple(known.get(at, LineTime(math.nan)) for at in range(len(ours))) if known else ()


def align_equal_items(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Yield (index in `ours`, index in `theirs`) of equal items, both rising, in linear time.

    Where the sequences differ, at most `_LONGEST_GAP` items are skipped on each side."""
    a = b = 0
    while a < len(ours) and b < len(theirs):
        if ours[a] == theirs[b]:
            yield a, b
            a, b = a + 1, b + 1
        else:
            skipped, skipped_theirs = _first_matching_indices(ours[a : a + _LONGEST_GAP], theirs[b : b + _LONGEST_GAP])
            a, b = a + skipped, b + skipped_theirs


def _first_matching_indices(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> tuple[int, int]:
    """Return the indices of the first equal items, those with the least sum of indices; (1, 1) if there are none."""
    first = {item: at for at, item in reversed([*enumerate(theirs)])}
    equal = ((at, first[item]) for at, item in enumerate(ours) if item in first)
    return min(equal, key=sum, default=(1, 1))


def _line_key(line: str) -> str:
    """Return the letters and digits of a line, without time stamps and repeat mark: what lines are aligned by."""
    return "".join(filter(str.isalnum, split_repeat(_STAMPS.sub("", line.strip()))[0].casefold()))
