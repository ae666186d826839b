"""Do two words or line ends rhyme, and how richly: the kinds of rhyme are those of `RHYME_KINDS`.

From the last vowel on, are the sounds the same? If not, equal vowels make an assonance, or a near rhyme where the
consonants are alike (`phone_similarity`); equal consonants after other vowels a contre-assonance. If so, the richness
is the number of phones shared counted from the end (glides are phones; mid vowels, œ̃/ɛ̃ and a/ɑ are merged):
1 pauvre (ami, fini), 2 suffisante (vie, envie), 3 or more riche (porte, morte), léonine when those hold two
vowels (maison, raison). Text against itself is a repetition, not a rhyme; homophones (vers, verre) rhyme.

Where a word has several pronunciations (plus, tous, six) the pair that rhymes best is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pipeline.core.translation import mark
from pipeline.language.ipa import ORAL_VOWELS, is_vowel, phones_for_rhyme, vowels_of
from pipeline.language.phone_similarity import (
    NEAR_CODA_SIMILARITY,
    Ending,
    coda_similarity,
    ending_similarity,
    matching_vowels,
    split_ending,
)
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.syllables import LineScansion, scan_line

Phones = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RhymeKind:
    """A kind of rhyme, defined by the minimum numbers of phones and of vowels that two endings share in a row.

    Without `consonants` only vowels are compared; several make a multisyllabic rhyme. `label` and `description` are
    translated where they are shown."""

    name: str
    label: str
    description: str
    vowels: int
    phones: int = 0
    consonants: bool = True

    @property
    def is_multisyllabic(self) -> bool:
        """Whether it is a multisyllabic rhyme, of several equal vowels with any consonants."""
        return not self.consonants and self.vowels > 1

    def rhyme_phones(self, phones: Sequence[str]) -> Phones | None:
        """Return the last phones that another ending must share for this kind of rhyme; None if there are too few.

        >>> RHYME_KINDS["suffisante"].rhyme_phones(("e", "z", "ɔ̃")), RHYME_KINDS["multi2"].rhyme_phones(("e", "z", "ɔ̃"))
        (('z', 'ɔ̃'), ('e', 'ɔ̃'))
        """
        vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
        if len(vowels) < self.vowels:
            return None
        if not self.consonants:
            return tuple([phones[at] for at in vowels[-self.vowels :]])
        length = max(len(phones) - vowels[-self.vowels], self.phones)
        return tuple(phones[-length:]) if len(phones) >= length else None

    def includes_rhyme(self, rhyme: "Rhyme") -> bool:
        """Return whether a rhyme is of this kind or richer."""
        if self.is_multisyllabic:
            return rhyme.shared_vowels >= self.vowels
        return KINDS.index(rhyme.kind) >= KINDS.index(self.name)


# From the poorest to the richest, then the multis. A new kind of rhyme is a line here.
RHYME_KINDS = {
    kind.name: kind
    for kind in (
        RhymeKind("assonance", mark("Assonance"), mark("Assonance: the vowel"), 1, consonants=False),
        RhymeKind("pauvre", mark("Pauvre"), mark("Pauvre: the last vowel"), 1, 1),
        RhymeKind("suffisante", mark("Suffisante"), mark("Suffisante: 2 sounds"), 1, 2),
        RhymeKind("riche", mark("Riche"), mark("Riche: 3 sounds"), 1, 3),
        RhymeKind("leonine", mark("Léonine"), mark("Léonine: 2 syllables"), 2, 3),
        RhymeKind("multi2", mark("Multi"), mark("Multi: 2 vowels"), 2, consonants=False),
        RhymeKind("multi3", mark("Multi"), mark("Multi: 3 vowels"), 3, consonants=False),
        RhymeKind("multi4", mark("Multi"), mark("Multi: 4 vowels"), 4, consonants=False),
    )
}
# What is heard but has no key that a rhyme could be looked up by.
IMPERFECT_KINDS = {
    kind.name: kind
    for kind in (
        RhymeKind("contre-assonance", mark("Contre-assonance"), mark("Contre-assonance: the consonants alone"), 0),
        RhymeKind("near", mark("Near rhyme"), mark("Near rhyme: the vowel, consonants alike"), 1),
    )
}
ALL_KINDS_BY_NAME = {**RHYME_KINDS, **IMPERFECT_KINDS}
NO_RHYME = "none"
PERFECT_KIND_NAMES = tuple(kind.name for kind in RHYME_KINDS.values() if kind.consonants)  # pauvre to léonine
KINDS = (
    NO_RHYME,
    "contre-assonance",
    "assonance",
    "near",
    *PERFECT_KIND_NAMES,
)  # what a `Rhyme` can be, the poorest first


class Rhyme(NamedTuple):
    """The rhyme of two ends: its kind, the phones and vowels shared from the end, the similarity of the sounds.

    `near_vowels` are the vowels shared from the end of which one may be merely near."""

    kind: str  # of `KINDS`
    shared_phones: int
    shared_vowels: int
    similarity: float = 0.0  # 0 to 1, see `phone_similarity`
    near_vowels: int = 0


def compare_rhyme(a: str, b: str, pronunciations: Pronunciations, *, verse: bool = False) -> Rhyme:
    """Return how the words or phrases `a` and `b` rhyme: as pronounced today, or in classical `verse`.

    In verse a feminine end rhymes with no masculine one, and a consonant silent then is ignored (`_classical_rhyme`).

    >>> compare_rhyme("maison", "raison", Pronunciations())
    Rhyme(kind='leonine', shared_phones=3, shared_vowels=2, similarity=1.0, near_vowels=2)
    """
    first, second = (scan_line(text, pronunciations, verse=verse) for text in (a, b))
    pairs = product(line_phone_variants(first), line_phone_variants(second))
    best = max((compare_phones(x, y) for x, y in pairs), key=_rhyme_rank)
    if [word.text for word in first.words] == [word.text for word in second.words]:
        return best._replace(kind=NO_RHYME)
    if not verse or not first.words or not second.words:
        return best
    if best.kind in PERFECT_KIND_NAMES:
        return best if has_feminine_ending(first) == has_feminine_ending(second) else best._replace(kind="assonance")
    if has_feminine_ending(first) or has_feminine_ending(second):
        return best
    return _classical_rhyme(first, second) or _classical_rhyme(second, first) or best


def has_feminine_ending(line: LineScansion) -> bool:
    """Return whether a line ends on a mute e: vie, table, ils parlent.

    >>> lines = [scan_line(text, Pronunciations()) for text in ("la vie", "l'ami", "ils parlent", "vraiment")]
    >>> [has_feminine_ending(line) for line in lines]
    [True, False, True, False]
    """
    return bool(line.words) and word_has_feminine_ending(line.words[-1].text, line.words[-1].phones)


def word_has_feminine_ending(word: str, phones: Phones) -> bool:
    """Return whether a word ends on a mute e, by its spelling and its phones (`phones_for_rhyme`).

    >>> word_has_feminine_ending("mes", ("m", "e")), word_has_feminine_ending("âmes", ("a", "m"))
    (False, True)
    """
    if not phones or word.endswith(("ée", "ées")):
        return bool(phones)
    if word.endswith(("e", "es")):
        return phones[-1] not in ("e", "ø") or word.endswith(("aie", "aies", "ue", "ues"))
    return word.endswith("ent") and not phones[-1].endswith("\u0303")


def _rhyme_rank(rhyme: Rhyme) -> tuple[int, int, int, float]:
    return KINDS.index(rhyme.kind), rhyme.shared_phones, rhyme.shared_vowels, rhyme.similarity


def _classical_rhyme(first: LineScansion, second: LineScansion) -> Rhyme | None:
    """Return the rhyme of two ends that differ only by a consonant that is silent in classical verse, or None.

    Verse kept such rhymes (cher and reprocher, sens and innocents, fils and ennemis) with the consonant before them."""
    a, b = first.words[-1], second.words[-1]
    said, two = line_phone_variants(first)[0], line_phone_variants(second)[0]
    one = said
    if a.text.endswith(("er", "air", "ers", "airs")) and b.text.endswith("er") and two[-1:] == ("e",):
        if one[-2:] == ("e", "ʁ"):
            one = one[:-1]
    elif one[-1:] == ("s",) and a.text.endswith("s") and b.text.endswith(("s", "x", "z")):
        one = one[:-1]
    if one == said:
        return None
    rhyme = compare_phones(one, two)
    return rhyme if rhyme.kind in PERFECT_KIND_NAMES and (rhyme.shared_phones > 1 or a.text == "fils") else None


def compare_phones(a: Phones, b: Phones) -> Rhyme:
    """Return the rhyme of two endings, given their phones (`phones_for_rhyme`). Equal endings rhyme too."""
    shared = common_suffix_length(a, b)
    vowels, near = matching_vowels(vowels_of(a), vowels_of(b))
    in_suffix = sum(map(is_vowel, a[len(a) - shared :]))
    kind = _richest_kind(shared, in_suffix) if in_suffix else _imperfect_kind(a, b)  # they part after the last vowel
    return Rhyme(kind, shared, vowels, ending_similarity(a, b), near)


def _imperfect_kind(a: Phones, b: Phones) -> str:
    one, two = split_ending(a), split_ending(b)
    if not one.vowel or not two.vowel:
        return NO_RHYME
    if one.vowel == two.vowel:
        return "near" if coda_similarity(one.coda, two.coda) >= NEAR_CODA_SIMILARITY else "assonance"
    return "contre-assonance" if one.coda and one.coda == two.coda else NO_RHYME


@lru_cache
def _richest_kind(phones: int, vowels: int) -> str:
    kinds = (kind for kind in reversed(RHYME_KINDS.values()) if kind.consonants)
    return next(kind.name for kind in kinds if kind.phones <= phones and kind.vowels <= vowels)


def common_suffix_length(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common end of two sequences."""
    length, limit = 0, min(len(a), len(b))
    while length < limit and a[-1 - length] == b[-1 - length]:
        length += 1
    return length


