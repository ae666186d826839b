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


class TrainingSizes(NamedTuple):
    """Of the training songs."""

    tokens: int
    characters: int
    vocabulary: int


@dataclass(frozen=True)
class TrainedRun:
    """A run that was trained: its network and its speed."""

    name: str
    level: str
    network: NetworkSpec
    tokens_per_second: float


@dataclass(frozen=True)
class Estimate:
    """`epochs`: how often the training songs are read in the budget. `after`: the run that the speed is scaled from."""

    tokens_per_second: float
    epochs: float
    after: str


def parameter_count(spec: NetworkSpec) -> int:
    """Return how many numbers a network learns."""
    return sum(math.prod(shape) for shape in spec.shapes())


def multiplication_count(spec: NetworkSpec) -> int:
    """Return the multiplications of one token read forward: every matrix once but the embedding, which is looked up."""
    embedding, *others = spec.shapes()
    matrices = [shape for shape in others if len(shape) == 2 and shape[0] > 2]  # a GRU's bias has two rows
    return sum(math.prod(shape) for shape in matrices) + spec.tied * math.prod(embedding)


def estimate(
    spec: NetworkSpec, level: str, *, tokens: int, seconds: float, runs: Iterable[TrainedRun]
) -> Estimate | None:
    """Estimate a training on so many tokens for so many seconds; None when nothing comparable was trained yet.

    The speed is scaled from the run of the same level, and the same cell if there is one, whose network is nearest in
    multiplications.
    """
    comparable = [run for run in runs if run.level == level]
    if not comparable or not tokens:
        return None
    products = multiplication_count(spec)

    def distance(run: TrainedRun) -> tuple[bool, float]:
        return run.network.cell != spec.cell, abs(math.log(multiplication_count(run.network) / products))

    nearest = min(comparable, key=distance)
    speed = nearest.tokens_per_second * multiplication_count(nearest.network) / products
    return Estimate(speed, speed * seconds / tokens, nearest.name)


def training_facts(run: Run) -> TrainedRun | None:
    """Return the network and the speed of a run; None when it was not trained step by step, or too shortly to tell."""
    training, settings = run.config.get("training", {}), run.config.get("settings", {})
    if training.get("seconds", 0) < _MIN_TRAINING_SECONDS or not {"batch", "time"} <= settings.keys():
        return None
    tokens = training.get("steps", 0) * settings["batch"] * settings["time"]
    return TrainedRun(run.name, run.level, run.spec, tokens / training["seconds"])


def corpus_sizes(corpus: Corpus, level: UnitLevel) -> TrainingSizes:
    """Count the songs to train on: nine tenths of what is there, and the tokens that were seen at least twice."""
    lines = corpus.texts
    characters = int(lines.str.len().sum()) + len(lines) + len(corpus.sections)
    tokens, kinds = UNITS[level].token_and_type_counts(corpus)
    return TrainingSizes(int(_TRAIN_SHARE * tokens), int(_TRAIN_SHARE * characters), kinds + len(SPECIALS))
