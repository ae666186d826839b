"""What the models of a run predict of songs: log p of each token, alone and mixed. Knows no TensorFlow but by request.

The network reads all songs in parallel rows; an n-gram looks each position up; a mixture adds what they predict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_sum_exp
from pipeline.cells.replay import Network
from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.cache_model import cache_log_probabilities
from pipeline.language_models.control_tokens import Conditioned, Labels
from pipeline.language_models.interpolation import Ints, interpolated
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.mixture import cells, mixed_scores
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
class Predictions:
    """What the models of a run predict of some songs: the dear part of a score. Each reads them when first asked."""

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
    predictions: Predictions | None = None,
) -> list[Floats]:
    """Natural log p of each token of each song and of the `<song>` after it, as the run was trained.

    With `dynamic` its network goes on learning from each song; `labels` condition it on those of each section.
    `predictions` are those of its models, conditioned on nothing, if they are known.
    """
    if run.kind == "ngram":
        return run.ngrams.score(songs)
    predictions = predictions or Predictions(run, songs)
    if dynamic:
        network = _learning_scores(run, songs)
    elif labels:
        network = _conditioned_scores(run, songs, labels)
    else:
        network = predictions.network
    if run.kind == "network":
        return [own for own, _ in network]
    shares = np.ravel(run.config["shares"])
    mixed = zip(network, predictions.ngrams, strict=True)
    scores = [mixed_scores(a, b, shares[cells(top, other)]) for (a, top), (b, other) in mixed]
    if run.word_weights is None:
        return scores
    both = interpolated(predictions.words, np.exp(np.concatenate(scores)), run.word_weights)
    return np.split(np.log(both), np.cumsum([len(song) for song in scores])[:-1])


def _conditioned_scores(run: Run, songs: Sequence[Ids], labels: Sequence[Labels]) -> Scored:
    given = Conditioned.of(songs, labels, run.vocabulary).with_control_tokens()
    words = len(run.vocabulary) - len(run.conditions)
    predicted = [np.append(song, SONG) < words for song in given]  # control tokens are given
    scores = network_scores(run.network(), given)
    return [(own[keep], top[keep]) for (own, top), keep in zip(scores, predicted, strict=True)]


def _learning_scores(run: Run, songs: Sequence[Ids]) -> Scored:
    start_tensorflow()
    from pipeline.evaluation.dynamic import dynamic_scores

    return dynamic_scores(run.spec, run.weights(), songs)


def adaptive_log_probabilities(run: Run, songs: Sequence[Ids], static: Sequence[Floats]) -> list[Floats]:
    """The same interpolated with the cache of each song, given what `log_probabilities` returns."""
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
