"""What tricks of training are worth here: bits a character of the validation songs after the same seconds of processor.

    taskset -c 1 python benchmarks/training_tricks.py [NAME …] [--minutes 3] [--units 512]

Each is tried alone, on the network alone and the embedded songs, with the settings that `train` takes otherwise; what a
trick costs is in its budget, which counts seconds of processor (`equal_budget.py`). Prints a line each.

    plain          AdamW, weight decay 0.01, as `train` does
    decay=X        another weight decay (it falls with the rate)
    ema=X          judged by an exponential mean of the weights
    mean=N         judged by the mean of the weights of the last N validations
    halves         two networks of half the parameters and half the budget each, their probabilities averaged
    muon           Muon (Jordan et al. 2024) for the kernels of the cell, AdamW for the rest
    ahead=X        the token after the next is predicted too (Gloeckle et al. 2024), X times the loss of the next
"""

import argparse
from collections.abc import Sequence
from typing import Any

import equal_budget
import keras
import numpy as np
import tensorflow as tf
from equal_budget import ProcessorClock

from pipeline.cells.activations import Array
from pipeline.language_models.splits import Split
from pipeline.language_models.units import UNITS, units_of
from pipeline.networks import scan
from pipeline.networks.forward import forward, hidden_states, output_of, without_some_recurrent_weights
from pipeline.training import fit as fitting
from pipeline.training.fit import _BITS, _Trainer
from pipeline.training.settings import TrainSettings
from pipeline.training.train import network_spec

TRICKS = (
    *("plain", "decay=0", "decay=0.05", "decay=0.2", "ema=0.99", "ema=0.998", "mean=4"),
    *("muon", "ahead=0.3", "halves"),
)
HALF = 352 / 512  # of the units: half the parameters


class _Averaged(_Trainer):
    """Judged by a mean of weights: exponential, of each update, or of the last validations."""

    def __init__(self, *args: Any, share: float = 0.0, last: int = 0) -> None:
        super().__init__(*args)
        self.share, self.last, self.kept = share, last, list[list[Array]]()
        self.mean = self.model.get_weights()

    def _rate(self, share: float) -> float:
        if self.share:  # asked once an update, before it
            share_now = min(self.share, (1 + self.position.step) / (10 + self.position.step))
            for mean, now in zip(self.mean, self.model.get_weights(), strict=True):
                mean += (1 - share_now) * (now - mean)
        return super()._rate(share)

    def _validate(self, train_bits: float, share: float) -> float:
        own = self.model.get_weights()
        if self.last:
            self.kept = [*self.kept, own][-self.last :]
            self.mean = [np.mean(each, axis=0) for each in zip(*self.kept, strict=True)]
        self.model.set_weights(self.mean)
        bits = super()._validate(train_bits, share)
        self.model.set_weights(own)
        return bits


