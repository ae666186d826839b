"""How well a run predicts a text, in bits. Knows no TensorFlow: the NumPy replay reads the text.

Bits a character are those of a complete code of the text, so any two runs compare. A character model pays for each
character, and for an unknown one its code point as well. A word model pays for its tokens, for the spelling of the
unknown ones, and for case, spaces and punctuation (`casing`). Every end of line is a character; of a song
in a split its end is one too; the end of a text file is not charged.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_sum_exp
from pipeline.cells.replay import Network
from pipeline.corpus.table import Corpus
from pipeline.errors import SettingError
from pipeline.language.vocabulary import SONG, UNK, Ids
from pipeline.language_models.cache_model import cache_log_probabilities
from pipeline.language_models.control_tokens import Conditioned, Labels
from pipeline.language_models.interpolation import Ints, interpolated
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.mixture import cells, mixed_scores
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import encode
from pipeline.networks.quiet_start import start_tensorflow
from pipeline.runs.run import Run

Floats = npt.NDArray[np.float64]
Scored = Sequence[tuple[Floats, Floats]]  # of each song: log p of its tokens and its end, p of the likeliest there

# A long text is read in parallel pieces. Each first reads the PIECE_WARM_UP tokens before it, so it starts from
# (nearly) the state of an unbroken reading: what a token costs still depends on nothing but the text before it.
PIECE, PIECE_WARM_UP = 8192, 1024
_ROWS, _STEPS = 32, 64  # logits held at once: rows * steps * V numbers
_NUMBERS = 4_000_000  # probabilities of an n-gram held at once


@dataclass(frozen=True)
class Scores:
    """Perplexity and oov_rate are a word model's. `unknown` counts tokens outside the vocabulary.

    `bits_per_char` is static: nothing is learnt from the text scored, and `parts` splits it: tokens, spelling, surface.
    `bits_per_char_adaptive` lets the model learn from each text what comes before in it, and predict with that.
    """

    bits_per_char: float
    bits_per_char_adaptive: float | None
    characters: int
    tokens: int
    unknown: int
    seconds: float
    level: str
    perplexity: float | None = None
    oov_rate: float | None = None
    parts: dict[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object; what does not apply is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def evaluate_text(run: Run, text: str, *, dynamic: bool = False) -> Scores:
    """Scores of one text, read from its first character to its last. Raises SettingError for an empty one."""
    if not text:
        raise SettingError("text-empty", "The text to evaluate is empty: give a file that holds some lyrics.")
    return score_texts(run, [text.replace("\r\n", "\n").replace("\r", "\n")], ends=False, dynamic=dynamic)


def evaluate_split(run: Run, corpus: Corpus, split: str = "test", *, dynamic: bool = False) -> Scores:
    """Scores of the songs of one side (train, valid, test) of the corpus's split."""
    if split not in ("train", "valid", "test"):
        raise SettingError("split-unknown", "Unknown split {split!r}: take train, valid or test.", split=split)
    return score_texts(run, getattr(split_corpus(corpus), split), ends=True, dynamic=dynamic)


def score_texts(
    run: Run, texts: Sequence[str], *, ends: bool, dynamic: bool = False, said: "Said | None" = None
) -> Scores:
    """Scores of several texts, each from a fresh state; `ends` charges the `<song>` that ends each.

    With `dynamic` the adaptive score lets the network learn from each text as well (`evaluation.dynamic`; TensorFlow).
    `said`: as in `log_probabilities`.
    """
    start = time.perf_counter()
    ids = [encode(text, run.vocabulary) for text in texts]
    said = said or Said(run, ids)
    charged = slice(None if ends else -1)
    static = log_probabilities(run, ids, said=said)
    bits = _bits(part[charged] for part in static)
    characters = sum(map(len, texts)) + ends * len(texts)
    tokens = sum(map(len, ids)) + ends * len(ids)
    unknown = _unknown(run, texts, ids)
    complement = run.complement.parts(texts, unknown)
    parts = {"tokens": bits, **complement}
    adaptive = None
    if "cache_weights" in run.config:
        base = log_probabilities(run, ids, dynamic=True, said=said) if dynamic and run.kind != "ngram" else static
        adapted = _bits(part[charged] for part in adaptive_log_probabilities(run, ids, base))
        adaptive = (adapted + sum(complement.values())) / characters
    word = not run.units.complete
    return Scores(
        bits_per_char=sum(parts.values()) / characters,
        bits_per_char_adaptive=adaptive,
        characters=characters,
        tokens=tokens,
        unknown=len(unknown),
        seconds=round(time.perf_counter() - start, 3),
        level=run.level,
        perplexity=2 ** (bits / tokens) if word else None,
        oov_rate=len(unknown) / max(1, sum(len(_words(part)) for part in ids)) if word else None,
        parts={name: value / characters for name, value in parts.items()},
    )


