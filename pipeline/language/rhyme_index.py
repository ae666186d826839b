"""A rhyming dictionary: which words rhyme with a word or phrase, how richly, of how many syllables.

`RhymeIndex.from_pronunciations` indexes words by how they sound, `rhyme_index_by_last_vowel` those of a vocabulary that
have one last vowel when it is asked for, `french_index` those of `french_lexicon_words.zip`: 100,000 words of French
with their counts.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache, partial
from itertools import chain
from typing import NamedTuple
from zipfile import ZipFile

from pipeline.core.errors import SettingError
from pipeline.core.paths import lexicons_folder
from pipeline.language.ipa import CONSONANTS, count_nuclei, is_vowel, merge_rhyming_vowels, rhyme_part, split_phones
from pipeline.language.lexicons import has_aspirated_onset, pronunciation_lexicon
from pipeline.language.mute_e import spoken_ipa
from pipeline.language.phone_similarity import NEAR_CODA_SIMILARITY, coda_similarity
from pipeline.language.phones import Pronunciation
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import (
    KINDS,
    PERFECT_KIND_NAMES,
    Phones,
    Rhyme,
    compare_phones,
    line_phone_variants,
    rhyme_key_of_phones,
)
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

_KINDS_NOT_ENDING_LINES = ("clitic", "letter")  # they end no line
_WEAK_WORD_KINDS = ("function", "clitic", "adlib")
FRENCH_WORDS_FILE = "french_words.zip"


LONGEST_WORD = 60  # letters: anticonstitutionnellement has 25, the rest is for cries (naaaan)


def refuse_overlong_words(text: str) -> None:
    """Raise SettingError where a word of a text is longer than `LONGEST_WORD` letters."""
    longest = max(tokenise(text), key=len, default="")
    if len(longest) > LONGEST_WORD:
        raise SettingError(
            "“{word}…” has {letters} letters, and no word has more than {most}: shorten it, or add spaces.",
            word=longest[:20],
            letters=len(longest),
            most=LONGEST_WORD,
        )


class RhymeEntry(NamedTuple):
    """A word that rhymes with a query: kind of rhyme, phones and vowels shared, syllables, frequency, phones."""

    word: str
    kind: str
    shared_phones: int
    shared_vowels: int
    similarity: float
    syllables: int
    frequency: int
    sound: Phones


class IndexedWord(NamedTuple):
    """A word of the rhyme index: phones of each pronunciation, syllables, frequency, lemma if different."""

    rhymes: tuple[Phones, ...]
    syllables: int
    frequency: int = 0
    lemma: str = ""


class _LazyWords(dict[str, IndexedWord]):
    """A cache word -> IndexedWord, parsed from the rows of the index on first access."""

    def __init__(self, rows: Iterable[str]) -> None:
        super().__init__()
        self._rows = {row.split("\t", 2)[1]: row for row in rows}

    def __missing__(self, word: str) -> IndexedWord:
        backwards, _, frequency, lemma, *several = self._rows[word].split("\t")
        sounds = several[0].split("|") if several else [backwards[::-1]]
        phones = tuple(map(split_phones, sounds))
        self[word] = read = IndexedWord(phones, count_nuclei(sounds[0]), int(frequency), lemma)
        return read

    def __contains__(self, word: object) -> bool:
        return word in self._rows

    def __len__(self) -> int:
        return len(self._rows)


class RhymeIndex:
    """Words by rhyme key, as rows of text: reversed phones, word, frequency, lemma, pronunciations.

    The rows of a key are sorted, so that neighbours rhyme best; the tilde of a nasal vowel comes before it.

    >>> index = RhymeIndex.from_pronunciations(Pronunciations().look_up(["raison", "prison", "nuit"]), {})
    >>> [entry.word for entry in index.find_rhymes("maison", Pronunciations())]
    ['raison', 'prison']
    """

    def __init__(self, by_key: Mapping[str, list[str]]) -> None:
        self._by_key = by_key
        self._words = _LazyWords(chain.from_iterable(by_key.values()))

    @classmethod
    def from_pronunciations(cls, rows: Iterable[Pronunciation], frequencies: Mapping[str, int]) -> "RhymeIndex":
        """Return an index of words by their pronunciations."""
        by_key: dict[str, list[str]] = defaultdict(list)
        for word, ipa, _, others in rows:
            sounds = [merge_rhyming_vowels(spoken_ipa(each)) for each in (ipa, *others)]
            end = f"\t{word}\t{frequencies.get(word, 0)}\t" + ("\t" + "|".join(sounds) if others else "")
            for sound in dict.fromkeys(sounds):
                if key := rhyme_part(sound)[1]:
                    by_key[key].append(sound[::-1] + end)
        for same in by_key.values():
            same.sort()
        return cls(dict(by_key))

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._words)

    def frequency(self, word: str) -> int:
        """Return the frequency of a word as given to the index; 0 for a word it lacks."""
        return self._words[word].frequency if word in self._words else 0

    def lemma(self, word: str) -> str:
        """Return the lemma of a word as given to the index; "" for a word it lacks."""
        return self._words[word].lemma or word if word in self._words else ""

    def words_ending_in(self, ending: Phones) -> list[str]:
        """Return all words whose phones end with `ending`, which contains their last vowel."""
        bucket, said = self._by_key.get(rhyme_key_of_phones(ending), []), "".join(ending)[::-1]
        return _words_of_rows(bucket[bisect_left(bucket, said) : bisect_right(bucket, said + "\U0010ffff")])

    def find_rhymes(
        self,
        text: str,
        pronunciations: Pronunciations,
        *,
        least: str = "pauvre",
        syllables: Collection[int] = (),
        accepts: Callable[[str, IndexedWord], bool] = lambda word, indexed: True,
        limit: int = 200,
    ) -> list[RhymeEntry]:
        """Return the words that rhyme with a phrase at least as richly as `least`, richest first.

        Equally rich ones come by frequency, near rhymes by similarity, function words last. `syllables` keeps words of
        these numbers of syllables; empty means any. The last word of `text` is excluded."""
        line = scan_line(text, pronunciations)
        own = line.words[-1].text if line.words else ""
        best: dict[str, RhymeEntry] = {}
        for whole in line_phone_variants(line):
            ending = whole[-LONGEST_WORD:]
            compare = lru_cache(maxsize=None)(partial(compare_phones, ending))  # many spell one sound
            for word in (
                self._candidates(ending, least, syllables, accepts, limit) if rhyme_key_of_phones(ending) else ()
            ):
                entry = self._rhyme_entry(word, compare)
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
        key, candidates = rhyme_key_of_phones(ending), dict[str, None]()
        coda = split_phones(key)[1:]
        richer = (self.words_ending_in(ending[-shared:]) for shared in range(len(ending), len(coda), -1))
        near = (_words_of_rows(self._by_key[other]) for other in self._near_keys(key, coda, least))
        for words in chain(richer, near):
            for word in words:
                indexed = self._words[word]
                if (not syllables or indexed.syllables in syllables) and accepts(word, indexed):
                    candidates[word] = None
            if len(candidates) >= limit:
                break
        return candidates

    def _near_keys(self, key: str, coda: Phones, least: str) -> list[str]:
        """Return the other rhyme keys with the same vowel and similar consonants, the most similar first."""
        if least in PERFECT_KIND_NAMES:
            return []
        same = [other for other in self._by_key if key_vowel(other) == key_vowel(key)]
        likeness = {other: coda_similarity(coda, split_phones(other)[1:]) for other in same}
        floor = NEAR_CODA_SIMILARITY if least == "near" else 0.0
        return sorted((k for k in likeness if k != key and likeness[k] >= floor), key=lambda k: (-likeness[k], k))

    def _rhyme_entry(self, word: str, compare: Callable[[Phones], Rhyme]) -> RhymeEntry:
        indexed = self._words[word]
        sound = indexed.rhymes[0]
        if len(indexed.rhymes) > 1:
            sound = max(indexed.rhymes, key=lambda phones: (KINDS.index((r := compare(phones)).kind), r.shared_phones))
        rhyme = compare(sound)
        return RhymeEntry(word, *rhyme[:4], indexed.syllables, indexed.frequency, sound)


def _words_of_rows(rows: Iterable[str]) -> list[str]:
    never = _words_ending_no_line()
    return [word for row in rows if (word := row.split("\t", 2)[1]) not in never]


RhymeIndexByLastVowel = Callable[[str], RhymeIndex]  # of a last vowel


def causes_elision(word: str, indexed: IndexedWord) -> bool:
    """Return whether a word makes the word before it elide: l'ombre, but la haine."""
    return is_vowel(indexed.rhymes[0][0]) and not has_aspirated_onset(word)


