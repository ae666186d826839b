"""What a training reads: the songs of a split as tokens. Knows nothing of networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.control_tokens import Conditioned, conditions_of, with_conditions
from pipeline.language_models.splits import Split
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import UNITS, units_of
from pipeline.training.settings import CompleteSettings

_LEAST = 100  # tokens to train on


@dataclass(frozen=True, eq=False)
class Material:
    """The songs to learn from and to choose by, each without its borders."""

    split: Split
    vocabulary: Vocabulary
    train: Sequence[Ids]
    valid: Sequence[Ids]

    @property
    def units(self) -> Units:
        """What its tokens are."""
        return units_of(self.vocabulary)

    @property
    def conditions(self) -> int:
        """How many control tokens the vocabulary has."""
        return len(conditions_of(self.vocabulary))

    def songs(self, generator: np.random.Generator) -> Sequence[Ids]:
        """The songs of an epoch, each section conditioned but for what chance leaves out."""
        if not self.conditions:
            return self.train
        return self._conditioned.with_control_tokens(generator)

    @cached_property
    def _conditioned(self) -> Conditioned:
        return Conditioned.of(self.train, self.split.labels["train"], self.vocabulary)


def prepare_material(split: Split, settings: CompleteSettings, base: Vocabulary | None = None) -> Material:
    """Encode the songs, for a network that starts from one with the vocabulary `base`.

    Raises SettingError when they are too few.
    """
    units = UNITS[settings.level]
    limit = settings.vocabulary_limit
    vocabulary = units.extended(base, split.train, limit=limit) if base else units.vocabulary(split.train, limit=limit)
    if settings.kind != "ngram":
        vocabulary = with_conditions(vocabulary, split.labels.get("train", ()))
    train, valid = (
        [units_of(vocabulary).encode(text, vocabulary) for text in part] for part in (split.train, split.valid)
    )
    if sum(map(len, train)) < _LEAST or not sum(map(len, valid)):
        raise SettingError("There is too little text to train on: at least a few songs are needed on each side.")
    return Material(split, vocabulary, train, valid)
