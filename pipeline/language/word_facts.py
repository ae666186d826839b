"""What scansion and rhyme ask of words, as a table of numbers: for lines by the thousand.

`syllables` and `section_rhymes` read one line and one section; `line_columns` and `rhyme_columns` give the same numbers
for all lines of a part of a corpus at once. A test holds them to each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.language.ipa import ORAL_VOWELS
from pipeline.language.pronunciations import Word
from pipeline.language.rhyme import word_keys
from pipeline.language.section_rhymes import weak_words, word_vowels
from pipeline.language.syllables import ENCLITICS, NEVER_KEEP, VOWEL_ENDS, Y_BEFORE

_FACTS = np.dtype(
    [
        *((name, np.int16) for name in ("syllables", "inner_e", "final_e", "cluster")),
        *((name, np.bool_) for name in ("weak", "elides")),  # see `Word`
        *((name, np.bool_) for name in ("sounded", "opens", "closes")),  # begins and ends with a vowel
        *((name, np.bool_) for name in ("is_y", "before_y", "is_au", "is_revoir", "enclitic", "never_keeps")),
        ("common", np.bool_),  # too common to rhyme inside a line
        *((name, np.int16) for name in ("last", "last_but_one")),  # its phones, 0 for none
        ("vowels", np.int16),
    ]
)


class WordFacts(NamedTuple):
    """`of[words]` has a row a word (`_FACTS`); a phone is a number from 1 on, its place in `phones`.

    The vowels of all words stand one word after another in `vowels`. `keys` holds the rhyme keys of each word, the
    usual one first.
    """

    of: npt.NDArray[np.void]
    vowels: npt.NDArray[np.int16]
    keys: Sequence[tuple[str, ...]]
    phones: Sequence[str]

    def first_vowels(self) -> npt.NDArray[np.int64]:
        """Return int64[words]: where those of each word begin in `vowels`."""
        sizes = self.of["vowels"].astype(np.int64)
        return np.cumsum(sizes) - sizes

    def select(self, words: npt.NDArray[np.intp]) -> "WordFacts":
        """Return the facts of some of the words."""
        of, size = self.of[words], self.of["vowels"][words].astype(np.intp)
        first = np.cumsum(size) - size
        vowels = self.vowels[np.repeat(self.first_vowels()[words] - first, size) + np.arange(size.sum())]
        return WordFacts(of, vowels, [self.keys[at] for at in words.tolist()], self.phones)


def word_facts(words: Sequence[Word]) -> WordFacts:
    """Return the facts of words."""
    phones: dict[str, int] = defaultdict(count(1).__next__)
    table = np.array([(*_scansion(word), *_sounds(word, phones)) for word in words], _FACTS)
    vowels = np.fromiter((phones[vowel] for word in words for vowel in word_vowels(word.rhymes[0])), np.int16)
    return WordFacts(table, vowels, [word_keys(word.rhymes) for word in words], list(phones))


def join_facts(parts: Sequence[WordFacts]) -> WordFacts:
    """Return the facts of the words of several, in order, as those of one."""
    phones: dict[str, int] = defaultdict(count(1).__next__)
    tables, vowels = [], []
    for part in parts:
        number = np.array([0, *(phones[phone] for phone in part.phones)], np.int16)
        table = part.of.copy()
        for name in ("last", "last_but_one"):
            table[name] = number[table[name]]
        tables.append(table)
        vowels.append(number[part.vowels])
    of = np.concatenate([np.empty(0, _FACTS), *tables])
    keys = [each for part in parts for each in part.keys]
    return WordFacts(of, np.concatenate([np.empty(0, np.int16), *vowels]), keys, list(phones))


def key_numbers(keys: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """Return a number for each rhyme key, 0 for silence."""
    numbers: dict[str, int] = defaultdict(count(1).__next__, {"": 0})
    for each in keys:
        for key in each:
            numbers[key]
    return dict(numbers)


def _scansion(word: Word) -> Iterator[int | bool]:
    text, ipa = word.text, word.ipa
    yield from (word.syllables, word.inner_e, word.final_e, word.cluster, bool(word.weak), word.elides)
    yield from (bool(ipa), ipa[:1] in ORAL_VOWELS, ipa[-1:] in VOWEL_ENDS)
    yield from (text == "y", text in Y_BEFORE, text == "au", text == "revoir", text in ENCLITICS, text in NEVER_KEEP)


def _sounds(word: Word, phones: Mapping[str, int]) -> Iterator[int | bool]:
    own = word.rhymes[0]
    yield word.text in weak_words()
    yield from (phones[own[-1]] if own else 0, phones[own[-2]] if len(own) > 1 else 0)
    yield len(word_vowels(own))