def key_vowel(key: str) -> str:
    """Return the vowel of a rhyme key.

    >>> key_vowel("as"), key_vowel("ɑ̃s"), key_vowel("ɑ̃")
    ('a', 'ɑ̃', 'ɑ̃')
    """
    return key[:2] if key[1:2] == "\u0303" else key[:1]


def _sort_key(entry: RhymeEntry) -> tuple[bool, int, float, int, int, int, str]:
    rank, alike = KINDS.index(entry.kind), entry.kind in PERFECT_KIND_NAMES
    closeness = 0.0 if alike else -entry.similarity
    phones = entry.shared_phones if alike else 0
    return is_weak_rhyme_word(entry.word), -rank, closeness, -entry.shared_vowels, -phones, -entry.frequency, entry.word


def is_weak_rhyme_word(word: str) -> bool:
    """Return whether a word is a function word or an ad-lib, for which no rhyme is sought."""
    entry = pronunciation_lexicon().get(word)
    return entry is not None and entry.kind in _WEAK_WORD_KINDS


@cache
def _words_ending_no_line() -> frozenset[str]:
    return frozenset(text for text, entry in pronunciation_lexicon().items() if entry.kind in _KINDS_NOT_ENDING_LINES)


def rhyme_index_by_last_vowel(rows: Iterable[Pronunciation], frequencies: Mapping[str, int]) -> RhymeIndexByLastVowel:
    """Return a function from a last vowel to the RhymeIndex of words with it; each is built on first use."""
    by_vowel: dict[str, dict[str, Pronunciation]] = defaultdict(dict)
    for row in rows:
        for ipa in (row.ipa, *row.others):
            by_vowel[last_vowel(ipa)][row.word] = row
    return cache(lambda vowel: RhymeIndex.from_pronunciations(by_vowel.get(vowel, {}).values(), frequencies))


