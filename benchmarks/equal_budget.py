"""What a setting of the network is worth: bits a character on validation after the same seconds of processor.

    taskset -c 0 python benchmarks/equal_budget.py songs cell=qrnn units=512 layers=2 dropout=0.25 --minutes 15
    taskset -c 0 python benchmarks/equal_budget.py french.txt.xz --minutes 3 --level subword --entries 1024
    taskset -c 0 python benchmarks/equal_budget.py songs base=base-subword dropout=0.5 --level subword --minutes 10

`songs` are those of the embedded corpus; of a file of prose (`base_of_french.py`) the first 8 million characters are
read, more than these budgets reach. The network trains alone, as `train --kind network` does, but its budget and the
cosine of its rate count seconds of processor, from the second update on (the first one is compiled): other work on the
machine changes nothing but the clock. Settings are those of `TrainSettings`, cells those of `elementwise_cells.py` too.

Prints a line of tab-separated figures. Its bits are of a complete code of the text, so vocabularies compare: a
character that the vocabulary lacks costs its code point besides `<unk>`. (The progress before it counts bits a token,
of as much of the validation text as fills whole windows.)
"""

import argparse
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from base_of_french import RAREST, SHAPES, read_works, split_works
from elementwise_cells import register

from pipeline.cells.replay import NetworkSpec
from pipeline.corpus.prepare import ensure_demo, open_corpus
from pipeline.language.vocabulary import UNK, Ids
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.splits import Split, split_corpus
from pipeline.language_models.units import UNITS, units_of
from pipeline.networks.forward import zero_state
from pipeline.networks.window_loss import window_loss
from pipeline.training import fit as fitting
from pipeline.training.base import open_base, transfer_weights, with_network_of
from pipeline.training.material import lay_out
from pipeline.training.settings import Progress, TrainSettings
from pipeline.training.train import network_spec

MOST = 8_000_000  # characters of a file of prose
HELD_OUT = 150_000  # of its validation works


class ProcessorClock:
    """In the place of `checkpoint.TrainingClock`: seconds of processor since the first update."""

    def __init__(self, before: float) -> None:
        self._start: float | None = None
        self._lap = time.process_time()

    def seconds(self) -> float:
        now = time.process_time()
        if self._start is None:
            self._start = self._lap = now
        return now - self._start

    def lap(self) -> float:
        now = time.process_time()
        lap, self._lap = now - self._lap, now
        return max(lap, 1e-9)


def read_split(source: str) -> Split:
    """Return the texts to train on and to choose by; of prose pieces of works, drawn by their hash."""
    if source == "songs":
        ensure_demo()
        return split_corpus(open_corpus("demo"))
    split = split_works(read_works(Path(source)))
    enough = int(np.searchsorted(np.cumsum([len(text) for text in split.train]), MOST))
    some = int(np.searchsorted(np.cumsum([len(text) for text in split.valid]), HELD_OUT))
    return Split(split.train[:enough], split.valid[: some + 1], ())


def settings_of(args: argparse.Namespace) -> TrainSettings:
    """Return what is asked for; prose is trained on as a base is, songs as `train` does where nothing is said."""
    asked: dict[str, Any] = {name: _value(text) for name, _, text in (pair.partition("=") for pair in args.settings)}
    if args.source != "songs":
        embedding, tied, batch, rate = SHAPES[args.level]
        base = {"embedding": embedding, "tied": tied, "batch": batch, "learning_rate": rate, "time": 50}
        asked = {**base, "dropout": 0.0, "recurrent_dropout": 0.0, **asked}
    defaults = {"minutes": args.minutes, "validations": 4, "patience": 1000, "seed": args.seed}
    return TrainSettings(name="measured", kind="network", level=args.level, **{**defaults, **asked})


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return {"true": True, "false": False}.get(text, text)


def measure(settings: TrainSettings, split: Split, entries: int | None) -> dict[str, Any]:
    """Train, and return the figures of the line."""
    fitting.TrainingClock = ProcessorClock
    register()
    base = open_base(settings.base) if settings.base else None
    settings = with_network_of(settings, base) if base else settings
    units, minimum = UNITS[settings.level], 2 if split.test else RAREST
    if base:
        vocabulary = units.extended(base.vocabulary, split.train)
    else:
        vocabulary = units.vocabulary(split.train, minimum=minimum, limit=entries)
    complete = settings.complete(sum(map(len, split.train)))
    train, valid = (
        [units_of(vocabulary).encode(text, vocabulary) for text in part] for part in (split.train, split.valid)
    )
    spec, speeds = network_spec(complete, len(vocabulary)), []

    def report(progress: Progress, _: object) -> None:
        speeds.append(progress.tokens_per_second)
        print(f"{progress.line()}", flush=True)

    fitted = fitting.fit(
        spec,
        lambda _: train,
        valid,
        complete,
        start=partial(transfer_weights, base, vocabulary) if base else None,
        on_progress=report,
        on_checkpoint=lambda checkpoint: None,
    )
    position, tokens = fitted.position, _length(train)
    characters = sum(map(len, split.train)) / tokens
    bits = bits_of(spec, fitted.model.get_weights(), valid) + CODE_POINT_BITS * sum(
        int((t == UNK).sum()) for t in valid
    )
    return {
        "entries": len(vocabulary),
        "parameters": fitted.model.count_params(),
        "updates": position.step,
        "readings": round(position.step * complete.batch * complete.time / tokens, 2),
        "characters a second": round(float(np.median(speeds)) * characters),
        "bits a character": round(bits / sum(len(text) + 1 for text in split.valid), 4),
    }


def bits_of(spec: NetworkSpec, weights: list[Any], songs: Sequence[Ids]) -> float:
    """Return the bits of all tokens of songs and of their ends: of all but at most 63 of them, and as many as these."""
    whole, bits = lay_out(songs, 64, 1, None), 0.0
    state: list[Any] = zero_state(spec, 64)
    for at in range(0, len(whole), 50):
        x, y = (tokens[:, at : at + 50] for tokens in (whole.x, whole.y))
        loss, state = _loss(spec, weights, x, y, state)
        bits += float(loss) / np.log(2) * x.size
    return bits * _length(songs) / whole.x.size


_loss = tf.function(window_loss)


def _length(songs: Sequence[Ids]) -> int:
    return sum(len(song) + 1 for song in songs)


def main() -> None:
    """Measure one setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="songs, or a file of prose")
    parser.add_argument("settings", nargs="*", metavar="NAME=VALUE")
    parser.add_argument("--minutes", type=float, default=2.0, help="of processor (default 2)")
    parser.add_argument("--level", choices=SHAPES, default="char")
    parser.add_argument("--entries", type=int, help="of the vocabulary, where units have that choice")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_intermixed_args()  # settings may stand after options
    found = measure(settings_of(args), read_split(args.source), args.entries)
    row = {"source": args.source, "level": args.level, "settings": " ".join(args.settings), "minutes": args.minutes}
    print("\t".join(f"{name} {value}" for name, value in {**row, **found}.items()))


if __name__ == "__main__":
    main()
