"""Speed of training and of free writing, beside what Keras does alone.

    python benchmarks/speed.py training [--units 384 --batch 32 --time 100]
    python benchmarks/speed.py generation [RUN …]

training    Tokens a second of our step and of plain `model.fit` on the same network. The two take turns, so that
            whatever else the machine does falls on both; the best of each is kept.
generation  Loading, first characters, characters a second; a Keras `predict` loop on the same weights. Each time is
            given twice: on the clock, and of the processor, which other work on the machine disturbs less. Also what
            reading only the end of a long seed changes (Kullback-Leibler divergence of the next token, in bits).
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from pipeline.cells.replay import NetworkSpec
from pipeline.generation.context import encode_seed
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.policy import decoding_policy
from pipeline.generation.writing import write
from pipeline.language_models.protocol import LanguageModel
from pipeline.runs.run import Run, load_run
from pipeline.training.settings import CompleteSettings, TrainSettings

VOCABULARY, ROUNDS, STEPS = 113, 5, 4


def training(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="speed.py training")
    for name, default in (("units", 384), ("batch", 32), ("time", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", choices=["ours", "fit"], help="one side in a process of its own, its threads its own")
    args = parser.parse_args(argv)
    if args.only is None:
        compare(args)
        return
    setting = TrainSettings(
        name="speed", units=args.units, batch=args.batch, time=args.time, dropout=0.0
    ).with_defaults()
    run = ours(setting) if args.only == "ours" else plain_fit(setting)
    run()
    print(args.batch * args.time * STEPS / min(seconds_of(run) for _ in range(ROUNDS)))


def compare(args: argparse.Namespace) -> None:
    """Each side in its own process: they set TensorFlow's threads differently."""
    shape = [f"--{name}={getattr(args, name)}" for name in ("units", "batch", "time")]
    speed: dict[str, float] = {}
    for side in ("fit", "ours", "fit", "ours"):
        out = subprocess.run(
            [sys.executable, __file__, "training", *shape, "--only", side], capture_output=True, text=True, check=True
        )
        speed[side] = max(speed.get(side, 0.0), float(out.stdout.split()[-1]))
    print(f"units {args.units}, batch {args.batch}, time {args.time}")
    print(f"model.fit        {speed['fit']:9,.0f} tokens a second")
    print(f"pipeline.training{speed['ours']:9,.0f} tokens a second, {speed['ours'] / speed['fit']:.2f} times as many")


def seconds_of(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def text(setting: CompleteSettings, steps: int) -> np.ndarray:
    return np.random.default_rng(0).integers(4, VOCABULARY, (setting.batch * steps, setting.time)).astype(np.int32)


def spec(setting: CompleteSettings) -> NetworkSpec:
    names = ("cell", "units", "layers", "embedding", "tied", "dropout")
    return NetworkSpec(**{name: getattr(setting, name) for name in names}, vocabulary_size=VOCABULARY)


def plain_fit(setting: CompleteSettings) -> Callable[[], None]:
    """Keras's own loop on the Keras model."""
    import keras

    from pipeline.networks.language_model import language_model

    model = language_model(spec(setting))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(3e-3, global_clipnorm=1.0), loss)
    x, y = text(setting, STEPS), text(setting, STEPS)
    return lambda: model.fit(x, y, batch_size=setting.batch, verbose=0, shuffle=False) and None


def ours(setting: CompleteSettings) -> Callable[[], None]:
    """The compiled step of `training.fit`."""
    from pipeline.training.fit import _limit_tensorflow_threads, _Trainer

    _limit_tensorflow_threads()
    songs = [text(setting, STEPS).ravel()]
    trainer = _Trainer(spec(setting), lambda _: songs, songs, setting)
    x, y = trainer.windows[0]

    def run() -> None:
        for number in range(STEPS):
            loss, trainer.state = trainer._training_step(
                x, y, trainer.state, np.array([1, number], np.int32), np.float32(0.995)
            )
        float(loss)

    return run


