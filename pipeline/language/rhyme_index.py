"""A rhyming dictionary: which words rhyme with a word or phrase, how richly, of how many syllables.

`RhymeIndex.of` indexes the words of a table of pronunciations, `french_index` those of `french_words.tsv.xz` that have
one last vowel: 100,000 words of French with their counts.
"""

import lzma
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import chain
from typing import NamedTuple

from pipeline.core.paths import lexicons_folder
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.lexicons import has_aspirated_onset, rap_phones
from pipeline.language.phone_similarity import NEAR, coda_similarity
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, RHYMES, Phones, Rhyme, compare_phones, line_endings, phones_key
from pipeline.language.syllables import scan_line

_NEVER_ALONE = ("clitic", "letter")  # they end no line
_WEAK = ("function", "clitic", "adlib")
FRENCH = "french_words.tsv.xz"


class RhymeEntry(NamedTuple):
    """A word that rhymes, how (see `rhyme.Rhyme`), its spoken syllables, and its frequency as given to the index.

    `sound` are its merged phones, where it has several those that rhyme best.
    """

    word: str
    kind: str
    shared_phones: int
    shared_vowels: int
    similarity: float
    syllables: int
    frequency: int
    sound: Phones


class IndexedWord(NamedTuple):
    """What the index asks of a word: merged phones, one tuple a pronunciation, and its spoken syllables."""

    rhymes: tuple[Phones, ...]
    syllables: int


class _SaidWords(Mapping[str, IndexedWord]):
    """Words with their merged phones as text: parsed when they are asked for, since few of 37,000 are."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self._said = said

    def __getitem__(self, word: str) -> IndexedWord:
        phones = split_phones(self._said[word])
        return IndexedWord((phones,), sum(map(is_vowel, phones)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


@dataclass(frozen=True)
class RhymeIndex:
    """Words by rhyme key and by last vowel, each list sorted by reversed phones (as one string, in which the sign of a
    nasal vowel comes before it): near neighbours rhyme best.

    >>> index = RhymeIndex.of(Pronunciations.of(["raison", "prison", "nuit"]), {})
    >>> [entry.word for entry in index.rhymes("maison", Pronunciations())]
    ['raison', 'prison']
    """

    _by_key: Mapping[str, list[tuple[str, str]]]
    _keys: Mapping[str, list[str]]  # last vowel -> rhyme keys
    _words: Mapping[str, IndexedWord]
    _frequencies: Mapping[str, int]
    _lemmas: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pronunciations: Pronunciations, frequencies: Mapping[str, int]) -> "RhymeIndex":
        """Index all words of a table that have a vowel; a word that `frequencies` lacks has 0."""
        words = list(pronunciations.values())
        return cls.of_words({word.text: IndexedWord(word.rhymes, word.syllables) for word in words}, frequencies)

    @classmethod
    def of_words(cls, words: Mapping[str, IndexedWord], frequencies: Mapping[str, int]) -> "RhymeIndex":
        """Index words by how they sound."""
        by_key: dict[str, list[tuple[str, str]]] = defaultdict(list)
        indexed = {}
        never = _never_alone()
        for text, word in words.items():
            if word.syllables and text not in never:
                indexed[text] = word
                for phones in word.rhymes:
                    by_key[phones_key(phones)].append(("".join(phones)[::-1], text))
        keys: dict[str, list[str]] = defaultdict(list)
        for key, bucket in by_key.items():
            bucket.sort()
            keys[key_vowel(key)].append(key)
        return cls(dict(by_key), dict(keys), indexed, dict(frequencies))

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._words)

    def frequency(self, word: str) -> int:
        """Return the frequency of a word as given to the index; 0 where it lacks it."""
        return self._frequencies.get(word, 0)

    def lemma(self, word: str) -> str:
        """Return the lemma of a word as given to the index; "" where it lacks the word."""
        return self._lemmas.get(word) or (word if word in self._frequencies else "")

    def words(self, ending: Phones) -> list[str]:
        """Return all words whose merged phones end with `ending`, which must hold their last vowel. Binary search."""
        bucket, said = self._by_key.get(phones_key(ending), []), "".join(ending)[::-1]
        low = bisect_left(bucket, (said,))
        high = bisect_right(bucket, (said + "\U0010ffff",))
        return [word for _, word in bucket[low:high]]

    def rhymes(
        self,
        text: str,
        pronunciations: Pronunciations,
        *,
        least: str = "pauvre",
        syllables: Collection[int] = (),
        accepts: Callable[[str, IndexedWord], bool] = lambda word, indexed: True,
        limit: int = 200,
    ) -> list[RhymeEntry]:
        """Return the words that rhyme with a phrase at least as richly as `least`: richest first, then most frequent.

        Near rhymes come by how alike their consonants are, function words last. `syllables` keeps words of these
        numbers of syllables; empty means any. Of those that share as much, more than `limit` are looked at. The last
        word of `text` itself is left out. An unknown word is transcribed; text without a vowel rhymes with nothing.
        """
        line = scan_line(text, pronunciations)
        own = line.words[-1].text if line.words else ""
        best: dict[str, RhymeEntry] = {}
        for ending in line_endings(line):
            compare = lru_cache(maxsize=None)(partial(compare_phones, ending))  # many spell one sound
            for word in self._candidates(ending, least, syllables, accepts, limit) if phones_key(ending) else ():
                entry = self._compare(word, compare)
                previous = best.get(word)
                if KINDS.index(entry.kind) >= KINDS.index(least):
                    best[word] = entry if previous is None else min(entry, previous, key=_sort_key)
        best.pop(own, None)
        return sorted(best.values(), key=_sort_key)[:limit]

    def _candidates(
        self,
        ending: Phones,
        least: str,
        syllables: Collection[int],
        accepts: Callable[[str, IndexedWord], bool],
        limit: int,
    ) -> Iterable[str]:
        """Return words from those that share most with an ending on, until there are `limit`."""
        key, candidates = phones_key(ending), dict[str, None]()
        coda = split_phones(key)[1:]
        richer = (self.words(ending[-shared:]) for shared in range(len(ending), len(coda), -1))
        near = ([word for _, word in self._by_key[other]] for other in self._near_keys(key, coda, least))
        for words in chain(richer, near):
            for word in words:
                indexed = self._words[word]
                if (not syllables or indexed.syllables in syllables) and accepts(word, indexed):
                    candidates[word] = None
            if len(candidates) >= limit:
                break
        return candidates

    def _near_keys(self, key: str, coda: Phones, least: str) -> list[str]:
        """Return the other keys of the same vowel whose consonants are alike enough, the closest first."""
        if least in RHYMES:
            return []
        likeness = {
            other: coda_similarity(coda, split_phones(other)[1:]) for other in self._keys.get(key_vowel(key), ())
        }
        floor = NEAR if least == "near" else 0.0
        return sorted((k for k in likeness if k != key and likeness[k] >= floor), key=lambda k: (-likeness[k], k))

    def _compare(self, word: str, compare: Callable[[Phones], Rhyme]) -> RhymeEntry:
        indexed = self._words[word]
        rhyme, sound = max(
            ((compare(phones), phones) for phones in indexed.rhymes),
            key=lambda r: (KINDS.index(r[0].kind), r[0].shared_phones),
        )
        return RhymeEntry(word, *rhyme[:4], indexed.syllables, self._frequencies.get(word, 0), sound)


def begins_with_vowel(word: str, indexed: IndexedWord) -> bool:
    """Return whether the word before elides: l'ombre, not la haine."""
    return is_vowel(indexed.rhymes[0][0]) and not has_aspirated_onset(word)


