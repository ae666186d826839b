"""Bidirectional: a hidden word of a verse, guessed from the left, from the right, and from both sides.

Against a left-to-right network with as many parameters, and the most frequent word. Two lines are read together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, softmax
from pipeline.cells.cell import RecurrentLayer
from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, PAD, SPECIALS, UNK, Ids, Vocabulary
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, SavedArchitecture, Score, mean_score
from pipeline.learn.labelled_songs import LabelledLine, SplitName, lines_by_split, pad_rows, word_vocabulary

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples

LinesBySplit = Mapping[SplitName, list[LabelledLine]]
SIDES = ("left", "right", "both")
_LINES_PER_TEXT = 2  # lines read as one text
_MAX_TEXT_TOKENS = 30  # tokens of them
# As many numbers in one GRU from the left as in two of 96: 3·U·(64 + U + 2) = 2·3·96·(64 + 96 + 2).
_UNITS, _UNITS_ALONE = 96, 146


@dataclass(frozen=True)
class LeftToRight:
    """A GRU that reads from the left and predicts each next token: embedding (V, E), readout (kernel, bias),
    output bias."""

    embedding: Array
    left: RecurrentLayer
    readout: list[Array]
    bias: Array

    def left_to_right_states(self, tokens: Ids) -> Array:
        """Return the states (batch, T, units) after reading each of the tokens, int (batch, T), from the left."""
        return _run_layer(self.left, self.embedding[tokens.T], tokens.T != PAD)

    def logits(self, tokens: Ids) -> dict[str, Array]:
        """Return side (left, right, both) -> logits (batch, T - 2, V) of tokens 1 … T - 2, given that side of each."""
        return {"left": self._vocabulary_logits(self.left_to_right_states(tokens)[:, :-2])}

    def _vocabulary_logits(self, states: Array) -> Array:
        """Return the logits over the vocabulary from the states around a word."""
        kernel, bias = self.readout
        return np.tanh(states @ kernel + bias) @ self.embedding.T + self.bias


@dataclass(frozen=True)
class Bidirectional(LeftToRight):
    """The network of `LeftToRight`, with a second GRU that reads from the right."""

    right: RecurrentLayer

    def right_to_left_states(self, tokens: Ids) -> Array:
        """Return the states (batch, T, units) after reading each of the tokens, int (batch, T), from the right."""
        backwards = tokens[:, ::-1].T
        return _run_layer(self.right, self.embedding[backwards], backwards != PAD)[:, ::-1]

    def logits(self, tokens: Ids) -> dict[str, Array]:
        before, after = self.left_to_right_states(tokens)[:, :-2], self.right_to_left_states(tokens)[:, 2:]
        nothing = np.zeros_like(before)
        pairs = {"left": (before, nothing), "right": (nothing, after), "both": (before, after)}
        return {side: self._vocabulary_logits(np.concatenate(pair, axis=2)) for side, pair in pairs.items()}


def _run_layer(layer: RecurrentLayer, x: Array, real: Array) -> Array:
    """Return the states (batch, T, units) of a layer that reads x (T, batch, E). Padding leaves the state as it is."""
    states, _ = layer.run(layer.project(x), layer.initial_state(x.shape[1]), real)
    return states.swapaxes(0, 1)


@dataclass(frozen=True)
class ClozeNetworks:
    """The bidirectional network and the left-to-right one with as many parameters."""

    both: Bidirectional
    alone: LeftToRight
    vocabulary: Vocabulary
    saved: SavedArchitecture


def guess_hidden_word(model: ClozeNetworks, text: str, hidden: int, k: int = 5) -> pd.DataFrame:
    """Hide word `hidden` of a text (from 0, with line ends). Return the likeliest words by the left, right or both
    sides.

    Columns side (left, right, both, left-to-right), rank, word, probability. Raise SettingError when there is no such
    word.
    """
    words = [word for line in text.splitlines() if line.strip() for word in (*tokenise(line), SPECIALS[LINE])][:-1]
    if not 0 <= hidden < len(words) or words[hidden] == SPECIALS[LINE]:
        raise SettingError(
            "There is no word number {hidden} in the line: it has {count}.", hidden=hidden, count=len(words)
        )
    tokens = _frame_ids(model.vocabulary.encode(words))[None]
    tokens[0, hidden + 1] = UNK  # nothing reads it; so that nothing could
    logits = model.both.logits(tokens) | {"left-to-right": model.alone.logits(tokens)["left"]}
    rows = []
    for side, z in logits.items():
        p = _word_probabilities(z[0, hidden])
        best = np.argsort(-p)[:k]
        names = model.vocabulary.decode(best)
        rows += [(side, rank, word, float(p[i])) for rank, (i, word) in enumerate(zip(best, names, strict=True), 1)]
    return pd.DataFrame(rows, columns=["side", "rank", "word", "probability"])


def _fit(lines: LinesBySplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train a bidirectional and a left-to-right network, half of the time each."""
    from pipeline.learn.keras_fit import ScheduledNetwork, fit_in_turn
    from pipeline.networks.teaching_networks import ClozeSpec, cloze

    vocabulary = word_vocabulary([line.words for line in lines["train"]], limit=2500)
    examples = [_examples(_texts_between_line_tokens(part, vocabulary)[0]) for part in (lines["train"], lines["valid"])]

    def scheduled_network(name: str, prefix: str, units: int, bidirectional: bool) -> ScheduledNetwork:
        spec = ClozeSpec(
            vocabulary_size=len(vocabulary), embedding=64, units=units, dropout=0.3, bidirectional=bidirectional
        )
        return ScheduledNetwork(1 / 2, name, prefix, lambda _: cloze(spec))

    turns = [
        scheduled_network(mark("bidirectional"), "", _UNITS, True),
        scheduled_network(mark("left-to-right"), "alone/", _UNITS_ALONE, False),
    ]
    weights, history = fit_in_turn(turns, examples, minutes=minutes, on_step=on_step, learning_rate=2e-3)
    return FittedNetworks(vocabulary, weights, history)


