"""How alike two line ends sound, 0 to 1: the graded score behind assonance and near rhyme.

Consonants are compared by manner, place and voice, vowels by height, place, rounding and nasality. Listeners of rock
and rap take consonants that differ in place or voice alone for rhymes (Zwicky 1976, "Well, this rock and roll has got
to stop"; Holtman 1996), those of another manner far less; a liquid beside another consonant is missed least (Steriade
2003).
Features: Fougeron & Smith, "French", Handbook of the International Phonetic Association (1999).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.language.ipa import LIQUIDS, is_vowel

Phones = tuple[str, ...]

# manner, place, voice
_CONSONANTS = {
    **{"p": ("stop", "labial", 0), "b": ("stop", "labial", 1), "t": ("stop", "dental", 0), "d": ("stop", "dental", 1)},
    **{"k": ("stop", "velar", 0), "ɡ": ("stop", "velar", 1), "m": ("nasal", "labial", 1), "n": ("nasal", "dental", 1)},
    **{"ɲ": ("nasal", "palatal", 1), "ŋ": ("nasal", "velar", 1), "f": ("fricative", "labial", 0)},
    **{"v": ("fricative", "labial", 1), "s": ("fricative", "dental", 0), "z": ("fricative", "dental", 1)},
    **{"ʃ": ("fricative", "palatal", 0), "ʒ": ("fricative", "palatal", 1), "l": ("liquid", "dental", 1)},
    **{"ʁ": ("liquid", "uvular", 1), "j": ("glide", "palatal", 1), "w": ("glide", "labial", 1)},
    "ɥ": ("glide", "palatal", 1),
}
# height (0 open to 3 close), front (1) or back (0), rounded, nasal; mid vowels are merged (`ipa.phones_for_rhyme`)
_VOWELS = {
    **{"i": (3, 1, 0, 0), "y": (3, 1, 1, 0), "u": (3, 0, 1, 0)},
    **{"e": (2, 1, 0, 0), "ø": (2, 1, 1, 0), "o": (2, 0, 1, 0)},
    **{"a": (0, 1, 0, 0), "ɛ̃": (1, 1, 0, 1), "ɑ̃": (0, 0, 0, 1), "ɔ̃": (1, 0, 1, 1)},
}
_MANNER, _PLACE, _VOICE = 0.6, 0.3, 0.3  # what a difference costs
_HEIGHT, _BACK, _ROUND, _NASAL = 0.25, 0.4, 0.3, 0.4
MISSED_LIQUID_CREDIT = 0.5  # of a consonant, where only one of two codas has it
NEAR_CODA_SIMILARITY = 0.6  # similarity of codas from which equal vowels make a near rhyme
MIN_NEAR_VOWEL_SIMILARITY = 0.6  # similarity from which two vowels are near: i/y, e/ø, o/u; not a/o, ɑ̃/ɔ̃
# Of the score: the last vowel (without which there is nothing), what follows it, what precedes it, the vowel before.
_PART_WEIGHTS = (0.45, 0.35, 0.08, 0.12)


def matching_vowels(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Return (number of last vowels that are equal, number that match if one of them may be merely similar).

    A near vowel counts where an equal one comes before it too: it does not begin a match.

    >>> matching_vowels("aii", "aei"), matching_vowels("ui", "oi"), matching_vowels("aai", "aei")
    ((1, 3), (1, 1), (1, 1))
    """
    limit, equal = min(len(a), len(b)), 0
    while equal < limit and a[-1 - equal] == b[-1 - equal]:
        equal += 1
    near = equal + 1
    if not equal or near >= limit or phone_similarity(a[-near], b[-near]) < MIN_NEAR_VOWEL_SIMILARITY:
        return equal, equal
    while near < limit and a[-1 - near] == b[-1 - near]:
        near += 1
    return equal, near if near > equal + 1 else equal


