"""Syllables and rhymes of lines by the thousand, over columns of words.

`syllables` and `section_rhymes` read one line and one section; the same rules give the same numbers here for all lines
of a part of a corpus at once. A test holds them to each other. `compute_word_features` analyses each word once,
`count_syllables` and `count_rhymes` count in lines. In rhymes, a site is a word that may rhyme, a pair two sites that
are compared; rhymes are not grouped: only how much of each line rhymes is counted.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.language.ipa import vowels_of
from pipeline.language.liaison import ENCLITIC_E, REVOIR, SOUNDED_E, Y_A
from pipeline.language.mute_e import PLURAL_E
from pipeline.language.phone_similarity import Ending, split_ending
from pipeline.language.pronunciations import Word
from pipeline.language.rhyme import rhyme_keys_of_word
from pipeline.language.scheme import MAX_LINE_GAP
from pipeline.language.section_rhymes import MAX_COMPARED_SITES, MIN_ASSONANCE_VOWELS, function_words_and_adlibs
from pipeline.language.syllables import VOWEL_FINAL_CHARACTERS
from pipeline.language.tokens import pause_positions

T = TypeVar("T", bound=Hashable)
_WORD_FEATURES_DTYPE = np.dtype(
    [
        *((name, np.int16) for name in ("syllables", "inner_e", "final_e", "before", "after")),
        *((name, np.int16) for name in ("dieresis", "least_dieresis", "most_dieresis")),
        *((name, np.bool_) for name in ("weak", "elides", "apocope")),  # see `Word`
        *((name, np.bool_) for name in ("sounded", "closes")),  # says something, ends with a vowel
        ("common", np.bool_),  # too common to rhyme inside a line
        *((name, np.int16) for name in ("last", "last_but_one")),  # its phones, 0 for none
        ("vowels", np.int16),
    ]
)


class WordFeatures(NamedTuple):
    """Features of words, as columns, for counting the syllables and rhymes of many lines at once.

    `of` is a table of numbers, a row per word. `vowels` holds the vowels of all words one after another, `keys` the
    rhyme keys of each word, the usual one first, `endings` what assonances compare."""

    of: npt.NDArray[np.void]
    vowels: npt.NDArray[np.int16]
    keys: Sequence[tuple[str, ...]]
    endings: Sequence[Ending]
    phones: Sequence[str]

    def first_vowels(self) -> npt.NDArray[np.int64]:
        """Return int64[words]: the index in `vowels` of the first vowel of each word."""
        sizes = self.of["vowels"].astype(np.int64)
        return np.cumsum(sizes) - sizes

    def select(self, words: npt.NDArray[np.intp]) -> "WordFeatures":
        """Return the features of the words with these indices."""
        of, size = self.of[words], self.of["vowels"][words].astype(np.intp)
        first = np.cumsum(size) - size
        vowels = self.vowels[np.repeat(self.first_vowels()[words] - first, size) + np.arange(size.sum())]
        keys, endings = ([each[at] for at in words.tolist()] for each in (self.keys, self.endings))
        return WordFeatures(of, vowels, keys, endings, self.phones)


def compute_word_features(words: Sequence[Word]) -> WordFeatures:
    """Return syllables, stress and rhymes of each word as the columns of a `WordFeatures`."""
    phones: dict[str, int] = defaultdict(count(1).__next__)
    voiced = [vowels_of(word.rhymes[0]) for word in words]
    rows = [
        (*_scansion_features(word), *_rhyme_features(word, phones), len(own))
        for word, own in zip(words, voiced, strict=True)
    ]
    table = np.array(rows, _WORD_FEATURES_DTYPE)
    vowels = np.fromiter((phones[vowel] for own in voiced for vowel in own), np.int16)
    keys, endings = (
        (rhyme_keys_of_word(word.rhymes) for word in words),
        (split_ending(word.rhymes[0]) for word in words),
    )
    return WordFeatures(table, vowels, _intern_equal_values(keys), _intern_equal_values(endings), list(phones))


def join_word_features(parts: Sequence[WordFeatures]) -> WordFeatures:
    """Return the features of several groups of words, in order, as one."""
    phones: dict[str, int] = defaultdict(count(1).__next__)
    tables, vowels = [], []
    for part in parts:
        number = np.array([0, *(phones[phone] for phone in part.phones)], np.int16)
        table = part.of.copy()
        for name in ("last", "last_but_one"):
            table[name] = number[table[name]]
        tables.append(table)
        vowels.append(number[part.vowels])
    of = np.concatenate([np.empty(0, _WORD_FEATURES_DTYPE), *tables])
    keys = _intern_equal_values(each for part in parts for each in part.keys)
    endings = _intern_equal_values(each for part in parts for each in part.endings)
    return WordFeatures(of, np.concatenate([np.empty(0, np.int16), *vowels]), keys, endings, list(phones))


def _intern_equal_values(values: Iterable[T]) -> list[T]:
    """Return the values, equal ones as one object, which saves memory."""
    seen: dict[T, T] = {}
    return [seen.setdefault(value, value) for value in values]


def number_rhyme_keys(keys: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """Return a dict from each rhyme key to a number of its own; the empty key has 0."""
    numbers: dict[str, int] = defaultdict(count(1).__next__, {"": 0})
    for each in keys:
        for key in each:
            numbers[key]
    return dict(numbers)


def _scansion_features(word: Word) -> Iterator[int | bool]:
    yield from (word.syllables, word.inner_e, word.final_e, word.before, word.after)
    yield from (word.dieresis, word.least_dieresis, word.most_dieresis, bool(word.weak), word.elides, word.apocope)
    yield from (bool(word.ipa), word.ipa[-1:] in VOWEL_FINAL_CHARACTERS)


def _rhyme_features(word: Word, phones: Mapping[str, int]) -> Iterator[int | bool]:
    own = word.rhymes[0]
    yield word.text in function_words_and_adlibs()
    yield from (phones[own[-1]] if own else 0, phones[own[-2]] if len(own) > 1 else 0)


Ids = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


class SpokenLines(NamedTuple):
    """Lines without ad-libs: their texts as written, and the words of all lines one after another.

    `line` int[n] is the line of each word, ascending, `word` int[n] its index in `names`."""

    texts: Sequence[str]
    names: Sequence[str]
    word: Ids
    line: Ids


def count_syllables(spoken_lines: SpokenLines, facts: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
    """Return int[lines, 4]: spoken, verse, minimum and maximum syllables of each line, from features of its words."""
    at = np.flatnonzero(spoken_lines.line[1:] == spoken_lines.line[:-1])  # words that another follows
    word, following = facts[at], facts[at + 1]
    sandhi = word["before"] & following["after"]
    sounded_e = _sounds_final_e(spoken_lines, at, sandhi)
    y_a = (sandhi & Y_A) > 0
    revoir = at[(sandhi & REVOIR) > 0] + 1
    spoken = facts["syllables"].astype(np.int64)
    spoken[at[y_a]] = 0
    spoken[revoir] = 1
    spoken[at[sounded_e]] += 1
    verse = facts["syllables"] + facts["inner_e"].astype(np.int64)
    elided = (word["final_e"] != PLURAL_E) & following["elides"]
    verse[at] += np.where(word["final_e"] > 0, ~elided, -1 * y_a)
    closes = facts["closes"].copy()
    closes[at[sounded_e]] = True
    closes[at[y_a]] = closes[revoir] = False
    dropped = _dropped_schwas(spoken_lines.line, facts["sounded"], facts["weak"] & (spoken > 0), closes)
    sums = (spoken, verse, dropped, *(facts[name] for name in ("dieresis", "least_dieresis", "most_dieresis")))
    total, classical, fast, made, least, most = (
        np.bincount(spoken_lines.line, counts, len(spoken_lines.texts)).astype(np.int64) for counts in sums
    )
    as_spoken = np.bincount(spoken_lines.line, facts["apocope"], len(spoken_lines.texts)) > 0
    fewest, largest = np.minimum(total - fast, classical + least), np.maximum(total, classical + most)
    return np.stack([total, classical + np.where(as_spoken, least, made), fewest, largest], axis=1)


def _sounds_final_e(spoken_lines: SpokenLines, at: Ids, sandhi: npt.NDArray[np.int16]) -> Flags:
    """Return bool[at]: whether the final e of the words at these indices is pronounced before the next word."""
    may = (sandhi & SOUNDED_E) > 0
    first = np.searchsorted(spoken_lines.line, np.arange(len(spoken_lines.texts) + 1))
    for pair in np.flatnonzero(may & ((sandhi & ENCLITIC_E) == 0)).tolist():
        line = int(spoken_lines.line[at[pair]])
        here = slice(first[line], first[line + 1])
        tokens = [spoken_lines.names[index] for index in spoken_lines.word[here].tolist()]
        may[pair] = int(at[pair] - here.start) not in pause_positions(spoken_lines.texts[line], tokens)
    return may


def _dropped_schwas(line: Ids, sounded: Flags, weak: Flags, closes: Flags) -> Flags:
    """Return bool[words]: whether fast speech drops a word's weak e, after a vowel or a silence."""
    audible = np.flatnonzero(sounded)
    begins = np.diff(line[audible], prepend=-1) > 0
    may = weak[audible] & (begins | np.roll(closes[audible], 1))
    first = may & (begins | ~np.roll(may, 1))  # of words that may in a row every other one does
    order = np.arange(len(audible))
    since = order - np.maximum.accumulate(np.where(first, order, 0))
    dropped = np.zeros(len(line), np.bool_)
    dropped[audible] = may & (since % 2 == 0)
    return dropped


