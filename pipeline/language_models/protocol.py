"""What every language model can do, so that nothing else has to be known of it to write, to score and to compare.

    state = model.initial_state()                    # nothing read
    scores, state = model.feed_tokens([SONG], state) # (batch, V): of every next token
    scores, state = model.feed_sequences([[...]], state) # (batch, time, V): the same, many tokens at once
    log_p = model.score(songs)                       # of each token of whole songs

A new model gives its `vocabulary_size`, `initial_state` and `feed_tokens`; all else has a default here, to override
where a model can do better. `tests/language_models/test_protocol.py` runs the contract over all of them.

Whole songs are read in parallel rows. Confidence is p of the token that the model holds likeliest (the maximum softmax
probability of Hendrycks & Gimpel 2017). Knows nothing of text or files: tokens in, scores out.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array, log_sum_exp
from pipeline.language.vocabulary import SONG, Ids

State = Any  # an array whose first axis is the batch, or a tuple of states; its owner alone looks inside
Scores = Array  # logits or log-probabilities, which differ by a constant a row
Floats = npt.NDArray[np.float64]
SongScores = tuple[Floats, Floats]  # log p of each token of a song and of its end, and the confidence there


class LanguageModel(ABC):
    """A model that predicts the next token: it reads tokens one by one and carries a state, never changed in place."""

    @property
    @abstractmethod
    def vocabulary_size(self) -> int:
        """The number of tokens that the model scores: V in the shapes below."""

    @abstractmethod
    def initial_state(self, batch: int = 1) -> State:
        """Return the state of `batch` rows before any token is read."""

    @abstractmethod
    def feed_tokens(self, tokens: npt.ArrayLike, state: State) -> tuple[Scores, State]:
        """Read one token a row, int (batch,); return scores (batch, V) of the next token, and the next state."""

    def feed_sequences(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Scores, State]:
        """Read sequences of tokens, int (batch, time); return scores (batch, time, V), and the last state."""
        tokens = np.asarray(tokens)
        state = self.initial_state(len(tokens)) if state is None else state
        scores = []
        for column in tokens.T:
            row_scores, state = self.feed_tokens(column, state)
            scores.append(row_scores)
        return np.stack(scores, axis=1), state

    @property
    def control_token_count(self) -> int:
        """The number of tokens at the end of the vocabulary that the model reads but never predicts."""
        return 0

    def score(self, songs: Sequence[Ids]) -> list[Floats]:
        """Return natural log p of each token of each song and of the `<song>` that ends it, without control tokens.

        Nothing is learnt from a song, no cache is read: p depends on what comes before in the song alone.
        """
        return [log_p for log_p, _ in self.score_with_confidence(songs)]

    def score_with_confidence(self, songs: Sequence[Ids]) -> list[SongScores]:
        """Return log p of each token as `score` does, each with p of the token that was likeliest there."""
        scores = score_songs_in_batches(self.without_cache_model(), songs)
        if not self.control_token_count:
            return scores
        words = self.vocabulary_size - self.control_token_count
        predicted = [np.append(song, SONG) < words for song in songs]
        return [(log_p[keep], top[keep]) for (log_p, top), keep in zip(scores, predicted, strict=True)]

    def select_state_rows(self, state: State, rows: Any) -> State:
        """Return the state of some rows of a batch, given as indices, which may repeat, or as a mask."""
        return tuple(self.select_state_rows(part, rows) for part in state) if isinstance(state, tuple) else state[rows]

    def join_states(self, states: Sequence[State]) -> State:
        """Return the state of one batch with the rows of several, in order."""
        if isinstance(states[0], tuple):
            return tuple(self.join_states(parts) for parts in zip(*states, strict=True))
        return np.concatenate(states)

    def feed_control_tokens(self, controls: Sequence[Ids], scores: Scores, state: State) -> tuple[Scores, State]:
        """Read the control tokens of a section, given the scores (V,) and the state (1, ...) before them, and return
        both after them; unchanged when there are none.

        controls: one array, or for a blend one of each of its readings (`control_token_count`).
        """
        (tokens,) = controls
        if not len(tokens):
            return scores, state
        read, state = self.feed_sequences(tokens[None], state)
        return read[0, -1], state

    def faster_model(self, state: State) -> tuple["LanguageModel", State]:
        """Return a cheaper model that predicts nearly as well, and its part of `state`, to search many candidates with.

        A model without such a part is its own faster model.
        """
        return self, state

    def with_cache(self, song: Sequence[int] | Ids, weight: float = 1.0) -> "LanguageModel":
        """Return the model interpolated with a cache (`cache_model`), which has counted these tokens of a song.

        `weight` multiplies the odds of the cache against the rest: 0 leaves it out, 1 is what predicts real songs
        best, above 1 more comes back. A model without a cache is returned as it is.
        """
        return self

    def extend_cache(self, tokens: Sequence[int] | Ids) -> None:  # noqa: B027 - most models have no cache
        """Add tokens of the song to the cache, if there is one."""

    def without_cache_model(self) -> "LanguageModel":
        """Return the model without interpolation with a cache."""
        return self


# A long text is read in parallel pieces. Each first reads the PIECE_WARM_UP tokens before it, so it starts from
# (nearly) the state of an unbroken reading: what a token costs still depends on nothing but the text before it.
PIECE, PIECE_WARM_UP = 8192, 1024
_ROWS, _STEPS = 64, 32  # scores held at once: rows * steps * V numbers


def score_songs_in_batches(model: LanguageModel, songs: Sequence[Ids]) -> list[SongScores]:
    """Return for each song log p of each token and of the final `<song>`, and p of the likeliest token there."""
    scores = [(np.zeros(len(song) + 1), np.zeros(len(song) + 1)) for song in songs]
    pieces = [(number, start) for number, song in enumerate(songs) for start in range(0, len(song) + 1, PIECE)]
    pieces.sort(key=lambda piece: len(songs[piece[0]]) - piece[1], reverse=True)  # rows of one batch end together
    for at in range(0, len(pieces), _ROWS):
        rows = pieces[at : at + _ROWS]
        parts, skips = zip(*(_piece_with_warm_up(songs[number], start) for number, start in rows), strict=True)
        read = _score_rows(model, parts)
        for (number, start), part, skip, row in zip(rows, parts, skips, zip(*read, strict=True), strict=True):
            for into, values in zip(scores[number], row, strict=True):
                into[start : start + len(part) - 1 - skip] = values[skip : len(part) - 1]
    return scores


def _piece_with_warm_up(song: Ids, start: int) -> tuple[Ids, int]:
    """Return the tokens to read when `PIECE` tokens from `start` are scored, and how many only warm up the state."""
    first = max(0, start - PIECE_WARM_UP)
    whole = np.concatenate(([SONG], song[first : start + PIECE]) if first == 0 else (song[first - 1 : start + PIECE],))
    if start + PIECE > len(song):
        whole = np.append(whole, SONG)
    return whole.astype(np.int32), start - first


def _score_rows(model: LanguageModel, rows: Sequence[Ids]) -> SongScores:
    """Return log p of tokens 1, 2, … of each row, and p of the likeliest token there: both (rows, time)."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    scores, top = np.empty((2, len(rows), padded.shape[1] - 1))
    state = model.initial_state(len(rows))
    for start in range(0, scores.shape[1], _STEPS):
        cut = slice(start, min(start + _STEPS, scores.shape[1]))
        logits, state = model.feed_sequences(padded[:, cut], state)
        total = log_sum_exp(logits)
        targets = padded[:, cut.start + 1 : cut.stop + 1]
        scores[:, cut] = np.take_along_axis(logits, targets[..., None], -1)[..., 0] - total
        top[:, cut] = np.exp(logits.max(-1) - total)
    return scores, top
