"""How good a network is after how many songs, with and without a base: bits a character on the same held-out songs.

    python benchmarks/amount_of_lyrics.py --songs 30 60 100 --minutes 1.5 [--base base-char]

Draws so many of the embedded songs to learn from; those that choose and those that judge stay. Prints, of each number
of songs, what the best Kneser-Ney needs, a network from scratch, and one that starts from the base.
"""

import argparse
import dataclasses
import tempfile
from collections.abc import Sequence
from unittest import mock

import numpy as np

from pipeline.corpus.prepare import ensure_demo, open_corpus
from pipeline.language_models.splits import Split, split_corpus
from pipeline.runs.run import Run
from pipeline.training.base import level_of
from pipeline.training.settings import TrainSettings
from pipeline.training.test_report import character_baseline
from pipeline.training.train import learn


def some_songs(split: Split, songs: int) -> Split:
    """Return the split with so many of its songs to learn from, always the same."""
    order = np.random.default_rng(0).permutation(len(split.train))[:songs]
    labels = {**split.labels, "train": tuple(split.labels["train"][at] for at in order)}
    return dataclasses.replace(split, train=tuple(split.train[at] for at in order), labels=labels)


def trained(split: Split, minutes: float, base: str | None) -> Run:
    """Train a network alone, where nothing is kept."""
    settings = TrainSettings(name="measured", kind="network", level=level_of(base), minutes=minutes, base=base)
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict("os.environ", {"SEIZE_HOME": folder}):
        return learn(split, settings, {"name": "demo"})


def row(split: Split, minutes: float, base: str | None) -> list[str]:
    """Return the cells of one training: validation, test, updates, readings."""
    run = trained(split, minutes, base)
    bits = [f"{run.scores[side]['bits_per_char']:.4f}" for side in ("valid", "test")]
    return [*bits, f"{run.config['training']['steps']:,}", f"{run.config['training']['epochs']:.1f}"]


def show(songs: int, label: str, cells: Sequence[str]) -> None:
    """Print a row."""
    print(f"{songs:>6}  {label:<14}" + "".join(f"{cell:>10}" for cell in cells), flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, nargs="+", default=[30, 60, 100])
    parser.add_argument("--minutes", type=float, default=1.5)
    parser.add_argument("--base", default="base-char")
    args = parser.parse_args()
    ensure_demo()
    whole = split_corpus(open_corpus("demo"))
    print(f" songs  {'network':<14}" + "".join(f"{head:>10}" for head in ("valid", "test", "updates", "readings")))
    for songs in args.songs:
        split = some_songs(whole, songs)
        best = character_baseline(split).per_char()
        show(songs, "none (n-gram)", [f"{best[side]:.4f}" for side in ("valid", "test")])
        for base in (None, args.base):
            show(songs, base or "from scratch", row(split, args.minutes, base))


if __name__ == "__main__":
    main()