@lru_cache(maxsize=1 << 10)
def phone_similarity(a: str, b: str) -> float:
    """Return how similar two vowels or two consonants sound, 0 to 1; 0 for a vowel and a consonant.

    >>> phone_similarity("m", "n"), phone_similarity("t", "d"), phone_similarity("t", "s"), phone_similarity("i", "y")
    (0.7, 0.7, 0.4, 0.7)
    >>> phone_similarity("a", "e"), phone_similarity("ɛ̃", "ɑ̃"), phone_similarity("ɑ̃", "ɔ̃")
    (0.5, 0.35, 0.45)
    """
    if a == b:
        return 1.0
    if a in _VOWELS and b in _VOWELS:
        (height, back, rounded, nasal), other = _VOWELS[a], _VOWELS[b]
        cost = _HEIGHT * abs(height - other[0]) + _BACK * (back != other[1])
        cost += _ROUND * (rounded != other[2]) + _NASAL * (nasal != other[3])
    elif a in _CONSONANTS and b in _CONSONANTS:
        one, two = _CONSONANTS[a], _CONSONANTS[b]
        cost = sum(weight for weight, x, y in zip((_MANNER, _PLACE, _VOICE), one, two, strict=True) if x != y)
    else:
        return 0.0
    return round(max(0.0, 1 - cost), 3)


@lru_cache(maxsize=1 << 14)
def coda_similarity(a: Phones, b: Phones) -> float:
    """Return how similar two runs of consonants sound, 0 to 1, at their best alignment.

    >>> coda_similarity(("b", "ʁ"), ("d",)), coda_similarity(("p",), ("k",)), coda_similarity((), ("t",))
    (0.6, 0.7, 0.0)
    """
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    best = [sum(map(_unmatched_phone_score, b[:at])) for at in range(len(b) + 1)]
    for phone in a:
        row = [best[0] + _unmatched_phone_score(phone)]
        for at, other in enumerate(b):
            row.append(
                max(
                    best[at] + phone_similarity(phone, other),
                    best[at + 1] + _unmatched_phone_score(phone),
                    row[at] + _unmatched_phone_score(other),
                )
            )
        best = row
    return round(best[-1] / max(len(a), len(b)), 3)


def _unmatched_phone_score(phone: str) -> float:
    return MISSED_LIQUID_CREDIT if phone in LIQUIDS else 0.0


class Ending(NamedTuple):
    """The end of a word or line: last vowel, consonants after it, consonant and vowel before it, "" if missing."""

    before: str
    onset: str
    vowel: str
    coda: Phones


@lru_cache(maxsize=1 << 16)
def split_ending(phones: Phones) -> Ending:
    """Return the end of a word or line, given as phones, split into the parts that are compared.

    >>> split_ending(("m", "e", "z", "ɔ̃"))
    Ending(before='e', onset='z', vowel='ɔ̃', coda=())
    """
    vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    if not vowels:
        return Ending("", "", "", phones)
    last = vowels[-1]
    onset = phones[last - 1] if last and not is_vowel(phones[last - 1]) else ""
    return Ending(phones[vowels[-2]] if len(vowels) > 1 else "", onset, phones[last], phones[last + 1 :])


def ending_similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """Return how similar the ends of two words or lines sound, 0 to 1, given their phones (`phones_for_rhyme`).

    >>> ending_similarity(("ɔ̃", "b", "ʁ"), ("m", "ɔ̃", "d"))
    0.66
    >>> ending_similarity(("ʁ", "e", "z", "ɔ̃"), ("m", "e", "z", "ɔ̃"))
    1.0
    """
    return split_ending_similarity(split_ending(tuple(a)), split_ending(tuple(b)))


@lru_cache(maxsize=1 << 18)
def split_ending_similarity(a: Ending, b: Ending) -> float:
    """Return how similar two endings of words or lines sound, 0 to 1; 0 where one has no vowel."""
    if not a.vowel or not b.vowel:
        return 0.0
    parts = (
        1.0,
        coda_similarity(a.coda, b.coda),
        _known_phone_similarity(a.onset, b.onset),
        _known_phone_similarity(a.before, b.before),
    )
    vowels = phone_similarity(a.vowel, b.vowel) ** 2  # another vowel is heard first
    score = vowels * sum(share * part for share, part in zip(_PART_WEIGHTS, parts, strict=True))
    return round(score, 3)


def _known_phone_similarity(a: str, b: str) -> float:
    return phone_similarity(a, b) if a and b else 0.0
