"""What fitting gives. Knows no TensorFlow: the Keras model is passed on to be saved."""

from dataclasses import dataclass
from typing import Any

from pipeline.cells.activations import Array
from pipeline.training.checkpoint import Position


@dataclass(frozen=True)
class Fitted:
    """The model with the best weights on validation, and where training ended.

    `final` are the weights after fine-tuning on the validation songs, when that was asked for.
    """

    model: Any  # keras.Model
    position: Position
    windows_per_epoch: int
    final: list[Array] | None = None
