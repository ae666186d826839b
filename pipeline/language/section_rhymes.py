"""Every rhyme of a section: line ends and internal ones, single and multisyllabic, as runs of syllables.

Each word that can rhyme is a *site*: content words anywhere, and whatever ends a line. Two sites within reach
are linked when they have the same rhyme key and either both end lines, or share two phones or two vowels (a bare
final vowel inside a line is chance), and when two line ends share three vowels although their codas differ. The
length of a match is the number of equal vowels counted back from both sites, across words, never across lines
and never over each other; it stops at a word that meets itself (c'est pas moi, twice). Weak words
(function words, clitics, ad-libs) are no sites inside a line; a word does not rhyme with itself. `rhyme_spans`
says where they are in the text as written, for whatever colours them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from typing import Literal, NamedTuple

from pipeline.language.ipa import vowels_of
from pipeline.language.lexicons import pronunciation_lexicon
from pipeline.language.phone_similarity import matching_vowels
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.rhyme import Phones, rhyme_key_of_phones
from pipeline.language.scheme import MAX_LINE_GAP, section_rhyme_keys
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import Span, blank_adlibs, fold_case, token_spans

MIN_ASSONANCE_VOWELS = 3  # equal vowels that make two line ends rhyme whatever the consonants
MAX_COMPARED_SITES = 6  # earlier sites of one key compared with a new one
_WEAK_KINDS = ("function", "clitic", "letter", "adlib")


@dataclass(slots=True)
class RhymeSite:
    """A word that may rhyme: its line, its index there, its last vowel's index, the syllables of its longest rhyme.

    `near` is the longest match in which one vowel may be near."""

    line: int
    word: int
    vowel: int
    is_end: bool
    key: str
    group: int = -1
    syllables: int = 0
    near: int = 0


@dataclass(slots=True)
class SectionRhymes:
    """The rhyming words of a section, in order, and the vowels of each line with the words that they belong to."""

    sites: list[RhymeSite]
    vowels: list[tuple[str, ...]]
    words: list[tuple[int, ...]]  # word index of each vowel

    def rhymed_vowel_mask(self) -> list[list[bool]]:
        """Return for each line whether each of its vowels is part of a rhyme."""
        marks = [[False] * len(vowels) for vowels in self.vowels]
        for site in self.sites:
            for vowel in range(site.vowel - site.syllables + 1, site.vowel + 1):
                marks[site.line][vowel] = True
        return marks

    def density(self) -> float:
        """Return the rhyme density of a section: rhymed syllables / syllables, 0 to 1 (Hirjee & Brown 2010)."""
        marks = [mark for line in self.rhymed_vowel_mask() for mark in line]
        return sum(marks) / len(marks) if marks else 0.0


def find_section_rhymes(lines: Sequence[LineScansion]) -> SectionRhymes:
    """Return the rhymes of one section, at line ends and inside lines."""
    flat = [_line_sounds(line) for line in lines]
    recent: dict[str, list[RhymeSite]] = defaultdict(list)
    ends: list[RhymeSite] = []
    links = _RhymeUnionFind(flat)
    for site in _find_rhyme_sites(flat, section_rhyme_keys(lines)):
        same = recent[site.key]
        for other in same[-MAX_COMPARED_SITES:]:
            if site.line - other.line <= MAX_LINE_GAP:
                links.link_rhyme(site, other)
        same.append(site)
        if site.is_end:
            for other in ends[-MAX_LINE_GAP:]:
                if other.key != site.key:
                    links.link_assonance(site, other)
            ends.append(site)
    return SectionRhymes(links.number_groups(), [line.vowels for line in flat], [line.owners for line in flat])


class _LineSounds(NamedTuple):
    """A line prepared for matching: its words, their sounds, and the word index and text of each vowel."""

    words: tuple[Word, ...]
    sounds: tuple["_WordSounds", ...]
    vowels: tuple[str, ...]
    owners: tuple[int, ...]
    texts: tuple[str, ...]


class _WordSounds(NamedTuple):
    vowels: Phones
    key: str


def _line_sounds(line: LineScansion) -> _LineSounds:
    sounds = tuple([_word_sounds(word.rhymes[0]) for word in line.words])
    vowels: list[str] = []
    owners: list[int] = []
    texts: list[str] = []
    for at, (own, _) in enumerate(sounds):
        vowels += own
        for _ in own:
            owners.append(at)
            texts.append(line.words[at].text)
    return _LineSounds(line.words, sounds, tuple(vowels), tuple(owners), tuple(texts))


@lru_cache(maxsize=1 << 16)
def _word_sounds(phones: Phones) -> _WordSounds:
    return _WordSounds(vowels_of(phones), rhyme_key_of_phones(phones))


def _find_rhyme_sites(lines: Sequence[_LineSounds], keys: Sequence[str]) -> Iterator[RhymeSite]:
    weak = function_words_and_adlibs()
    for at, line in enumerate(lines):
        vowel, last = -1, len(line.vowels) - 1
        for owner, (own, key) in enumerate(line.sounds):
            if not own:
                continue
            vowel += len(own)
            if vowel == last:
                yield RhymeSite(at, owner, vowel, True, keys[at])
            elif line.words[owner].text not in weak:
                yield RhymeSite(at, owner, vowel, False, key)


@cache
def function_words_and_adlibs() -> frozenset[str]:
    """Return the words too frequent to rhyme by intention inside a line: function words, clitics, ad-libs."""
    return frozenset(word for word, entry in pronunciation_lexicon().items() if entry.kind in _WEAK_KINDS)


class _RhymeUnionFind:
    def __init__(self, lines: Sequence[_LineSounds]) -> None:
        self._lines = lines
        self._sites: list[RhymeSite] = []
        self._parents: list[int] = []

    def link_rhyme(self, site: RhymeSite, other: RhymeSite) -> None:
        """Join two sites with the same rhyme key, unless they are one word, or rhyme by a bare vowel inside a line."""
        here, there = self._lines[site.line], self._lines[other.line]
        if here.texts[site.vowel] == there.texts[other.vowel]:
            return
        length, near = _matching_vowels(site, other, here, there)
        if length > 1 or (site.is_end and other.is_end) or _share_two_phones(site, other, here, there):
            self._merge_rhyme_groups(site, other, max(1, length), near)

    def link_assonance(self, site: RhymeSite, other: RhymeSite) -> None:
        """Join two line ends that share three vowels although their final consonants differ."""
        here, there = self._lines[site.line], self._lines[other.line]
        if here.vowels[-1] == there.vowels[-1]:
            length, near = _matching_vowels(site, other, here, there)
            if length >= MIN_ASSONANCE_VOWELS:
                self._merge_rhyme_groups(site, other, length, near)

    def _merge_rhyme_groups(self, a: RhymeSite, b: RhymeSite, syllables: int, near: int) -> None:
        for site in (a, b):
            if site.syllables < syllables:
                site.syllables = syllables
            site.near = max(site.near, site.syllables, near)
            if site.group < 0:
                site.group = len(self._sites)
                self._parents.append(site.group)
                self._sites.append(site)
        self._parents[self._find_root(a.group)] = self._find_root(b.group)

    def _find_root(self, at: int) -> int:
        while (parent := self._parents[at]) != at:
            at = parent
        return at

    def number_groups(self) -> list[RhymeSite]:
        """Return the sites that rhyme with another, in order, with their group numbers set."""
        order = sorted(self._sites, key=attrgetter("line", "vowel"))
        numbers: dict[int, int] = {}
        for site in order:
            site.group = numbers.setdefault(self._find_root(site.group), len(numbers))
        return order


def _matching_vowels(site: RhymeSite, other: RhymeSite, line: _LineSounds, other_line: _LineSounds) -> tuple[int, int]:
    """Return (number of equal vowels, number that match if one may be similar), counted back from two words.

    The vowels do not overlap on one line, and no word is compared with itself."""
    here, words, there, others = line.vowels, line.texts, other_line.vowels, other_line.texts
    at, to = site.vowel, other.vowel
    limit = min(to + 1, at - to) if site.line == other.line else min(at, to) + 1
    apart = 0
    while apart < limit and words[at - apart] != others[to - apart]:
        apart += 1
    return matching_vowels(here[at - apart + 1 : at + 1], there[to - apart + 1 : to + 1])


def _share_two_phones(site: RhymeSite, other: RhymeSite, here: _LineSounds, there: _LineSounds) -> bool:
    one, two = _last_phones(here.words, site.word), _last_phones(there.words, other.word)
    return len(one) > 1 and one == two


def _last_phones(words: Sequence[Word], at: int) -> Phones:
    phones = words[at].rhymes[0]
    if len(phones) < 2 and at:
        phones = (*words[at - 1].rhymes[0], *phones)
    return phones[-2:]


_VOWELS = "aeiouyàâäéèêëîïôöûüùœæ"
# Letters that spell one vowel each: glides go with the vowel after them, a nasal's n or m is none.
_VOWEL_SPELLING_PATTERN = re.compile(
    rf"(?:qu|gu|(?<=g)e)(?=[{_VOWELS}])|(?P<nucleus>eau|oeu|œu|oui|ieu|[iy](?=[aeoéèêœ])[aeoéèêœ][iu]?|u[iy]|ou[aeiéè]"
    rf"|oi|oy|ou|où|au|eu|œ|ai|aî|ei|ay|ey|[{_VOWELS}])"
)
_SILENT_E = re.compile(r"(?:(?<=[qg])ue|(?<=[^aeœ])e|(?<=ai)e)(?:s|nt)?$|(?<=ai)ent$")


class RhymeSpan(NamedTuple):
    """The characters `lines[line][start:stop]`, which rhyme with the other spans of `group` over so many syllables."""

    line: int
    start: int
    stop: int
    group: int
    syllables: int
    kind: Literal["end", "internal"]
    near: int = 0


def rhyme_spans(lines: Sequence[str], pronunciations: Pronunciations) -> list[RhymeSpan]:
    """Return the rhymes of a section as character spans, in order, groups numbered by first appearance.

    Spans of one line may overlap; each ends at the end of its word."""
    rhymes = find_section_rhymes([scan_line(line, pronunciations) for line in lines])
    tokens = [token_spans(blank_adlibs(line)) for line in lines]
    return [
        RhymeSpan(
            site.line,
            _span_start(site, rhymes, tokens[site.line]),
            tokens[site.line][site.word].stop,
            site.group,
            site.syllables,
            "end" if site.is_end else "internal",
            site.near,
        )
        for site in rhymes.sites
    ]


def _span_start(site: RhymeSite, rhymes: SectionRhymes, tokens: Sequence[Span]) -> int:
    """Return the offset in a line where a rhyme begins: at its first vowel, or at the word if that cannot be found."""
    owners = rhymes.words[site.line]
    first = site.vowel - site.syllables + 1
    owner = owners[first]
    inside = first - owners.index(owner)
    span = tokens[owner]
    return span.start + (vowel_offset(span.token, inside, owners.count(owner)) if inside else 0)


def vowel_offset(word: str, index: int, count: int) -> int:
    """Return the character offset in `word` of the vowel at `index`; 0 if its spelling does not show `count` vowels.

    >>> vowel_offset("maison", 1, 2), vowel_offset("quatre", 0, 1)
    (4, 2)
    """
    word = fold_case(word)
    sounded = _SILENT_E.sub("", word)
    starts = [match.start() for match in _VOWEL_SPELLING_PATTERN.finditer(sounded) if match["nucleus"]]
    return starts[index] if len(starts) == count else 0
