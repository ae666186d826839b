"""Where the stanzas of a song begin: at its blank lines, and where lines that come back begin and end.

Blank lines are the best sign. Lines that come back part a stanza whose refrain has no blank line before or after it,
and are the only sign in a song that is one block.
"""

from collections.abc import Collection
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.corpus.structure.recurrence import Ints, Recurrence, recurring_runs

SHORTEST = 3  # lines that a part must have for a stanza to be cut
BLOCK = 24  # lines from which a stanza is a block that has lost its blank lines
_SHOUT = 0.6  # share of the usual words of a line, up to which it is short
_FEWEST_EDGE, _LONGEST_EDGE = 2, 6  # lines of an intro or outro of short lines
_HOOK = 2  # lines of the shortest refrain in a block, if it comes back often


def stanza_starts(found: Recurrence, breaks: Collection[int]) -> Ints:
    """intp[k]: the first line of each stanza, 0 included. `breaks` are the lines after a blank one."""
    n = len(found.weights)
    starts = sorted({0, *(at for at in breaks if 0 < at < n)})
    if n < 2 * SHORTEST:
        return np.array(starts, np.intp)
    mask = recurring_runs(found, SHORTEST + 1)
    cuts = list[int]()
    for first, stop in zip(starts, [*starts[1:], n], strict=True):
        inside = mask[first:stop]
        if stop - first >= BLOCK:
            inside = recurring_runs(found, SHORTEST)[first:stop]
            inside = inside if inside.any() else _hooks(found)[first:stop]
        if stop - first >= 2 * SHORTEST and inside.any() and not inside.all():
            cuts += (first + _cuts(inside, _HOOK if stop - first >= BLOCK else SHORTEST)).tolist()
    edges = {at for at in _shouted_edges(found) if _is_in_block(at, [*starts, n])}
    return np.array(sorted({*starts, *cuts, *edges}), np.intp)


def _is_in_block(at: int, bounds: list[int]) -> bool:
    """Whether the stanza around a line is a block."""
    return any(first < at < stop and stop - first >= BLOCK for first, stop in pairwise(bounds))


def _shouted_edges(found: Recurrence) -> list[int]:
    """Where short lines at the beginning of a song stop and those at its end begin, if none comes back: its intro and
    its outro."""
    short = (found.weights <= _SHOUT * np.median(found.weights)) & ~found.likeness.any(axis=1)
    lead, tail = (int(np.argmin(np.append(side[: _LONGEST_EDGE + 1], False))) for side in (short, short[::-1]))
    edges = [lead, len(short) - tail]
    return [at for at, lines in zip(edges, (lead, tail), strict=True) if _FEWEST_EDGE <= lines <= _LONGEST_EDGE]


def _hooks(found: Recurrence) -> npt.NDArray[np.bool_]:
    """bool[n]: the line stands in a run of two that comes back at least twice."""
    mask = recurring_runs(found, _HOOK)
    return mask & ((found.likeness > 0).sum(axis=1) >= 2)


def _cuts(recurring: npt.NDArray[np.bool_], shortest: int) -> Ints:
    """Where lines that come back begin and end, in a stanza; parts that are too short belong to what is before them."""
    edges = np.flatnonzero(np.diff(recurring)) + 1
    kept = [0]
    for at in edges.tolist():
        if at - kept[-1] >= (shortest if recurring[kept[-1]] else SHORTEST):
            kept.append(at)
    while len(kept) > 1 and len(recurring) - kept[-1] < SHORTEST and not (recurring[-1] and shortest < SHORTEST):
        kept.pop()
    return np.array(kept[1:], np.intp)
