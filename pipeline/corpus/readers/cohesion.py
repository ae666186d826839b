"""How well the stanzas of a text hold together, where nothing else says which of them are one song.

Lines that recur hold the stanzas between them together, as refrains do; words that change part them: lexical cohesion
over a border (Hearst 1997, TextTiling), words weighed by how few stanzas hold them. Knows nothing of tags.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_LINE, _SHORTEST_WORD = 9, 4  # letters that say something
_NEAR = 12  # stanzas within which a line that recurs is of one song
_SIDE = 4  # stanzas on each side of a border whose words are compared
_MOST_LINES = 6  # that count
_LINE, _WORDS = 1.0, 5.0  # what each line parted costs, and words shared beyond the usual share


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
