"""Stanzas and their kinds for a song, or the part of one, that has no tags."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from pipeline.corpus.song import SectionKind
from pipeline.corpus.structure.kinds import guess_kinds
from pipeline.corpus.structure.recurrence import Recurrence, find_recurrence
from pipeline.corpus.structure.stanzas import stanza_starts

MOST_LINES = 1000  # that are looked at together; longer texts are no songs, and are taken in parts
FEWEST_LINES = 8  # of a song whose structure can be inferred; shorter ones are a couplet, for want of anything to tell
_UNTOLD = 0.5  # certainty of such a couplet
_QUATRAIN = 5  # lines up to which stanzas that follow each other are parts of one couplet
_SIXTEEN = 16  # lines that such parts fill up to


class Stretch(NamedTuple):
    """Lines first to stop, of one kind. `known` says that a tag gave it, `certainty` is else how likely it is right."""

    first: int
    stop: int
    kind: SectionKind
    certainty: float
    known: bool = False


def infer_structure(
    lines: Sequence[str], breaks: Collection[int], known: Sequence[tuple[int, SectionKind | None]] = ()
) -> list[Stretch]:
    """The sections of a song in order, which cover its lines.

    `breaks` holds the lines that follow a blank one; `known` says (first line, kind) of stretches that tags open, with
    None for one whose kind is to be inferred.
    """
    n = len(lines)
    if n == 0:
        return []
    openings = sorted(known) if known else [(0, None)]
    if n > MOST_LINES:
        return _in_parts(lines, breaks, openings)
    if n < FEWEST_LINES:
        return _untold(n, openings)
    found = find_recurrence(lines)
    starts = _starts(found, breaks, openings)
    kinds = _kinds_of_starts(starts, openings)
    guesses = guess_kinds(found, np.array(starts), kinds)
    stretches = [
        Stretch(first, stop, guess.kind, guess.certainty, kind is not None)
        for first, stop, guess, kind in zip(starts, [*starts[1:], n], guesses, kinds, strict=True)
    ]
    opened = {first for first, _ in openings}
    return _whole_couplets(stretches, opened)


def _untold(n: int, openings: Sequence[tuple[int, SectionKind | None]]) -> list[Stretch]:
    stops = [first for first, _ in openings[1:]] + [n]
    return [
        Stretch(first, stop, kind or "couplet", 1.0 if kind else _UNTOLD, kind is not None)
        for (first, kind), stop in zip(openings, stops, strict=True)
    ]


def _starts(
    found: Recurrence, breaks: Collection[int], openings: Sequence[tuple[int, SectionKind | None]]
) -> list[int]:
    """Where stanzas begin: what a tag opens is one, the rest is cut."""
    n = len(found.weights)
    starts = stanza_starts(found, {*breaks, *(first for first, _ in openings)}).tolist()
    stops = [first for first, _ in openings[1:]] + [n]
    whole = [(first, stop) for (first, kind), stop in zip(openings, stops, strict=True) if kind]
    return [at for at in starts if not any(first < at < stop for first, stop in whole)]


def _kinds_of_starts(
    starts: Sequence[int], openings: Sequence[tuple[int, SectionKind | None]]
) -> list[SectionKind | None]:
    kinds = dict(openings)
    return [kinds.get(at) for at in starts]


def _in_parts(
    lines: Sequence[str], breaks: Collection[int], openings: Sequence[tuple[int, SectionKind | None]]
) -> list[Stretch]:
    """The same for a text of any length, cut where a stanza begins near each thousandth line."""
    possible = sorted({*breaks, *(first for first, _ in openings)})
    stretches = list[Stretch]()
    first = 0
    while first < len(lines):
        near = [at for at in possible if first + MOST_LINES // 2 <= at <= first + MOST_LINES]
        stop = len(lines) if len(lines) - first <= MOST_LINES else (near[-1] if near else first + MOST_LINES)
        kind = next((kind for at, kind in reversed(openings) if at <= first), None)
        here = [(0, kind)] + [(at - first, kind) for at, kind in openings if first < at < stop]
        part = infer_structure(lines[first:stop], [at - first for at in breaks if first <= at < stop], here)
        stretches += [stretch._replace(first=stretch.first + first, stop=stretch.stop + first) for stretch in part]
        first = stop
    return stretches


def _whole_couplets(stretches: Sequence[Stretch], opened: Collection[int]) -> list[Stretch]:
    """Quatrains that follow each other, inferred couplets, are the parts of one, up to sixteen lines."""
    merged = list[Stretch]()
    begun = 0  # lines of the last quatrain
    for stretch in stretches:
        before = merged[-1] if merged else None
        fits = before is not None and begun <= _QUATRAIN and stretch.stop - before.first <= _SIXTEEN
        begun = stretch.stop - stretch.first
        if before and fits and _are_parts(before, stretch) and stretch.first not in opened:
            certainty = min(before.certainty, stretch.certainty)
            merged[-1] = before._replace(stop=stretch.stop, certainty=certainty)
        else:
            merged.append(stretch)
    return merged


def _are_parts(before: Stretch, stretch: Stretch) -> bool:
    inferred = not (before.known or stretch.known)
    couplets = before.kind == stretch.kind == "couplet"
    return inferred and couplets and stretch.stop - stretch.first <= _QUATRAIN
