"""Training by Keras within a budget of time: the one module here that runs TensorFlow. Knows arrays; no text."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.core.errors import Sentence
from pipeline.learn.architecture import OnStep

# updates over which the learning rate rises; it then falls to nearly 0 along a cosine of the time
WARM_UP_UPDATES = 100


@dataclass
class Examples:
    """Inputs of a model, its targets, and the weight of each target (0 on padding)."""

    x: Any
    y: Any
    weights: Any


@dataclass
class _FitCallback(keras.callbacks.Callback):
    """Keep the best weights on validation, stop when time is up or nothing improves, and report each epoch."""

    minutes: float
    rate: float
    patience: int
    on_step: OnStep
    quality: Callable[[keras.Model], float] | None
    best: float = float("inf")
    stale: int = 0
    steps: int = 0
    rows: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._start, self._kept = time.monotonic(), None

    @property
    def used_time_share(self) -> float:
        """The share of the time budget that is used up."""
        return min(1.0, (time.monotonic() - self._start) / (60 * self.minutes))

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        if self.quality is not None:  # the start may already be the best
            self.best, self._kept = -self.quality(self.model), self.model.get_weights()

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        # Without a gentle start the states of these small networks saturate at ±1 for good (measured: |h| > 0.99).
        self.steps += 1
        fall = 0.5 * (1 + math.cos(math.pi * self.used_time_share)) + 1e-2
        self.model.optimizer.learning_rate = self.rate * min(1.0, self.steps / WARM_UP_UPDATES) * fall

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        figures = {"epoch": epoch + 1, "train_loss": float(logs["loss"]), "valid_loss": float(logs["val_loss"])}  # type: ignore
        self.rows.append({**figures, "seconds": round(time.monotonic() - self._start, 1)})
        message = Sentence("epoch {epoch}: {train_loss:.4f} nats, validation {valid_loss:.4f}", **figures)
        self.on_step(self.used_time_share, message, figures)
        badness = figures["valid_loss"] if self.quality is None else -self.quality(self.model)
        if badness < self.best:
            self.best, self.stale, self._kept = badness, 0, self.model.get_weights()
        else:
            self.stale += 1
        self.model.stop_training = self.stale > self.patience or self.used_time_share >= 1

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        if self._kept is not None:
            self.model.set_weights(self._kept)


def fit(
    model: keras.Model,
    train: Examples,
    valid: Examples,
    *,
    minutes: float,
    on_step: OnStep,
    learning_rate: float = 2e-3,
    batch: int = 64,
    patience: int = 2,
    epochs: int = 100,
    weight_decay: float = 0.01,
    quality: Callable[[keras.Model], float] | None = None,
) -> pd.DataFrame:
    """Train until validation stops improving or time is up, keep the best weights, and return the history.

    `quality` says how good a model is (more is better) where that is not its validation loss. The loss is the mean
    cross-entropy in nats over the targets whose weight is not 0.
    """
    optimiser = keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay, global_clipnorm=1.0)
    model.compile(optimiser, _losses(model), jit_compile=False)
    watch = _FitCallback(minutes, learning_rate, patience, on_step, quality)
    try:
        model.fit(
            train.x,
            train.y,
            sample_weight=train.weights,
            validation_data=(valid.x, valid.y, valid.weights),
            batch_size=batch,
            epochs=epochs,
            callbacks=[watch],
            verbose=0,
        )
    except KeyboardInterrupt:  # what was best so far is kept
        watch.on_train_end()
    return pd.DataFrame(watch.rows)


@dataclass(frozen=True)
class ScheduledNetwork:
    """One of several networks trained within one time budget: its share of the time, name in messages, weight prefix.

    `build` makes it when its turn comes, given the parts of those before it.
    """

    share: float
    name: str
    prefix: str
    build: Callable[[Mapping[str, list[Array]]], keras.Model]


def fit_in_turn(
    turns: Sequence[ScheduledNetwork], examples: Sequence[Examples], *, minutes: float, on_step: OnStep, **options: Any
) -> tuple[dict[str, list[Array]], pd.DataFrame]:
    """Train networks one after the other on the same examples (train, valid); return their weights and one history.

    `options` are those of `fit`.
    """
    parts: dict[str, list[Array]] = {}
    histories, done = [], 0.0
    for turn in turns:
        model = turn.build(parts)
        report = _overall_progress_reporter(on_step, turn, done)
        history = fit(model, *examples, minutes=minutes * turn.share, on_step=report, **options)
        histories.append(history.assign(network=turn.name))
        parts |= layer_weights(model, prefix=turn.prefix)
        done += turn.share
    return parts, pd.concat(histories)


def _overall_progress_reporter(on_step: OnStep, turn: ScheduledNetwork, done: float) -> OnStep:
    """Return `on_step` for one network, which reports the share done of all networks."""

    def report(share: float, message: str, figures: dict[str, float]) -> None:
        of_network = Sentence("{network}, {message}", network=Sentence(turn.name), message=message)
        on_step(done + share * turn.share, of_network, figures)

    return report


def _losses(model: keras.Model) -> Any:
    def loss() -> keras.losses.Loss:
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")

    return {name: loss() for name in model.output} if isinstance(model.output, dict) else loss()


def layer_weights(model: keras.Model, *, prefix: str = "") -> dict[str, list[Array]]:
    """Return the arrays of each layer that has some, by the layer's name."""
    return {
        prefix + layer.name: [np.asarray(w, np.float32) for w in layer.get_weights()]
        for layer in model.layers
        if layer.weights
    }
