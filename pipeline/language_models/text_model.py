"""A language model of texts: all that evaluation knows of a run, whatever its kind.

The model scores tokens, the vocabulary cuts a text into them, the tokenisation loss counts the bits that they leave out
(`casing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.language.vocabulary import UNK, Ids, Vocabulary
from pipeline.language_models.cache_model import cache_log_probabilities
from pipeline.language_models.casing import UnmodelledTextBits
from pipeline.language_models.control_tokens import ConditionedSongs, SectionConditions
from pipeline.language_models.mixture import mixed_scores
from pipeline.language_models.protocol import Floats, LanguageModel
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import vocabulary_units


@dataclass(frozen=True, eq=False)
class TextModel:
    """A language model with all that scoring texts needs: its vocabulary, and the bits for spelling, case and spaces.

    cache_weights  (order, 3), the weights of the cache of each song in adaptive scores; None: there are no such scores
    """

    model: LanguageModel
    vocabulary: Vocabulary
    spelling_and_casing_bits: UnmodelledTextBits
    cache_weights: Floats | None = None

    @property
    def modelling_units(self) -> Units:
        """The modelling units of its vocabulary: characters, words or sub-words."""
        return vocabulary_units(self.vocabulary)

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """Return the token ids of each text: int32 (n,)."""
        return [self.modelling_units.encode(text, self.vocabulary) for text in texts]

    def score(self, songs: Sequence[Ids], labels: Sequence[SectionConditions] = ()) -> list[Floats]:
        """Return natural log p of each token of each song and of the `<song>` after it.

        labels: the control tokens of each section of each song, for a model that knows them
        """
        if labels and self.model.control_token_count:
            songs = ConditionedSongs.from_conditions(songs, labels, self.vocabulary).with_control_tokens()
        return self.model.score(songs)

    def adaptive_scores(self, songs: Sequence[Ids], static: Sequence[Floats]) -> list[Floats]:
        """Return scores of songs (natural log p) mixed with each song's cache; unchanged without `cache_weights`."""
        if self.cache_weights is None:
            return list(static)
        caches = (cache_log_probabilities(song, self.cache_weights) for song in songs)
        return [mixed_scores(own, rest, share) for (own, share), rest in zip(caches, static, strict=True)]

    def unknown_tokens(self, texts: Sequence[str], songs: Sequence[Ids]) -> list[str]:
        """Return the tokens of texts that the vocabulary lacks, in order."""
        return [
            tokens[at]
            for text, song in zip(texts, songs, strict=True)
            if len(positions := np.flatnonzero(song == UNK)) and (tokens := self.modelling_units.tokenise(text))
            for at in positions
        ]