def line_phone_variants(line: LineScansion) -> list[Phones]:
    """Return the phones of a line (`phones_for_rhyme`), once for each pronunciation of its last word."""
    if not line.words:
        return [()]
    start = tuple([phone for sound in line.sounds[:-1] for phone in phones_for_rhyme(sound)])
    return [start + ending for ending in line.words[-1].rhymes]


def rhyme_key_of_phones(phones: Sequence[str]) -> str:
    """Return the last vowel of phones and the phones after it, as one string; "" without a vowel."""
    for at in range(len(phones) - 1, -1, -1):
        if phones[at][:1] in ORAL_VOWELS:
            return "".join(phones[at:])
    return ""


def rhyme_key(line: LineScansion) -> str:
    """Return the rhyme key of a line: its last vowel and the consonants after it. "" for a silent line.

    >>> rhyme_key(scan_line("C'est la fin du monde", Pronunciations()))
    'ɔ̃d'
    """
    return rhyme_keys_of_line(line)[0]


def rhyme_keys_of_line(line: LineScansion) -> tuple[str, ...]:
    """Return the rhyme key for each pronunciation of the last word, the usual one first; ("",) for a silent line."""
    for word in reversed(line.words):
        if word.syllables:  # one without a vowel (-je, -ce) leans on the word before it
            return rhyme_keys_of_word(word.rhymes)
    return ("",)


def line_ending_parts(words: Sequence[Word]) -> Ending:
    """Return the ending of a line: that of its last word with a vowel, completed by the word before."""
    voiced = [word for word in words if word.syllables][-2:]
    if not voiced:
        return split_ending(())
    return join_word_endings(*(split_ending(word.rhymes[0]) for word in voiced))


def join_word_endings(first: Ending, last: Ending | None = None) -> Ending:
    """Return the ending of two words in a row, made of the endings of both."""
    if last is None:
        return first
    return last if last.before else last._replace(before=first.vowel)


@lru_cache(maxsize=1 << 16)
def rhyme_keys_of_word(rhymes: tuple[Phones, ...]) -> tuple[str, ...]:
    """Return the different rhyme keys of a word's pronunciations."""
    return tuple(dict.fromkeys(map(rhyme_key_of_phones, rhymes)))
