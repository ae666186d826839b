"""What a training will take, before it starts: parameters, speed, how often it reads the songs.

The speed is scaled from a run that was trained before, by the multiplications that a token takes. Knows no TensorFlow.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.cells.replay import NetworkSpec
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SPECIALS, UnitLevel
from pipeline.language_models.units import UNITS
from pipeline.runs.run import Run

_TRAIN_SHARE = 0.9  # share of the songs that are trained on
_MIN_TRAINING_SECONDS = 30  # in the first ones the network is compiled


class TrainingSetSizes(NamedTuple):
    """The size of a training set: its numbers of tokens and characters, and the size of its vocabulary."""

    tokens: int
    characters: int
    vocabulary: int


@dataclass(frozen=True)
class TrainingSpeed:
    """The speed at which a run was trained, and its network: the speed of other networks is scaled from these."""

    name: str
    level: str
    network: NetworkSpec
    tokens_per_second: float


@dataclass(frozen=True)
class TrainingEstimate:
    """The expected speed and number of epochs of a training, estimated from an earlier run named `after`."""

    tokens_per_second: float
    epochs: float
    after: str


def parameter_count(spec: NetworkSpec) -> int:
    """Return the number of weights of a network."""
    return sum(math.prod(shape) for shape in spec.weight_shapes())


def multiplication_count(spec: NetworkSpec) -> int:
    """Return the number of multiplications by which a network reads one token, except the embedding look-up."""
    embedding, *others = spec.weight_shapes()
    matrices = [shape for shape in others if len(shape) == 2 and shape[0] > 2]  # a GRU's bias has two rows
    return sum(math.prod(shape) for shape in matrices) + spec.tied * math.prod(embedding)


def estimate_training(
    spec: NetworkSpec, level: str, *, tokens: int, seconds: float, runs: Iterable[TrainingSpeed]
) -> TrainingEstimate | None:
    """Return the estimated speed and epochs of training on `tokens` for `seconds`. Return None if they are unknown.

    The speed is scaled from the run of the same level, and the same cell if there is one, whose network is nearest in
    multiplications.
    """
    comparable = [run for run in runs if run.level == level]
    if not comparable or not tokens:
        return None
    products = multiplication_count(spec)

    def architecture_difference(run: TrainingSpeed) -> tuple[bool, float]:
        return run.network.cell != spec.cell, abs(math.log(multiplication_count(run.network) / products))

    nearest = min(comparable, key=architecture_difference)
    speed = nearest.tokens_per_second * multiplication_count(nearest.network) / products
    return TrainingEstimate(speed, speed * seconds / tokens, nearest.name)


def training_speed(run: Run) -> TrainingSpeed | None:
    """Return how fast a run was trained. Return None for an n-gram or a training shorter than half a minute."""
    training, settings = run.config.get("training", {}), run.config.get("settings", {})
    if training.get("seconds", 0) < _MIN_TRAINING_SECONDS or not {"batch", "time"} <= settings.keys():
        return None
    tokens = training.get("steps", 0) * settings["batch"] * settings["time"]
    return TrainingSpeed(run.name, run.unit_level, run.spec, tokens / training["seconds"])


def estimate_training_set_sizes(corpus: Corpus, level: UnitLevel) -> TrainingSetSizes:
    """Estimate a corpus's training set: nine tenths of its tokens and characters, and its whole vocabulary."""
    lines = corpus.texts
    characters = int(lines.str.len().sum()) + len(lines) + len(corpus.sections)
    tokens, kinds = UNITS[level].token_and_type_counts(corpus)
    return TrainingSetSizes(int(_TRAIN_SHARE * tokens), int(_TRAIN_SHARE * characters), kinds + len(SPECIALS))