class _RhymeSites(NamedTuple):
    section: Ids
    line: Ids
    word: Ids
    key: Ids
    is_end: Flags
    vowel: Ids


class _Vowels(NamedTuple):
    """The vowels of all lines one after another, and the word and the line of each vowel.

    `first` int[lines] is where those of a line begin."""

    sound: Ids
    word: Ids
    line: Ids
    first: Ids


def count_rhymes(
    spoken_lines: SpokenLines, facts: WordFeatures, keys: Ids, inner_keys: Ids, section: Ids
) -> npt.NDArray[np.int64]:
    """Return int[lines, 5]: rhymed syllables, vowels, longest rhyme, internal rhymes, whether the end rhymes.

    `keys` int[lines] are the rhyme keys of line ends, `inner_keys` int[names] those of words inside lines, `section`
    int[lines] numbers the sections."""
    lines = len(spoken_lines.texts)
    vowels, last = _concatenate_vowels(spoken_lines, facts)
    sites = _find_rhyme_sites(spoken_lines, facts, keys, inner_keys, section, last)
    matched = np.zeros(len(sites.line), np.int64)  # syllables of the longest match of each site
    for one, two, length in _find_rhyming_pairs(spoken_lines, facts, sites, vowels):
        np.maximum.at(matched, one, length)
        np.maximum.at(matched, two, length)
    marks = np.zeros(len(vowels.line) + 1, np.int64)
    np.add.at(marks, sites.vowel - matched + 1, matched > 0)
    np.subtract.at(marks, sites.vowel + 1, matched > 0)
    rhymed = vowels.line[np.cumsum(marks[:-1]) > 0]
    longest = np.zeros(lines, np.int64)
    np.maximum.at(longest, sites.line, matched)
    internal, ends = (sites.line[(matched > 0) & here] for here in (~sites.is_end, sites.is_end))
    rhymed, sounded, internal, ends = (
        np.bincount(each, minlength=lines) for each in (rhymed, vowels.line, internal, ends)
    )
    return np.stack([rhymed, sounded, longest, internal, ends], axis=1)


