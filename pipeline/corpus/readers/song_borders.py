"""Where the songs of a file begin, when nothing says so: the borders that explain best what the text shows.

Borders have weights (`border_signs`), conflicts that they settle, and songs have a usual length. The borders with the
highest sum of all that are found by dynamic programming (as by Utiyama & Isahara 2001, a statistical model for
domain-independent text segmentation). What stays too long to be a song is cut where its stanzas hold together least, or
gathered into pseudo-songs of some 500 words where it has no stanzas; both are marked as pseudo-songs.

Lines that recur hold the stanzas between them together, as refrains do; words that change part them: lexical cohesion
over a border (Hearst 1997, TextTiling), words weighed by how few stanzas hold them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.corpus.duplicates import connected_groups
from pipeline.corpus.readers.border_signs import (
    BLANK,
    WORD_LENGTH,
    Conflict,
    TagPlace,
    border_candidates,
    find_conflicts,
    find_tags,
    line_start,
)
from pipeline.corpus.song import Extent

PSEUDO_WORDS = 500  # of a pseudo-song, about
LONGEST_SONG = 2_000  # words

_USUAL, _SPREAD = np.log(430), 0.6  # words of a song: mean and standard deviation of the logarithm
_SHORTEST = -2.2  # standard deviations below the mean, where a song is no less likely for being shorter
_COST = 1.5  # of a border, whatever speaks for it
_CROWDED = 80  # characters a candidate, below which only the likeliest of so many characters are looked at
_REACH = 3 * LONGEST_SONG * WORD_LENGTH  # characters of the longest stretch without a border

_WORD = re.compile(r"[^\W\d_]+")
_LINE_START = re.compile(r"^", re.M)
_SHORTEST_LINE, _SHORTEST_WORD = 9, 4  # letters that say something
_NEAR = 12  # stanzas within which a line that recurs is of one song
_SIDE = 4  # stanzas on each side of a border whose words are compared
_MOST_LINES = 6  # that count
_LINE, _WORDS = 1.0, 5.0  # what each line parted costs, and words shared beyond the usual share

Table = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], float]


class SongSpan(NamedTuple):
    """Characters start to stop of a text: a song."""

    start: int
    stop: int
    extent: Extent


def find_songs(text: str) -> list[SongSpan]:
    """The songs of a text, which cover it."""
    sections = list(find_tags(text))
    conflicts = find_conflicts(text, sections)
    borders = _best_borders(border_candidates(text, sections, conflicts), conflicts, len(text))
    spans = [SongSpan(start, stop, "inferred") for start, stop in pairwise([0, *borders, len(text)])]
    if len(spans) == 1 and len(text) <= LONGEST_SONG * WORD_LENGTH:
        return [SongSpan(0, len(text), "given")]
    return [part for span in spans for part in _pseudo_songs(text, span, sections)]


def _thin_candidates(candidates: Sequence[tuple[int, float]], length: int) -> Sequence[tuple[int, float]]:
    """The candidates, or where they crowd as in no text of songs, the likeliest of each few characters."""
    if len(candidates) < _REACH / _CROWDED or len(candidates) < length / _CROWDED:
        return candidates
    best: dict[int, tuple[int, float]] = {}
    for at, weight in candidates:
        place = at // (10 * _CROWDED)
        if place not in best or weight > best[place][1]:
            best[place] = at, weight
    return list(best.values())


def _best_borders(candidates: Sequence[tuple[int, float]], conflicts: Sequence[Conflict], end: int) -> list[int]:
    """The borders whose weights, less the conflicts and odd lengths of the songs between them, sum highest.

    Crowds are thinned, so that a stop has at most `_REACH / _CROWDED` starts before it, and time grows with the length.
    """
    candidates = _thin_candidates(candidates, end)
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


def _conflict_tables(conflicts: Sequence[Conflict]) -> list[Table]:
    """(first places, second places, weight) of the conflicts of each weight, both in order."""
    tables = list[Table]()
    for weight in sorted({conflict.weight for conflict in conflicts}):
        own = sorted(conflict[:2] for conflict in conflicts if conflict.weight == weight)
        firsts, seconds = np.array(own, np.intp).T
        tables.append((firsts, np.sort(seconds), weight))
    return tables


def _song_scores(starts: npt.NDArray[np.intp], stop: int, tables: Sequence[Table]) -> npt.NDArray[np.float64]:
    """float[starts]: how likely a song from each start to `stop` is."""
    away = (np.log(np.maximum((stop - starts) / WORD_LENGTH, 1)) - _USUAL) / _SPREAD
    scores = -0.5 * np.maximum(away, _SHORTEST) ** 2
    for firsts, seconds, weight in tables:
        ended = seconds.searchsorted(stop)  # conflicts whose second place is before the stop
        scores -= weight * np.maximum(ended - firsts.searchsorted(starts), 0)
    return scores


def _pseudo_songs(text: str, span: SongSpan, sections: Sequence[TagPlace]) -> Iterator[SongSpan]:
    """The span, cut where its stanzas hold together least when it is too long to be a song."""
    if span.stop - span.start <= LONGEST_SONG * WORD_LENGTH:
        yield span
        return
    tags = (line_start(text, section.at) for section in sections)
    blanks = (match.end() for match in BLANK.finditer(text, span.start, span.stop))
    starts = sorted({at for at in (*tags, *blanks) if span.start < at < span.stop})
    stanzas = [text[a:b] for a, b in pairwise([span.start, *starts, span.stop])]
    weights = part_weights(stanzas) + _COST
    inside = [(at - span.start, weight) for at, weight in zip(starts, weights.tolist(), strict=True)]
    cuts = [span.start + at for at in _best_borders(inside, (), span.stop - span.start)]
    for start, stop in pairwise([span.start, *cuts, span.stop]):
        yield from _span_or_pseudo_songs(text, SongSpan(start, stop, "pseudo"), sections)


def _span_or_pseudo_songs(text: str, span: SongSpan, sections: Sequence[TagPlace]) -> Iterator[SongSpan]:
    """The span, or pseudo-songs cut at sections, blank lines or lines when it is too long to be a song."""
    words = (span.stop - span.start) / WORD_LENGTH
    if words <= LONGEST_SONG:
        yield span
        return
    inside = text[span.start : span.stop]
    tags = [section.at - span.start for section in sections if span.start < section.at < span.stop]
    blanks = [match.end() for match in BLANK.finditer(inside)]
    lines = [match.start() for match in _LINE_START.finditer(inside)]
    length = PSEUDO_WORDS * WORD_LENGTH
    start = 0
    while len(inside) - start > 1.5 * length:
        near = (_nearest(places, start + length, length / 2) for places in (tags, blanks, lines))
        cut = next((at for at in near if at is not None and at > start), int(start + length))
        yield SongSpan(span.start + start, span.start + cut, "pseudo")
        start = cut
    yield SongSpan(span.start + start, span.stop, "pseudo")


def _nearest(places: Sequence[int], target: float, tolerance: float) -> int | None:
    at = int(np.searchsorted(places, target))
    near = [place for place in places[max(at - 1, 0) : at + 1] if abs(place - target) <= tolerance]
    return min(near, key=lambda place: abs(place - target), default=None)


def part_weights(stanzas: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return float[len(stanzas) - 1]: how much speaks for a border before each stanza but the first; 0 for nothing."""
    shared = _shared_words(stanzas)
    usual = float(np.median(shared)) if len(shared) else 0.0
    return -_LINE * np.minimum(_parted_lines(stanzas), _MOST_LINES) - _WORDS * (shared - usual)


