"""Which characters may follow so that a line stays spelled in words that the corpus knows.

A character model slips now and then; over a line of ten words few are left without a slip. So while a line is
written, each character must go on with a known word, or end one. Elided clitics and hyphenated pronouns join freely
(l'horizon, dis-le), as in `pipeline.language.tokens`.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from pipeline.language.tokens import fold, is_clitic
from pipeline.language.vocabulary import Vocabulary

_AFTER_WORD = " ,.;:!?…"
_AFTER_SPACE = "!?:;"  # French sets them apart
Mask = npt.NDArray[np.bool_]


class Orthography:
    """Masks over the characters of a vocabulary. Safe for many threads; caches a mask for each beginning of a word."""

    def __init__(self, words: Iterable[str], vocabulary: Vocabulary) -> None:
        self._index = vocabulary.word2index
        self._size = len(vocabulary)
        self._words: set[str] = set()
        self._following: dict[str, set[str]] = {"": set()}
        for word in words:
            if " " not in word and all(character in self._index for character in word):
                self._add(word)
        self._begins = self._following[""] - {"-"}  # a pronoun such as -moi needs a word before it
        self._masks: dict[str, Mask] = {}

    def _add(self, word: str) -> None:
        self._words.add(word)
        for at, character in enumerate(word):
            self._following.setdefault(word[:at], set()).add(character)

    def mask(self, text: str) -> Mask:
        """Return bool `(V,)`: what may follow `text`, a line so far; a space where `text` is off the track."""
        chunk = fold(text[text.rfind(" ") + 1 :])
        key = chunk if chunk or not text.strip() or text.rstrip()[-1] in _AFTER_WORD else " "
        mask = self._masks.get(key)
        if mask is None:
            mask = self._masks[key] = self._made(key)
            if len(self._masks) > 100_000:
                self._masks.clear()
        return mask

    def _made(self, key: str) -> Mask:
        allowed = self._begins | set(_AFTER_SPACE) if key == " " else self._after(_last_word(key))
        mask = np.zeros(self._size, bool)
        capitals = map(str.upper, allowed) if allowed >= self._begins else ()
        for character in (*allowed, *capitals):
            if character in self._index:
                mask[self._index[character]] = True
        if not mask.any():
            mask[self._index[" "]] = True
        return mask

    def _after(self, word: str) -> set[str]:
        if not word:
            return self._begins
        allowed = set(self._following.get(word, ()))
        head, hyphen, tail = word.rpartition("-")
        if word in self._words:
            allowed |= set(_AFTER_WORD) | {"-"}
        elif hyphen and head in self._words:
            allowed |= self._following.get("-" + tail, set())
            if "-" + tail in self._words:
                allowed |= set(_AFTER_WORD)
        return allowed or {" "}


def _last_word(chunk: str) -> str:
    """Return what of a chunk is still being written: past the clitics that it begins with.

    >>> _last_word("j'l'ai"), _last_word("aujourd'h")
    ('ai', "aujourd'h")
    """
    while True:
        head, apostrophe, tail = chunk.partition("'")
        if not apostrophe or not is_clitic(head + "'"):
            return chunk
        chunk = tail
