"""A verse of the visitor's own, measured like those of the corpus. Knows no page."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import section_scheme
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line


class VerseStatistics(NamedTuple):
    """`density`: rhymed syllables / syllables. `rhymed`: lines whose end rhymes. `longest`: syllables of a rhyme."""

    lines: int
    syllables: int
    shortest: int
    most: int
    rhymed: int
    density: float
    longest: int
    schemes: tuple[str, ...]


def verse_statistics(sections: Sequence[Sequence[str]], pronunciations: Pronunciations) -> VerseStatistics:
    """Return the measures of all sections together; lines on which nothing is said do not count.

    >>> verse_statistics([["Dans la maison", "T'as pas raison"]], Pronunciations()).schemes
    ('AA',)
    """
    scanned = [[scan_line(line, pronunciations) for line in section] for section in sections]
    counts = [line.syllables.spoken for section in scanned for line in section if line.syllables.spoken]
    echoes = [find_section_rhymes(section) for section in scanned]
    marks = [mark for echo in echoes for line in echo.rhymed() for mark in line]
    schemes = [section_scheme(section) for section in scanned]
    return VerseStatistics(
        lines=len(counts),
        syllables=sum(counts),
        shortest=min(counts, default=0),
        most=max(counts, default=0),
        rhymed=sum(group is not None for scheme in schemes for group in scheme.groups),
        density=sum(marks) / len(marks) if marks else 0.0,
        longest=max((site.syllables for echo in echoes for site in echo.sites), default=0),
        schemes=tuple(scheme.name for scheme in schemes),
    )