def key_vowel(key: str) -> str:
    """Return the vowel of a rhyme key."""
    return key[:2] if key[1:2] == "\u0303" else key[:1]


def _sort_key(entry: RhymeEntry) -> tuple[bool, int, float, int, int, int, str]:
    rank, alike = KINDS.index(entry.kind), entry.kind in RHYMES
    closeness = 0.0 if alike else -entry.similarity
    phones = entry.shared_phones if alike else 0
    return is_weak(entry.word), -rank, closeness, -entry.shared_vowels, -phones, -entry.frequency, entry.word


def is_weak(word: str) -> bool:
    """Return whether a word is one that no rhyme is sought for: a function word, a cry."""
    entry = rap_phones().get(word)
    return entry is not None and entry.kind in _WEAK


@cache
def _never_alone() -> frozenset[str]:
    return frozenset(text for text, entry in rap_phones().items() if entry.kind in _NEVER_ALONE)


@cache
def _french_words() -> Mapping[str, str]:
    """Return last vowel -> the rows of the words of French that have it, as text: "#key", then word, merged phones,
    count, lemma where it is another word, for each, sorted by reversed phones."""
    text = lzma.decompress((lexicons_folder() / FRENCH).read_bytes()).decode()
    blocks = text.split("\n##")[1:]  # below the header, each under its vowel
    return dict(block.split("\n", 1) for block in blocks)


@cache
def french_index(vowel: str) -> RhymeIndex:
    """Return the words of French whose last vowel this is, as an index; their frequencies are those of the lexicon."""
    never = _never_alone()
    by_key = dict[str, list[tuple[str, str]]]()
    said, counts, lemmas = dict[str, str](), dict[str, int](), dict[str, str]()
    bucket = list[tuple[str, str]]()
    for row in _french_words().get(vowel, "").splitlines():
        if row[0] == "#":
            by_key[row[1:]] = bucket = []
            continue
        word, sound, count, own = row.split("\t")
        if word not in never:
            bucket.append((sound[::-1], word))
            said[word], counts[word] = sound, int(count)
            if own:
                lemmas[word] = own
    return RhymeIndex(by_key, {vowel: list(by_key)}, _SaidWords(said), counts, lemmas)