class _Muon(_Trainer):
    """The kernels of the cell are updated by Muon."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.optimiser = keras.optimizers.Muon(
            self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
            adam_weight_decay=self.settings.weight_decay,
            global_clipnorm=self.settings.clip,
            exclude_layers=["logits", "output", "dense"],
        )
        self.optimiser.build(self.model.trainable_variables)


class _Ahead(_Trainer):
    """Learns the token after the next as well, through a square matrix of its own before the shared output."""

    def __init__(self, *args: Any, weight: float) -> None:
        super().__init__(*args)
        self.weight = weight
        self.ahead = keras.Variable(np.eye(self.settings.units, dtype=np.float32), name="ahead")
        self.optimiser = keras.optimizers.AdamW(
            self.settings.learning_rate, weight_decay=self.settings.weight_decay, global_clipnorm=self.settings.clip
        )
        self.optimiser.exclude_from_weight_decay(var_names=["bias", "embeddings", "ahead"])
        self.optimiser.build([*self.model.trainable_variables, self.ahead])

    @tf.function(reduce_retracing=True)
    def _step(self, x: Any, y: Any, state: list[Any], seed: Any) -> tuple[Any, list[Any]]:
        variables = [*self.model.trainable_variables, self.ahead]
        products = scan.fast_products()
        with tf.GradientTape() as tape:
            *own, ahead = [v.value for v in variables]
            weights = without_some_recurrent_weights(self.spec, own, seed)
            hidden, state = hidden_states(self.spec, weights, x, state, seed, products)
            words, bias = output_of(self.spec, weights)
            targets = tf.transpose(y)
            loss = _cross_entropy(hidden, words, bias, targets, products)
            flat = tf.reshape(hidden[:-1], (-1, hidden.shape[-1]))
            later = tf.reshape(scan.product(flat, ahead, products), tf.shape(hidden[:-1]))
            total = loss + self.weight * _cross_entropy(later, words, bias, targets[1:], products)
        gradients = tape.gradient(total, [v.value for v in variables])
        self.optimiser.apply_gradients(zip(map(tf.convert_to_tensor, gradients), variables, strict=True))
        return loss, state


def _cross_entropy(hidden: Any, words: Any, bias: Any, targets: Any, products: Any) -> Any:
    flat = tf.reshape(hidden, (-1, hidden.shape[-1]))
    logits = scan.product(flat, words, products, transpose_b=True) + bias
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(tf.reshape(targets, (-1,)), tf.cast(logits, tf.float32))
    )


def _train(trainer: _Trainer) -> float:
    trainer.run(lambda *_: None, lambda _: None)
    trainer.model.set_weights(trainer.best)
    return trainer.position.best_bits


def _log_probabilities(trainer: _Trainer) -> Array:
    """ln p of each token of the validation songs."""
    state, found = trainer._zeros(len(trainer.valid.x)), []
    weights = [v.value for v in trainer.model.trainable_variables]
    for x, y in trainer.valid:
        logits, state = forward(trainer.spec, weights, x, state)
        found.append(-tf.nn.sparse_softmax_cross_entropy_with_logits(tf.transpose(y), logits).numpy().ravel())
    return np.concatenate(found)


def measure(trick: str, split: Split, minutes: float, units: int) -> tuple[float, int]:
    """Return bits a token, and updates."""
    name, _, value = trick.partition("=")
    halves = name == "halves"
    given: dict[str, Any] = {
        "minutes": minutes / 2 if halves else minutes,
        "units": round(units * (HALF if halves else 1)),
    }
    if name == "decay":
        given["weight_decay"] = float(value)
    vocabulary = UNITS["char"].vocabulary(split.train, minimum=2)
    songs, valid = ([units_of(vocabulary).encode(t, vocabulary) for t in part] for part in (split.train, split.valid))

    def trainer(kind: type[_Trainer] = _Trainer, seed: int = 1, **options: Any) -> _Trainer:
        settings = TrainSettings(name="trick", kind="network", validations=12, patience=1000, seed=seed, **given)
        complete = settings.complete(sum(map(len, split.train)))
        return kind(network_spec(complete, len(vocabulary)), lambda _: songs, valid, complete, **options)

    if halves:
        both = [trainer(seed=seed) for seed in (1, 2)]
        for each in both:
            _train(each)
        told = np.logaddexp(*map(_log_probabilities, both)) - np.log(2)
        return -float(told.mean()) * _BITS, sum(each.position.step for each in both)
    made = {
        "ema": lambda: trainer(_Averaged, share=float(value)),
        "mean": lambda: trainer(_Averaged, last=int(value)),
        "muon": lambda: trainer(_Muon),
        "ahead": lambda: trainer(_Ahead, weight=float(value)),
    }.get(name, trainer)()
    return _train(made), made.position.step


def main(given: Sequence[str] | None = None) -> None:
    """Print a line a trick."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tricks", nargs="*", default=TRICKS, metavar="NAME")
    parser.add_argument("--minutes", type=float, default=3.0, help="of processor (default 3)")
    parser.add_argument("--units", type=int, default=512)
    args = parser.parse_args(given)
    fitting.TrainingClock = ProcessorClock
    fitting._use_a_thread_for_each_half()
    split = equal_budget.read_split("songs")
    for trick in args.tricks:
        bits, updates = measure(trick, split, args.minutes, args.units)
        print(f"{trick:12} {bits:.4f} bits a token, {updates:,} updates", flush=True)


if __name__ == "__main__":
    main()
