"""Which lines of a song come back, exactly or nearly. Knows nothing of sections.

Two lines are alike by the Dice coefficient of their sets of words, ad-libs and punctuation aside:
2 |A ∩ B| / (|A| + |B|) (Dice 1945, on association between species).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
from scipy import sparse

ALIKE = 0.7  # Dice coefficient from which one line comes back as the other

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

_ASIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_END = re.compile(r"\w+|\n")  # an underscore is as good as a letter, and half as quick to tell
_DENSE = 1 << 19  # cells of a table of lines by words, up to which a dense product is the faster one


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
    table = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
    table.data[:] = 1  # duplicates were summed
    return (table @ table.T).toarray()


def containment(found: Recurrence, starts: Ints) -> Floats:
    """float32[k, k]: the share of stanza a, by weight, that comes back in stanza b; on the diagonal, within a itself.

    Stanza a holds the lines from starts[a] to starts[a + 1].
    """
    best = np.maximum.reduceat(found.likeness, starts, axis=1)  # (line, stanza)
    weighted = np.add.reduceat(best * found.weights[:, None], starts, axis=0)
    totals = np.maximum(np.add.reduceat(found.weights, starts), 1)
    return (weighted / totals[:, None]).astype(np.float32)


def recurring_runs(found: Recurrence, length: int = 3) -> npt.NDArray[np.bool_]:
    """bool[n]: the line stands in a run of `length` lines that comes back as a run elsewhere.

    A run of more than three may have one line that differs.
    """
    n = len(found.weights)
    mask = np.zeros(n, bool)
    window, needed = (length, length) if length < 3 else (length + 1, length)
    i, j = np.nonzero(found.likeness)
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
