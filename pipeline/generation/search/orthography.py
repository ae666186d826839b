"""Which tokens may follow so that a line stays spelled in words that the corpus knows.

A model of characters or pieces slips now and then; over a line of ten words few are left without a slip. So while a
line is written, each character must go on with a known word, or end one. Elided clitics and hyphenated pronouns join
freely (l'horizon, dis-le), as in `pipeline.language.tokens`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.language.tokens import fold_case, is_clitic
from pipeline.language.vocabulary import SPECIALS, Ids, Vocabulary
from pipeline.language_models.subword_units import CAPITAL, CAPITALS

_AFTER_WORD = " ,.;:!?…"
_AFTER_SPACE = "!?:;"  # French sets them apart
_CACHE_SIZE = 50_000  # beginnings of words, a few dozen tokens each


@dataclass(slots=True)
class _TrieNode:
    """A node of a trie of tokens by their characters: the token that ends here, if any, and its children."""

    token: int | None = None
    children: dict[str, "_TrieNode"] = field(default_factory=dict)


class Orthography:
    """Finds the tokens that keep a line spelled in known words. Safe for many threads."""

    def __init__(self, words: Iterable[str], vocabulary: Vocabulary) -> None:
        self._index = vocabulary.word2index
        self._size = len(vocabulary)
        self._tokens = _build_trie(vocabulary.index2word[len(SPECIALS) :])
        self._marks = [self._index[mark] for mark in (CAPITAL, CAPITALS) if mark in self._index]
        self._words: set[str] = set()
        self._next_characters: dict[str, set[str]] = {"": set()}
        for word in words:
            if " " not in word and all(character in self._index for character in word):
                self._add_word(word)
        self._begins = self._next_characters[""] - {"-"}  # a pronoun such as -moi needs a word before it
        self._cached: dict[str, Ids] = {}

    def _add_word(self, word: str) -> None:
        self._words.add(word)
        for at, character in enumerate(word):
            self._next_characters.setdefault(word[:at], set()).add(character)

    def restrict_logits(self, logits: Any, texts: Sequence[str]) -> tuple[Any, Any]:
        """Return the logits `(n, V)` with -inf for misspelling tokens, and the log-sum-exp `(n,)` of the rest."""
        allowed = [self.allowed_tokens(text) for text in texts]
        sizes = np.array(list(map(len, allowed)))
        rows, tokens = np.repeat(np.arange(len(texts)), sizes), np.concatenate(allowed)
        few = logits[rows, tokens]
        options = np.full_like(logits, -np.inf)
        options[rows, tokens] = few
        first = np.cumsum(sizes) - sizes
        largest = np.maximum.reduceat(few, first)
        sums = np.add.reduceat(np.exp(few - largest[rows]), first, dtype=np.float64)
        return options, np.log(sums) + largest

    def allowed_tokens(self, text: str) -> Ids:
        """Return the tokens that may follow an unfinished line. After a misspelled word that is the space alone."""
        key = _spelling_key(text)
        tokens = self._cached.get(key)
        if tokens is None:
            if len(self._cached) >= _CACHE_SIZE:
                self._cached.clear()
            tokens = self._cached[key] = np.array([*self._allowed_tokens(key)] or [self._index[" "]], np.int32)
        return tokens

    def _allowed_tokens(self, key: str) -> Iterator[int]:
        yield from self._tokens_spelling_known_words(self._tokens, key)
        if self._allowed_characters(key) >= self._begins:
            yield from self._marks

    def _tokens_spelling_known_words(self, spelt: _TrieNode, key: str) -> Iterator[int]:
        """Yield the tokens below a trie node that continue a known word. `key` is the line's end and the node's
        text."""
        for character in self._allowed_characters(key) & spelt.children.keys():
            longer = spelt.children[character]
            if longer.token is not None:
                yield longer.token
            if longer.children:
                yield from self._tokens_spelling_known_words(longer, _spelling_key(key + character))

    def _allowed_characters(self, key: str) -> set[str]:
        """Return the characters that may follow `key`, the end of a line (`_spelling_key`)."""
        allowed = self._begins | set(_AFTER_SPACE) if key == " " else self._characters_after_word(_last_word(key))
        return allowed | set(map(str.upper, allowed)) if allowed >= self._begins else allowed

    def _characters_after_word(self, word: str) -> set[str]:
        if not word:
            return self._begins
        allowed = set(self._next_characters.get(word, ()))
        head, hyphen, tail = word.rpartition("-")
        if word in self._words:
            allowed |= set(_AFTER_WORD) | {"-"}
        elif hyphen and head in self._words:
            allowed |= self._next_characters.get("-" + tail, set())
            if "-" + tail in self._words:
                allowed |= set(_AFTER_WORD)
        return allowed or {" "}


def _build_trie(tokens: Sequence[str]) -> _TrieNode:
    """Return a trie of the spellings of these tokens. Their ids begin after those of the special tokens."""
    root = _TrieNode()
    for index, token in enumerate(tokens, len(SPECIALS)):
        at = root
        for character in token:
            at = at.children.setdefault(character, _TrieNode())
        at.token = index
    return root


def _spelling_key(text: str) -> str:
    """Return the part of a line that decides what may follow: its unfinished word, or a space after a whole word."""
    chunk = fold_case(text[text.rfind(" ") + 1 :])
    return chunk if chunk or not text.strip() or text.rstrip()[-1] in _AFTER_WORD else " "


def _last_word(chunk: str) -> str:
    """Return the unfinished word of a chunk, without the clitics before it.

    >>> _last_word("j'l'ai"), _last_word("aujourd'h")
    ('ai', "aujourd'h")
    """
    while True:
        head, apostrophe, tail = chunk.partition("'")
        if not apostrophe or not is_clitic(head + "'"):
            return chunk
        chunk = tail
