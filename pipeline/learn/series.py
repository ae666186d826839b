"""The article's time series with a known answer: two dependencies, whose least loss is known in closed form.

x is a fair coin; P(y⟨t⟩ = 1) = ½ + ½·x⟨t−3⟩ − ¼·x⟨t−8⟩ (R2RT, "Recurrent neural networks in TensorFlow", 2016). So the
mean loss says how much was learnt: 0.6616 nats nothing, 0.5192 the lag of 3, 0.4545 both.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, log_softmax
from pipeline.cells.bptt import one_hot
from pipeline.cells.cell import RecurrentLayer
from pipeline.core.errors import Sentence, SettingError
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, SavedArchitecture, Score

NUM_CLASSES = 2
LAGS = (3, 8)
_TIME_STEPS, _STATE_SIZE, _BATCH, _EPOCHS = 10, 16, 200, 6  # of the training
# nats a step, by what is known: see tests/learn/test_series.py
LOSS_FLOORS = {"nothing": 0.6615632381579821, "t-3": 0.5191666997072094, "both": 0.45445436744939044}


@dataclass(frozen=True)
class Series:
    """A series: coins x and results y, int32 (n,), and p (n,), the probability that y = 1 given all coins before."""

    x: Ids
    y: Ids
    p: Array


@dataclass(frozen=True)
class SeriesModel:
    """The trained RNN, and the kernel and bias of its logits."""

    reader: RecurrentLayer
    kernel: Array
    bias: Array
    saved: SavedArchitecture

    def logits(self, x: Ids) -> Array:
        """Return the logits (batch, time, num_classes) of y at each step of the coin tosses x, int (batch, time)."""
        projected = self.reader.project(one_hot(x, NUM_CLASSES).transpose(2, 1, 0).astype(np.float32))
        states, _ = self.reader.run(projected, self.reader.initial_state(len(x)))
        return states.swapaxes(0, 1) @ self.kernel + self.bias


def sample_series(n: int, generator: np.random.Generator) -> Series:
    """Sample n steps: coin tosses x and the y that depend on earlier ones (0 before the first)."""
    x = generator.integers(0, 2, n).astype(np.int32)
    before = [np.concatenate([np.zeros(lag, np.int32), x])[:n] for lag in LAGS]
    p = 0.5 + 0.5 * before[0] - 0.25 * before[1]
    return Series(x, (generator.random(n) < p).astype(np.int32), p)


def cut_batches(x: Ids, y: Ids, batch: int, time_steps: int) -> tuple[Ids, Ids]:
    """Cut x and y into windows, int (windows, batch, time_steps). Row b of a window continues row b of the one before.

    Raise SettingError when the series is too short for one window.
    """
    windows = len(x) // (batch * time_steps)
    if not windows:
        raise SettingError(
            "{count} steps are too few for one window of {batch} × {time_steps}.",
            count=len(x),
            batch=batch,
            time_steps=time_steps,
        )
    shape = (batch, windows, time_steps)
    cut = batch * windows * time_steps
    return x[:cut].reshape(shape).swapaxes(0, 1), y[:cut].reshape(shape).swapaxes(0, 1)


def _open_series_model(saved: SavedArchitecture) -> SeriesModel:
    kernel, bias = saved["logits"]
    return SeriesModel(saved.layer("reader", "rnn"), kernel, bias, saved)


def predictions(model: SeriesModel, series: Series) -> pd.DataFrame:
    """Return a row for each step: t, x, y, probability (of y = 1, by the model), true (the same by the rule), nats."""
    log_p = log_softmax(model.logits(series.x[None])[0], axis=1)
    nats = -log_p[np.arange(len(series.y)), series.y]
    columns = {"x": series.x, "y": series.y, "probability": np.exp(log_p[:, 1]), "true": series.p, "nats": nats}
    return pd.DataFrame({"t": np.arange(len(series.x)), **columns})


def _fit(_: Series, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train on a new series of 400,000 time steps each epoch."""
    from pipeline.networks.teaching_networks import OneHotRNN, Trainer

    generator = np.random.default_rng(1)
    network = OneHotRNN(NUM_CLASSES, _STATE_SIZE, generator)
    trainer, rows, start, number, share = Trainer(network), [], time.monotonic(), 0, 0.0
    for epoch in range(_EPOCHS):
        series, state = sample_series(400_000, generator), trainer.zero_state(_BATCH)
        windows = cut_batches(series.x, series.y, _BATCH, _TIME_STEPS)
        losses: list[float] = []
        for batch_x, batch_y in zip(*windows, strict=True):
            loss, state = trainer.step(batch_x, batch_y, state)
            losses.append(float(loss))
            number += 1
            if number % 25 == 0:
                seconds = time.monotonic() - start
                done = (epoch + len(losses) / len(windows[0])) / _EPOCHS
                share = min(1.0, max(done, seconds / (60 * minutes)))
                figures = {"step": number, "loss": float(np.mean(losses[-25:])), "seconds": round(seconds, 2)}
                rows.append(figures)
                on_step(share, Sentence("step {number}: {loss:.4f} nats", number=number, loss=figures["loss"]), figures)
            if share >= 1:
                break
    vocabulary = Vocabulary.from_counts({"0": 1, "1": 1}, level="char")
    notes = {"time_steps": _TIME_STEPS, "state_size": _STATE_SIZE}
    return FittedNetworks(vocabulary, network.keras_arrays(), pd.DataFrame(rows), notes)


def _score(model: SeriesModel, series: Series) -> tuple[list[Score], dict[str, Any]]:
    nats = predictions(model, series)["nats"].to_numpy()
    reach = 1.96 * nats.std() / np.sqrt(len(nats))
    value = float(nats.mean())
    scores = [
        Score("nats a step", value, value - reach, value + reach, len(nats), 0, name, baseline)
        for name, baseline in (
            ("floor, both lags known", LOSS_FLOORS["both"]),
            ("floor, lag 3 known", LOSS_FLOORS["t-3"]),
            ("nothing learnt", LOSS_FLOORS["nothing"]),
        )
    ]
    return scores, {}


SERIES_ARCHITECTURE = Architecture(
    name="series",
    task="The next value of a binary series with two dependencies (lags 3 and 8), by an RNN written out in TensorFlow.",
    data=lambda _: sample_series(100_000, np.random.default_rng(2)), fit=_fit, open=_open_series_model, score=_score,
)  # fmt: skip
