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

from pipeline.cells.activations import Array
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
from pipeline.learn.seq2seq import Seq2Seq, open_seq2seq, shift_right, target_log_p

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
class ReplyNetworks:
    """Three decoders of one size: one sees no source, one sees it as one vector, one through attention."""

    networks: dict[str, Seq2Seq]
    vocabulary: Vocabulary
    saved: SavedArchitecture


@dataclass(frozen=True)
class Reply:
    """A line and its reply, which ends with `<line>`; `weights` (reply, source) are None without attention."""

    source: list[str]
    reply: list[str]
    weights: Array | None


def reply_to(model: ReplyNetworks, line: str, door: SourceChannel = "attention") -> Reply:
    """Return the likeliest next line. Raise SettingError when the line has no word."""
    network, source = model.networks[door], _encode_source_line(model, line)
    read = network.encode(source)
    reply = network.reply(read, MAX_WORDS + 1)
    reply = reply[:, : int((reply[0] != PAD).sum())]
    _, weights = network.decode(read, shift_right(reply))
    words = model.vocabulary.decode
    return Reply(words(source[0]), words(reply[0]), None if weights is None else weights[0])


def gain_by_source_length(model: ReplyNetworks) -> pd.DataFrame:
    """Return the nats per word that a source saves. Columns: door (source channel), words (of the source), lines,
    gain."""
    return pd.DataFrame(model.saved.training_notes["by_length"])


def _encode_source_line(model: ReplyNetworks, line: str) -> Ids:
    words = tokenise(line)[:MAX_WORDS]
    if not words:
        raise SettingError("There is no word to reply to: write a line.")
    return model.vocabulary.encode(words)[None]


def consecutive_lines(lines: Sequence[LabelledLine]) -> list[tuple[LabelledLine, LabelledLine]]:
    """Return (line, next line) for the lines of each section, except where the next line is the same."""
    return [(a, b) for a, b in pairwise(lines) if a.section == b.section and a.words != b.words]


def _fit(lines: LinesBySplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train a decoder alone for half of the time. From it, train three networks for a sixth each: without a source,
    with one vector, and with attention."""
    from pipeline.learn.keras_fit import ScheduledNetwork, fit_in_turn
    from pipeline.networks.teaching_networks import Seq2SeqSpec, seq2seq

    vocabulary = word_vocabulary([line.words for line in lines["train"]], limit=2500)
    examples = [
        _examples(*encode_pairs(consecutive_lines(part), vocabulary)) for part in (lines["train"], lines["valid"])
    ]

    def build(door: OptionalSourceChannel, before: Weights) -> Any:
        spec = Seq2SeqSpec(vocabulary_size=len(vocabulary), embedding=64, units=96, dropout=0.3, door=door)
        network = seq2seq(spec)
        _load_shared_decoder(network, {part: before[f"{_SHARED_DECODER_PREFIX}{part}"] for part in _DECODER if before})
        return network

    turns = [ScheduledNetwork(1 / 2, "none", _SHARED_DECODER_PREFIX, partial(build, "none"))]
    turns += [ScheduledNetwork(1 / 6, door, f"{door}/", partial(build, door)) for door in DOORS]
    weights, history = fit_in_turn(turns, examples, minutes=minutes, on_step=on_step, learning_rate=2e-3, patience=1)
    weights = {part: arrays for part, arrays in weights.items() if not part.startswith(_SHARED_DECODER_PREFIX)}
    return FittedNetworks(vocabulary, weights, history)


def _load_shared_decoder(network: Any, weights: Weights) -> None:
    """Copy the trained decoder's weights into a network, padded with zeros. Attention's own weights stay random."""
    for name, arrays in weights.items():
        layer = network.get_layer(name)
        rows = [len(array) for array in layer.get_weights()]
        more = [[(0, n - len(a))] + [(0, 0)] * (a.ndim - 1) for a, n in zip(arrays, rows, strict=True)]
        layer.set_weights([np.pad(a, pad) for a, pad in zip(arrays, more, strict=True)])


def encode_pairs(pairs: Sequence[tuple[LabelledLine, LabelledLine]], vocabulary: Vocabulary) -> tuple[Ids, Ids]:
    """Return sources (n, 16) and targets (n, 17) as ids, `<line>` at the end of a target and `PAD` on the right."""
    source = [vocabulary.encode(a.words[:MAX_WORDS]) for a, _ in pairs]
    target = [np.append(vocabulary.encode(b.words[:MAX_WORDS]), np.int32(LINE)) for _, b in pairs]
    return pad_rows(source, MAX_WORDS), pad_rows(target, MAX_WORDS + 1)


def _examples(source: Ids, target: Ids) -> "Examples":
    from pipeline.learn.keras_fit import Examples

    return Examples([source, shift_right(target)], target, (target != PAD).astype(np.float32))


def _score_replies(model: ReplyNetworks, lines: LinesBySplit) -> tuple[list[Score], dict[str, Any]]:
    """Return nats a word with and without the source, variety and rhymes of the replies; and the gain by length."""
    pairs = consecutive_lines(lines["test"])
    source, target = encode_pairs(pairs, model.vocabulary)
    songs = [a.song for a, _ in pairs]
    nats = {door: -target_log_p(model.networks[door], source, target).sum(1) for door in DOORS}
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
    """Return the share of different likeliest replies, and the share of drawn replies that rhyme with their line."""
    rows = np.arange(0, len(source), max(1, len(source) // 400))
    read = network.encode(source[rows])
    likeliest = network.reply(read, MAX_WORDS + 1)
    _, first = np.unique(likeliest, axis=0, return_index=True)
    is_first_reply = np.isin(np.arange(len(rows)), first)
    drawn = network.reply(read, MAX_WORDS + 1, np.random.default_rng(1), 0.8)
    ends = [vocabulary.decode(row[row > LINE])[-1:] for row in drawn]
    answered = [pairs[i][0] for i in rows.tolist()]
    before, songs = [line.words[-1:] for line in answered], [line.song for line in answered]
    rhymes = _rhyming_pair_mask(before, ends)
    shuffled = _rhyming_pair_mask([*before[1:], before[0]], ends)
    one = np.full(len(rows), 1 / len(rows))  # always the same reply
    return [
        mean_score(f"{door}: share of different replies", songs, is_first_reply, "one reply to all", one),
        mean_score(f"{door}: drawn replies that rhyme", songs, rhymes, "with another line", shuffled),
    ]


def _rhyming_pair_mask(before: Sequence[Sequence[str]], ends: Sequence[Sequence[str]]) -> Array:
    from pipeline.language.pronunciations import Pronunciations
    from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme

    sounds, pauvre = Pronunciations(), RHYME_KINDS["pauvre"]
    pairs = zip(before, ends, strict=True)
    return np.array([bool(b) and pauvre.includes_rhyme(compare_rhyme(a[0], b[0], sounds)) for a, b in pairs])


REPLY_ARCHITECTURE = Architecture(
    name="reply", task="A line -> the next line, by an encoder and a decoder.",
    data=lambda open_corpus: lines_by_split(open_corpus()), fit=_fit,
    score=_score_replies,
    open=lambda saved: ReplyNetworks(
        {door: open_seq2seq(saved, f"{door}/") for door in DOORS}, saved.vocabulary, saved
    ),
)  # fmt: skip
