"""Whole songs read in parallel rows by any model that reads token by token: log p of each token, and its confidence.

Confidence is p of the token that the model holds likeliest (the maximum softmax probability of Hendrycks & Gimpel
2017). Knows nothing of how the model predicts (`protocol`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import log_sum_exp
from pipeline.language.vocabulary import SONG, Ids

if TYPE_CHECKING:
    from pipeline.language_models.protocol import LanguageModel

Floats = npt.NDArray[np.float64]
SongScores = tuple[Floats, Floats]  # log p of each token of a song and of its end, and the confidence there

# A long text is read in parallel pieces. Each first reads the PIECE_WARM_UP tokens before it, so it starts from
# (nearly) the state of an unbroken reading: what a token costs still depends on nothing but the text before it.
PIECE, PIECE_WARM_UP = 8192, 1024
_ROWS, _STEPS = 64, 32  # scores held at once: rows * steps * V numbers


def score_in_rows(model: "LanguageModel", songs: Sequence[Ids]) -> list[SongScores]:
    """Natural log p of each token of each song and of the `<song>` after it, and the confidence there."""
    scores = [(np.zeros(len(song) + 1), np.zeros(len(song) + 1)) for song in songs]
    pieces = [(number, start) for number, song in enumerate(songs) for start in range(0, len(song) + 1, PIECE)]
    pieces.sort(key=lambda piece: len(songs[piece[0]]) - piece[1], reverse=True)  # rows of one batch end together
    for at in range(0, len(pieces), _ROWS):
        rows = pieces[at : at + _ROWS]
        parts, skips = zip(*(_piece(songs[number], start) for number, start in rows), strict=True)
        read = _score_rows(model, parts)
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


def _score_rows(model: "LanguageModel", rows: Sequence[Ids]) -> SongScores:
    """log p of tokens 1, 2, … of each row given those before it in the row, and the confidence: (rows, time)."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    own, top = np.empty((2, len(rows), padded.shape[1] - 1))
    state = model.initial_state(len(rows))
    for start in range(0, own.shape[1], _STEPS):
        cut = slice(start, min(start + _STEPS, own.shape[1]))
        logits, state = model.run(padded[:, cut], state)
        total = log_sum_exp(logits)
        targets = padded[:, cut.start + 1 : cut.stop + 1]
        own[:, cut] = np.take_along_axis(logits, targets[..., None], -1)[..., 0] - total
        top[:, cut] = np.exp(logits.max(-1) - total)
    return own, top
