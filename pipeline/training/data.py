"""What a training reads: the songs of a split as tokens, and as (batch, time) windows. Knows nothing of networks.

The songs are laid end to end, the whole is cut into `batch` long rows, and windows are read off the rows from left to
right: row b of a window goes on where row b of the window before ended, so that the state is carried along (truncated
backpropagation through time). Where an input is `<song>`, a song begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.control_tokens import ConditionedSongs, add_control_tokens, control_tokens_of
from pipeline.language_models.splits import Split
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import UNITS, vocabulary_units
from pipeline.training.settings import CompleteSettings


@dataclass(frozen=True)
class Windows:
    """Songs laid out in rows, read window by window: x, y int32 (batch, windows * time); y is x one token later."""

    x: Ids
    y: Ids
    time: int

    def __len__(self) -> int:
        return self.x.shape[1] // self.time

    def __getitem__(self, number: int) -> tuple[Ids, Ids]:
        """Return x and y of one window: both int32 (batch, time)."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        cut = slice(number * self.time, (number + 1) * self.time)
        return self.x[:, cut], self.y[:, cut]

    def __iter__(self) -> Iterator[tuple[Ids, Ids]]:
        return (self[number] for number in range(len(self)))


def make_windows(songs: Sequence[Ids], batch: int, time: int, generator: np.random.Generator | None) -> Windows:
    """Return windows over songs, each between two `<song>`. `generator` shuffles the songs (None: as they are).

    A few tokens at the end fit no window and wait for the next epoch: the order, and a random first token, change.
    """
    order = range(len(songs)) if generator is None else generator.permutation(len(songs))
    border = np.array([SONG], np.int32)
    stream = np.concatenate([border, *(part for i in order for part in (songs[i], border))])
    if generator is not None:
        stream = np.roll(stream[:-1], -int(generator.integers(len(stream) - 1)))
        stream = np.append(stream, stream[0])
    time = max(1, min(time, (len(stream) - 1) // batch))
    columns = (len(stream) - 1) // (batch * time) * time
    if not columns:
        raise ValueError(f"{len(stream) - 1} tokens do not fill {batch} rows")
    x = stream[: batch * columns].reshape(batch, columns)
    y = stream[1 : batch * columns + 1].reshape(batch, columns)
    return Windows(np.ascontiguousarray(x), np.ascontiguousarray(y), time)


_MIN_TRAINING_TOKENS = 100  # tokens to train on


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The token ids of training and validation songs, without `<song>` borders, and their vocabulary."""

    split: Split
    vocabulary: Vocabulary
    train: Sequence[Ids]
    valid: Sequence[Ids]

    @property
    def modelling_units(self) -> Units:
        """The modelling units of the vocabulary: characters, words or sub-words."""
        return vocabulary_units(self.vocabulary)

    @property
    def control_token_count(self) -> int:
        """How many control tokens the vocabulary has."""
        return len(control_tokens_of(self.vocabulary))

    def songs(self, generator: np.random.Generator) -> Sequence[Ids]:
        """Return one epoch's training songs with their control tokens; some control tokens are dropped at random."""
        if not self.control_token_count:
            return self.train
        return self._conditioned_songs.with_control_tokens(generator)

    @cached_property
    def _conditioned_songs(self) -> ConditionedSongs:
        labels = self.split.labels.get("train") or [()] * len(self.train)
        songs = ConditionedSongs.from_conditions(self.train, labels, self.vocabulary)
        if not self.modelling_units.uses_end_words:
            return songs
        return songs.with_word_controls(self.split.train, labels, self.vocabulary, self.modelling_units.phrase_tokens)


def encode_split(split: Split, settings: CompleteSettings, base: Vocabulary | None = None) -> TrainingData:
    """Return the songs of a split as token ids, with their vocabulary. It extends the vocabulary `base`, if given.

    Raise SettingError when there is too little text to train on.
    """
    units = UNITS[settings.level]
    limit = settings.vocabulary_limit
    vocabulary = (
        units.extend_vocabulary(base, split.train, limit=limit) if base else units.vocabulary(split.train, limit=limit)
    )
    if settings.kind != "ngram":
        vocabulary = add_control_tokens(vocabulary, split.labels.get("train", ()), units.uses_end_words)
    train, valid = (
        [vocabulary_units(vocabulary).encode(text, vocabulary) for text in part] for part in (split.train, split.valid)
    )
    if sum(map(len, train)) < _MIN_TRAINING_TOKENS or not sum(map(len, valid)):
        raise SettingError("There is too little text to train on: each part needs at least a few songs.")
    return TrainingData(split, vocabulary, train, valid)
