"""A theme: words that a text is to be about.

A word of it is worth its weight times `strength` nats to a line (`word_bonus`). Words used before are worth less.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.core.translation import mark
from pipeline.generation.sampling import check_range
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.vocabulary import Vocabulary

STRENGTH = 3.0  # nats
USED = 0.3  # of its worth is left to a word that the text has used


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Words with their weights, 0 to 1; `strength` is what a word of weight 1 is worth, in nats."""

    words: tuple[tuple[str, float], ...]
    strength: float = STRENGTH

    def __post_init__(self) -> None:
        check_range(mark("strength of the theme"), self.strength, 0, 20)
        for _, weight in self.words:
            check_range(mark("weight of a word of the theme"), weight, 0, 1)

    def bonus(self, vocabulary: Vocabulary, used: Collection[str] = ()) -> WordBonus:
        """Return what tokens of a run gain in a line; `used` are words that the text has already."""
        worth = {word: self.strength * weight * (USED if word in used else 1.0) for word, weight in self.words}
        return WordBonus(vocabulary, worth)
