"""Which words of a vocabulary match: by a test of each, by a regular expression, with or without accents.

Patterns are those of visitors: their length and the time for one word are bounded.
"""

import unicodedata
from collections.abc import Callable
from functools import partial

import numpy as np
import regex

from pipeline.analysis.counting import Mask
from pipeline.core.errors import Sentence, SettingError
from pipeline.language.vocabulary import SPECIALS, Vocabulary

_LONGEST = 300  # characters of a regular expression
_PATIENCE = 0.1  # seconds for one word: (a+)+b would otherwise hold the server for hours


def match_vocabulary(vocabulary: Vocabulary, test: Callable[[str], object], accents: bool) -> Mask:
    """Return bool[vocabulary]: the words of which `test` is true. Raise SettingError when one takes too long."""
    words = vocabulary.index2word
    keys = words if accents else map(without_accents, words)
    try:
        mask = np.fromiter((bool(test(key)) for key in keys), bool, len(words))
    except TimeoutError as error:
        raise SettingError("The pattern takes too long to match: avoid a repeat inside a repeat.") from error
    mask[: len(SPECIALS)] = False
    return mask


def compile_regex(pattern: str, accents: bool) -> Callable[[str], object]:
    """Return what tells whether the whole of a word matches. Raise SettingError for what is no expression."""
    if len(pattern) > _LONGEST:
        raise SettingError(
            "The regular expression is too long: {characters} characters, {longest} at most.",
            characters=len(pattern),
            longest=_LONGEST,
        )
    try:
        compiled = regex.compile(pattern if accents else without_accents(pattern), regex.IGNORECASE)
    except (regex.error, OverflowError, ValueError, RecursionError) as error:
        raise SettingError(
            "The regular expression /{pattern}/ cannot be read: {reason}.", pattern=pattern, reason=_reason(error)
        ) from error
    return partial(compiled.fullmatch, timeout=_PATIENCE)


def _reason(error: Exception) -> str:
    if isinstance(error, regex.error) and error.pos is not None:
        return Sentence("{problem} at position {position}", problem=Sentence(error.msg), position=error.pos)
    return str(error)


def without_accents(word: str) -> str:
    """Return the word with plain letters and œ, æ spelt out.

    >>> without_accents("cœur é")
    'coeur e'
    """
    if word.isascii():
        return word
    spelt = word.replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(c))
