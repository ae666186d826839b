"""A language model of texts: all that evaluation knows of a run, whatever its kind.

The model scores tokens, the vocabulary cuts a text into them, the complement counts the bits of what they leave out
(`casing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.language.vocabulary import SONG, UNK, Ids, Vocabulary
from pipeline.language_models.cache_model import cache_log_probabilities
from pipeline.language_models.casing import TokenComplement
from pipeline.language_models.control_tokens import ConditionedSongs, SectionConditions
from pipeline.language_models.mixture import mixed_scores
from pipeline.language_models.protocol import Floats, LanguageModel
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import units_of


@dataclass(frozen=True, eq=False)
class TextModel:
    """`cache_weights` (order, 3) say the share of the cache of each song in adaptive scores; None: there are none."""

    model: LanguageModel
    vocabulary: Vocabulary
    complement: TokenComplement
    cache_weights: Floats | None = None

    @property
    def units(self) -> Units:
        """What its tokens are."""
        return units_of(self.vocabulary)

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """Return the tokens of each text: int32[n]."""
        return [self.units.encode(text, self.vocabulary) for text in texts]

    def score(self, songs: Sequence[Ids], labels: Sequence[SectionConditions] = ()) -> list[Floats]:
        """Return natural log p of each token of each song and of the `<song>` after it.

        `labels` condition a model that knows control tokens on those of each section.
        """
        if labels and self.model.control_token_count:
            songs = ConditionedSongs.from_conditions(songs, labels, self.vocabulary).with_control_tokens()
        return self.model.score(songs)

    def adaptive_scores(self, songs: Sequence[Ids], static: Sequence[Floats]) -> list[Floats]:
        """Return static scores interpolated with the cache of each song; as they are without `cache_weights`."""
        if self.cache_weights is None:
            return list(static)
        caches = (cache_log_probabilities(song, self.cache_weights) for song in songs)
        return [mixed_scores(own, rest, share) for (own, share), rest in zip(caches, static, strict=True)]

    def unknown_tokens(self, texts: Sequence[str], songs: Sequence[Ids]) -> list[str]:
        """Return the tokens of texts that the vocabulary lacks."""
        return [
            tokens[at]
            for text, song in zip(texts, songs, strict=True)
            if len(positions := np.flatnonzero(song == UNK)) and (tokens := self.units.tokens(text))
            for at in positions
        ]


def count_words(song: Ids) -> int:
    """Count the tokens that are words, unknown ones included."""
    return int(((song > SONG) | (song == UNK)).sum())
