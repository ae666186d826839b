"""Encoder and decoder on the corpus: a line -> the next line of its section; through one vector, or with attention.

Against the same decoder without a source. What the line before tells of the next one is little, so gains are small:
they are measured in nats a word, on test songs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, log_softmax
from pipeline.core.errors import SettingError
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, PAD, Ids, Vocabulary
from pipeline.learn.architecture import (
    Architecture,
    FittedNetworks,
    OnStep,
    SavedArchitecture,
    Score,
    Weights,
    mean_score,
)
from pipeline.learn.labelled_songs import LabelledLine, SplitName, lines_by_split, pad_rows, word_vocabulary
from pipeline.learn.seq2seq import Seq2Seq, log_p, open_seq2seq, shift_right

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples

LinesBySplit = Mapping[SplitName, list[LabelledLine]]
SourceChannel = Literal["vector", "attention"]
OptionalSourceChannel = Literal["none", "vector", "attention"]
DOORS: tuple[OptionalSourceChannel, ...] = ("none", "vector", "attention")
_SHARED_DECODER_PREFIX = "taught/"  # prefix of the decoder that all three go on from
_DECODER = ("embedding", "decoder", "readout", "logits")  # its parts
MAX_WORDS = 16  # words of a line that are read or written


@dataclass(frozen=True)
class Replies:
    """The three networks, of the same size but for their doors."""

    networks: dict[str, Seq2Seq]
    vocabulary: Vocabulary
    saved: SavedArchitecture


@dataclass(frozen=True)
class Reply:
    """A line and its reply. `reply` ends with `<line>`; log_p (reply,) natural.

    vector (units,): the encoder's last state, all that passes without attention. weights (reply, source), rows sum to
    1, and entropy (reply,) in nats are None without attention.
    """

    source: list[str]
    reply: list[str]
    log_p: Array
    vector: Array
    weights: Array | None
    entropy: Array | None


def reply_to(model: Replies, line: str, door: SourceChannel = "attention") -> Reply:
    """The likeliest next line. Raises SettingError when the line has no word."""
    network, source = model.networks[door], _encode_source_line(model, line)
    reply = network.reply(network.encode(source), MAX_WORDS + 1)
    return _explain_reply(model, network, source, reply)


def gain_by_source_length(model: Replies) -> pd.DataFrame:
    """What the source gains on test songs by its length: columns door, words, lines, gain (nats a word)."""
    return pd.DataFrame(model.saved.notes["by_length"])


def _encode_source_line(model: Replies, line: str) -> Ids:
    words = tokenise(line)[:MAX_WORDS]
    if not words:
        raise SettingError("There is no word to reply to: write a line.")
    return model.vocabulary.encode(words)[None]


def _explain_reply(model: Replies, network: Seq2Seq, source: Ids, reply: Ids) -> Reply:
    reply = reply[:, : int((reply[0] != PAD).sum())]
    read = network.encode(source)
    logits, weights = network.decode(read, shift_right(reply))
    scores = np.take_along_axis(log_softmax(logits[0], axis=1), reply[0][:, None], 1)[:, 0]
    entropy = None
    if weights is not None:
        weights = weights[0]
        entropy = -(weights * np.log(np.maximum(weights, 1e-30))).sum(1)
    words = model.vocabulary.decode
    return Reply(words(source[0]), words(reply[0]), scores, read.vector[0], weights, entropy)


def pairs_of(lines: Sequence[LabelledLine]) -> list[tuple[LabelledLine, LabelledLine]]:
    """Each line with the next of its section; a line repeated at once is no reply."""
    return [(a, b) for a, b in pairwise(lines) if a.section == b.section and a.words != b.words]


def _fit(lines: LinesBySplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Half of the time teaches the decoder alone; then it goes on three ways, a sixth each: with no source as before,
    through one vector, with attention. So what they differ by is the source."""
    from pipeline.learn.keras_fit import TrainingTurn, fit_in_turn
    from pipeline.networks.teaching_networks import Seq2SeqSpec, seq2seq

    vocabulary = word_vocabulary([line.words for line in lines["train"]], limit=2500)
    examples = [_examples(*encode(pairs_of(part), vocabulary)) for part in (lines["train"], lines["valid"])]

    def build(door: OptionalSourceChannel, before: Weights) -> Any:
        spec = Seq2SeqSpec(vocabulary_size=len(vocabulary), embedding=64, units=96, dropout=0.3, door=door)
        network = seq2seq(spec)
        _load_shared_decoder(network, {part: before[f"{_SHARED_DECODER_PREFIX}{part}"] for part in _DECODER if before})
        return network

    turns = [TrainingTurn(1 / 2, "none", _SHARED_DECODER_PREFIX, partial(build, "none"))]
    turns += [TrainingTurn(1 / 6, door, f"{door}/", partial(build, door)) for door in DOORS]
    weights, history = fit_in_turn(turns, examples, minutes=minutes, on_step=on_step, learning_rate=2e-3, patience=1)
    weights = {part: arrays for part, arrays in weights.items() if not part.startswith(_SHARED_DECODER_PREFIX)}
    return FittedNetworks(vocabulary, weights, history)


