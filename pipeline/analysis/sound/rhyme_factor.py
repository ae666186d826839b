"""The rhyme factor: how long, on average, the assonances that end at each word are. Plain sequences, no corpus.

Malmi's raplysaattori, on French phones. For each word from the second on: the largest number of equal vowels read
back from its last vowel and that of one of the `lookback` words before it, across word boundaries. 0 when the two
words are the same, and a match of one vowel counts 0; a match stops where two identical words are aligned, and
the two stretches never overlap. The factor is the mean over words; a song's words are read without line breaks.
What is changed for French: vowels are phones (nasals are their own, mid vowels merged, glides are none, a final
mute e is none) and a match never leaves its section. The number depends on `lookback`, on the transcription and on
how lines are cut: compare only what was counted alike.

Malmi et al., DopeLearning (KDD 2016), section 3; code at github.com/ekQ/raplysaattori.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.core.translation import mark

LOOKBACK_WORDS = 15  # words, as raplysaattori has it for English, whose words are about as short
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class VowelText:
    """Words as vowels: word i owns vowels[first[i]:stop[i]] (at least one) and lies in section[i]; equal `identity`
    means the same word. Sections are runs."""

    vowels: Ints
    first: Ints
    stop: Ints
    identity: Ints
    section: Ints

    @classmethod
    def from_sections(cls, sections: Sequence[Sequence[tuple[str, Sequence[str]]]]) -> "VowelText":
        """Build from (word, its vowels) in order, a sequence a section; words without a vowel are excluded."""
        words = [
            (word, tuple(vowels), section)
            for section, lines in enumerate(sections)
            for word, vowels in lines
            if len(vowels)
        ]
        sounds: dict[str, int] = {}
        names: dict[str, int] = {}
        stop = np.cumsum([len(vowels) for _, vowels, _ in words], dtype=np.int64)
        return cls(
            np.array([sounds.setdefault(v, len(sounds)) for _, vowels, _ in words for v in vowels], np.int64),
            np.concatenate([[0], stop[:-1]]).astype(np.int64) if words else np.zeros(0, np.int64),
            stop,
            np.array([names.setdefault(word, len(names)) for word, _, _ in words], np.int64),
            np.array([section for _, _, section in words], np.int64),
        )


def rhyme_lengths(text: VowelText, lookback: int = LOOKBACK_WORDS) -> Ints:
    """Return int[words]: the longest match that ends at each word, 0 or at least 2. The first of a section has 0.

    One pass a lag over the whole text: O(words * lookback), nothing of it in Python loops over words.
    """
    best = np.zeros(len(text.stop), np.int64)
    if not len(best):
        return best
    owner = np.repeat(np.arange(len(text.stop)), text.stop - text.first)  # word of each vowel
    starts = np.searchsorted(text.section, text.section)  # first word of the section of each word
    begins = text.first[starts]  # its first vowel
    for lag in range(1, lookback + 1):
        later = np.arange(lag, len(best))
        later = later[later - lag >= starts[later]]
        later = later[text.identity[later] != text.identity[later - lag]]
        best[later] = np.maximum(best[later], _match_lengths(text, owner, begins[later], later, later - lag))
    best[best == 1] = 0
    return best


def _match_lengths(text: VowelText, owner: Ints, begin: Ints, later: Ints, earlier: Ints) -> Ints:
    """Count equal vowels read back from the ends of pairs of words, see the module."""
    length = np.zeros(len(later), np.int64)
    end, end_before = text.stop[later] - 1, text.stop[earlier] - 1
    alive = np.arange(len(later))
    while len(alive):
        step = length[alive]
        here, there = end[alive] - step, end_before[alive] - step
        inside = (there >= begin[alive]) & (here > end_before[alive])
        alive, here, there = alive[inside], here[inside], there[inside]
        same = text.vowels[here] == text.vowels[there]
        same &= text.identity[owner[here]] != text.identity[owner[there]]
        alive = alive[same]
        length[alive] += 1
    return length


def rhyme_factor(text: VowelText, lookback: int = LOOKBACK_WORDS) -> float:
    """Return the mean of `rhyme_lengths` over the words that have one before them in their section; nan without any."""
    counted = np.zeros(len(text.stop), bool)
    counted[1:] = text.section[1:] == text.section[:-1]
    return float(rhyme_lengths(text, lookback)[counted].mean()) if counted.any() else float("nan")


def _finnish_example() -> float:
    """Return the rhyme factor of the published example; letters are phonemes in Finnish."""
    words = ["talo", "on", "punainen", "kalo", "on", "tunailen"]
    return rhyme_factor(VowelText.from_sections([[(word, re.findall("[aeiouyäö]", word)) for word in words]]), 10)


MEASURES = (
    Measure(
        "Sound", "Rhyme factor", "Mean length of the assonances that end at a word: the longest with one "
        "of the 15 words before (here 10); a single vowel counts 0.",
        mark("mean length over words from the second"), "Malmi et al. 2016",
        ReferenceValue("talo on punainen / kalo on tunailen", "raplysaattori", 1.2, _finnish_example, 1e-12),
    ),
)  # fmt: skip
