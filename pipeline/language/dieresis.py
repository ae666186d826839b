"""Diérèse: which glides before a vowel verse makes a syllable of its own: vi-o-lence, odi-eux; not bien, pied.

No rule says it of every word: Latin i and e of one syllable stay one, usage does the rest, and poets differ. A
logistic regression on the letters around the glide, learnt from verses of known metre (data/lexicons/dieresis.tsv,
made by benchmarks/sound_tables.py dieresis), gives each glide the probability that it counts.

Grammont, Petit traité de versification française (1908), chapter 2; Beaudouin, Mètre et rythmes du vers classique
(2002).
"""

import math
import re
from collections.abc import Iterator
from functools import cache

from pipeline.language.ipa import GLIDES, is_vowel, split_phones
from pipeline.language.lexicons import has_aspirated_onset, read_word_table

_VOWEL_LETTERS = "aàâeéèêëiïîoôuûùœæy"
# How each glide is spelled where it may be a syllable; ill and y between vowels are none.
_GLIDE_SPELLING_PATTERNS = {
    "j": re.compile(rf"(?:(?<![aeouéèêâôû])|(?<=[gq]u))[iyï](?=h?[{_VOWEL_LETTERS}])"),
    "ɥ": re.compile(rf"(?<![qgoae])[uûü](?=[{_VOWEL_LETTERS}])"),
    "w": re.compile(rf"o[uû](?=h?[{_VOWEL_LETTERS}])|o(?=[iîyeê])"),
}
LEFT, RIGHT = (0, 1, 2, 3, 30), (2, 3, 4, 30)  # letters on each side that a context may hold; 30 is all
OPEN_GLIDE_MARGIN = 0.04  # a probability further than this from 0 and from 1 leaves a glide open


def find_dieresis_glides(word: str, ipa: str) -> list[int]:
    """Return the indices in `word` of the glides (i, u, ou before a vowel) that verse may pronounce as syllables.

    >>> [find_dieresis_glides(*word) for word in (("violence", "vjɔlɑ̃s"), ("fille", "fij"), ("moi", "mwa"))]
    [[1], [], []]
    """
    if GLIDES.isdisjoint(ipa) or has_aspirated_onset(word):  # ouais
        return []
    phones = split_phones(ipa)
    places, start = [], 0
    for at, phone in enumerate(phones[:-1]):
        if phone in GLIDES and is_vowel(phones[at + 1]) and not (at and is_vowel(phones[at - 1])):
            match = _GLIDE_SPELLING_PATTERNS[phone].search(word, start)
            if match:
                start = match.end()
                if match.group() != "o":
                    places.append(match.start())
    return places


def glide_context_features(word: str, place: int) -> Iterator[str]:
    """Yield the features of the glide at index `place`: the letters before it and from it on, in several lengths.

    >>> "l|ion" in set(glide_context_features("lion", 1))
    True
    """
    before, after = "^" + word[:place], word[place:] + "$"
    for left in LEFT:
        for right in RIGHT:
            yield f"{before[max(len(before) - left, 0) :]}|{after[:right]}"


@cache
def _load_feature_weights() -> dict[str, float]:
    return {context: float(weight) for context, weight in read_word_table("dieresis.tsv", 2)}


def dieresis_probabilities(word: str, ipa: str) -> list[float]:
    """Return for each glide of `find_dieresis_glides` the probability that verse counts it as a syllable of its own.

    >>> [[round(p) for p in dieresis_probabilities(*word)] for word in (("violence", "vjɔlɑ̃s"), ("bien", "bjɛ̃"))]
    [[1], [0]]
    """
    weights, places = _load_feature_weights(), find_dieresis_glides(word, ipa)
    scores = [
        sum(weights.get(each, 0.0) for each in dict.fromkeys(glide_context_features(word, place))) for place in places
    ]
    return [1 / (1 + math.exp(-weights[""] - score)) for score in scores]
