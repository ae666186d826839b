"""The signs of a border between the songs of a file, when nothing says where they begin.

Signs for a border are words glued together (`…fin du premierDébut du second`), a tag amid a line, an intro, wide gaps,
a title alone on its line. Signs that there must be one in between are conflicts: numbers of couplets that begin anew,
refrains that differ, an intro after other sections, anything after an outro.

A refrain says the title of its song: a line that occurs several times after it, and more often than before it. A line
of lyrics that stands alone is hardly ever such a line, four in ten titles are; so where a tenth of the lines alone
occur afterwards, all of them are taken for titles, otherwise only these.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.corpus.song import SectionKind
from pipeline.corpus.tags import read_tag

FEWEST_WORDS = 1_500  # of a file that is recognised as one of several songs by such signs alone
CERTAIN_WORDS = 5_000  # of a file that is one of several songs, whatever it shows
FEWEST_SIGNS = 3  # that such a file shows

WORD_LENGTH = 5.6  # characters a word, the blank after it included
_LONGEST_LINE = 200  # characters
_LONGEST_TITLE = 60  # characters
_NEAR = 3_000  # characters in which a title recurs: one song
_RULED = 2.0  # how much a ruler speaks for a border where rulers are not what parts the songs
_RECURS, _ALONE = 3.0, 2.5  # how much a line alone speaks for a border
_FEWEST, _SHARE = 2, 0.1  # of the lines alone that recur, where all are titles

_LOWER, _UPPER = "a-zß-öø-ÿœ", "A-ZÀ-ÖØ-ÞŒ"
_CLOSE = re.compile(rf"\S(?=[{_UPPER}«(—–])")  # where the next two may match
_GLUED = re.compile(rf"(?<=[{_LOWER}]{{2}})(?=[{_UPPER}](?:[{_LOWER}'’]| [{_LOWER}:]))")
_GLUED_MARK = re.compile(  # fin.Début   fin »Début   fin"Début   fin« Début   [Refrain]Début
    rf"(?:(?<=[.!?…)»])|(?<=[\w.!?…]\"))(?=[{_UPPER}][{_LOWER}'’ ])|(?<=[\w)»\"!?.…])"
    rf"(?=[(«][ \"]?[{_UPPER}{_LOWER}]|[—–] )"
    rf"|(?<=[^\s\[]\])(?=[{_UPPER}][{_LOWER}'’ ])"
)
_GAP = re.compile(r"\n(?:[ \t]*\n){3,}")
RULER = re.compile(r"^[ \t]*+(?P<rule>[-=*_~#])(?P=rule){2,}+[ \t]*+\n++", re.M)
BLANK = re.compile(r"\n[ \t]*\n+")
_TAG = re.compile(r"\[\s*([^\[\]\n]{2,80})")
_WORD = re.compile(r"[^\W\d_]+")


class TagPlace(NamedTuple):
    """A tag: where it is, what it says, and whether text stands before it on its line."""

    at: int
    kind: SectionKind
    number: int | None
    amid: bool


class Conflict(NamedTuple):
    """Two places that hardly belong to one song, and how hardly."""

    first: int
    second: int
    weight: float


def find_tags(text: str) -> Iterator[TagPlace]:
    """Yield the tags of sections in a text, in order."""
    last = 0  # bracket, which is text before this one when both are on one line
    for match in _TAG.finditer(text):
        tag = read_tag(match[1])
        if tag is not None and tag.kind is not None:
            before = text[last : match.start()].rpartition("\n")[2]
            yield TagPlace(match.start(), tag.kind, tag.number, bool(before.strip()))
        last = match.start()


def find_conflicts(text: str, sections: Sequence[TagPlace]) -> list[Conflict]:
    """Return the pairs of places in a text that hardly belong to one song."""
    return [*_restarts(sections), *_orders(sections), *_refrains(text, sections)]


def is_of_several_songs(text: str) -> bool:
    """Whether a text is long and shows the signs of several songs."""
    if len(text) < FEWEST_WORDS * WORD_LENGTH:
        return False
    if len(text) > CERTAIN_WORDS * WORD_LENGTH:
        return True
    sections = list(find_tags(text))
    signs = len(_restarts(sections)) + len(_GAP.findall(text)) + sum(weight > 1 for _, weight in _junctions(text))
    return signs >= FEWEST_SIGNS


def _restarts(sections: Sequence[TagPlace]) -> list[Conflict]:
    """Couplets whose number does not follow the one before."""
    couplets = [section for section in sections if section.kind == "couplet" and section.number]
    return [
        Conflict(a.at, b.at, 4.0 if b.number == 1 else 2.0)
        for a, b in pairwise(couplets)
        if (b.number or 0) <= (a.number or 0)
    ]


def _orders(sections: Sequence[TagPlace]) -> list[Conflict]:
    """An intro after other sections, anything after an outro."""
    conflicts = list[Conflict]()
    for a, b in pairwise(sections):
        if b.kind == "intro":
            conflicts.append(Conflict(a.at, b.at, 2.0))
        elif a.kind == "outro" and b.kind != "outro":
            conflicts.append(Conflict(a.at, b.at, 1.5))
    return conflicts


def _refrains(text: str, sections: Sequence[TagPlace]) -> list[Conflict]:
    """Refrains that follow each other and share no line."""
    stops = [*(section.at for section in sections), len(text)][1:]
    sung = [
        (section.at, _first_lines(text[section.at : stop]))
        for section, stop in zip(sections, stops, strict=True)
        if section.kind == "refrain"
    ]
    sung = [(at, lines) for at, lines in sung if lines]
    return [Conflict(a, b, 1.5) for (a, ours), (b, theirs) in pairwise(sung) if not ours & theirs]


def _first_lines(section: str) -> set[str]:
    """The first lines after a tag, as words; too short ones say nothing."""
    lines = section.split("\n")[:7]
    lines[0] = lines[0].partition("]")[2]
    words = (" ".join(_WORD.findall(line.lower())[:6]) for line in lines)
    return {line for line in words if len(line) > 8}


def border_candidates(
    text: str, sections: Sequence[TagPlace], conflicts: Sequence[Conflict]
) -> list[tuple[int, float]]:
    """(place, how much speaks for a border there), in order."""
    weights = dict(_junctions(text))
    for match in RULER.finditer(text):
        weights[match.end()] = _RULED
    for match in _GAP.finditer(text):
        weights[match.end()] = 3.0
    for at, weight in title_lines(text):
        weights[at] = max(weight, weights.get(at, weight))
    disputed = _DisputedPlaces(conflicts)
    for section in sections:
        begins = section.kind == "intro" or (section.kind == "couplet" and section.number == 1)
        if section.amid or begins or disputed.holds(section.at):
            at = section.at if section.amid else line_start(text, section.at)
            weight = (2.0 if section.amid else 0.0) + (1.0 if begins else -1.0) + (section.kind == "intro")
            weights[at] = max(weight, weights.get(at, weight))
    outros = np.array([section.at for section in sections if section.kind == "outro"], np.intp)
    for match in BLANK.finditer(text):
        at = match.end()
        if at not in weights and disputed.holds(at):
            last = np.searchsorted(outros, at) - 1
            ended = last >= 0 and not BLANK.search(text, int(outros[last]), match.start())
            weights[at] = 1.0 if ended else -1.0
    return sorted((at, weight) for at, weight in weights.items() if 0 < at < len(text))


class _DisputedPlaces:
    """Which places lie between two that hardly belong to one song."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        spans = sorted((conflict.first, conflict.second) for conflict in conflicts)
        self.firsts = np.array([first for first, _ in spans], np.intp)
        self.latest = np.maximum.accumulate(np.array([second for _, second in spans], np.intp))

    def holds(self, at: int) -> bool:
        """Whether a border at this place would part two such places."""
        before = np.searchsorted(self.firsts, at) - 1
        return bool(before >= 0 and at <= self.latest[before])


