"""Every rhyme of a section: line ends and internal ones, single and multisyllabic, as runs of syllables.

Each word that can rhyme is a *site*: content words anywhere, and whatever ends a line. Two sites within reach
are linked when they have the same rhyme key and either both end lines, or share two phones or two vowels (a bare
final vowel inside a line is chance), and when two line ends share three vowels although their codas differ. The
length of a match is the number of equal vowels counted back from both sites, across words, never across lines
and never over each other; it stops at a word that meets itself (c'est pas moi, twice). Weak words
(function words, clitics, ad-libs) are no sites inside a line; a word does not rhyme with itself. Knows nothing of
characters or colours.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.language.ipa import is_vowel
from pipeline.language.pronunciation_lexicon import rap_phones
from pipeline.language.rhyme import Phones, word_keys
from pipeline.language.scheme import REACH, section_keys
from pipeline.language.syllables import LineScansion

LONG_ASSONANCE = 3  # equal vowels that make two line ends rhyme whatever the consonants
_RECENT = 6  # earlier sites of one key compared with a new one
_WEAK_KINDS = ("function", "clitic", "letter", "adlib")


@dataclass(slots=True)
class RhymeSite:
    """A word that may rhyme. `vowel` is the index of its last vowel among the line's, `syllables` the longest match."""

    line: int
    word: int
    vowel: int
    is_end: bool
    key: str
    group: int = -1
    syllables: int = 0


@dataclass(slots=True)
class SectionRhymes:
    """The rhyming sites of a section, in order, and the vowels of each line: what they are and whose word."""

    sites: list[RhymeSite]
    vowels: list[tuple[str, ...]]
    words: list[tuple[int, ...]]  # word index of each vowel

    def rhymed(self) -> list[list[bool]]:
        """Return for each line whether each of its vowels is in a match."""
        marks = [[False] * len(vowels) for vowels in self.vowels]
        for site in self.sites:
            for vowel in range(site.vowel - site.syllables + 1, site.vowel + 1):
                marks[site.line][vowel] = True
        return marks

    def density(self) -> float:
        """Return the rhymed syllables / syllables, 0 to 1; 0 for silence. Higher is denser (Hirjee & Brown 2010)."""
        marks = [mark for line in self.rhymed() for mark in line]
        return sum(marks) / len(marks) if marks else 0.0


def find_section_rhymes(lines: Sequence[LineScansion], reach: int = REACH) -> SectionRhymes:
    """Find the rhymes of one section, at line ends and inside lines. Groups are numbered by first appearance."""
    flat = [_flatten(line) for line in lines]
    echoes = SectionRhymes([], [line.vowels for line in flat], [line.owners for line in flat])
    recent: dict[str, list[RhymeSite]] = defaultdict(list)
    ends: list[RhymeSite] = []
    links = _Links()
    for site in _find_sites(lines, echoes.words, section_keys(lines, reach)):
        for other in recent[site.key][-_RECENT:]:
            if site.line - other.line <= reach:
                _link_rhyme(site, other, flat, links)
        recent[site.key].append(site)
        if site.is_end:
            for other in ends[-reach:]:
                if other.key != site.key:
                    _link_assonance(site, other, flat, links)
            ends.append(site)
    echoes.sites = links.number_groups()
    return echoes


class _Flat(NamedTuple):
    """A line as runs: merged phones of each word; of each vowel what it is, and the index and text of its word."""

    phones: tuple[Phones, ...]
    vowels: tuple[str, ...]
    owners: tuple[int, ...]
    texts: tuple[str, ...]


def _flatten(line: LineScansion) -> _Flat:
    """Return the line as runs; the e of quatre murs is excluded."""
    phones = tuple([word.rhymes[0] for word in line.words])
    vowels: list[str] = []
    owners: list[int] = []
    texts: list[str] = []
    for at, word in enumerate(phones):
        own = word_vowels(word)
        vowels += own
        owners += [at] * len(own)
        texts += [line.words[at].text] * len(own)
    return _Flat(phones, tuple(vowels), tuple(owners), tuple(texts))