def _score(model: ClozeNetworks, lines: LinesBySplit) -> tuple[list[Score], dict[str, Any]]:
    """Top-1 and top-5 over the words of the test songs that the vocabulary knows."""
    texts, songs = _texts_between_line_tokens(lines["test"], model.vocabulary)
    ranks: dict[str, list[Array]] = {name: [] for name in (*SIDES, "left-to-right", "frequent")}
    owners: list[Array] = []
    frequency = np.concatenate([[0] * len(SPECIALS), model.vocabulary.counts[len(SPECIALS) :]]).astype(float)
    for at in range(0, len(texts), 64):
        tokens = pad_rows(texts[at : at + 64])
        targets = tokens[:, 1:-1]
        is_word = targets > LINE + 1  # words, no ends of lines
        logits = model.both.logits(tokens) | {"left-to-right": model.alone.logits(tokens)["left"]}
        for name, z in logits.items():
            ranks[name].append(_rank(z[is_word], targets[is_word]))
        same_for_all = np.broadcast_to(frequency, (int(is_word.sum()), len(frequency)))
        ranks["frequent"].append(_rank(same_for_all, targets[is_word]))
        owners.append(np.repeat(songs[at : at + 64], is_word.sum(1)))
    rank, owner = {name: np.concatenate(parts) for name, parts in ranks.items()}, np.concatenate(owners).tolist()
    scores = [
        mean_score(f"{name}: top-{k}", owner, rank[name] < k, other, rank[other] < k)
        for k in (1, 5)
        for name, other in (("both", "left-to-right"), ("both", "frequent"), ("both", "left"), ("both", "right"))
    ]
    return scores, {}


def _rank(z: Array, targets: Ids) -> Array:
    """Return how many words score higher than the target: z (n, V), targets (n,)."""
    z = np.array(z)
    z[:, : len(SPECIALS)] = -np.inf
    return (z > z[np.arange(len(z)), targets][:, None]).sum(1)


def _word_probabilities(z: Array) -> Array:
    """Return the probabilities (V,) of words at a gap from its logits `z` (V,); special tokens have none."""
    z = np.array(z, float)
    z[: len(SPECIALS)] = -np.inf
    return softmax(z)


def _texts_between_line_tokens(lines: list[LabelledLine], vocabulary: Vocabulary) -> tuple[list[Ids], list[int]]:
    """Return texts of two lines of a section each, with `<line>` at both ends, and the song of each."""
    texts, songs, at = [], [], 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and stop < at + _LINES_PER_TEXT and lines[stop].section == lines[at].section:
            stop += 1
        words = [word for line in lines[at:stop] for word in (*line.words, SPECIALS[LINE])][:-1]
        texts.append(_frame_ids(vocabulary.encode(words[:_MAX_TEXT_TOKENS])))
        songs.append(lines[at].song)
        at = stop
    return texts, songs


def _frame_ids(ids: Ids) -> Ids:
    return np.concatenate([[LINE], ids, [LINE]]).astype(np.int32)


def _examples(texts: list[Ids]) -> "Examples":
    from pipeline.learn.keras_fit import Examples

    tokens = pad_rows(texts, _MAX_TEXT_TOKENS + 2)
    targets = tokens[:, 1:-1]
    weights = ((targets != PAD) & (tokens[:, 2:] != PAD)).astype(np.float32)  # the frame is no target
    return Examples(tokens, targets, weights)


def open_left_to_right(saved: SavedArchitecture, prefix: str = "") -> LeftToRight:
    """Return the network whose weights are saved under names with this prefix. Raise RunError if some are missing."""
    left, readout = saved.layer(f"{prefix}left"), saved[f"{prefix}readout"]
    return LeftToRight(saved[f"{prefix}embedding"][0], left, readout, saved[f"{prefix}logits"][0])


def open_bidirectional(saved: SavedArchitecture) -> Bidirectional:
    """Return the network that reads from both sides. Raise RunError when a part of it is missing."""
    return Bidirectional(**vars(open_left_to_right(saved)), right=saved.layer("right"))


def _open_cloze_networks(saved: SavedArchitecture) -> ClozeNetworks:
    return ClozeNetworks(open_bidirectional(saved), open_left_to_right(saved, "alone/"), saved.vocabulary, saved)


CLOZE_ARCHITECTURE = Architecture(
    name="cloze",
    task="A hidden word of a verse from both sides, against left to right with as many parameters.",
    data=lambda open_corpus: lines_by_split(open_corpus()),
    fit=_fit,
    open=_open_cloze_networks,
    score=_score,
)
