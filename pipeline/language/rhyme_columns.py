"""The rhymes of sections by the thousand: the rules of `section_rhymes`, over columns of words.

A site is a word that may rhyme, a pair two sites that are compared. Groups are not made: what is asked is how much of
each line rhymes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.language.line_columns import Flags, Ids, SaidLines
from pipeline.language.scheme import REACH
from pipeline.language.section_rhymes import LONG_ASSONANCE, RECENT
from pipeline.language.word_facts import WordFacts


class _Sites(NamedTuple):
    """Sites in order: section, line, word among all, key, whether it ends its line, and last vowel among all."""

    section: Ids
    line: Ids
    word: Ids
    key: Ids
    is_end: Flags
    vowel: Ids


class _Vowels(NamedTuple):
    """The vowels of all lines one after another: what they are, and the word (its name's number) and line of each.

    `first` int[lines] is where those of a line begin.
    """

    sound: Ids
    word: Ids
    line: Ids
    first: Ids


def count_rhymes(said: SaidLines, facts: WordFacts, keys: Ids, usual: Ids, section: Ids) -> npt.NDArray[np.int64]:
    """Return int[lines, 4]: rhymed syllables, vowels, longest match, internal rhymes of each line.

    `keys` int[lines] are the rhyme keys of the line ends, `usual` int[names] those of words inside lines, `section`
    int[lines] says which lines are read together.
    """
    lines = len(said.texts)
    vowels, last = _spell_out(said, facts)
    sites = _find_sites(said, facts, keys, usual, section, last)
    matched = np.zeros(len(sites.line), np.int64)  # syllables of the longest match of each site
    for one, two, length in _matches(said, facts, sites, vowels):
        np.maximum.at(matched, one, length)
        np.maximum.at(matched, two, length)
    marks = np.zeros(len(vowels.line) + 1, np.int64)
    np.add.at(marks, sites.vowel - matched + 1, matched > 0)
    np.subtract.at(marks, sites.vowel + 1, matched > 0)
    rhymed = vowels.line[np.cumsum(marks[:-1]) > 0]
    longest = np.zeros(lines, np.int64)
    np.maximum.at(longest, sites.line, matched)
    internal = sites.line[(matched > 0) & ~sites.is_end]
    rhymed, sounded, internal = (np.bincount(each, minlength=lines) for each in (rhymed, vowels.line, internal))
    return np.stack([rhymed, sounded, longest, internal], axis=1)


def _spell_out(said: SaidLines, facts: WordFacts) -> tuple[_Vowels, Ids]:
    """Return the vowels of all lines, and the last one of each word among them."""
    size = facts.of["vowels"][said.word].astype(np.intp)
    stop = np.cumsum(size)
    inside = np.arange(size.sum()) - np.repeat(stop - size, size)
    sound = facts.vowels[np.repeat(facts.first_vowels()[said.word], size) + inside]
    line = np.repeat(said.line, size)
    first = np.searchsorted(line, np.arange(len(said.texts)))
    return _Vowels(sound, np.repeat(said.word, size), line, first), stop - 1


def _find_sites(said: SaidLines, facts: WordFacts, keys: Ids, usual: Ids, section: Ids, last: Ids) -> _Sites:
    spoken = np.flatnonzero(facts.of["vowels"][said.word])
    line = said.line[spoken]
    is_end = np.diff(line, append=-1) != 0
    rhymes = is_end | ~facts.of["common"][said.word[spoken]]
    word, line, is_end = spoken[rhymes], line[rhymes], is_end[rhymes]
    key = np.where(is_end, keys[line], usual[said.word[word]])
    return _Sites(section[line], line, word, key, is_end, last[word])


def _matches(
    said: SaidLines, facts: WordFacts, sites: _Sites, vowels: _Vowels
) -> Iterator[tuple[Ids, Ids, npt.NDArray[np.int64]]]:
    """Yield pairs of sites that rhyme, and the syllables that match."""
    names, phones = said.word[sites.word], _last_phones(said, facts, sites)
    for one, two in _pairs_of_a_key(sites):
        differ = names[one] != names[two]
        one, two = one[differ], two[differ]
        length = _match_length(sites, vowels, one, two)
        both = sites.is_end[one] & sites.is_end[two]
        same = (phones[one] == phones[two]) & (phones[one] > 0)
        linked = (length > 1) | both | same
        yield one[linked], two[linked], np.maximum(length[linked], 1)
    for one, two in _pairs_of_ends(sites):
        length = _match_length(sites, vowels, one, two)
        linked = length >= LONG_ASSONANCE
        yield one[linked], two[linked], length[linked]


def _pairs_of_a_key(sites: _Sites) -> Iterator[tuple[Ids, Ids]]:
    """Yield each site with the latest of its section that have its key, within reach."""
    order = np.lexsort((sites.key, sites.section))  # stable: in a section and key in the order of the text
    for lag in range(1, RECENT + 1):
        one, two = order[lag:], order[:-lag]
        near = (sites.section[one] == sites.section[two]) & (sites.key[one] == sites.key[two])
        near &= sites.line[one] - sites.line[two] <= REACH
        yield one[near], two[near]


def _pairs_of_ends(sites: _Sites) -> Iterator[tuple[Ids, Ids]]:
    """Yield each line end with the latest of its section that have other keys."""
    ends = np.flatnonzero(sites.is_end)
    for lag in range(1, REACH + 1):
        one, two = ends[lag:], ends[:-lag]
        other = (sites.section[one] == sites.section[two]) & (sites.key[one] != sites.key[two])
        yield one[other], two[other]


def _match_length(sites: _Sites, vowels: _Vowels, one: Ids, two: Ids) -> npt.NDArray[np.int64]:
    """Return the equal vowels counted back from both sites: no overlap on one line, none of a word against itself."""
    here, there = sites.vowel[one], sites.vowel[two]
    limit = np.minimum(here - vowels.first[sites.line[one]], there - vowels.first[sites.line[two]]) + 1
    limit = np.where(sites.line[one] == sites.line[two], np.minimum(limit, here - there), limit)
    length = np.zeros(len(one), np.int64)
    going = np.arange(len(one))
    while len(going):
        going = going[length[going] < limit[going]]
        at, to = (here - length)[going], (there - length)[going]
        going = going[(vowels.sound[at] == vowels.sound[to]) & (vowels.word[at] != vowels.word[to])]
        length[going] += 1
    return length


def _last_phones(said: SaidLines, facts: WordFacts, sites: _Sites) -> npt.NDArray[np.int64]:
    """Return a number for the last two phones of each site, the word before included; 0 where there is only one."""
    of, word = facts.of, said.word
    last, but_one = (of[name][word[sites.word]].astype(np.int64) for name in ("last", "last_but_one"))
    previous = np.where(np.roll(said.line, 1)[sites.word] == sites.line, np.roll(of["last"][word], 1)[sites.word], 0)
    previous[sites.word == 0] = 0
    but_one = np.where(but_one > 0, but_one, previous)
    return np.where(but_one > 0, but_one << 32 | last, 0)
