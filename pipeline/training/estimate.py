"""What a training will take, before it starts: parameters, disk, speed, how often it reads the songs.

Everything is scaled from a run that was trained before: the speed by the products of a token, and for a run that came
with Seize by what this machine does of them in a second; the disk by the weights and by the characters of the songs.

Knows no TensorFlow. `python -m pipeline.training.estimate` prints how fast this machine multiplies matrices like those
of a training, measured in a second and a half.
"""

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.cells.replay import NetworkSpec
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SPECIALS, UnitLevel
from pipeline.language_models.units import UNITS
from pipeline.processes.jobs import job_environment
from pipeline.runs.run import WEIGHTS, Run
from pipeline.runs.trash import is_shipped

# multiplications a second where shipped runs were trained; 70e9 train at 0.92 of their speed
SHIPPED_MULTIPLICATION_RATE = 75e9
_BATCH, _UNITS = 64, 512  # rows of a product, and what a layer of the shipped networks is wide
_SECONDS, _PATIENCE = 1.5, 20.0
_PRODUCTS_PER_TIMING = 20  # products between two looks at the clock
_TRAIN_SHARE = 0.9  # share of the songs that are trained on
_MIN_TRAINING_SECONDS = 30  # seconds: in the first ones the network is compiled


class TrainingSizes(NamedTuple):
    """Of the training songs."""

    tokens: int
    characters: int
    vocabulary: int


@dataclass(frozen=True)
class TrainedRun:
    """What is known of a run that was trained: its network, speed, and the size of its files in bytes."""

    name: str
    level: str
    network: NetworkSpec
    tokens_per_second: float
    weights: int
    others: int
    characters: int  # of its training songs
    machine: float | None = None  # multiplications a second of the machine that trained it; None: this one


@dataclass(frozen=True)
class Estimate:
    """`epochs`: how often the training songs are read in the budget. `after` names the run that it is scaled from;
    `ratio` is how many times the products of that run's network this one has: far from 1 the speed is a rough guess.
    """

    parameters: int
    bytes: float
    tokens_per_second: float
    epochs: float
    after: str
    ratio: float


def parameter_count(spec: NetworkSpec) -> int:
    """How many numbers a network learns."""
    return sum(math.prod(shape) for shape in spec.shapes())


def multiplication_count(spec: NetworkSpec) -> int:
    """Multiplications of one token read forward: every matrix once but the embedding, which is looked up."""
    embedding, *others = spec.shapes()
    matrices = [shape for shape in others if len(shape) == 2 and shape[0] > 2]  # a GRU's bias has two rows
    return sum(math.prod(shape) for shape in matrices) + spec.tied * math.prod(embedding)


def estimate(
    spec: NetworkSpec,
    level: str,
    *,
    tokens: int,
    characters: int,
    seconds: float,
    runs: Iterable[TrainedRun],
    machine: float = math.nan,
) -> Estimate | None:
    """For training on `tokens` (`characters` of text) for `seconds`; None when nothing comparable was trained yet.

    Scaled from the run of the same level, and the same cell if there is one, whose network is nearest in products.
    `machine`: multiplications a second of this one (`machine_speed`); not a number: as fast as the others were.
    """
    comparable = [run for run in runs if run.level == level]
    if not comparable or not tokens:
        return None
    products_needed = multiplication_count(spec)

    def distance(run: TrainedRun) -> tuple[bool, float]:
        return run.network.cell != spec.cell, abs(math.log(multiplication_count(run.network) / products_needed))

    nearest = min(comparable, key=distance)
    speed = nearest.tokens_per_second * multiplication_count(nearest.network) / products_needed
    if nearest.machine and machine > 0:
        speed *= machine / nearest.machine
    size = parameter_count(spec)
    return Estimate(
        parameters=size,
        bytes=size * nearest.weights / parameter_count(nearest.network)
        + characters * nearest.others / nearest.characters,
        tokens_per_second=speed,
        epochs=speed * seconds / tokens,
        after=nearest.name,
        ratio=products_needed / multiplication_count(nearest.network),
    )


def training_facts(run: Run) -> TrainedRun | None:
    """What is known of a run; None when it was not trained step by step, or too shortly to tell its speed."""
    config = run.config
    try:
        training, settings = config["training"], config["settings"]
        if training["seconds"] < _MIN_TRAINING_SECONDS:
            return None
        weights = (run.folder / WEIGHTS).stat().st_size
        return TrainedRun(
            name=run.name,
            level=run.level,
            network=run.spec,
            tokens_per_second=training["steps"] * settings["batch"] * settings["time"] / training["seconds"],
            weights=weights,
            others=sum(path.stat().st_size for path in run.folder.iterdir()) - weights,
            characters=config["corpus"]["split"]["train"]["characters"],
            machine=SHIPPED_MULTIPLICATION_RATE if is_shipped(run.name) else None,
        )
    except (KeyError, TypeError, ZeroDivisionError, OSError):
        return None


def corpus_sizes(corpus: Corpus, level: UnitLevel) -> TrainingSizes:
    """Of the songs to train on: nine tenths of what is there, and the vocabulary of what was seen at least twice."""
    lines = corpus.texts
    characters = int(lines.str.len().sum()) + len(lines) + len(corpus.sections)
    tokens, kinds = UNITS[level].token_and_type_counts(corpus)
    return TrainingSizes(int(_TRAIN_SHARE * tokens), int(_TRAIN_SHARE * characters), kinds + len(SPECIALS))


def machine_speed(seconds: float = _SECONDS) -> float:
    """Multiplications a second of this machine's cores, in products of 64 x 512 by 512 x 2,048 float32."""
    rows, weights = np.full((_BATCH, _UNITS), 1e-3, np.float32), np.full((_UNITS, 4 * _UNITS), 1e-3, np.float32)
    out = np.empty((_BATCH, 4 * _UNITS), np.float32)
    with threadpool_limits(os.cpu_count()):
        done, gone, start = 0, 0.0, time.perf_counter()
        while gone < seconds:
            for _ in range(_PRODUCTS_PER_TIMING):
                np.matmul(rows, weights, out=out)
            done, gone = done + _PRODUCTS_PER_TIMING, time.perf_counter() - start
    return done * rows.size * weights.shape[1] / gone


def ask_machine_speed() -> float:
    """`machine_speed` in a process of its own, where a training's settings of threads hold; NaN when it fails."""
    try:
        command = [sys.executable, "-m", __name__]
        printed = subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE, env=job_environment())
        return float(printed.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return float("nan")


if __name__ == "__main__":
    print(machine_speed())
