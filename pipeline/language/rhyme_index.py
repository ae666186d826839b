"""A rhyming dictionary: which words rhyme with a word or phrase, how richly, of how many syllables."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.language.lexicons import rap_phones
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, NO_RHYME, RHYME_KINDS, Phones, compare_phones, line_endings, phones_key
from pipeline.language.syllables import scan_line

_NEVER_ALONE = ("clitic", "letter")  # they end no line


class RhymeEntry(NamedTuple):
    """A word that rhymes, how (see `rhyme.Rhyme`), its spoken syllables, and its frequency as given to the index."""

    word: str
    kind: str
    shared_phones: int
    shared_vowels: int
    syllables: int
    frequency: int


@dataclass(frozen=True)
class RhymeIndex:
    """Words by rhyme key and by last vowel, each list sorted by reversed phones: near neighbours rhyme best.

    >>> index = RhymeIndex.of(Pronunciations.of(["raison", "prison", "nuit"]), {})
    >>> [entry.word for entry in index.rhymes("maison", Pronunciations())]
    ['raison', 'prison']
    """

    _by_key: Mapping[str, list[tuple[Phones, str]]]
    _by_vowel: Mapping[str, list[str]]
    _syllables: Mapping[str, int]
    _frequencies: Mapping[str, int]

    @classmethod
    def of(cls, pronunciations: Pronunciations, frequencies: Mapping[str, int]) -> "RhymeIndex":
        """Index all words of a table that have a vowel; a word that `frequencies` lacks has 0."""
        by_key: dict[str, list[tuple[Phones, str]]] = defaultdict(list)
        by_vowel: dict[str, list[str]] = defaultdict(list)
        syllables = {}
        for word in list(pronunciations.values()):
            entry = rap_phones().get(word.text)
            if not word.syllables or (entry and entry.kind in _NEVER_ALONE):
                continue
            syllables[word.text] = word.syllables
            for phones in word.rhymes:
                key = phones_key(phones)
                by_key[key].append((phones[::-1], word.text))
                by_vowel[_key_vowel(key)].append(word.text)
        for words in by_key.values():
            words.sort()
        return cls(dict(by_key), dict(by_vowel), syllables, dict(frequencies))

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._syllables)

    def words(self, ending: Phones) -> list[str]:
        """Return all words whose merged phones end with `ending`, which must hold their last vowel. Binary search."""
        bucket = self._by_key.get(phones_key(ending), [])
        low = bisect_left(bucket, (ending[::-1],))
        high = bisect_right(bucket, ((*ending[::-1], "\U0010ffff"),))
        return [word for _, word in bucket[low:high]]

    def rhymes(
        self,
        text: str,
        pronunciations: Pronunciations,
        *,
        least: str = "pauvre",
        syllables: Collection[int] = (),
        limit: int = 200,
    ) -> list[RhymeEntry]:
        """Return the words that rhyme with a phrase at least as richly as `least`: richest first, then most frequent.

        `syllables` keeps words of these numbers of syllables; empty means any. The last word of `text` itself is left
        out. An unknown word is transcribed; text without a vowel rhymes with nothing.
        """
        line = scan_line(text, pronunciations)
        endings = [ending for ending in line_endings(line) if phones_key(ending)]
        own = line.words[-1].text if line.words else ""
        best: dict[str, RhymeEntry] = {}
        vowel_alone = least == NO_RHYME or not RHYME_KINDS[least].consonants
        for ending in endings:
            for entry in self._compare_words(ending, pronunciations, vowel_alone=vowel_alone):
                previous = best.get(entry.word)
                if previous is None or _sort_key(entry) < _sort_key(previous):
                    best[entry.word] = entry
        floor = KINDS.index(least)
        chosen = [
            entry
            for entry in best.values()
            if KINDS.index(entry.kind) >= floor
            and entry.word != own
            and (not syllables or entry.syllables in syllables)
        ]
        return sorted(chosen, key=_sort_key)[:limit]

    def _compare_words(self, ending: Phones, pronunciations: Pronunciations, *, vowel_alone: bool) -> list[RhymeEntry]:
        key = phones_key(ending)
        words = {word for _, word in self._by_key.get(key, [])}
        if vowel_alone:
            words.update(self._by_vowel.get(_key_vowel(key), []))
        entries = []
        for word in words:
            rhyme = max(
                (compare_phones(ending, phones) for phones in pronunciations[word].rhymes),
                key=lambda r: (KINDS.index(r.kind), r.shared_phones),
            )
            entries.append(RhymeEntry(word, *rhyme, self._syllables[word], self._frequencies.get(word, 0)))
        return entries


def _key_vowel(key: str) -> str:
    """Return the vowel of a rhyme key."""
    return key[:2] if key[1:2] == "\u0303" else key[:1]


def _sort_key(entry: RhymeEntry) -> tuple[int, int, int, int, str]:
    return -KINDS.index(entry.kind), -entry.shared_vowels, -entry.shared_phones, -entry.frequency, entry.word