def line_start(text: str, at: int) -> int:
    """Return where the line around a place begins."""
    return text.rfind("\n", 0, at) + 1


def _junctions(text: str) -> Iterator[tuple[int, float]]:
    """(place, weight) where an end and a beginning are glued together. Names such as PlayStation come back whole."""
    near = [match.end() for match in _CLOSE.finditer(text)]
    places = [at for at in near if _GLUED.match(text, at)]
    counts = Counter(_WORD.findall(text.lower())) if places else Counter[str]()
    for at in places:
        start, stop = _bounds(text, at)
        left, right = _last_word(text[start:at]), _first_word(text[at:stop])
        common = (counts[left] > 1) + (counts[right] > 1)
        again = counts[left + right] > 1
        whole = (text[start:at].count(" ") >= 1) + (text[at:stop].count(" ") >= 1)
        yield at, 1.0 + common + 0.75 * whole - 4 * again
    for at in near:
        if _GLUED_MARK.match(text, at):
            start, stop = _bounds(text, at)
            after_tag = text[at - 1] == "]"
            if (after_tag or text[start:at].count(" ") >= 2) and text[at:stop].count(" ") >= 1:
                yield at, 1.0 if after_tag else 1.5


def _bounds(text: str, at: int) -> tuple[int, int]:
    """Where the line around a place begins and ends, no further than a line of verse goes."""
    start = max(text.rfind("\n", max(at - _LONGEST_LINE, 0), at) + 1, at - _LONGEST_LINE, 0)
    stop = text.find("\n", at, at + _LONGEST_LINE)
    return start, min(at + _LONGEST_LINE, len(text)) if stop < 0 else stop


