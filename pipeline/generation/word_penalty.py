"""What a token loses by ending a word that does not suit what was said before: another gender, another tense.

A word loses so many nats, whatever the tokens it takes, and only where it ends: é goes on to ée at no cost. So the odds
of such a word are divided by e^strength, and nothing is made likelier but what else may stand there.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from pipeline.generation.spelling import space_after
from pipeline.generation.word_bonus import spelling_tokens, word_under_way
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.units import units_of


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