def last_vowel(ipa: str) -> str:
    """Return the last spoken vowel of an IPA string, with vowels that rhyme merged; "" where it has none.

    >>> last_vowel("mɛzɔ̃"), last_vowel("fɛt"), last_vowel("katʁə"), last_vowel("pst")
    ('ɔ̃', 'e', 'a', '')
    """
    end = ipa.rstrip(CONSONANTS)[-2:]
    return merge_rhyming_vowels(rhyme_part(spoken_ipa(ipa))[0]) if end.endswith("ə") else _merged_last_vowel(end)


@cache
def _merged_last_vowel(end: str) -> str:
    return merge_rhyming_vowels(rhyme_part(end)[0])


def french_lexicon_words() -> frozenset[str]:
    """Return all words of the lexicon of French."""
    with ZipFile(lexicons_folder() / FRENCH_WORDS_FILE) as lexicon:
        rows = "\n".join(lexicon.read(vowel).decode() for vowel in lexicon.namelist()).splitlines()
    return frozenset([row.split("\t", 2)[1] for row in rows if row[0] != "#"])


@cache
def french_index(vowel: str) -> RhymeIndex:
    """Return the rhyme index of the words of French with this last vowel; frequencies are those of the lexicon."""
    with ZipFile(lexicons_folder() / FRENCH_WORDS_FILE) as lexicon:
        text = lexicon.read(vowel).decode() if vowel in lexicon.namelist() else ""
    blocks = (block.splitlines() for block in text.removeprefix("#").split("\n#"))
    return RhymeIndex({key: rows for key, *rows in blocks if key} if text else {})