def song_bits(run: Run, texts: Sequence[str], labels: Sequence[Labels] = (), said: "Said | None" = None) -> Floats:
    """Static bits of each song with its end, a complete code: float64 (songs,). `labels` and `said`: as in
    `log_probabilities`."""
    ids = [encode(text, run.vocabulary) for text in texts]
    tokens = [_bits([part]) for part in log_probabilities(run, ids, labels=labels, said=said)]
    rest = [run.complement.parts([text], _unknown(run, [text], [part])) for text, part in zip(texts, ids, strict=True)]
    return np.array([own + sum(more.values()) for own, more in zip(tokens, rest, strict=True)])


def _bits(parts: Iterable[Floats]) -> float:
    return -sum(float(part.sum()) for part in parts) / np.log(2)


@dataclass(frozen=True)
class Said:
    """What the models of a run say of some songs: the dear part of a score. Each reads them when it is first asked."""

    run: Run
    songs: Sequence[Ids]

    @cached_property
    def network(self) -> Scored:
        """`network_scores` of the songs."""
        return network_scores(self.run.network(), self.songs)

    @cached_property
    def ngrams(self) -> Scored:
        """`ngram_scores` of the songs."""
        return ngram_scores(self.run.ngrams, self.songs)

    @cached_property
    def words(self) -> Sequence[Ints]:
        """What the word contexts know of them: levels of `interpolation`, none without such contexts."""
        return self.run.word_contexts.trace(self.songs) if self.run.word_contexts else []


def log_probabilities(
    run: Run,
    songs: Sequence[Ids],
    *,
    dynamic: bool = False,
    labels: Sequence[Labels] = (),
    said: Said | None = None,
) -> list[Floats]:
    """Natural log p of each token of each song and of the `<song>` after it, as the run was trained.

    With `dynamic` its network goes on learning from each song. With `labels` it is told the conditions of each section.
    `said` is what its models say of the songs, told nothing, if that is known.
    """
    if run.kind == "ngram":
        return run.ngrams.score(songs)
    said = said or Said(run, songs)
    if dynamic:
        network = _learning_scores(run, songs)
    elif labels:
        network = _told_scores(run, songs, labels)
    else:
        network = said.network
    if run.kind == "network":
        return [own for own, _ in network]
    shares = np.ravel(run.config["shares"])
    mixed = zip(network, said.ngrams, strict=True)
    scores = [mixed_scores(a, b, shares[cells(top, other)]) for (a, top), (b, other) in mixed]
    if run.word_weights is None:
        return scores
    both = interpolated(said.words, np.exp(np.concatenate(scores)), run.word_weights)
    return np.split(np.log(both), np.cumsum([len(song) for song in scores])[:-1])


def _told_scores(run: Run, songs: Sequence[Ids], labels: Sequence[Labels]) -> Scored:
    told = Conditioned.of(songs, labels, run.vocabulary).told()
    words = len(run.vocabulary) - len(run.conditions)
    kept = [np.append(song, SONG) < words for song in told]  # what is predicted: conditions are given
    scores = network_scores(run.network(), told)
    return [(own[keep], top[keep]) for (own, top), keep in zip(scores, kept, strict=True)]


def _learning_scores(run: Run, songs: Sequence[Ids]) -> Scored:
    start_tensorflow()
    from pipeline.evaluation.dynamic import dynamic_scores

    return dynamic_scores(run.spec, run.weights(), songs)


