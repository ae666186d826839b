"""What each next token gains by leading to one of some words, or loses by ending one, whatever the units.

A bonus (words of a theme, of the person who speaks): a whole word is worth so many nats, whatever the tokens it takes.
A token gains what the best word that the word under way can still become is worth, in proportion to what of it stands,
less what was gained before (potential-based shaping; Ng, Harada & Russell 1999). So what a wrong beginning gained is
lost again, and the odds of a line's first such word are multiplied by e^worth.

A penalty (words of another gender or tense): a word loses so many nats, and only where it ends: é goes on to ée at no
cost. So its odds are divided by e^strength, and nothing is made likelier but what else may stand there.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from pipeline.generation.context import space_after
from pipeline.language.tokens import fold, tokenise
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.units import units_of


@dataclass(frozen=True, eq=False)
class WordBonus:
    """What each token gains after a line so far, in nats; nothing once the line holds one of the words."""

    vocabulary: Vocabulary
    worth: dict[str, float]
    _cached: dict[str, Any] = field(default_factory=dict)

    def after(self, line: str) -> Any:
        """Return the gains, 0.0 where nothing is gained."""
        if not units_of(self.vocabulary).spells:
            return 0.0 if self._holds(tokenise(line)) else self._of_words()
        under_way = word_under_way(line)
        if self._holds(tokenise(line[: len(line) - len(under_way)])):
            return 0.0
        if under_way not in self._cached:
            self._cached[under_way] = self._of_spelling(under_way)
        return self._cached[under_way]

    def rows(self, lines: Sequence[str]) -> Any:
        """Return the gains after several lines so far, `(n, V)`."""
        gains = np.zeros((len(lines), len(self.vocabulary)))
        for row, line in zip(gains, lines, strict=True):
            row += self.after(line)
        return gains

    def _holds(self, words: Sequence[str]) -> bool:
        return not self.worth.keys().isdisjoint(words)

    def _of_words(self) -> Any:
        if "" not in self._cached:
            gains = self._cached[""] = np.zeros(len(self.vocabulary))
            for word, worth in self.worth.items():
                if word in self.vocabulary:
                    gains[self.vocabulary.word2index[word]] = worth
        return self._cached[""]

    def _of_spelling(self, under_way: str) -> Any:
        """Return what each token gains that goes on with a word, or ends it."""
        if not any(word.startswith(under_way) for word in self.worth):
            return 0.0
        before, whole = self._potential(under_way), under_way in self.worth
        gains = np.full(len(self.vocabulary), 0.0 if whole else -before)
        for at, letters, ends in spelling_tokens(self.vocabulary):
            written = under_way + letters
            gains[at] = (self.worth.get(written, 0.0) if ends else self._potential(written)) - before
        return gains

    def _potential(self, beginning: str) -> float:
        """Return the best that a beginning of a word can still become worth, in proportion to how much of it stands."""
        reach = (w * len(beginning) / len(word) for word, w in self.worth.items() if word.startswith(beginning))
        return max(reach, default=0.0) if beginning else 0.0


@lru_cache(maxsize=8)
def spelling_tokens(vocabulary: Vocabulary) -> tuple[tuple[int, str, bool], ...]:
    """Return the tokens that go on with a word: their numbers, their letters, whether they end it with a space."""
    tokens = ((at, token, token.rstrip(" ")) for token, at in vocabulary.word2index.items())
    return tuple((at, fold(letters), letters != token) for at, token, letters in tokens if _spells(letters))


def _spells(token: str) -> bool:
    """Whether a token goes on with a word: letters, apostrophes and hyphens.

    >>> _spells("é"), _spells(" "), _spells("<line>")
    (True, False, False)
    """
    return bool(token) and all(character.isalpha() or character in "'-" for character in token)


def word_under_way(line: str) -> str:
    """Return the word that a line so far ends with, folded, past its clitics; "" where it has ended.

    >>> word_under_way("La Nui"), word_under_way("l'om"), word_under_way("la nuit ")
    ('nui', 'om', '')
    """
    if not line or not _spells(line[-1]):
        return ""
    chunk = fold(line).rsplit(" ", 1)[-1]
    words = tokenise(chunk)
    return words[-1] if words and not words[-1].endswith("'") and chunk.endswith(words[-1]) else ""


class UnsuitedWords(Hashable, Protocol):
    """Words in small letters, perhaps so many that they are not listed."""

    def __contains__(self, word: object, /) -> bool: ...
    def begin_with(self, beginning: str) -> bool:
        """Whether any of them may."""
        ...


@dataclass(frozen=True, eq=False)
class WordPenalty:
    """What each token loses after a line so far, in nats.

    unsuited  the words that lose after a line up to a word; None where none does
    """

    vocabulary: Vocabulary
    strength: float
    unsuited: Callable[[str], UnsuitedWords | None]

    def after(self, line: str) -> Any:
        """Return the losses, 0.0 where nothing is lost."""
        spells = units_of(self.vocabulary).spells
        under_way = word_under_way(line) if spells else ""
        words = self.unsuited(line[: len(line) - len(under_way)] if spells else line + space_after(line))
        losing = None if words is None else _losing(self.vocabulary, words, under_way)
        if losing is None or not len(losing):
            return 0.0
        losses = np.zeros(len(self.vocabulary))
        losses[losing] = -self.strength
        return losses

    def rows(self, lines: Sequence[str]) -> Any:
        """Return the losses after several lines so far, `(n, V)`."""
        losses = np.zeros((len(lines), len(self.vocabulary)))
        for row, line in zip(losses, lines, strict=True):
            row += self.after(line)
        return losses


@lru_cache(maxsize=1 << 12)
def _losing(vocabulary: Vocabulary, words: UnsuitedWords, under_way: str) -> Ids:
    """Return the tokens that end one of the words where so much of it stands."""
    if not units_of(vocabulary).spells:
        return np.array([at for at, word in enumerate(vocabulary.index2word) if word in words], np.int32)
    ends = np.full(len(vocabulary), under_way in words)
    begin = words.begin_with(under_way)
    for at, letters, last in spelling_tokens(vocabulary):
        ends[at] = begin and last and under_way + letters in words
    return np.flatnonzero(ends).astype(np.int32)
