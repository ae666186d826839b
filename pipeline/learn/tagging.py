"""Bidirectional, second task: is a line of a couplet or of a refrain? Told line by line, knowing the whole song.

Against a left-to-right network of as many parameters, and the majority. What gives a refrain away is that it comes
again, so what stands after a line matters. Lines of other kinds are read but not scored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, softmax
from pipeline.cells.cell import RecurrentLayer
from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import PAD, Ids, Vocabulary
from pipeline.learn.architecture import (
    Architecture,
    FittedNetworks,
    OnStep,
    SavedArchitecture,
    Score,
    f1_score,
    mean_score,
)
from pipeline.learn.labelled_songs import LabelledLine, SplitName, lines_by_split, pad_rows, word_vocabulary

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples

LinesBySplit = Mapping[SplitName, list[LabelledLine]]
TAGS = ("couplet", "refrain")
_LINES, _WORDS = 120, 14  # of a song, of a line, that are read
_EMBEDDING = 16  # wider ones learn 400 songs by heart: 0.43 nats a line on validation with 48, 0.38 with 16
# As many numbers in one GRU from the left as in two of 48: 3·U·(16 + U + 2) = 2·3·48·(16 + 48 + 2).
_UNITS, _UNITS_ALONE = 48, 71


@dataclass(frozen=True)
class TaggingNetwork:
    """embedding (V, E); a line is the mean of its words' vectors; a GRU a side reads the lines."""

    embedding: Array
    left: RecurrentLayer
    right: RecurrentLayer | None
    tags: list[Array]

    def tag_logits(self, words: Ids) -> Array:
        """words int (batch, lines, W) -> logits (batch, lines, tags)."""
        real = words != PAD
        count = real.sum(2)  # (batch, lines)
        x = (self.embedding[words] * real[..., None]).sum(2) / np.maximum(count, 1)[..., None]
        x, written = x.swapaxes(0, 1).astype(np.float32), (count > 0).T
        states = [self.left.run(self.left.project(x), self.left.initial_state(len(words)), written)[0]]
        if self.right is not None:
            start = self.right.initial_state(len(words))
            states.append(self.right.run(self.right.project(x[::-1]), start, written[::-1])[0][::-1])
        kernel, bias = self.tags
        return (np.concatenate(states, axis=2) @ kernel + bias).swapaxes(0, 1)


@dataclass(frozen=True)
class Tagger:
    both: TaggingNetwork
    alone: TaggingNetwork
    vocabulary: Vocabulary
    saved: SavedArchitecture


def _network(saved: SavedArchitecture, prefix: str) -> TaggingNetwork:
    right = saved.layer(f"{prefix}right") if f"{prefix}right" in saved.parts else None
    return TaggingNetwork(saved[f"{prefix}embedding"][0], saved.layer(f"{prefix}left"), right, saved[f"{prefix}tags"])


def tag(model: Tagger, lines: Sequence[str]) -> pd.DataFrame:
    """Columns text, both, left_to_right: the probability of "refrain" for each line of a song, empty lines left out."""
    tagged = [line for line in lines if tokenise(line)][:_LINES]
    if not tagged:
        raise SettingError("There is no line to tag: give the lines of a song.")
    words = pad_rows([model.vocabulary.encode(tokenise(line)) for line in tagged], _WORDS)[None]
    p = {name: softmax(net.tag_logits(words)[0], axis=1)[:, 1] for name, net in _networks(model)}
    return pd.DataFrame({"text": tagged, "both": p["both"], "left_to_right": p["alone"]})


def _networks(model: Tagger) -> list[tuple[str, TaggingNetwork]]:
    return [("both", model.both), ("alone", model.alone)]


def _fit(lines: LinesBySplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train both networks, half of the time each."""
    from pipeline.learn.keras_fit import TrainingTurn, fit_in_turn
    from pipeline.networks.teaching_networks import TaggerSpec, tagger

    vocabulary = word_vocabulary([line.words for line in lines["train"]])
    examples = [_examples(*_encode_songs(part, vocabulary)[:2]) for part in (lines["train"], lines["valid"])]

    def turn(name: str, prefix: str, units: int, bidirectional: bool) -> TrainingTurn:
        sizes = {"vocabulary_size": len(vocabulary), "embedding": _EMBEDDING, "units": units, "tags": len(TAGS)}
        spec = TaggerSpec(**sizes, dropout=0.5, bidirectional=bidirectional)
        return TrainingTurn(1 / 2, name, prefix, lambda _: tagger(spec))

    turns = [
        turn(mark("bidirectional"), "both/", _UNITS, True),
        turn(mark("left to right"), "alone/", _UNITS_ALONE, False),
    ]
    weights, history = fit_in_turn(
        turns, examples, minutes=minutes, on_step=on_step, batch=8, patience=6, learning_rate=2e-3
    )
    return FittedNetworks(vocabulary, weights, history)


def _encode_songs(lines: Sequence[LabelledLine], vocabulary: Vocabulary) -> tuple[Ids, Ids, list[int]]:
    """words (songs, lines, W), tags (songs, lines; -1 where not scored) and the song ids."""
    words, tags, songs = [], [], []
    for song, part in groupby(lines, key=lambda line: line.song):
        own = list(part)[:_LINES]
        rows = pad_rows([vocabulary.encode(line.words) for line in own], _WORDS)
        words.append(np.concatenate([rows, np.full((_LINES - len(own), _WORDS), PAD, np.int32)]))
        marks = [TAGS.index(line.kind) if line.kind in TAGS else -1 for line in own]
        tags.append(marks + [-1] * (_LINES - len(own)))
        songs.append(song)
    return np.stack(words), np.array(tags, np.int32), songs


def _examples(words: Ids, tags: Ids) -> "Examples":
    from pipeline.learn.keras_fit import Examples

    return Examples(words, np.maximum(tags, 0), (tags >= 0).astype(np.float32))


def _score(model: Tagger, lines: LinesBySplit) -> tuple[list[Score], dict[str, Any]]:
    words, tags, songs = _encode_songs(lines["test"], model.vocabulary)
    scored = tags >= 0
    owners = np.repeat(songs, scored.sum(1)).tolist()
    true = tags[scored]
    both, alone = (net.tag_logits(words).argmax(2)[scored] for _, net in _networks(model))
    majority = np.zeros(len(true), int)
    scores = [
        f1_score("macro-F1", owners, true, both, "left to right", alone),
        f1_score("macro-F1", owners, true, both, "majority", majority),
        mean_score("accuracy", owners, both == true, "left to right", alone == true),
        mean_score("accuracy", owners, both == true, "majority", majority == true),
    ]
    return scores, {}


TAGGING_ARCHITECTURE = Architecture(
    name="tagging", task="Couplet or refrain, a line at a time, from both sides of the song.",
    data=lambda open_corpus: lines_by_split(open_corpus()), fit=_fit,
    open=lambda saved: Tagger(_network(saved, "both/"), _network(saved, "alone/"), saved.vocabulary, saved),
    score=_score,
)  # fmt: skip