def adaptive_log_probabilities(run: Run, songs: Sequence[Ids], static: Sequence[Floats]) -> list[Floats]:
    """The same with the memory of each song, given what `log_probabilities` says."""
    cache = (cache_log_probabilities(song, run.cache_weights) for song in songs)
    return [mixed_scores(own, rest, share) for (own, share), rest in zip(cache, static, strict=True)]


def ngram_scores(ngrams: KneserNey, songs: Sequence[Ids]) -> Scored:
    """Of each token of each song and of its end: log p, and p of the token that was likeliest there."""
    return [_ngram_scores(ngrams, song) for song in songs]


def _ngram_scores(ngrams: KneserNey, song: Ids) -> tuple[Floats, Floats]:
    nodes, targets = ngrams.contexts(song), np.append(song, SONG)
    rows = max(1, _NUMBERS // ngrams.vocabulary_size)
    own, top = np.empty(len(targets)), np.empty(len(targets))
    for start in range(0, len(targets), rows):
        cut = slice(start, start + rows)
        p = ngrams.probabilities(nodes[cut])
        own[cut], top[cut] = p[np.arange(len(p)), targets[cut]], p.max(1)
    return np.log(own), top


def network_log_probabilities(network: Network, songs: Sequence[Ids]) -> list[Floats]:
    """Natural log p of each token of each song and of the `<song>` after it under a network."""
    return [own for own, _ in network_scores(network, songs)]


def network_scores(network: Network, songs: Sequence[Ids]) -> Scored:
    """As `ngram_scores`, under a network, all songs in parallel rows."""
    scores = [(np.zeros(len(song) + 1), np.zeros(len(song) + 1)) for song in songs]
    pieces = [(number, start) for number, song in enumerate(songs) for start in range(0, len(song) + 1, PIECE)]
    pieces.sort(key=lambda piece: len(songs[piece[0]]) - piece[1], reverse=True)  # rows of one batch end together
    for at in range(0, len(pieces), _ROWS):
        rows = pieces[at : at + _ROWS]
        parts, skips = zip(*(_piece(songs[number], start) for number, start in rows), strict=True)
        read = _score_rows(network, parts)
        for (number, start), part, skip, row in zip(rows, parts, skips, zip(*read, strict=True), strict=True):
            for into, values in zip(scores[number], row, strict=True):
                into[start : start + len(part) - 1 - skip] = values[skip : len(part) - 1]
    return scores


def _piece(song: Ids, start: int) -> tuple[Ids, int]:
    """What is read to score `PIECE` tokens from `start`, and how many of its scores are only warm-up."""
    first = max(0, start - PIECE_WARM_UP)
    whole = np.concatenate(([SONG], song[first : start + PIECE]) if first == 0 else (song[first - 1 : start + PIECE],))
    if start + PIECE > len(song):
        whole = np.append(whole, SONG)
    return whole.astype(np.int32), start - first


def _score_rows(network: Network, rows: Sequence[Ids]) -> tuple[Floats, Floats]:
    """log p of tokens 1, 2, … of each row given those before it in the row, and p of the likeliest: (rows, time)."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    own, top = np.empty((2, len(rows), padded.shape[1] - 1))
    state = network.initial_state(len(rows))
    for start in range(0, own.shape[1], _STEPS):
        cut = slice(start, min(start + _STEPS, own.shape[1]))
        logits, state = network.run(padded[:, cut], state)
        total = log_sum_exp(logits)
        targets = padded[:, cut.start + 1 : cut.stop + 1]
        own[:, cut] = np.take_along_axis(logits, targets[..., None], -1)[..., 0] - total
        top[:, cut] = np.exp(logits.max(-1) - total)
    return own, top


def _words(ids: Ids) -> Ids:
    return ids[(ids > SONG) | (ids == UNK)]


def _unknown(run: Run, texts: Sequence[str], ids: Sequence[Ids]) -> list[str]:
    """The tokens that the vocabulary lacks."""
    return [
        tokens[at]
        for text, part in zip(texts, ids, strict=True)
        if len(places := np.flatnonzero(part == UNK)) and (tokens := run.units.tokens(text))
        for at in places
    ]
