"""A known answer for encoder and decoder: symbols backwards. Attention has to light the anti-diagonal.

Without attention all symbols must pass through one vector; with it, each can be looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pipeline.cells.activations import Array
from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import LINE, PAD, Ids, Vocabulary
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, SavedArchitecture, Score
from pipeline.learn.seq2seq import Seq2Seq, open_seq2seq, shift_right

SourceAndTarget = tuple[Ids, Ids]  # sources and their targets
SYMBOL_LETTERS = "abcdefghijklmnop"
SHORTEST, LONGEST = 4, 10
SourceChannel = Literal["vector", "attention"]
DOORS: tuple[SourceChannel, ...] = ("attention", "vector")


@dataclass(frozen=True)
class ReversalNetworks:
    """Two networks of the same size, with and without attention, trained on the same examples."""

    attention: Seq2Seq
    vector: Seq2Seq
    saved: SavedArchitecture


@dataclass(frozen=True)
class ReversalResult:
    """A reply with its attention weights `(reply, source)`, and the reply of the network without attention."""

    source: list[str]
    reply: list[str]
    weights: Array
    without_attention: list[str]


def reverse(model: ReversalNetworks, symbols: str) -> ReversalResult:
    """Return the replies of the networks with and without attention. Raise SettingError for symbols that they lack."""
    if not 1 <= len(symbols) <= LONGEST or set(symbols) - set(SYMBOL_LETTERS):
        raise SettingError(
            "Give 1 to {most} of the letters {first} to {last}.",
            most=LONGEST,
            first=SYMBOL_LETTERS[0],
            last=SYMBOL_LETTERS[-1],
        )
    vocabulary = model.saved.vocabulary
    source = vocabulary.encode(symbols)[None]
    read = model.attention.encode(source)
    reply = model.attention.reply(read, LONGEST + 2)
    weights = model.attention.attend(read, shift_right(reply))
    other = model.vector.reply(model.vector.encode(source), LONGEST + 2)
    words, without = (vocabulary.decode(row[0][row[0] != PAD]) for row in (reply, other))
    return ReversalResult(list(symbols), words, weights[0, : len(words)], without)


def random_examples(n: int, generator: np.random.Generator) -> tuple[Ids, Ids]:
    """Return n random sources (n, 10) and targets (n, 11): symbols backwards, then `<line>`; `PAD` on the right."""
    vocabulary = _vocabulary()
    lengths = generator.integers(SHORTEST, LONGEST + 1, n)
    source = generator.integers(LINE + 2, len(vocabulary), (n, LONGEST)).astype(np.int32)
    place = np.arange(LONGEST)
    source[place >= lengths[:, None]] = PAD
    back = np.take_along_axis(source, np.maximum(lengths[:, None] - 1 - place, 0), 1)
    target = np.full((n, LONGEST + 1), PAD, np.int32)
    target[:, :LONGEST][place < lengths[:, None]] = back[place < lengths[:, None]]
    target[np.arange(n), lengths] = LINE
    return source, target


def _example_splits(_: object) -> list[SourceAndTarget]:
    """Return 20,000 examples to train on, 1,000 for validation, 2,000 to score."""
    source, target = random_examples(21_000, np.random.default_rng(1))
    cuts = (slice(20_000), slice(20_000, None))
    return [*((source[cut], target[cut]) for cut in cuts), random_examples(2000, np.random.default_rng(2))]


def exact_matches(network: Seq2Seq, source: Ids, target: Ids) -> Array:
    """Return whether each whole reply, its end included, is the target: bool (n,)."""
    return (network.reply(network.encode(source), target.shape[1]) == target).all(1)


def _fit(pairs: Sequence[SourceAndTarget], minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train both networks on the same examples, half of the time each."""
    from pipeline.learn.keras_fit import Examples, ScheduledNetwork, fit_in_turn
    from pipeline.networks.teaching_networks import Seq2SeqSpec, seq2seq

    vocabulary = _vocabulary()
    parts = [
        Examples([source, shift_right(target)], target, (target != PAD).astype(np.float32))
        for source, target in pairs[:2]
    ]

    def scheduled_network(door: SourceChannel) -> ScheduledNetwork:
        spec = Seq2SeqSpec(vocabulary_size=len(vocabulary), embedding=32, units=64, dropout=0.0, door=door)
        return ScheduledNetwork(1 / 2, door, f"{door}/", lambda _: seq2seq(spec))

    trainings = list(map(scheduled_network, DOORS))
    weights, history = fit_in_turn(
        trainings, parts, minutes=minutes, on_step=on_step, patience=3, epochs=8, learning_rate=4e-3
    )
    return FittedNetworks(vocabulary, weights, history)


def _score(model: ReversalNetworks, pairs: Sequence[SourceAndTarget]) -> tuple[list[Score], dict[str, Any]]:
    from pipeline.analysis.intervals import wilson

    source, target = pairs[-1]
    right = {door: exact_matches(getattr(model, door), source, target) for door in DOORS}
    low, high = wilson(right["attention"].sum(), len(source))
    share, without = float(right["attention"].mean()), float(right["vector"].mean())
    score = Score("whole sequences right", share, float(low), float(high), len(source), 0, "without attention", without)
    return [score], {}


def _vocabulary() -> Vocabulary:
    return Vocabulary.from_counts(dict.fromkeys(SYMBOL_LETTERS, 1), level="char")


REVERSAL_ARCHITECTURE = Architecture(
    name="reversal",
    task=f"Symbols ({SHORTEST} to {LONGEST} of {len(SYMBOL_LETTERS)}) backwards, by an encoder and a decoder.",
    data=_example_splits, fit=_fit, score=_score,
    open=lambda saved: ReversalNetworks(
        open_seq2seq(saved, "attention/"), open_seq2seq(saved, "vector/"), saved
    ),
)  # fmt: skip
