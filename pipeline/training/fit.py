"""The training loop, the one part of training that runs TensorFlow. Knows tokens and weights; no text, no files.

One compiled step: tokens -> look-up of the first layer's projection -> `networks.scan` -> loss -> gradients, clipped by
their global norm -> AdamW. The learning rate falls along a cosine to zero at the end of the budget.

The rows of a batch are read in two halves that know nothing of each other until their gradients are added, each by one
thread: a recurrence is a chain of small products, and two threads that share each of them mostly wait for one another.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array
from pipeline.cells.replay import NetworkSpec
from pipeline.language.vocabulary import Ids
from pipeline.networks.forward import drop_recurrent_weights, split_batch, window_loss, zero_state
from pipeline.networks.language_model import language_model
from pipeline.training.checkpoint import Checkpoint, FittedModel, TrainingClock, TrainingPosition
from pipeline.training.data import Windows, make_windows
from pipeline.training.settings import CompleteSettings, TrainingProgress, ema_decay

EpochSongs = Callable[[np.random.Generator], Sequence[Ids]]
_BATCH_PARTS = 2  # a constant, not the number of cores: the same seed gives the same run on any machine
FINE_TUNING_BUDGET_SHARE = 0.12  # share of the budget
FINE_TUNING_RATE_FACTOR = 0.3  # of the learning rate
_WARM_UP = 100  # updates over which the learning rate rises
# tokens learnt from for each one that a validation reads: a tenth of the time, whatever the clock says
_TRAIN_TO_VALID_RATIO = 5
_QUICK_VALIDATION_TOKENS = 5000  # tokens that a validation reads in no time
_BITS_PER_NAT = 1 / math.log(2)


def fit(
    spec: NetworkSpec,
    train: EpochSongs,
    valid: Sequence[Ids],
    settings: CompleteSettings,
    *,
    resume: Checkpoint | None = None,
    initial_weights: Callable[[Sequence[Array]], Sequence[Array]] | None = None,
    fine_tune: bool = False,
    on_progress: Callable[[TrainingProgress, Sequence[Array]], None],
    on_checkpoint: Callable[[Checkpoint], None],
) -> FittedModel:
    """Train a network on songs (token ids without borders). Return it with its best weights on the validation songs.

    `train` gives the songs of an epoch, with their control tokens (`language_models.control_tokens`). The last
    `spec.conditions` tokens of the vocabulary are read and never have to be predicted.

    With `fine_tune` the last `FINE_TUNING_BUDGET_SHARE` of the budget goes to learning from the validation songs as
    well, slowly, from the best weights on: they have done their part, and of a text cut in two they are nearest to what
    follows.

    `initial_weights` gives the weights to begin with for those of a fresh network.

    `on_progress` is given where training stands and the best weights so far (none before the first validation).
    Ctrl-C ends training early and keeps the best so far.
    """
    _limit_tensorflow_threads()
    trainer = _Trainer(spec, train, valid, settings, until=1 - FINE_TUNING_BUDGET_SHARE if fine_tune else 1.0)
    final = None
    if initial_weights is not None:
        trainer.model.set_weights(initial_weights(trainer.model.get_weights()))
    if resume is not None:
        trainer.restore_checkpoint(resume)
    try:
        trainer.train_until_budget_spent(on_progress, on_checkpoint)
    except KeyboardInterrupt:
        if not trainer.best:
            raise
        fine_tune = False
    windows = len(trainer.windows)
    trainer.model.set_weights(trainer.best)
    if fine_tune:
        trainer.fine_tune(lambda generator: [*train(generator), *valid])
        final = trainer.model.get_weights()
        trainer.model.set_weights(trainer.best)
    return FittedModel(trainer.model, trainer.position, windows, final)


class _Trainer:
    """A training in progress: the Keras model, its optimiser and the position in the data."""

    def __init__(
        self, spec: NetworkSpec, train: EpochSongs, valid: Sequence[Ids], settings: CompleteSettings, until: float = 1.0
    ) -> None:
        self.spec, self.settings, self.train, self.until = spec, settings, train, until
        self.model = language_model(spec, settings.seed)
        self.optimiser = keras.optimizers.AdamW(
            settings.learning_rate,
            weight_decay=settings.weight_decay,
            global_clipnorm=settings.clip,
        )
        self.optimiser.exclude_from_weight_decay(var_names=["bias", "embeddings"])
        self.optimiser.build(self.model.trainable_variables)
        self.averages = [tf.Variable(v.value) for v in self.model.trainable_variables] if settings.averaging else []
        self.position = TrainingPosition()
        self.best: list[Array] = []
        tokens = sum(map(len, train(np.random.default_rng(0))))
        self.batch = min(settings.batch, max(1, tokens // 8))
        self.state = zero_state(self.spec, self.batch)
        self.windows = self._epoch_windows()
        self.valid = make_windows(valid, max(1, min(settings.batch, sum(map(len, valid)) // 200)), settings.time, None)

    def _epoch_windows(self) -> Windows:
        generator = np.random.default_rng((self.settings.seed, self.position.epoch))
        return make_windows(self.train(generator), self.batch, self.settings.time, generator)

    def restore_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Set weights, optimiser, state and position as in a checkpoint."""
        self.model.set_weights(checkpoint.weights)
        for variable, value in zip((*self.optimiser.variables, *self.averages), checkpoint.optimiser, strict=True):
            variable.assign(value)
        self.state, self.best, self.position = checkpoint.state, checkpoint.best, checkpoint.position
        self.position.finished = self._budget_share(self.position.seconds) >= 1  # nothing left of this budget
        self.windows = self._epoch_windows()

    def make_checkpoint(self) -> Checkpoint:
        optimiser = [np.asarray(variable) for variable in (*self.optimiser.variables, *self.averages)]
        state = [np.asarray(part) for part in self.state]
        return Checkpoint(self.position, self.model.get_weights(), optimiser, state, self.best)

    def train_until_budget_spent(
        self,
        on_progress: Callable[[TrainingProgress, Sequence[Array]], None],
        on_checkpoint: Callable[[Checkpoint], None],
    ) -> None:
        """Train until the budget is spent or validation no longer improves. Report and save on the way."""
        position, settings = self.position, self.settings
        clock = TrainingClock(position.seconds)
        losses: list[Any] = []
        every = 1 / settings.validations
        next_check = (math.floor(self._budget_share(position.seconds) / every) + 1) * every
        while not position.finished:
            if position.window == len(self.windows):
                position.epoch, position.window, self.state = position.epoch + 1, 0, zero_state(self.spec, self.batch)
                self.windows = self._epoch_windows()
            x, y = self.windows[position.window]
            self.optimiser.learning_rate = self._learning_rate(self._budget_share(position.seconds))
            seed = np.array([settings.seed, position.step], np.int32)
            averaging = np.float32(ema_decay(position.step, settings.averaging))
            loss, self.state = self._training_step(x, y, self.state, seed, averaging)
            losses.append(loss)
            position.step, position.window, position.seconds = position.step + 1, position.window + 1, clock.seconds()
            share = self._budget_share(position.seconds)
            due = share >= 1 or (share >= next_check and self._is_validation_worthwhile())
            if not due and position.step % 50:
                continue
            bits = float(np.mean(losses)) * _BITS_PER_NAT
            speed = len(losses) * x.size / clock.lap_seconds()
            losses.clear()
            valid = None
            if due:
                next_check = (math.floor(share / every) + 1) * every
                valid = self._validate(bits, share)
                position.seconds = clock.seconds()
                clock.lap_seconds()
                on_checkpoint(self.make_checkpoint())
            left = position.seconds * (1 - share) / max(share, 1e-9)
            epoch = position.epoch + position.window / len(self.windows)
            best = position.best_bits if position.history else None
            step = TrainingProgress(position.step, epoch, position.seconds, max(0.0, left), bits, valid, best, speed)
            on_progress(step, self.best)

    def fine_tune(self, songs: EpochSongs) -> None:
        """Train on these songs for the rest of the budget, at `FINE_TUNING_RATE_FACTOR` of the learning rate."""
        windows = make_windows(songs(np.random.default_rng(0)), self.batch, self.settings.time, None)
        state, start, step, share = zero_state(self.spec, self.batch), time.monotonic(), 0, 0.0
        while share < 1:
            self.optimiser.learning_rate = (
                self.settings.learning_rate * FINE_TUNING_RATE_FACTOR * 0.5 * (1 + math.cos(math.pi * share))
            )
            number = step % len(windows)
            state = zero_state(self.spec, self.batch) if not number else state
            seed = np.array([self.settings.seed, self.position.step + step], np.int32)
            _, state = self._training_step(*windows[number], state, seed, np.float32(0))
            step += 1
            if self.settings.steps is not None:
                share = step / max(1, round((1 - self.until) * self.settings.steps))
            else:
                share = (time.monotonic() - start) / (60 * (1 - self.until) * self.settings.minutes)

    def _budget_share(self, seconds: float) -> float:
        """Return the share (0 to 1) of the budget, in updates or minutes, that is spent."""
        if self.settings.steps is not None:
            return min(1.0, self.position.step / max(1, round(self.until * self.settings.steps)))
        return min(1.0, seconds / (60 * self.until * self.settings.minutes))

    def _is_validation_worthwhile(self) -> bool:
        """Return whether enough was read since the last validation: another must take at most a tenth of the time."""
        last = int(self.position.history[-1]["step"]) if self.position.history else 0
        read, size = (self.position.step - last) * self.batch * self.windows.time, self.valid.x.size
        return size <= _QUICK_VALIDATION_TOKENS or read >= _TRAIN_TO_VALID_RATIO * size

    def _learning_rate(self, share: float) -> float:
        warm = min(1.0, (self.position.step + 1) / _WARM_UP)
        return self.settings.learning_rate * warm * (0.5 * (1 + math.cos(math.pi * share)) + 1e-3)

    def _validate(self, train_bits: float, share: float) -> float:
        """Return the bits per token on the validation songs. Keep the weights if they are the best so far.

        Where weights are averaged, the average is what is judged and kept; training goes on from the weights.
        """
        position, state, losses = self.position, zero_state(self.spec, len(self.valid.x)), []
        weights = self.model.get_weights()
        if self.averages:
            self.model.set_weights([average.numpy() for average in self.averages])
        for x, y in self.valid:
            loss, state = self._validation_step(x, y, state)
            losses.append(loss)
        bits = float(np.mean(losses)) * _BITS_PER_NAT
        position.history.append(
            {"step": position.step, "seconds": round(position.seconds, 1), "train_bits": train_bits, "valid_bits": bits}
        )
        if bits < position.best_bits or not self.best:
            position.best_bits, position.stale, self.best = bits, 0, self.model.get_weights()
        else:
            position.stale += 1
        self.model.set_weights(weights)
        position.finished = share >= 1 or position.stale >= self.settings.patience
        return bits

    @tf.function(reduce_retracing=True)
    def _training_step(self, x: Any, y: Any, state: list[Any], seed: Any, averaging: Any) -> tuple[Any, list[Any]]:
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            weights = drop_recurrent_weights(self.spec, [v.value for v in variables], seed)
            halves = [
                window_loss(self.spec, weights, *part, tf.add(seed, [0, 1 << 20]) if i else seed)
                for i, part in enumerate(split_batch(x, y, state, _BATCH_PARTS))
            ]
            loss = tf.add_n([half for half, _ in halves]) / len(halves)
        state = [tf.concat(parts, 0) for parts in zip(*(after for _, after in halves), strict=True)]
        gradients = tape.gradient(loss, [v.value for v in variables])
        self.optimiser.apply_gradients(zip(map(tf.convert_to_tensor, gradients), variables, strict=True))
        for average, variable in zip(self.averages, variables if self.averages else (), strict=True):
            average.assign(averaging * average + (1 - averaging) * variable.value)
        return loss, state

    @tf.function(reduce_retracing=True)
    def _validation_step(self, x: Any, y: Any, state: list[Any]) -> tuple[Any, list[Any]]:
        """Return the mean loss of a window in nats, and the state after it. The weights stay the same."""
        weights = [v.value for v in self.model.trainable_variables]
        halves = [window_loss(self.spec, weights, *part) for part in split_batch(x, y, state, _BATCH_PARTS)]
        state = [tf.concat(parts, 0) for parts in zip(*(after for _, after in halves), strict=True)]
        return tf.add_n([half for half, _ in halves]) / len(halves), state


def _limit_tensorflow_threads() -> None:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(_BATCH_PARTS)
    except RuntimeError:  # something ran before: the threads are as they are, training is only slower
        pass
