"""What kind of section each stanza of a song is, from how it comes back, its length and its place.

A multinomial logistic regression (softmax) over a few features of each stanza. Its weights were learnt on tagged songs
whose tags were hidden (251 songs and their dirty copies, and worlds of the tests) and stand in `kinds.tsv`, written by
`benchmarks/structure.py learn`; the probabilities are the certainties.
Stanzas that come back as each other get one kind.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from pipeline.corpus.song import SectionKind
from pipeline.corpus.structure.stanzas import Floats, Ints, Recurrence, containment

_REPEATS_ITSELF = 0.3  # more of a refrain than of a pré-refrain comes back within itself
_SURE_BEFORE, _LIKELY_BEFORE = 0.8, 0.6  # certainties of a pré-refrain, given that it is a refrain or one

_SHORT = -0.5  # logarithm of lines over the usual ones, below which a stanza is short
SAME = 0.6  # containment, both ways, from which two stanzas are the same one


WEIGHTS_FILE = Path(__file__).with_name("kinds.tsv")
_HEAD, *_ROWS = csv.reader(WEIGHTS_FILE.read_text("utf-8").splitlines(), delimiter="\t")
KINDS = cast(tuple[SectionKind, ...], tuple(_HEAD[1:]))
FEATURES = tuple(row[0] for row in _ROWS)
WEIGHTS = np.array([row[1:] for row in _ROWS], np.float32)  # (feature, kind)


class Guess(NamedTuple):
    """A kind and the estimated probability that it is right."""

    kind: SectionKind
    certainty: float


def guess_kinds(recurrence: Recurrence, starts: Ints, tagged: Sequence[SectionKind | None] = ()) -> list[Guess]:
    """The kind of each stanza. `tagged` holds the kinds that tags give, which stay and speak for stanzas like them."""
    inside = containment(recurrence, starts)
    logits = describe_stanzas(recurrence, starts, inside) @ WEIGHTS  # (stanza, kind)
    logits = _average_repeats(logits, inside)
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    guesses = [Guess(KINDS[kind], float(chances[at, kind])) for at, kind in enumerate(best.tolist())]
    guesses = _with_pre_refrains(guesses, inside, np.diff(starts, append=len(recurrence.weights)))
    return _with_tagged_kinds(guesses, inside, tagged) if any(tagged) else guesses


def describe_stanzas(recurrence: Recurrence, starts: Ints, inside: Floats) -> Floats:
    """float32[k, features]: what `FEATURES` names, of each stanza."""
    k, n = len(starts), len(recurrence.weights)
    lines = np.diff(starts, append=n).astype(np.float32)
    words = np.add.reduceat(recurrence.weights, starts)
    others = inside * (1 - np.eye(k, dtype=np.float32))
    recurs = others.max(axis=1)
    holds = others.max(axis=0)  # how much of another stanza this one holds
    times = (np.maximum(others, others.T) >= SAME).sum(axis=1)
    once = np.sort(lines[recurs < SAME]) if (recurs < SAME).any() else np.sort(lines)
    usual = once[len(once) // 2]
    length = np.log(lines / max(usual, 1))
    first, last = np.zeros(k, np.float32), np.zeros(k, np.float32)
    first[0] = last[-1] = k > 1
    neighbour = np.zeros(k + 2, np.float32)
    neighbour[1:-1] = recurs
    sung = np.cumsum((recurs >= SAME) & (np.r_[0, recurs[:-1]] < SAME))  # refrains up to here
    late = (sung >= 2) * (recurs < SAME) * (1 - last)
    after, before = neighbour[:-2] >= SAME, (neighbour[2:] >= SAME) * (recurs < SAME)
    steps = before * ~after * (length < _SHORT)  # up to a refrain, as pré-refrains are
    values = {
        "one": 1,
        "recurs": recurs,
        "recurs fully": recurs >= SAME,
        "holds": holds,
        "times": np.minimum(times, 4),
        "inner": np.diagonal(inside),
        "inner alone": np.diagonal(inside) * (recurs < SAME),
        "length": length,
        "lines": np.log(lines),
        "short": lines <= 2,
        "first": first,
        "first length": first * length,
        "first recurs": first * recurs,
        "first among equals": first * (k > 1 and recurs[:2].max() < SAME and lines[0] * 1.5 >= lines[min(1, k - 1)]),
        "last": last,
        "last length": last * length,
        "last recurs": last * recurs,
        "place": np.arange(k) / max(k - 1, 1),
        "between refrains": (np.maximum(neighbour[:-2], neighbour[2:]) >= SAME) * (recurs < SAME),
        "amid refrains": after * before,
        "before": before,
        "before length": before * np.minimum(length, 0),
        "steps": steps * min(float(steps.sum()), 3),
        "late": late,
        "late length": late * np.minimum(length, 0),
        "song recurs": (recurs >= SAME).any(),
        "line words": np.log(np.maximum(words / lines, 1)) - np.log(max(words.sum() / n, 1)),
    }
    return _table([values[name] for name in FEATURES], k)


def _table(columns: Sequence[Any], rows: int) -> Floats:
    """float32[rows, columns] of columns of numbers, or of one number for all rows: np.stack takes twice as long."""
    table = np.empty((rows, len(columns)), np.float32)
    for at, column in enumerate(columns):
        table[:, at] = column
    return table


def _average_repeats(logits: npt.NDArray[np.float32], inside: Floats) -> npt.NDArray[np.float32]:
    """With the mean of the stanzas that are the same, so that they get one kind."""
    same = (np.minimum(inside, inside.T) >= SAME) | np.eye(len(inside), dtype=bool)
    return (same @ logits) / same.sum(axis=1, keepdims=True)


def _with_pre_refrains(guesses: list[Guess], inside: Floats, lines: Ints) -> list[Guess]:
    """A stanza that comes back, always before one and the same other refrain, is a pré-refrain: if that one also comes
    back without it, repeats itself within, or is the longer one. Else the two are halves of a refrain."""
    same = (np.minimum(inside, inside.T) >= SAME) | np.eye(len(guesses), dtype=bool)
    refrains = np.array([guess.kind == "refrain" for guess in guesses])
    chosen = list(guesses)
    for at in np.flatnonzero(refrains[1:] & refrains[:-1]).tolist():  # a refrain follows
        mine = np.flatnonzero(same[at])
        if len(mine) < 2 or mine[0] == 0 or mine[-1] + 1 == len(guesses) or same[at, at + 1]:
            continue
        if not (same[at + 1, mine + 1].all() and refrains[mine].all()):
            continue
        alone = same[at + 1].sum() > len(mine)
        if alone or inside[at + 1, at + 1] > inside[at, at] + _REPEATS_ITSELF or lines[at] < lines[at + 1]:
            chosen[at] = Guess("pré-refrain", guesses[at].certainty * (_SURE_BEFORE if alone else _LIKELY_BEFORE))
    return chosen


def _with_tagged_kinds(guesses: list[Guess], inside: Floats, kinds: Sequence[SectionKind | None]) -> list[Guess]:
    """Tags stay; a stanza that is the same as a tagged one is of its kind."""
    tagged = np.array([at for at, kind in enumerate(kinds) if kind])
    both = np.minimum(inside[:, tagged], inside.T[:, tagged])  # (stanza, tagged stanza)
    closest, shares = tagged[both.argmax(axis=1)].tolist(), both.max(axis=1).tolist()
    chosen = list[Guess]()
    for guess, kind, like, share in zip(guesses, kinds, closest, shares, strict=True):
        twin = kinds[like]
        if kind:
            guess = Guess(kind, 1.0)
        elif twin and share >= SAME:
            guess = Guess(twin, share)
        chosen.append(guess)
    return chosen