SEED = "J'reviens du"
LONG_SEED = "J'reviens du quartier, la nuit tombe sur la ville\n" * 2000  # 100,000 characters
PREDICTED = 40  # tokens of the Keras loop: each takes a tenth of a second or so

KERAS_LOOP = """
import json, sys, time
import numpy as np
import keras
from pipeline.runs.run import WEIGHTS, load_run
from pipeline.networks import language_model
run = load_run(sys.argv[1])
model = keras.models.load_model(run.folder / WEIGHTS)
tokens = list(range(4, 24))
model.predict(np.array([tokens]), verbose=0)
start, processor = time.perf_counter(), time.process_time()
for _ in range(int(sys.argv[2])):  # as the Keras examples do it: the last 20 tokens, read again for each new one
    logits = model.predict(np.array([tokens[-20:]]), verbose=0)[0, -1]
    tokens.append(int(logits[4:].argmax()) + 4)
print(json.dumps([time.perf_counter() - start, time.process_time() - processor]))
"""


def timed(function, repeats=1):
    """The last result, and the least (clock, processor) seconds of the repeats."""
    clocks, processors = [], []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        result = function()
        clocks.append(time.perf_counter() - clock)
        processors.append(time.process_time() - processor)
    return result, np.array([min(clocks), min(processors)])


def keras_rate(run: str) -> np.ndarray:
    done = subprocess.run(
        [sys.executable, "-c", KERAS_LOOP, run, str(PREDICTED)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    return PREDICTED / np.array(json.loads(done.stdout.splitlines()[-1]))


class Loaded:
    """A run whose player is opened once, as a page keeps it."""

    def __init__(self, run: Run) -> None:
        self.name, self.vocabulary, self._player = run.name, run.vocabulary, run.language_model()
        self.training_corpora, self.training_texts = run.training_corpora, run.training_texts

    def language_model(self) -> LanguageModel:
        return self._player


def memory_divergence(run: Loaded) -> float:
    """Bits by which the next token differs after the end of a long text and after all of it (worst of 5)."""
    model, limit, worst = run.language_model(), decoding_policy(run.vocabulary).seed_limit, 0.0
    text = "".join(write(run, "", LyricSettings(lines=150), 2))
    ids = np.concatenate(([3], encode_seed(text, run.vocabulary).ids))
    for stop in np.linspace(2 * limit, len(ids), 5, dtype=int):
        whole, cut = (
            model.feed_sequences(part[None])[0][0, -1].astype(float) for part in (ids[:stop], ids[stop - limit : stop])
        )
        p, q = (row - np.log(np.exp(row - row.max()).sum()) - row.max() for row in (whole, cut))
        worst = max(worst, float((np.exp(p) * (p - q)).sum() / np.log(2)))
    return worst


def show(label: str, figures: np.ndarray, unit: str = "") -> None:
    print(f"  {label:<44} {figures[0]:>10,.4g} {figures[1]:>10,.4g} {unit}")


def generation(names: Sequence[str]) -> None:
    for name in names:
        print(f"{name:<46} {'clock':>10} {'processor':>10}")
        run, loading = timed(lambda name=name: Loaded(load_run(name)), 3)
        show("loading", loading, "s")
        show("first piece", 1000 * timed(lambda run=run: next(write(run, SEED)), 5)[1], "ms")
        long = timed(lambda run=run: next(write(run, LONG_SEED)), 3)[1]
        show("first piece after a seed of 100,000 characters", 1000 * long, "ms")
        pieces, seconds = timed(lambda run=run: list(write(run, SEED, LyricSettings(lines=60), 1)), 3)
        show("written", sum(map(len, pieces)) / seconds, "characters a second")
        keras = keras_rate(name)
        show("model.predict", keras, "tokens a second")
        show("ratio", len(pieces) / seconds / keras)
        kept = decoding_policy(run.vocabulary).seed_limit
        print(f"  the last {kept} tokens of a text instead of all: {memory_divergence(run):.1e} bits")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["training", *argv]:
            training(argv)
        case ["generation", *names]:
            generation(names or ["demo-char", "demo-word"])
        case _:
            sys.exit(__doc__)
