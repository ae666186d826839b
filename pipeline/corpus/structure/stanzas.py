"""Which lines of a song recur, where its stanzas begin, and what kind of section each stanza is.

Two lines are alike by the Dice coefficient of their sets of words, ad-libs and punctuation aside:
2 |A ∩ B| / (|A| + |B|) (Dice 1945, on association between species). Blank lines are the best sign of a stanza. Lines
that recur part a stanza whose refrain has no blank line before or after it, and are the only sign in a song that is one
block.

Kinds are told by how a stanza comes back, its length and its place: a multinomial logistic regression (softmax) over a
few features of each. Its weights were learnt on tagged songs whose tags were hidden (251 songs and their dirty copies,
and worlds of the tests) and stand in `kinds.tsv`, written by `benchmarks/structure.py learn`; the probabilities are the
certainties. Stanzas that come back as each other get one kind.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from pipeline.corpus.song import SectionKind

MIN_LINE_DICE = 0.7  # Dice coefficient from which one line comes back as the other

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

_ASIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_END = re.compile(r"\w+|\n")  # an underscore is as good as a letter, and half as quick to tell
_MAX_DENSE_CELLS = 1 << 19  # cells of a table of lines by words, up to which a dense product is the faster one

MIN_STANZA_LINES = 3  # lines that a part must have for a stanza to be cut
MIN_BLOCK_LINES = 24  # lines from which a stanza is a block that has lost its blank lines
_SHORT_LINE_RATIO = 0.6  # share of the usual words of a line, up to which it is short
_FEWEST_EDGE, _LONGEST_EDGE = 2, 6  # lines of an intro or outro of short lines
_MIN_HOOK_LINES = 2  # lines of the shortest refrain in a block, if it comes back often
_SELF_CONTAINMENT_MARGIN = 0.3  # more of a refrain than of a pré-refrain comes back within itself
_SURE_BEFORE, _LIKELY_BEFORE = 0.8, 0.6  # certainties of a pré-refrain, given that it is a refrain or one

_SHORT_STANZA_LOG_RATIO = -0.5  # logarithm of lines over the usual ones, below which a stanza is short
SAME_STANZA_CONTAINMENT = 0.6  # containment, both ways, from which two stanzas are the same one


WEIGHTS_FILE = Path(__file__).with_name("kinds.tsv")
_HEAD, *_ROWS = csv.reader(WEIGHTS_FILE.read_text("utf-8").splitlines(), delimiter="\t")
KINDS = cast(tuple[SectionKind, ...], tuple(_HEAD[1:]))
FEATURES = tuple(row[0] for row in _ROWS)
WEIGHTS = np.array([row[1:] for row in _ROWS], np.float32)  # (feature, kind)


@dataclass(frozen=True)
class Recurrence:
    """Similarities of the lines of a song. `likeness` is float32[n, n]: Dice coefficients, 0 below `MIN_LINE_DICE`.

    `weights` float32[n]: the number of different words of each line. The diagonal of `likeness` is 0."""

    likeness: Floats
    weights: Floats


def find_recurrence(lines: Sequence[str]) -> Recurrence:
    """Return the similarity of each pair of lines. The memory that this takes grows with n²."""
    rows, columns, words = _words_of_lines(lines)
    shared = _shared_words(rows, columns, (len(lines), words))
    weights = np.diagonal(shared).copy()
    likeness = 2 * shared / np.maximum(weights[:, None] + weights, 1)
    likeness[likeness < MIN_LINE_DICE] = 0
    likeness.flat[:: len(lines) + 1] = 0
    return Recurrence(likeness, weights)


def _words_of_lines(lines: Sequence[str]) -> tuple[Ints, Ints, int]:
    """Return (line of each word, number of each word, number of different words), ad-libs excluded."""
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
    """Return float32[n, n]: the number of different words that two lines share."""
    if shape[0] * shape[1] <= _MAX_DENSE_CELLS:
        occurs = np.zeros(shape, np.float32)
        occurs[rows, columns] = 1
        return occurs @ occurs.T
    from scipy import sparse  # 0.2 s of a process that meets no long song

    table = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
    table.data[:] = 1  # duplicates were summed
    return (table @ table.T).toarray()


def stanza_containment(recurrence: Recurrence, starts: Ints) -> Floats:
    """Return float32[a, b]: the share of stanza a's lines that recur in stanza b (for a = b: within stanza a).

    Stanza a holds the lines from starts[a] to starts[a + 1]; lines weigh by their number of words."""
    best = np.maximum.reduceat(recurrence.likeness, starts, axis=1)  # (line, stanza)
    weighted = np.add.reduceat(best * recurrence.weights[:, None], starts, axis=0)
    totals = np.maximum(np.add.reduceat(recurrence.weights, starts), 1)
    return (weighted / totals[:, None]).astype(np.float32)


def recurring_runs(recurrence: Recurrence, length: int = 3) -> npt.NDArray[np.bool_]:
    """Return bool[n]: whether a line is in a run of `length` lines that recurs as a run elsewhere in the song.

    A run of more than three may have one line that differs."""
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
    """Return intp[k]: the first line of each stanza, 0 included. `breaks` are the lines after a blank line."""
    n = len(recurrence.weights)
    starts = sorted({0, *(at for at in breaks if at < n)})
    if n < 2 * MIN_STANZA_LINES:
        return np.array(starts, np.intp)
    mask = recurring_runs(recurrence, MIN_STANZA_LINES + 1)
    cuts = list[int]()
    for first, stop in zip(starts, [*starts[1:], n], strict=True):
        inside = mask[first:stop]
        if stop - first >= MIN_BLOCK_LINES:
            inside = recurring_runs(recurrence, MIN_STANZA_LINES)[first:stop]
            inside = inside if inside.any() else _recurring_hook_mask(recurrence)[first:stop]
        if stop - first >= 2 * MIN_STANZA_LINES and inside.any() and not inside.all():
            cuts += (
                first
                + _recurrence_boundaries(
                    inside, _MIN_HOOK_LINES if stop - first >= MIN_BLOCK_LINES else MIN_STANZA_LINES
                )
            ).tolist()
    blocks = [(first, stop) for first, stop in pairwise([*starts, n]) if stop - first >= MIN_BLOCK_LINES]
    edges = {at for at in _intro_outro_boundaries(recurrence) if any(first < at < stop for first, stop in blocks)}
    return np.array(sorted({*starts, *cuts, *edges}), np.intp)


def _intro_outro_boundaries(recurrence: Recurrence) -> list[int]:
    """Return the end of an intro and the start of an outro: 2 to 6 short lines that recur nowhere."""
    ordered = np.sort(recurrence.weights)
    median = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2  # np.median takes a fifth of a cut
    short = (recurrence.weights <= _SHORT_LINE_RATIO * median) & ~recurrence.likeness.any(axis=1)
    lead, tail = (int(np.argmin(np.append(side[: _LONGEST_EDGE + 1], False))) for side in (short, short[::-1]))
    edges = [lead, len(short) - tail]
    return [at for at, lines in zip(edges, (lead, tail), strict=True) if _FEWEST_EDGE <= lines <= _LONGEST_EDGE]


def _recurring_hook_mask(recurrence: Recurrence) -> npt.NDArray[np.bool_]:
    """Return bool[n]: whether a line is in a recurring run of two lines and resembles two or more other lines."""
    mask = recurring_runs(recurrence, _MIN_HOOK_LINES)
    return mask & ((recurrence.likeness > 0).sum(axis=1) >= 2)


def _recurrence_boundaries(is_recurring: npt.NDArray[np.bool_], shortest: int) -> Ints:
    """Return the lines of a stanza where recurring lines begin or end. Short parts are joined to others."""
    edges = np.flatnonzero(np.diff(is_recurring)) + 1
    cuts = [0]
    for at in edges.tolist():
        if at - cuts[-1] >= (shortest if is_recurring[cuts[-1]] else MIN_STANZA_LINES):
            cuts.append(at)
    while len(is_recurring) - cuts[-1] < MIN_STANZA_LINES and not (is_recurring[-1] and shortest < MIN_STANZA_LINES):
        cuts.pop()
    return np.array(cuts[1:], np.intp)


class KindGuess(NamedTuple):
    """A guessed kind of section and the estimated probability that it is right."""

    kind: SectionKind
    certainty: float


def guess_kinds(recurrence: Recurrence, starts: Ints, tagged: Sequence[SectionKind | None] = ()) -> list[KindGuess]:
    """Return the guessed kind of each stanza. Kinds given by tags (`tagged`) stay."""
    inside = stanza_containment(recurrence, starts)
    logits = stanza_features(recurrence, starts, inside) @ WEIGHTS  # (stanza, kind)
    logits = _average_equal_stanzas(logits, inside)
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    guesses = [KindGuess(KINDS[kind], float(chances[at, kind])) for at, kind in enumerate(best.tolist())]
    guesses = _mark_pre_refrains(guesses, inside, np.diff(starts, append=len(recurrence.weights)))
    return _apply_tagged_kinds(guesses, inside, tagged) if any(tagged) else guesses


def stanza_features(recurrence: Recurrence, starts: Ints, inside: Floats) -> Floats:
    """Return float32[k, features]: the values of `FEATURES` for each stanza."""
    k, n = len(starts), len(recurrence.weights)
    lines = np.diff(starts, append=n).astype(np.float32)
    words = np.add.reduceat(recurrence.weights, starts)
    others = inside * (1 - np.eye(k, dtype=np.float32))
    recurs = others.max(axis=1)
    holds = others.max(axis=0)  # how much of another stanza this one holds
    times = (np.maximum(others, others.T) >= SAME_STANZA_CONTAINMENT).sum(axis=1)
    once = (
        np.sort(lines[recurs < SAME_STANZA_CONTAINMENT]) if (recurs < SAME_STANZA_CONTAINMENT).any() else np.sort(lines)
    )
    usual = once[len(once) // 2]
    length = np.log(lines / max(usual, 1))
    first, last = np.zeros(k, np.float32), np.zeros(k, np.float32)
    first[0] = last[-1] = k > 1
    neighbour = np.zeros(k + 2, np.float32)
    neighbour[1:-1] = recurs
    sung = np.cumsum(
        (recurs >= SAME_STANZA_CONTAINMENT) & (neighbour[:-2] < SAME_STANZA_CONTAINMENT)
    )  # refrains up to here
    late = (sung >= 2) * (recurs < SAME_STANZA_CONTAINMENT) * (1 - last)
    after, before = (
        neighbour[:-2] >= SAME_STANZA_CONTAINMENT,
        (neighbour[2:] >= SAME_STANZA_CONTAINMENT) * (recurs < SAME_STANZA_CONTAINMENT),
    )
    steps = before * ~after * (length < _SHORT_STANZA_LOG_RATIO)  # up to a refrain, as pré-refrains are
    values = {
        "one": 1,
        "recurs": recurs,
        "recurs fully": recurs >= SAME_STANZA_CONTAINMENT,
        "holds": holds,
        "times": np.minimum(times, 4),
        "inner": np.diagonal(inside),
        "inner alone": np.diagonal(inside) * (recurs < SAME_STANZA_CONTAINMENT),
        "length": length,
        "lines": np.log(lines),
        "short": lines <= 2,
        "first": first,
        "first length": first * length,
        "first recurs": first * recurs,
        "first among equals": first
        * (k > 1 and recurs[:2].max() < SAME_STANZA_CONTAINMENT and lines[0] * 1.5 >= lines[1]),
        "last": last,
        "last length": last * length,
        "last recurs": last * recurs,
        "place": np.arange(k) / max(k - 1, 1),
        "between refrains": (np.maximum(neighbour[:-2], neighbour[2:]) >= SAME_STANZA_CONTAINMENT)
        * (recurs < SAME_STANZA_CONTAINMENT),
        "amid refrains": after * before,
        "before": before,
        "before length": before * np.minimum(length, 0),
        "steps": steps * min(float(steps.sum()), 3),
        "late": late,
        "late length": late * np.minimum(length, 0),
        "song recurs": (recurs >= SAME_STANZA_CONTAINMENT).any(),
        "line words": np.log(np.maximum(words / lines, 1)) - np.log(max(words.sum() / n, 1)),
    }
    return _stack_columns([values[name] for name in FEATURES], k)


def _stack_columns(columns: Sequence[Any], rows: int) -> Floats:
    """Return float32[rows, columns]. Each column is given as an array, or as one number for all rows."""
    table = np.empty((rows, len(columns)), np.float32)
    for at, column in enumerate(columns):
        table[:, at] = column
    return table


def _average_equal_stanzas(logits: npt.NDArray[np.float32], inside: Floats) -> npt.NDArray[np.float32]:
    """Replace the logits of equal stanzas by their mean, so that these get the same kind, and return all."""
    same = (np.minimum(inside, inside.T) >= SAME_STANZA_CONTAINMENT) | np.eye(len(inside), dtype=bool)
    return (same @ logits) / same.sum(axis=1, keepdims=True)


def _mark_pre_refrains(guesses: list[KindGuess], inside: Floats, lines: Ints) -> list[KindGuess]:
    """Return the guesses. A refrain that always precedes the same other refrain becomes a pré-refrain.

    The other must also occur alone, repeat itself more, or be longer. Else the two are halves of a refrain."""
    same = (np.minimum(inside, inside.T) >= SAME_STANZA_CONTAINMENT) | np.eye(len(guesses), dtype=bool)
    refrains = np.array([guess.kind == "refrain" for guess in guesses])
    chosen = list(guesses)
    for at in np.flatnonzero(refrains[1:] & refrains[:-1]).tolist():  # a refrain follows
        mine = np.flatnonzero(same[at])
        if len(mine) < 2 or mine[0] == 0 or mine[-1] + 1 == len(guesses) or same[at, at + 1]:
            continue
        if not (same[at + 1, mine + 1].all() and refrains[mine].all()):
            continue
        is_longer = same[at + 1].sum() > len(mine)
        if is_longer or inside[at + 1, at + 1] > inside[at, at] + _SELF_CONTAINMENT_MARGIN or lines[at] < lines[at + 1]:
            chosen[at] = KindGuess(
                "pré-refrain", guesses[at].certainty * (_SURE_BEFORE if is_longer else _LIKELY_BEFORE)
            )
    return chosen


def _apply_tagged_kinds(
    guesses: list[KindGuess], inside: Floats, kinds: Sequence[SectionKind | None]
) -> list[KindGuess]:
    """Return the guesses with the kinds given by tags. Stanzas equal to a tagged one get its kind."""
    tagged = np.array([at for at, kind in enumerate(kinds) if kind])
    both = np.minimum(inside[:, tagged], inside.T[:, tagged])  # (stanza, tagged stanza)
    closest, shares = tagged[both.argmax(axis=1)].tolist(), both.max(axis=1).tolist()
    chosen = list[KindGuess]()
    for guess, kind, like, share in zip(guesses, kinds, closest, shares, strict=True):
        twin = kinds[like]
        if kind:
            guess = KindGuess(kind, 1.0)
        elif twin and share >= SAME_STANZA_CONTAINMENT:
            guess = KindGuess(twin, share)
        chosen.append(guess)
    return chosen
