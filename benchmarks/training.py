"""Training throughput: tokens a second of our step and of plain `model.fit` on the same network, side by side.

    python benchmarks/training.py [--units 384 --batch 32 --time 100]

The two take turns, so that whatever else the machine does falls on both; the best of each is kept.
"""

import argparse
import time
from collections.abc import Callable

import keras
import numpy as np

from pipeline.cells.replay import NetworkSpec
from pipeline.networks.language_model import language_model
from pipeline.training.fit import _Trainer, _use_a_thread_for_each_half
from pipeline.training.settings import TrainSettings

VOCABULARY, ROUNDS, STEPS = 113, 5, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("units", 384), ("batch", 32), ("time", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", choices=["ours", "fit"], help="one side in a process of its own, its threads its own")
    args = parser.parse_args()
    if args.only is None:
        compare(args)
        return
    setting = TrainSettings(name="speed", units=args.units, batch=args.batch, time=args.time, dropout=0.0).complete()
    run = ours(setting) if args.only == "ours" else plain_fit(setting)
    run()
    print(args.batch * args.time * STEPS / min(timed(run) for _ in range(ROUNDS)))


def compare(args: argparse.Namespace) -> None:
    """Each side in its own process: they set TensorFlow's threads differently."""
    import subprocess
    import sys

    shape = [f"--{name}={getattr(args, name)}" for name in ("units", "batch", "time")]
    speed = {}
    for side in ("fit", "ours", "fit", "ours"):
        out = subprocess.run(
            [sys.executable, __file__, *shape, "--only", side], capture_output=True, text=True, check=True
        )
        speed[side] = max(speed.get(side, 0.0), float(out.stdout.split()[-1]))
    print(f"units {args.units}, batch {args.batch}, time {args.time}")
    print(f"model.fit        {speed['fit']:9,.0f} tokens a second")
    print(f"pipeline.training{speed['ours']:9,.0f} tokens a second, {speed['ours'] / speed['fit']:.2f} times as many")


def timed(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def text(setting: TrainSettings, steps: int) -> np.ndarray:
    assert setting.time is not None
    return np.random.default_rng(0).integers(4, VOCABULARY, (setting.batch * steps, setting.time)).astype(np.int32)


def spec(setting: TrainSettings) -> NetworkSpec:
    names = ("cell", "units", "layers", "embedding", "tied", "dropout")
    return NetworkSpec(**{name: getattr(setting, name) for name in names}, vocabulary_size=VOCABULARY)


def plain_fit(setting: TrainSettings) -> Callable[[], None]:
    """Keras's own loop on the Keras model."""
    model = language_model(spec(setting))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(3e-3, global_clipnorm=1.0), loss)
    x, y = text(setting, STEPS), text(setting, STEPS)
    return lambda: model.fit(x, y, batch_size=setting.batch, verbose=0, shuffle=False) and None


def ours(setting: TrainSettings) -> Callable[[], None]:
    """The compiled step of `training.fit`."""
    _use_a_thread_for_each_half()
    songs = [text(setting, STEPS).ravel()]
    trainer = _Trainer(spec(setting), lambda _: songs, songs, setting)
    x, y = trainer.windows[0]

    def run() -> None:
        loss = None
        for number in range(STEPS):
            loss, trainer.state = trainer._step(x, y, trainer.state, np.array([1, number], np.int32))
        float(loss)

    return run


if __name__ == "__main__":
    main()
