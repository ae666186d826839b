"""When lines are sung: the times that a source gives, on the lines that cleaning and markup made of its own."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from pipeline.corpus.song import Line, Section, Span
from pipeline.corpus.tags import split_repeat


def with_times(sections: Sequence[Section], text: str, times: Sequence[Span]) -> tuple[Section, ...]:
    """The sections with the times of their lines. `times` are those of the lines of `text` that are not blank.

    Lines are aligned by their letters and digits, so that a line keeps its time when others left or were added, and a
    line that cleaning made of half a line has none.
    """
    lines = [line for section in sections for line in section.lines]
    found = dict(_align_lines([line.text for line in lines], [line for line in text.splitlines() if line.strip()]))
    timed = iter([_with_times(line, times, found.get(at)) for at, line in enumerate(lines)])
    return tuple(replace(section, lines=tuple(next(timed) for _ in section.lines)) for section in sections)


def _with_times(line: Line, times: Sequence[Span], at: int | None) -> Line:
    return line if at is None or at >= len(times) else replace(line, seconds=times[at])


def _align_lines(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, list(map(_key, ours)), list(map(_key, theirs)), autojunk=False)
    return [(a + at, b + at) for a, b, size in matcher.get_matching_blocks() for at in range(size)]


def _key(line: str) -> str:
    return "".join(filter(str.isalnum, split_repeat(line.strip())[0].casefold()))
