"""Titles in a file of glued songs: lines alone above a stanza, where the file shows that such lines are titles.

A refrain says the title of its song: a line that is said several times after it, and more often than before it. A line
of lyrics that stands alone is hardly ever such a line, four in ten titles are; so where a tenth of the lines alone are
said afterwards, all of them are taken for titles, otherwise only these.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

_BLANK = re.compile(r"\n[ \t]*\n+")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 60  # characters
_NEAR = 3_000  # characters in which a title comes back: one song
_SAID, _ALONE = 3.0, 2.5  # how much such a line speaks for a border
_FEWEST, _SHARE = 2, 0.1  # of the lines alone that are said afterwards, where all are titles


def title_lines(text: str) -> Iterator[tuple[int, float]]:
    """(place, how much it speaks for a border) of the lines of a text that look like titles."""
    alone = list(_lines_alone(text))
    if len(alone) < _FEWEST:  # as in most files: their words need no look
        return
    said = _said_afterwards(text, alone)
    titled = sum(said) >= max(_FEWEST, _SHARE * len(alone))
    for (start, _), again in zip(alone, said, strict=True):
        if again or titled:
            yield start, _SAID if again else _ALONE


def _lines_alone(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines are that stand alone, and above a stanza: not those of a double-spaced text."""
    blanks = [(match.start(), match.end()) for match in _BLANK.finditer(text)]
    stanzas = list(pairwise([0, *(at for blank in blanks for at in blank), len(text)]))[::2]
    for (start, stop), below in pairwise(stanzas):
        line, stanza = text[start:stop].strip(), text[slice(*below)].strip()
        begins = line[:1].isupper() or line[:1].isdigit()
        if begins and 2 <= len(line) <= _LONGEST and "\n" not in line and "\n" in stanza:
            yield start, stop


def _said_afterwards(text: str, lines: list[tuple[int, int]]) -> list[bool]:
    """Whether each of these lines is said more than once in the song after it, and more often than before."""
    words = [(match.start(), match[0].lower()) for match in _WORD.finditer(text)]
    starts = np.array([start for start, _ in words], np.intp)
    spoken = f" {' '.join(word for _, word in words)} "
    places = np.cumsum([1, *(len(word) + 1 for _, word in words)])
    said = []
    for line in lines:
        first, after = (int(places[at]) for at in np.searchsorted(starts, line))
        phrase = spoken[first - 1 : after]
        before = spoken.count(phrase, max(0, first - _NEAR), first)
        said.append(len(phrase) > 4 and spoken.count(phrase, after - 1, after + _NEAR) > max(before, 1))
    return said
