"""The syllables of lines by the thousand: the rules of `syllables`, over columns of words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.language.mute_e import CLUSTER, PLURAL
from pipeline.language.syllables import has_pause

Ids = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


class SaidLines(NamedTuple):
    """Lines, ad-libs excluded, and their words one after another.

    `line` int[n] is the line of each word, ascending, `word` int[n] its place in `names`; `texts` are as written.
    """

    texts: Sequence[str]
    names: Sequence[str]
    word: Ids
    line: Ids


def count_syllables(said: SaidLines, facts: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
    """Return int[lines, 4]: the `Syllables` of each line; `facts` are those of its words, int[n]."""
    at = np.flatnonzero(said.line[1:] == said.line[:-1])  # words that another follows
    word, following = facts[at], facts[at + 1]
    sounded_e = _sounds_final_e(said, at, word, following)
    y_a = word["is_y"] & following["before_y"]
    revoir = at[word["is_au"] & following["is_revoir"]] + 1
    spoken = facts["syllables"].astype(np.int64)
    spoken[at[y_a]] = 0
    spoken[revoir] = 1
    spoken[at[sounded_e]] += 1
    verse = facts["syllables"] + facts["inner_e"].astype(np.int64)
    elided = (word["final_e"] != PLURAL) & following["elides"]
    verse[at] += np.where(word["final_e"] > 0, ~elided, -1 * y_a)
    closes = facts["closes"].copy()
    closes[at[sounded_e]] = True
    closes[at[y_a]] = closes[revoir] = False
    dropped = _drops(said.line, facts["sounded"], facts["weak"] & (spoken > 0), closes)
    total, classical, fast = (
        np.bincount(said.line, counts, len(said.texts)).astype(np.int64) for counts in (spoken, verse, dropped)
    )
    return np.stack([total, classical, total - fast, np.maximum(total, classical)], axis=1)


def _sounds_final_e(said: SaidLines, at: Ids, word: npt.NDArray[np.void], following: npt.NDArray[np.void]) -> Flags:
    """Return whether the final e of words `at` sounds before the following: see `syllables`."""
    may = (word["final_e"] > 0) & (word["cluster"] > 0) & ~word["never_keeps"]
    may &= following["sounded"] & ~following["opens"] & ~following["elides"]
    may &= following["enclitic"] | (word["cluster"] == CLUSTER)
    first = np.searchsorted(said.line, np.arange(len(said.texts) + 1))
    for pair in np.flatnonzero(may & ~following["enclitic"]).tolist():
        line = int(said.line[at[pair]])
        here = slice(first[line], first[line + 1])
        tokens = [said.names[index] for index in said.word[here].tolist()]
        may[pair] = not has_pause(said.texts[line], tokens, int(at[pair] - here.start))
    return may


def _drops(line: Ids, sounded: Flags, weak: Flags, closes: Flags) -> Flags:
    """Return which words lose their weak e in fast speech: after a vowel or a silence, never two in a row."""
    heard = np.flatnonzero(sounded)
    begins = np.diff(line[heard], prepend=-1) > 0
    may = weak[heard] & (begins | np.roll(closes[heard], 1))
    first = may & (begins | ~np.roll(may, 1))  # of words that may in a row every other one does
    order = np.arange(len(heard))
    since = order - np.maximum.accumulate(np.where(first, order, 0))
    dropped = np.zeros(len(line), np.bool_)
    dropped[heard] = may & (since % 2 == 0)
    return dropped
