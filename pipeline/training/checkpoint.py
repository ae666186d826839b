"""Checkpoints of a training, each one file: weights, optimiser, recurrent state, best weights so far, history.

Kept apart from the run's folder (models/.<name>.resume.npz, never shipped). Arrays and JSON only: no pickle. Knows no
TensorFlow: the Keras model that fitting gives is passed on to be saved.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.core.errors import DAMAGED_FILE_ERRORS, RunError, os_errors_as
from pipeline.core.folders import replace_file_atomically
from pipeline.core.translation import mark


@dataclass
class TrainingPosition:
    """The position of a training: updates, epochs, seconds and validations done so far.

    `window` is the next window of `epoch`, `stale` the validations since the best one, `history` one row a validation.
    """

    step: int = 0
    epoch: int = 0
    window: int = 0
    seconds: float = 0.0
    best_bits: float = float("inf")
    stale: int = 0
    finished: bool = False
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass
class Checkpoint:
    """Everything needed to resume a training. Arrays are in Keras's order; `state` is h (and c) of each layer."""

    position: TrainingPosition
    weights: list[Array]
    optimiser: list[Array]
    state: list[Array]
    best: list[Array]


def save_checkpoint(path: Path, checkpoint: Checkpoint, about: dict[str, Any]) -> None:
    """Replace the checkpoint in a file atomically. `about` holds the settings that must be equal to resume.

    Raise RunError when it cannot be written; then the one before is still there.
    """
    arrays = {
        f"{part}{i:03d}": array
        for part in ("weights", "optimiser", "state", "best")
        for i, array in enumerate(getattr(checkpoint, part))
    }
    note = json.dumps({"about": about, "position": asdict(checkpoint.position)})
    unwritten = mark(
        "The checkpoint {path} could not be written ({reason}): the one before it is kept. Make room and resume."
    )
    with os_errors_as(RunError, unwritten, path=path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_file_atomically(path) as draft, draft.open("wb") as file:
            np.savez(file, note=np.frombuffer(note.encode(), np.uint8), **arrays)


def load_checkpoint(path: Path) -> tuple[Checkpoint, dict[str, Any]]:
    """Return (the checkpoint in a file, the settings stored with it). Raise RunError when it is missing or damaged."""
    if not path.is_file():
        raise RunError("There is nothing to resume: {path} does not exist. Start again, without --resume.", path=path)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            note = json.loads(file["note"].tobytes().decode())
            parts = {
                part: [file[name] for name in sorted(file.files) if name.startswith(part)]
                for part in ("weights", "optimiser", "state", "best")
            }
        return Checkpoint(TrainingPosition(**note["position"]), **parts), note["about"]
    except DAMAGED_FILE_ERRORS as error:
        raise RunError(
            "The checkpoint {path} is damaged ({reason}). Start again, without --resume.",
            path=path,
            reason=str(error),
        ) from error


@dataclass(frozen=True)
class FittedModel:
    """A trained Keras model, its best weights on the validation songs, and the position at the end of training.

    `final` are the weights after fine-tuning on the validation songs, when that was asked for.
    """

    model: Any  # keras.Model
    position: TrainingPosition
    windows_per_epoch: int
    final: list[Array] | None = None


class TrainingClock:
    """Measures the seconds of a training. The seconds `before` a resumption are added."""

    def __init__(self, before: float) -> None:
        self._start = time.monotonic() - before
        self._lap = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def lap_seconds(self) -> float:
        now = time.monotonic()
        lap, self._lap = now - self._lap, now
        return max(lap, 1e-9)
