"""Where the songs of a file begin, when nothing says so: the borders that explain best what the text shows.

Signs for a border are words glued together (`…fin du premierDébut du second`), a tag amid a line, an intro, wide gaps,
a title alone on its line.
Signs that there must be one in between are numbers of couplets that begin anew, refrains that differ, an intro after
other sections, anything after an outro. Songs also have a usual length. The borders with the highest sum of all that
are found by dynamic programming (as by Utiyama & Isahara 2001, a statistical model for domain-independent text
segmentation). What stays too long to be a song is cut where its stanzas hold together least (`cohesion`), or gathered
into pseudo-songs of some 500 words where it has no stanzas; both are marked as pseudo-songs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.corpus.duplicates import connected_groups
from pipeline.corpus.readers.cohesion import part_weights
from pipeline.corpus.readers.title_lines import title_lines
from pipeline.corpus.song import Extent, SectionKind
from pipeline.corpus.tags import read_tag

PSEUDO_WORDS = 500  # of a pseudo-song, about
LONGEST_SONG = 2_000  # words
FEWEST_WORDS = 1_500  # of a file that is recognised as one of several songs by such signs alone
CERTAIN_WORDS = 5_000  # of a file that is one of several songs, whatever it shows
FEWEST_SIGNS = 3  # that such a file shows

_WORD_LENGTH = 5.6  # characters a word, the blank after it included
_USUAL, _SPREAD = np.log(430), 0.6  # words of a song: mean and standard deviation of the logarithm
_SHORTEST = -2.2  # standard deviations below the mean, where a song is no less likely for being shorter
_COST = 1.5  # of a border, whatever speaks for it
_LONGEST_LINE = 200  # characters
_CROWDED = 80  # characters a candidate, below which only the likeliest of so many characters are looked at
_REACH = 3 * LONGEST_SONG * _WORD_LENGTH  # characters of the longest stretch without a border

_LOWER, _UPPER = "a-zß-öø-ÿœ", "A-ZÀ-ÖØ-ÞŒ"
_CLOSE = re.compile(rf"\S(?=[{_UPPER}«(—–])")  # where the next two may match
_GLUED = re.compile(rf"(?<=[{_LOWER}]{{2}})(?=[{_UPPER}](?:[{_LOWER}'’]| [{_LOWER}:]))")
_GLUED_MARK = re.compile(  # fin.Début   fin »Début   fin"Début   fin« Début   [Refrain]Début
    rf"(?:(?<=[.!?…)»])|(?<=[\w.!?…]\"))(?=[{_UPPER}][{_LOWER}'’ ])|(?<=[\w)»\"!?.…])"
    rf"(?=[(«][ \"]?[{_UPPER}{_LOWER}]|[—–] )"
    rf"|(?<=[^\s\[]\])(?=[{_UPPER}][{_LOWER}'’ ])"
)
_GAP = re.compile(r"\n(?:[ \t]*\n){3,}")
_BLANK = re.compile(r"\n[ \t]*\n+")
_TAG = re.compile(r"\[\s*([^\[\]\n]{2,80})")
_WORD = re.compile(r"[^\W\d_]+")
_LINE_START = re.compile(r"^", re.M)


class SongSpan(NamedTuple):
    """Characters start to stop of a text: a song."""

    start: int
    stop: int
    extent: Extent


class _Section(NamedTuple):
    """A tag: where it is, what it says, and whether text stands before it on its line."""

    at: int
    kind: SectionKind
    number: int | None
    amid: bool


class _Conflict(NamedTuple):
    """Two places that hardly belong to one song, and how hardly."""

    first: int
    second: int
    weight: float


def find_songs(text: str) -> list[SongSpan]:
    """The songs of a text, which cover it."""
    sections = list(_sections(text))
    conflicts = [*_restarts(sections), *_orders(sections), *_refrains(text, sections)]
    borders = _best_borders(_candidates(text, sections, conflicts), conflicts, len(text))
    spans = [SongSpan(start, stop, "inferred") for start, stop in pairwise([0, *borders, len(text)])]
    if len(spans) == 1 and len(text) <= LONGEST_SONG * _WORD_LENGTH:
        return [SongSpan(0, len(text), "given")]
    return [part for span in spans for part in _pseudo_songs(text, span, sections)]


def is_of_several_songs(text: str) -> bool:
    """Whether a text is long and shows the signs of several songs."""
    if len(text) < FEWEST_WORDS * _WORD_LENGTH:
        return False
    if len(text) > CERTAIN_WORDS * _WORD_LENGTH:
        return True
    sections = list(_sections(text))
    signs = len(_restarts(sections)) + len(_GAP.findall(text)) + sum(weight > 1 for _, weight in _junctions(text))
    return signs >= FEWEST_SIGNS


def _sections(text: str) -> Iterator[_Section]:
    for match in _TAG.finditer(text):
        tag = read_tag(match[1])
        if tag is not None and tag.kind is not None:
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            yield _Section(match.start(), tag.kind, tag.number, bool(before.strip()))


def _restarts(sections: Sequence[_Section]) -> list[_Conflict]:
    """Couplets whose number does not follow the one before."""
    couplets = [section for section in sections if section.kind == "couplet" and section.number]
    return [
        _Conflict(a.at, b.at, 4.0 if b.number == 1 else 2.0)
        for a, b in pairwise(couplets)
        if (b.number or 0) <= (a.number or 0)
    ]


def _orders(sections: Sequence[_Section]) -> list[_Conflict]:
    """An intro after other sections, anything after an outro."""
    conflicts = list[_Conflict]()
    for a, b in pairwise(sections):
        if b.kind == "intro":
            conflicts.append(_Conflict(a.at, b.at, 2.0))
        elif a.kind == "outro" and b.kind != "outro":
            conflicts.append(_Conflict(a.at, b.at, 1.5))
    return conflicts


def _refrains(text: str, sections: Sequence[_Section]) -> list[_Conflict]:
    """Refrains that follow each other and share no line."""
    stops = [*(section.at for section in sections), len(text)][1:]
    sung = [
        (section.at, _first_lines(text[section.at : stop]))
        for section, stop in zip(sections, stops, strict=True)
        if section.kind == "refrain"
    ]
    sung = [(at, lines) for at, lines in sung if lines]
    return [_Conflict(a, b, 1.5) for (a, ours), (b, theirs) in pairwise(sung) if not ours & theirs]


def _first_lines(section: str) -> set[str]:
    """The first lines after a tag, as words; too short ones say nothing."""
    lines = section.split("\n")[:7]
    lines[0] = lines[0].partition("]")[2]
    words = (" ".join(_WORD.findall(line.lower())[:6]) for line in lines)
    return {line for line in words if len(line) > 8}


def _candidates(text: str, sections: Sequence[_Section], conflicts: Sequence[_Conflict]) -> list[tuple[int, float]]:
    """(place, how much speaks for a border there), in order."""
    weights = dict(_junctions(text))
    for match in _GAP.finditer(text):
        weights[match.end()] = 3.0
    for at, weight in title_lines(text):
        weights[at] = max(weight, weights.get(at, weight))
    disputed = _Disputed(conflicts)
    for section in sections:
        begins = section.kind == "intro" or (section.kind == "couplet" and section.number == 1)
        if section.amid or begins or disputed.holds(section.at):
            at = section.at if section.amid else _line_start(text, section.at)
            weight = (2.0 if section.amid else 0.0) + (1.0 if begins else -1.0) + (section.kind == "intro")
            weights[at] = max(weight, weights.get(at, weight))
    outros = np.array([section.at for section in sections if section.kind == "outro"], np.intp)
    for match in _BLANK.finditer(text):
        at = match.end()
        if at not in weights and disputed.holds(at):
            last = np.searchsorted(outros, at) - 1
            ended = last >= 0 and not _BLANK.search(text, int(outros[last]), match.start())
            weights[at] = 1.0 if ended else -1.0
    return _thin_candidates(sorted((at, weight) for at, weight in weights.items() if 0 < at < len(text)), len(text))


def _thin_candidates(candidates: list[tuple[int, float]], length: int) -> list[tuple[int, float]]:
    """The candidates, or where they crowd as in no text of songs, the likeliest of each few characters."""
    if len(candidates) < _REACH / _CROWDED or len(candidates) < length / _CROWDED:
        return candidates
    best: dict[int, tuple[int, float]] = {}
    for at, weight in candidates:
        place = at // (10 * _CROWDED)
        if place not in best or weight > best[place][1]:
            best[place] = at, weight
    return list(best.values())


class _Disputed:
    """Which places lie between two that hardly belong to one song."""

    def __init__(self, conflicts: Sequence[_Conflict]) -> None:
        spans = sorted((conflict.first, conflict.second) for conflict in conflicts)
        self.firsts = np.array([first for first, _ in spans], np.intp)
        self.latest = np.maximum.accumulate(np.array([second for _, second in spans], np.intp))

    def holds(self, at: int) -> bool:
        """Whether a border at this place would part two such places."""
        before = np.searchsorted(self.firsts, at) - 1
        return bool(before >= 0 and at <= self.latest[before])


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _junctions(text: str) -> Iterator[tuple[int, float]]:
    """(place, weight) where an end and a beginning are glued together. Names such as PlayStation come back whole."""
    near = [match.end() for match in _CLOSE.finditer(text)]
    places = [at for at in near if _GLUED.match(text, at)]
    known = Counter(_WORD.findall(text.lower())) if places else Counter[str]()
    for at in places:
        start, stop = _bounds(text, at)
        left, right = _last_word(text[start:at]), _first_word(text[at:stop])
        common = (known[left] > 1) + (known[right] > 1)
        again = known[left + right] > 1
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


def _best_borders(candidates: Sequence[tuple[int, float]], conflicts: Sequence[_Conflict], end: int) -> list[int]:
    """The borders whose weights, less the conflicts and odd lengths of the songs between them, sum highest."""
    places = np.array([0, *(at for at, _ in candidates), end])
    weights = np.array([0.0, *(weight - _COST for _, weight in candidates), 0.0])
    tables = _conflict_tables(conflicts)
    best, before = np.zeros(len(places)), np.zeros(len(places), np.intp)
    for at in range(1, len(places)):
        first = min(int(places.searchsorted(places[at] - _REACH)), at - 1)
        starts = places[first:at]
        totals = best[first:at] + _song_scores(starts, int(places[at]), tables)
        chosen = int(totals.argmax())
        best[at], before[at] = totals[chosen] + weights[at], first + chosen
    borders, at = list[int](), len(places) - 1
    while at > 0:
        at = int(before[at])
        if at > 0:
            borders.append(int(places[at]))
    return borders[::-1]


Table = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], float]


def _conflict_tables(conflicts: Sequence[_Conflict]) -> list[Table]:
    """(first places, second places, weight) of the conflicts of each weight, both in order."""
    tables = list[Table]()
    for weight in sorted({conflict.weight for conflict in conflicts}):
        own = sorted(conflict[:2] for conflict in conflicts if conflict.weight == weight)
        firsts, seconds = np.array(own, np.intp).T
        tables.append((firsts, np.sort(seconds), weight))
    return tables


def _song_scores(starts: npt.NDArray[np.intp], stop: int, tables: Sequence[Table]) -> npt.NDArray[np.float64]:
    """float[starts]: how likely a song from each start to `stop` is."""
    away = (np.log(np.maximum((stop - starts) / _WORD_LENGTH, 1)) - _USUAL) / _SPREAD
    scores = -0.5 * np.maximum(away, _SHORTEST) ** 2
    for firsts, seconds, weight in tables:
        ended = seconds.searchsorted(stop)  # conflicts whose second place is before the stop
        scores -= weight * np.maximum(ended - firsts.searchsorted(starts), 0)
    return scores


def _pseudo_songs(text: str, span: SongSpan, sections: Sequence[_Section]) -> Iterator[SongSpan]:
    """The span, cut where its stanzas hold together least when it is too long to be a song."""
    if span.stop - span.start <= LONGEST_SONG * _WORD_LENGTH:
        yield span
        return
    tags = (_line_start(text, section.at) for section in sections)
    blanks = (match.end() for match in _BLANK.finditer(text, span.start, span.stop))
    starts = sorted({at for at in (*tags, *blanks) if span.start < at < span.stop})
    stanzas = [text[a:b] for a, b in pairwise([span.start, *starts, span.stop])]
    weights = part_weights(stanzas) + _COST
    inside = [(at - span.start, weight) for at, weight in zip(starts, weights.tolist(), strict=True)]
    cuts = [span.start + at for at in _best_borders(inside, (), span.stop - span.start)]
    for start, stop in pairwise([span.start, *cuts, span.stop]):
        yield from _span_or_pseudo_songs(text, SongSpan(start, stop, "pseudo"), sections)


def _span_or_pseudo_songs(text: str, span: SongSpan, sections: Sequence[_Section]) -> Iterator[SongSpan]:
    """The span, or pseudo-songs cut at sections, blank lines or lines when it is too long to be a song."""
    words = (span.stop - span.start) / _WORD_LENGTH
    if words <= LONGEST_SONG:
        yield span
        return
    inside = text[span.start : span.stop]
    tags = [section.at - span.start for section in sections if span.start < section.at < span.stop]
    blanks = [match.end() for match in _BLANK.finditer(inside)]
    lines = [match.start() for match in _LINE_START.finditer(inside)]
    length = PSEUDO_WORDS * _WORD_LENGTH
    start = 0
    while len(inside) - start > 1.5 * length:
        near = (_nearest(places, start + length, length / 2) for places in (tags, blanks, lines))
        cut = next((at for at in near if at is not None and at > start), int(start + length))
        yield SongSpan(span.start + start, span.start + cut, "pseudo")
        start = cut
    yield SongSpan(span.start + start, span.stop, "pseudo")


def _nearest(places: Sequence[int], wanted: float, tolerance: float) -> int | None:
    at = int(np.searchsorted(places, wanted))
    near = [place for place in places[max(at - 1, 0) : at + 1] if abs(place - wanted) <= tolerance]
    return min(near, key=lambda place: abs(place - wanted), default=None)


def shared_blocks(songs: Sequence[str]) -> list[int]:
    """For each song the number of the first song with which it shares lines, directly or through others.

    Training must not see one and be judged on the other: borders that were inferred may have parted a song.
    """
    seen: dict[str, int] = {}
    links = (
        (at, seen.setdefault(line, at))
        for at, song in enumerate(songs)
        for line in {line.strip().lower() for line in song.split("\n")}
        if line.count(" ") >= 3 and not line.startswith("[")
    )
    return connected_groups(len(songs), links)