def _concatenate_vowels(spoken_lines: SpokenLines, facts: WordFeatures) -> tuple[_Vowels, Ids]:
    size = facts.of["vowels"][spoken_lines.word].astype(np.intp)
    stop = np.cumsum(size)
    inside = np.arange(size.sum()) - np.repeat(stop - size, size)
    sound = facts.vowels[np.repeat(facts.first_vowels()[spoken_lines.word], size) + inside]
    line = np.repeat(spoken_lines.line, size)
    first = np.searchsorted(line, np.arange(len(spoken_lines.texts)))
    return _Vowels(sound, np.repeat(spoken_lines.word, size), line, first), stop - 1


def _find_rhyme_sites(
    spoken_lines: SpokenLines, facts: WordFeatures, keys: Ids, inner_keys: Ids, section: Ids, last: Ids
) -> _RhymeSites:
    spoken = np.flatnonzero(facts.of["vowels"][spoken_lines.word])
    line = spoken_lines.line[spoken]
    is_end = np.diff(line, append=-1) != 0
    rhymes = is_end | ~facts.of["common"][spoken_lines.word[spoken]]
    word, line, is_end = spoken[rhymes], line[rhymes], is_end[rhymes]
    key = np.where(is_end, keys[line], inner_keys[spoken_lines.word[word]])
    return _RhymeSites(section[line], line, word, key, is_end, last[word])