def _parted_lines(stanzas: Sequence[str]) -> npt.NDArray[np.float64]:
    """How many lines stand near on both sides of each border."""
    places = defaultdict[str, list[int]](list)
    for at, stanza in enumerate(stanzas):
        for line in {" ".join(_WORD.findall(line)) for line in stanza.lower().split("\n")}:
            if len(line) >= _SHORTEST_LINE:
                places[line].append(at)
    parted = np.zeros(len(stanzas))
    for occurrences in places.values():
        for a, b in pairwise(occurrences):
            if b - a <= _NEAR:
                parted[a + 1 : b + 1] += 1
    return parted[1:]


def _shared_words(stanzas: Sequence[str]) -> npt.NDArray[np.float64]:
    """The share of words, by weight, of the poorer side of each border that the other side holds too."""
    words = [{word for word in _WORD.findall(stanza.lower()) if len(word) >= _SHORTEST_WORD} for stanza in stanzas]
    held = Counter(word for own in words for word in own)
    weights = {word: log(len(stanzas) / count) for word, count in held.items()}
    shared = np.zeros(max(len(stanzas) - 1, 0))
    for at in range(1, len(stanzas)):
        before, after = set().union(*words[max(at - _SIDE, 0) : at]), set().union(*words[at : at + _SIDE])
        poorer = min(sum(map(weights.__getitem__, sorted(side))) for side in (before, after))
        shared[at - 1] = sum(map(weights.__getitem__, sorted(before & after))) / poorer if poorer else 0.0
    return shared


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