def _load_shared_decoder(network: Any, weights: Weights) -> None:
    """Give a network the decoder that has been taught; what only attention has keeps its first, random values, and its
    part of the read-out starts at 0."""
    for name, arrays in weights.items():
        layer = network.get_layer(name)
        rows = [len(array) for array in layer.get_weights()]
        more = [[(0, n - len(a))] + [(0, 0)] * (a.ndim - 1) for a, n in zip(arrays, rows, strict=True)]
        layer.set_weights([np.pad(a, pad) for a, pad in zip(arrays, more, strict=True)])


def encode(pairs: Sequence[tuple[LabelledLine, LabelledLine]], vocabulary: Vocabulary) -> tuple[Ids, Ids]:
    """source (n, 16), target (n, 17): words, then `<line>` in the target; `PAD` on the right."""
    source = [vocabulary.encode(a.words[:MAX_WORDS]) for a, _ in pairs]
    target = [np.append(vocabulary.encode(b.words[:MAX_WORDS]), np.int32(LINE)) for _, b in pairs]
    return pad_rows(source, MAX_WORDS), pad_rows(target, MAX_WORDS + 1)


def _examples(source: Ids, target: Ids) -> "Examples":
    from pipeline.learn.keras_fit import Examples

    return Examples([source, shift_right(target)], target, (target != PAD).astype(np.float32))


def _score(model: Replies, lines: LinesBySplit) -> tuple[list[Score], dict[str, Any]]:
    """Gain over no source in nats a word, sensitivity to the source, rhymes; and the gain by length of the source."""
    pairs = pairs_of(lines["test"])
    source, target = encode(pairs, model.vocabulary)
    songs = [a.song for a, _ in pairs]
    nats = {door: -log_p(model.networks[door], source, target).sum(1) for door in DOORS}
    words = (target != PAD).sum(1)
    none, length = nats["none"] / words, (source != PAD).sum(1)
    nothing = np.zeros(len(words))
    scores, rows = [], []
    for door in ("vector", "attention"):
        own = nats[door] / words
        scores += [
            mean_score(f"{door}: nats a word", songs, own, "no source", none, words),
            mean_score(f"{door}: gain in nats a word", songs, none - own, "no source", nothing, words),
            *_reply_scores(model.networks[door], door, pairs, source, model.vocabulary),
        ]
        for low, high in ((1, 5), (6, 8), (9, 11), (12, MAX_WORDS)):
            rows_here = (length >= low) & (length <= high)
            gain = float((nats["none"] - nats[door])[rows_here].sum() / max(1, words[rows_here].sum()))
            rows.append({"door": door, "words": f"{low}–{high}", "lines": int(rows_here.sum()), "gain": gain})
    return scores, {"by_length": rows}


def _reply_scores(
    network: Seq2Seq, door: str, pairs: Sequence[tuple[LabelledLine, LabelledLine]], source: Ids, vocabulary: Vocabulary
) -> list[Score]:
    """Share of different likeliest replies; share of drawn replies that rhyme with their line, against another's."""
    rows = np.arange(0, len(source), max(1, len(source) // 400))
    read = network.encode(source[rows])
    likeliest = network.reply(read, MAX_WORDS + 1)
    _, first = np.unique(likeliest, axis=0, return_index=True)
    is_first_reply = np.isin(np.arange(len(rows)), first)
    drawn = network.reply(read, MAX_WORDS + 1, np.random.default_rng(1), 0.8)
    ends = [vocabulary.decode(row[row > LINE])[-1:] for row in drawn]
    answered = [pairs[i][0] for i in rows.tolist()]
    before, songs = [line.words[-1:] for line in answered], [line.song for line in answered]
    rhymes = _rhyming(before, ends)
    shuffled = _rhyming([*before[1:], before[0]], ends)
    one = np.full(len(rows), 1 / len(rows))  # always the same reply
    return [
        mean_score(f"{door}: share of different replies", songs, is_first_reply, "one reply to all", one),
        mean_score(f"{door}: drawn replies that rhyme", songs, rhymes, "with another line", shuffled),
    ]


def _rhyming(before: Sequence[Sequence[str]], ends: Sequence[Sequence[str]]) -> Array:
    from pipeline.language.pronunciations import Pronunciations
    from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme

    sounds, pauvre = Pronunciations(), RHYME_KINDS["pauvre"]
    pairs = zip(before, ends, strict=True)
    return np.array([bool(b) and pauvre.accepts(compare_rhyme(a[0], b[0], sounds)) for a, b in pairs])


REPLY_ARCHITECTURE = Architecture(
    name="reply", task="A line -> the next line, by an encoder and a decoder.",
    data=lambda open_corpus: lines_by_split(open_corpus()), fit=_fit,
    open=lambda saved: Replies({door: open_seq2seq(saved, f"{door}/") for door in DOORS}, saved.vocabulary, saved),
    score=_score,
)  # fmt: skip
