"""Do two words or line ends rhyme, and how richly.

From the last vowel on, are the sounds the same? If not, equal vowels make an assonance. If so, the richness is
the number of phones shared counted from the end (glides are phones; mid vowels, œ̃/ɛ̃ and a/ɑ are merged):
1 pauvre (ami, fini), 2 suffisante (vie, envie), 3 or more riche (porte, morte), léonine when those hold two
vowels (maison, raison). Text against itself is a repetition, not a rhyme; homophones (vers, verre) rhyme.

Where a word has several pronunciations (plus, tous, six) the pair that rhymes best is taken.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple, get_args

from pipeline.language.ipa import is_vowel, merged_phones
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import LineScansion, scan_line

Kind = Literal["none", "assonance", "pauvre", "suffisante", "riche", "leonine"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # from no rhyme to the richest
Phones = tuple[str, ...]


class Rhyme(NamedTuple):
    """A kind, the number of phones shared from the end, and of equal vowels from the end (consonants apart)."""

    kind: Kind
    shared_phones: int
    shared_vowels: int


def compare(a: str, b: str, pronunciations: Pronunciations) -> Rhyme:
    """Compare how the words or phrases `a` and `b` rhyme.

    >>> compare("maison", "raison", Pronunciations())
    Rhyme(kind='leonine', shared_phones=3, shared_vowels=2)
    """
    first, second = scan_line(a, pronunciations), scan_line(b, pronunciations)
    pairs = product(line_endings(first), line_endings(second))
    best = max((compare_phones(x, y) for x, y in pairs), key=lambda r: (KINDS.index(r.kind), *r[1:]))
    same = [word.text for word in first.words] == [word.text for word in second.words]
    return best._replace(kind="none") if same else best


def compare_phones(a: Phones, b: Phones) -> Rhyme:
    """Compare merged phones, without the rule on repetition."""
    shared = common_suffix(a, b)
    vowels = shared_vowels(a, b)
    in_suffix = sum(map(is_vowel, a[len(a) - shared :]))
    if not in_suffix:  # they part before the last vowel
        return Rhyme("assonance" if vowels else "none", shared, vowels)
    return Rhyme(richness(shared, in_suffix), shared, vowels)


def richness(phones: int, vowels: int) -> Kind:
    """Return the kind of a rhyme whose common end holds `phones` phones, of which `vowels` (at least 1) vowels."""
    if phones >= 3:
        return "leonine" if vowels >= 2 else "riche"
    return "suffisante" if phones == 2 else "pauvre"


def common_suffix(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common end."""
    length, limit = 0, min(len(a), len(b))
    while length < limit and a[-1 - length] == b[-1 - length]:
        length += 1
    return length


def shared_vowels(a: Iterable[str], b: Iterable[str]) -> int:
    """Return the consecutive equal vowels counted from the end: the length of a multisyllabic rhyme.

    >>> shared_vowels(merged_phones("laʁylanɥi"), merged_phones("mavymavi"))
    4
    """
    return common_suffix([p for p in a if is_vowel(p)], [p for p in b if is_vowel(p)])


def line_endings(line: LineScansion) -> list[Phones]:
    """Return the merged phones of a whole line, once for each pronunciation of its last word; the usual one first."""
    if not line.words:
        return [()]
    start = tuple([phone for sound in line.sounds[:-1] for phone in merged_phones(sound)])
    return [start + ending for ending in line.words[-1].rhymes]


def phones_key(phones: Sequence[str]) -> str:
    """Return the last vowel and what follows it, as one string; empty without a vowel."""
    for at in range(len(phones) - 1, -1, -1):
        if is_vowel(phones[at]):
            return "".join(phones[at:])
    return ""


def rhyme_key(line: LineScansion) -> str:
    """Return what two line ends must share to rhyme: the last vowel and its coda, merged. Empty when nothing is said.

    >>> rhyme_key(scan_line("C'est la fin du monde", Pronunciations()))
    'ɔ̃d'
    """
    return line_keys(line)[0]


def line_keys(line: LineScansion) -> tuple[str, ...]:
    """Return the rhyme key for each way the last word is said, the usual one first; ("",) when nothing is said."""
    for word in reversed(line.words):
        if word.syllables:  # one without a vowel (-je, -ce) leans on the word before it
            return word_keys(word.rhymes)
    return ("",)


@lru_cache(maxsize=1 << 16)
def word_keys(rhymes: tuple[Phones, ...]) -> tuple[str, ...]:
    """Return the different rhyme keys of a word's pronunciations."""
    return tuple(dict.fromkeys(map(phones_key, rhymes)))