def _last_word(text: str) -> str:
    words = _WORD.findall(text[-40:])
    return words[-1].lower() if words else ""


def _first_word(text: str) -> str:
    match = _WORD.match(text)
    return match[0].lower() if match else ""


def title_lines(text: str) -> Iterator[tuple[int, float]]:
    """(place, how much it speaks for a border) of the lines of a text that look like titles."""
    alone = list(_lines_alone(text))
    if len(alone) < _FEWEST:  # as in most files: their words need no look
        return
    recurring = _recurring_lines(text, alone)
    titled = sum(recurring) >= max(_FEWEST, _SHARE * len(alone))
    for (start, _), recurs in zip(alone, recurring, strict=True):
        if recurs or titled:
            yield start, _RECURS if recurs else _ALONE


def _lines_alone(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines are that stand alone, and above a stanza: not those of a double-spaced text."""
    blanks = [(match.start(), match.end()) for match in BLANK.finditer(text)]
    stanzas = list(pairwise([0, *(at for blank in blanks for at in blank), len(text)]))[::2]
    for (start, stop), below in pairwise(stanzas):
        line, stanza = text[start:stop].strip(), text[slice(*below)].strip()
        begins = line[:1].isupper() or line[:1].isdigit()
        if begins and 2 <= len(line) <= _LONGEST_TITLE and "\n" not in line and "\n" in stanza:
            yield start, stop


def _recurring_lines(text: str, lines: list[tuple[int, int]]) -> list[bool]:
    """Whether each of these lines occurs more than once in the song after it, and more often than before."""
    words = [(match.start(), match[0].lower()) for match in _WORD.finditer(text)]
    starts = np.array([start for start, _ in words], np.intp)
    spoken = f" {' '.join(word for _, word in words)} "
    places = np.cumsum([1, *(len(word) + 1 for _, word in words)])
    recurring = []
    for line in lines:
        first, after = (int(places[at]) for at in np.searchsorted(starts, line))
        phrase = spoken[first - 1 : after]
        before = spoken.count(phrase, max(0, first - _NEAR), first)
        recurring.append(len(phrase) > 4 and spoken.count(phrase, after - 1, after + _NEAR) > max(before, 1))
    return recurring
