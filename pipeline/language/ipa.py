"""IPA strings as sequences of phones, and the mergers under which French rap rhymes.

A phone is one letter with the marks that follow it (ɛ̃ is one phone). Knows nothing of spelling.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, zip_longest

ORAL_VOWELS = frozenset("aeiouyøœəɛɔɑ")
GLIDES = frozenset("jwɥ")
LIQUIDS = frozenset("ʁl")
CONSONANTS = "jwɥʁlpbtdkɡfvszʃʒmnɲŋχxh"
_NASAL = "\u0303"  # the tilde above: ɛ̃, ɑ̃, ɔ̃, œ̃

# Pairs that no longer tell rhymes apart in most of today's French: fait/fée, saute/sotte, jeûne/jeune,
# pâte/patte, brun/brin. A schwa that is sounded has the colour of eu. Of nasal vowels œ̃ alone is merged, with ɛ̃.
_MERGED = str.maketrans({"ɛ": "e", "ɔ": "o", "œ": "ø", "ə": "ø", "ɑ": "a", "χ": "ʁ", "x": "ʁ", "h": ""})
_NASALS = re.compile(f".{_NASAL}")
# What a model may write that is not a phone of ours.
_CLEANING_TABLE = str.maketrans(
    {"g": "ɡ", "r": "ʁ", "ʎ": "j", "ʔ": "", "ː": "", "‿": "", "͡": "", "^": "", "ˈ": "", " ": "", "é": "e"}
)


def clean_ipa(ipa: str) -> str:
    """Return an IPA string with one spelling per sound: ɡ (U+0261), ʁ, no ties, lengths or stress;
    oral ɑ is written a.

    >>> clean_ipa("pɑt"), clean_ipa("diz‿ɥit")
    ('pat', 'dizɥit')
    """
    ipa = ipa.translate(_CLEANING_TABLE)
    if "ɑ" in ipa:
        ipa = ipa.replace("ɑ" + _NASAL, "\0").replace("ɑ", "a").replace("\0", "ɑ" + _NASAL)
    return ipa


@lru_cache(maxsize=1 << 16)
def split_phones(ipa: str) -> tuple[str, ...]:
    """Return the phones of an IPA string; a nasal vowel with its tilde is one phone.

    >>> split_phones("mɛ̃tnɑ̃")
    ('m', 'ɛ̃', 't', 'n', 'ɑ̃')
    """
    phones: list[str] = []
    for char in ipa:
        if char == _NASAL and phones:
            phones[-1] += char
        else:
            phones.append(char)
    return tuple(phones)


def is_vowel(phone: str) -> bool:
    """Return whether a phone is the nucleus of a syllable; glides are not.

    >>> [p for p in split_phones("nɥi") if is_vowel(p)]
    ['i']
    """
    return phone[:1] in ORAL_VOWELS


def vowels_of(phones: Iterable[str]) -> tuple[str, ...]:
    """Return the vowels among phones, in order."""
    return tuple([phone for phone in phones if phone[:1] in ORAL_VOWELS])  # `is_vowel`, without a call a phone


def count_nuclei(ipa: str) -> int:
    """Return the number of vowels of an IPA string, which is its number of syllables.

    >>> count_nuclei("mɛ̃tnɑ̃")
    2
    """
    return sum(map(ORAL_VOWELS.__contains__, ipa))


@lru_cache(maxsize=1 << 16)
def phones_for_rhyme(ipa: str) -> tuple[str, ...]:
    """Return the phones of an IPA string, with vowels that rhyme merged (ɛ/e, ɔ/o, œ/ø, œ̃/ɛ̃, ɑ/a); h is dropped.

    >>> phones_for_rhyme("ʁɛzɔ̃") == phones_for_rhyme("ʁezɔ̃")
    True
    """
    return split_phones(merge_rhyming_vowels(ipa))


def merge_rhyming_vowels(ipa: str) -> str:
    """Return an IPA string in which vowels that rhyme are written alike: ɛ as e, ɔ as o, œ̃ as ɛ̃.

    >>> merge_rhyming_vowels("bʁœ̃ɛɑɑ̃")
    'bʁɛ̃eaɑ̃'
    """
    if _NASAL not in ipa:
        return ipa.translate(_MERGED)
    oral = (part.translate(_MERGED) for part in _NASALS.split(ipa.replace("œ̃", "ɛ̃")))  # nasal ones stay, at odd places
    return "".join(chain.from_iterable(zip_longest(oral, _NASALS.findall(ipa.replace("œ̃", "ɛ̃")), fillvalue="")))


def rhyme_part(ipa: str) -> tuple[str, str]:
    """Return (the last vowel of an IPA string, that vowel with the phones after it); empty strings where it has none.

    >>> rhyme_part("mezɔ̃"), rhyme_part("fet"), rhyme_part("pst")
    (('ɔ̃', 'ɔ̃'), ('e', 'et'), ('', ''))
    """
    stop = len(ipa.rstrip(CONSONANTS))
    start = max(stop - 1 - (ipa[stop - 1 : stop] == _NASAL), 0)
    return ipa[start:stop], ipa[start:] if stop else ""
