"""Which lines of a song recur, exactly or nearly, and where its stanzas begin. Knows nothing of sections.

Two lines are alike by the Dice coefficient of their sets of words, ad-libs and punctuation aside:
2 |A ∩ B| / (|A| + |B|) (Dice 1945, on association between species). Blank lines are the best sign of a stanza. Lines
that recur part a stanza whose refrain has no blank line before or after it, and are the only sign in a song that is one
block.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

ALIKE = 0.7  # Dice coefficient from which one line comes back as the other

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

_ASIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_END = re.compile(r"\w+|\n")  # an underscore is as good as a letter, and half as quick to tell
_DENSE = 1 << 19  # cells of a table of lines by words, up to which a dense product is the faster one

SHORTEST = 3  # lines that a part must have for a stanza to be cut
BLOCK = 24  # lines from which a stanza is a block that has lost its blank lines
_SHOUT = 0.6  # share of the usual words of a line, up to which it is short
_FEWEST_EDGE, _LONGEST_EDGE = 2, 6  # lines of an intro or outro of short lines
_HOOK = 2  # lines of the shortest refrain in a block, if it comes back often


@dataclass(frozen=True)
class Recurrence:
    """`likeness` float32[n, n]: Dice coefficient of two lines where they are alike, else 0; 0 on the diagonal.

    `weights` float32[n]: the number of different words of each line, so that "Ouais" counts for little.
    """

    likeness: Floats
    weights: Floats


def find_recurrence(lines: Sequence[str]) -> Recurrence:
    """Which of these lines are alike. Takes memory for n² numbers: up to some 1,000 lines at a time."""
    rows, columns, words = _words_of_lines(lines)
    shared = _shared_words(rows, columns, (len(lines), words))
    weights = np.diagonal(shared).copy()
    likeness = 2 * shared / np.maximum(weights[:, None] + weights, 1)
    likeness[likeness < ALIKE] = 0
    likeness.flat[:: len(lines) + 1] = 0
    return Recurrence(likeness, weights)


def _words_of_lines(lines: Sequence[str]) -> tuple[Ints, Ints, int]:
    """(the line of each word, its number, how many different words): of all lines at once, ad-libs aside."""
    index: dict[str, int] = defaultdict(count().__next__)
    text = "\n".join(_without_adlibs(line) if "(" in line else line for line in lines)
    words = _WORD_OR_END.findall(text.lower())
    ids = np.fromiter(map(index.__getitem__, ["\n", *words]), np.intp, len(words) + 1)[1:]
    ends = ids == 0
    rows = np.cumsum(ends)
    return rows[~ends], ids[~ends] - 1, len(index) - 1


def _without_adlibs(line: str) -> str:
    sung = _ASIDE.sub(" ", line)
    return sung if _WORD.search(sung) else line


def _shared_words(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Floats:
    """float32[n, n]: how many different words two lines share, from the line and the number of each word."""
    if shape[0] * shape[1] <= _DENSE:
        held = np.zeros(shape, np.float32)
        held[rows, columns] = 1
        return held @ held.T
    from scipy import sparse  # 0.2 s of a process that meets no long song

    table = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
    table.data[:] = 1  # duplicates were summed
    return (table @ table.T).toarray()


def containment(recurrence: Recurrence, starts: Ints) -> Floats:
    """float32[k, k]: the share of stanza a, by weight, that comes back in stanza b; on the diagonal, within a itself.

    Stanza a holds the lines from starts[a] to starts[a + 1].
    """
    best = np.maximum.reduceat(recurrence.likeness, starts, axis=1)  # (line, stanza)
    weighted = np.add.reduceat(best * recurrence.weights[:, None], starts, axis=0)
    totals = np.maximum(np.add.reduceat(recurrence.weights, starts), 1)
    return (weighted / totals[:, None]).astype(np.float32)


def recurring_runs(recurrence: Recurrence, length: int = 3) -> npt.NDArray[np.bool_]:
    """bool[n]: the line stands in a run of `length` lines that comes back as a run elsewhere.

    A run of more than three may have one line that differs.
    """
    n = len(recurrence.weights)
    mask = np.zeros(n, bool)
    window, needed = (length, length) if length < 3 else (length + 1, length)
    i, j = np.nonzero(recurrence.likeness)
    i, j = i[j - i >= needed], j[j - i >= needed]  # apart enough not to overlap
    if len(i) < needed:
        return mask
    alike = np.zeros((n + window, n + window), bool)
    alike[i, j] = True
    diagonals = [alike[i + at, j + at] for at in range(window)]
    runs = np.sum(diagonals, axis=0) >= needed
    for at, diagonal in enumerate(diagonals):
        chosen = runs & diagonal
        mask[i[chosen] + at] = mask[j[chosen] + at] = True
    mask[1:-1] |= mask[:-2] & mask[2:]
    return mask


def stanza_starts(recurrence: Recurrence, breaks: Collection[int]) -> Ints:
    """intp[k]: the first line of each stanza, 0 included. `breaks` are the lines after a blank one."""
    n = len(recurrence.weights)
    starts = sorted({0, *(at for at in breaks if 0 < at < n)})
    if n < 2 * SHORTEST:
        return np.array(starts, np.intp)
    mask = recurring_runs(recurrence, SHORTEST + 1)
    cuts = list[int]()
    for first, stop in zip(starts, [*starts[1:], n], strict=True):
        inside = mask[first:stop]
        if stop - first >= BLOCK:
            inside = recurring_runs(recurrence, SHORTEST)[first:stop]
            inside = inside if inside.any() else _hooks(recurrence)[first:stop]
        if stop - first >= 2 * SHORTEST and inside.any() and not inside.all():
            cuts += (first + _cuts(inside, _HOOK if stop - first >= BLOCK else SHORTEST)).tolist()
    edges = {at for at in _shouted_edges(recurrence) if _is_in_block(at, [*starts, n])}
    return np.array(sorted({*starts, *cuts, *edges}), np.intp)


def _is_in_block(at: int, bounds: list[int]) -> bool:
    """Whether the stanza around a line is a block."""
    return any(first < at < stop and stop - first >= BLOCK for first, stop in pairwise(bounds))


def _shouted_edges(recurrence: Recurrence) -> list[int]:
    """Where short lines at the beginning of a song stop and those at its end begin, if none comes back: its intro and
    its outro."""
    short = (recurrence.weights <= _SHOUT * np.median(recurrence.weights)) & ~recurrence.likeness.any(axis=1)
    lead, tail = (int(np.argmin(np.append(side[: _LONGEST_EDGE + 1], False))) for side in (short, short[::-1]))
    edges = [lead, len(short) - tail]
    return [at for at, lines in zip(edges, (lead, tail), strict=True) if _FEWEST_EDGE <= lines <= _LONGEST_EDGE]


def _hooks(recurrence: Recurrence) -> npt.NDArray[np.bool_]:
    """bool[n]: the line stands in a run of two that comes back at least twice."""
    mask = recurring_runs(recurrence, _HOOK)
    return mask & ((recurrence.likeness > 0).sum(axis=1) >= 2)


def _cuts(recurring: npt.NDArray[np.bool_], shortest: int) -> Ints:
    """Where lines that come back begin and end, in a stanza; parts that are too short belong to what is before them."""
    edges = np.flatnonzero(np.diff(recurring)) + 1
    cuts = [0]
    for at in edges.tolist():
        if at - cuts[-1] >= (shortest if recurring[cuts[-1]] else SHORTEST):
            cuts.append(at)
    while len(cuts) > 1 and len(recurring) - cuts[-1] < SHORTEST and not (recurring[-1] and shortest < SHORTEST):
        cuts.pop()
    return np.array(cuts[1:], np.intp)