@lru_cache(maxsize=1 << 16)
def word_vowels(phones: Phones) -> Phones:
    """Return the vowels among phones."""
    return tuple([phone for phone in phones if is_vowel(phone)])


def _find_sites(
    lines: Sequence[LineScansion], words: Sequence[tuple[int, ...]], keys: Sequence[str]
) -> Iterator[RhymeSite]:
    weak = weak_words()
    for at, (line, owners) in enumerate(zip(lines, words, strict=True)):
        for vowel, owner in enumerate(owners):
            last = vowel + 1 == len(owners)
            if not last and owners[vowel + 1] == owner:
                continue
            word = line.words[owner]
            if last:
                yield RhymeSite(at, owner, vowel, True, keys[at])
            elif word.text not in weak:
                yield RhymeSite(at, owner, vowel, False, word_keys(word.rhymes)[0])


@cache
def weak_words() -> frozenset[str]:
    """Return the words too common to rhyme by design inside a line."""
    return frozenset(word for word, entry in rap_phones().items() if entry.kind in _WEAK_KINDS)


class _Links:
    """Which sites rhyme together: union-find over sites."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._sites: dict[int, RhymeSite] = {}

    def join(self, a: RhymeSite, b: RhymeSite, syllables: int) -> None:
        for site in (a, b):
            site.syllables = max(site.syllables, syllables)
            self._sites[id(site)] = site
        self._parent[self._root(id(a))] = self._root(id(b))

    def _root(self, key: int) -> int:
        while (parent := self._parent.setdefault(key, key)) != key:
            key = parent
        return key

    def number_groups(self) -> list[RhymeSite]:
        """Return the linked sites in order, with their group numbers set."""
        order = sorted(self._sites.values(), key=lambda site: (site.line, site.vowel))
        numbers: dict[int, int] = {}
        for site in order:
            site.group = numbers.setdefault(self._root(id(site)), len(numbers))
        return order


def _link_rhyme(site: RhymeSite, other: RhymeSite, flat: Sequence[_Flat], links: _Links) -> None:
    if flat[site.line].texts[site.vowel] == flat[other.line].texts[other.vowel]:
        return
    length = _match_length(site, other, flat)
    if (site.is_end and other.is_end) or length > 1 or _share_two_phones(site, other, flat):
        links.join(site, other, max(1, length))


def _link_assonance(site: RhymeSite, other: RhymeSite, flat: Sequence[_Flat], links: _Links) -> None:
    length = _match_length(site, other, flat)
    if length >= LONG_ASSONANCE:
        links.join(site, other, length)


def _match_length(site: RhymeSite, other: RhymeSite, flat: Sequence[_Flat]) -> int:
    """Return the equal vowels counted back from both sites: no overlap on one line, none of a word against itself."""
    _, here, _, words = flat[site.line]
    _, there, _, others = flat[other.line]
    at, to = site.vowel, other.vowel
    limit = min(to + 1, at - to) if site.line == other.line else min(at, to) + 1
    length = 0
    while length < limit and here[at] == there[to] and words[at] != others[to]:
        length += 1
        at -= 1
        to -= 1
    return length


def _share_two_phones(site: RhymeSite, other: RhymeSite, flat: Sequence[_Flat]) -> bool:
    """Return whether the last two phones of both words are the same, the word before included."""
    one = _word_with_previous(flat[site.line].phones, site.word)
    two = _word_with_previous(flat[other.line].phones, other.word)
    return len(one) > 1 and one[-2:] == two[-2:]


def _word_with_previous(words: Sequence[Phones], at: int) -> Phones:
    """Return the phones of a word, after those of the word before where it has only one."""
    word = words[at]
    return word if len(word) > 1 or not at else (*words[at - 1], *word)
