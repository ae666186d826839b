"""What each next token of a line gains by leading to a word, whatever the units: a theme's words are worth so much.

A whole word is worth so many nats, whatever the tokens it takes. A token gains what the best word that the word under
way can still become is worth, in proportion to what of it stands, less what was gained before (potential-based shaping;
Ng, Harada & Russell 1999). So what a wrong beginning gained is lost again, and the odds of a line's first such word are
multiplied by e^worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from pipeline.language.tokens import fold_case, tokenise
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.units import vocabulary_units


@dataclass(frozen=True, eq=False)
class WordBonus:
    """A bonus on logits, in nats, for tokens that lead to words of a theme; none once a line has one of them."""

    vocabulary: Vocabulary
    worth: dict[str, float]
    _cached: dict[str, Any] = field(default_factory=dict)

    def logit_adjustments(self, line: str) -> Any:
        """Return the values `(V,)` to add to the logits after a line so far, or 0.0 for none."""
        if not vocabulary_units(self.vocabulary).spells:
            return 0.0 if self._has_theme_word(tokenise(line)) else self._word_token_gains()
        under_way = word_under_way(line)
        if self._has_theme_word(tokenise(line[: len(line) - len(under_way)])):
            return 0.0
        if under_way not in self._cached:
            self._cached[under_way] = self._spelling_token_gains(under_way)
        return self._cached[under_way]

    def _has_theme_word(self, words: Sequence[str]) -> bool:
        return not self.worth.keys().isdisjoint(words)

    def _word_token_gains(self) -> Any:
        if "" not in self._cached:
            gains = self._cached[""] = np.zeros(len(self.vocabulary))
            for word, worth in self.worth.items():
                if word in self.vocabulary:
                    gains[self.vocabulary.word2index[word]] = worth
        return self._cached[""]

    def _spelling_token_gains(self, under_way: str) -> Any:
        """Return `(V,)`: the nats that each token adds by continuing or ending the unfinished word `under_way`."""
        if not any(word.startswith(under_way) for word in self.worth):
            return 0.0
        before, whole = self._prefix_potential(under_way), under_way in self.worth
        gains = np.full(len(self.vocabulary), 0.0 if whole else -before)
        for at, letters, ends in spelling_tokens(self.vocabulary):
            spelling = under_way + letters
            gains[at] = (self.worth.get(spelling, 0.0) if ends else self._prefix_potential(spelling)) - before
        return gains

    def _prefix_potential(self, beginning: str) -> float:
        """Return the largest product, over words that begin so, of worth in nats and share of letters written."""
        reach = (w * len(beginning) / len(word) for word, w in self.worth.items() if word.startswith(beginning))
        return max(reach, default=0.0) if beginning else 0.0


@lru_cache(maxsize=8)
def spelling_tokens(vocabulary: Vocabulary) -> tuple[tuple[int, str, bool], ...]:
    """Return (id, letters, whether a space ends the word) of each token that continues a word."""
    tokens = ((at, token, token.rstrip(" ")) for token, at in vocabulary.word2index.items())
    return tuple(
        (at, fold_case(letters), letters != token) for at, token, letters in tokens if _is_word_fragment(letters)
    )


def _is_word_fragment(token: str) -> bool:
    """Return whether a token can continue a word: letters, apostrophes and hyphens.

    >>> _is_word_fragment("é"), _is_word_fragment(" "), _is_word_fragment("<line>")
    (True, False, False)
    """
    return bool(token) and all(character.isalpha() or character in "'-" for character in token)


def word_under_way(line: str) -> str:
    """Return the unfinished word at the end of a line, lower-case and without its clitics; "" if there is none.

    >>> word_under_way("La Nui"), word_under_way("l'om"), word_under_way("la nuit ")
    ('nui', 'om', '')
    """
    if not line or not _is_word_fragment(line[-1]):
        return ""
    chunk = fold_case(line).rsplit(" ", 1)[-1]
    words = tokenise(chunk)
    return words[-1] if words and not words[-1].endswith("'") and chunk.endswith(words[-1]) else ""