def _find_rhyming_pairs(
    spoken_lines: SpokenLines, facts: WordFeatures, sites: _RhymeSites, vowels: _Vowels
) -> Iterator[tuple[Ids, Ids, npt.NDArray[np.int64]]]:
    names, phones = spoken_lines.word[sites.word], _last_phones(spoken_lines, facts, sites)
    for first, second in _pair_sites_of_same_key(sites):
        differ = names[first] != names[second]
        first, second = first[differ], second[differ]
        length = _matching_vowels(sites, vowels, first, second)
        both = sites.is_end[first] & sites.is_end[second]
        same = (phones[first] == phones[second]) & (phones[first] > 0)
        linked = (length > 1) | both | same
        yield first[linked], second[linked], np.maximum(length[linked], 1)
    for first, second in _pair_line_ends(sites):
        length = _matching_vowels(sites, vowels, first, second)
        linked = length >= MIN_ASSONANCE_VOWELS
        yield first[linked], second[linked], length[linked]


def _pair_sites_of_same_key(sites: _RhymeSites) -> Iterator[tuple[Ids, Ids]]:
    """Yield pairs of index arrays: rhyme sites of one section with equal keys, at most `MAX_LINE_GAP` lines apart."""
    order = np.lexsort((sites.key, sites.section))  # stable: in a section and key in the order of the text
    for lag in range(1, MAX_COMPARED_SITES + 1):
        one, two = order[lag:], order[:-lag]
        near = (sites.section[one] == sites.section[two]) & (sites.key[one] == sites.key[two])
        near &= sites.line[one] - sites.line[two] <= MAX_LINE_GAP
        yield one[near], two[near]


def _pair_line_ends(sites: _RhymeSites) -> Iterator[tuple[Ids, Ids]]:
    """Yield pairs of index arrays: line ends of a section with different keys, at most `MAX_LINE_GAP` ends apart."""
    ends = np.flatnonzero(sites.is_end)
    for lag in range(1, MAX_LINE_GAP + 1):
        one, two = ends[lag:], ends[:-lag]
        other = (sites.section[one] == sites.section[two]) & (sites.key[one] != sites.key[two])
        yield one[other], two[other]


def _matching_vowels(sites: _RhymeSites, vowels: _Vowels, first_sites: Ids, second_sites: Ids) -> npt.NDArray[np.int64]:
    """Return int64[pairs]: the number of vowels that match, counted back from both sites of each pair."""
    here, there = sites.vowel[first_sites], sites.vowel[second_sites]
    limit = np.minimum(here - vowels.first[sites.line[first_sites]], there - vowels.first[sites.line[second_sites]]) + 1
    limit = np.where(sites.line[first_sites] == sites.line[second_sites], np.minimum(limit, here - there), limit)
    length = np.zeros(len(first_sites), np.int64)
    going = np.arange(len(first_sites))
    while len(going):
        going = going[length[going] < limit[going]]
        at, to = (here - length)[going], (there - length)[going]
        going = going[(vowels.sound[at] == vowels.sound[to]) & (vowels.word[at] != vowels.word[to])]
        length[going] += 1
    return length


def _last_phones(spoken_lines: SpokenLines, facts: WordFeatures, sites: _RhymeSites) -> npt.NDArray[np.int64]:
    """Return int64[sites]: a code of the two phones up to each rhyme site, across words; 0 for a single phone."""
    of, word = facts.of, spoken_lines.word
    last, but_one = (of[name][word[sites.word]].astype(np.int64) for name in ("last", "last_but_one"))
    previous = np.where(
        np.roll(spoken_lines.line, 1)[sites.word] == sites.line, np.roll(of["last"][word], 1)[sites.word], 0
    )
    previous[sites.word == 0] = 0
    but_one = np.where(but_one > 0, but_one, previous)
    return np.where(but_one > 0, but_one << 32 | last, 0)
