"""A line with a syllable or two too many or too few, said as French is spoken: je suis, j'suis; a ne dropped; a word
before the verb that carries nothing.

Whether what comes out is what was asked for is for the caller to check.
"""

import re
from collections.abc import Iterator

_BEFORE_CONSONANT = r"(?=[bcdfgjklmnpqrstvxzç])"
_BEFORE_VOWEL = r"(?=[aeiouéèêâîôûœ])"
_AFTER_VOWEL = r"(?<=[aeiouyéèêàâîôû] )"  # where speech drops an e: after a vowel, never at the beginning
_SHORTER = (
    (r"\bje n'" + _BEFORE_VOWEL, "j'"),
    (r"\btu n'" + _BEFORE_VOWEL, "t'"),
    (r"\bce n'est\b", "c'est"),
    (r"\bne ", ""),
    (r"\bje " + _BEFORE_CONSONANT, "j'"),
    (r"\btu " + _BEFORE_VOWEL, "t'"),
    (r"\bil (?=y a\b|faut\b)", ""),
    (r"\bcela\b", "ça"),
    (r"\bpetit", "p'tit"),
    (r"^(?:et|mais|puis|alors|ouais|oui),? ", ""),
    (_AFTER_VOWEL + r"([mtsldj]|qu)e " + _BEFORE_CONSONANT, r"\1'"),
)
_LONGER = (
    (r"\bj'" + _BEFORE_CONSONANT, "je "),
    (r"\bt'(?=(?:as|es|avais|étais|aimes)\b)", "tu "),
    (r"\b(?<!il )y a\b", "il y a"),
    (r"^faut\b", "il faut"),
    (r"\bça\b", "cela"),
    (r"\bp'tit", "petit"),
    (r"^(?=(?:je |j'))", "moi "),
    (r"(?<=\w )(?=(?:je |j'))", "moi "),
    (r"^(?!et |mais |puis )", "et "),
    (r"^(?!et |mais |puis )", "et puis "),
)
_PATTERNS = {
    sign: [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in pairs]
    for sign, pairs in ((1, _SHORTER), (-1, _LONGER))
}


def variants_by_syllable_count(text: str, excess: int) -> Iterator[str]:
    """Yield variants of a line with one change, then two, that remove `excess` syllables (if below 0, add them).

    >>> next(variants_by_syllable_count("Je suis dans la rue", 1)), next(variants_by_syllable_count("J'suis là", -1))
    ("J'suis dans la rue", 'Je suis là')
    """
    if abs(excess) not in (1, 2):  # more is another line
        return
    sign = 1 if excess > 0 else -1
    once = list(dict.fromkeys(_variants_with_one_change(text, sign)))
    yield from once
    yield from dict.fromkeys(twice for line in once for twice in _variants_with_one_change(line, sign))


def _variants_with_one_change(text: str, sign: int) -> Iterator[str]:
    for pattern, instead in _PATTERNS[sign]:
        for match in pattern.finditer(text):
            rest = text[match.end() :]
            if not match.end():  # a word before the first
                rest = rest[:1].lower() + rest[1:]
            line = text[: match.start()] + match.expand(instead) + rest
            yield line[:1].upper() + line[1:] if text[:1].isupper() else line
