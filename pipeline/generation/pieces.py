"""Tokens as pieces of text with their probabilities, and pieces gathered into lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.generation.lyric import GeneratedLine, Piece
from pipeline.generation.spelling import normalise_text
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.unit_contract import Speller

ALTERNATIVES = 5


def make_piece(speller: Speller, logits: Any, token: int, vocabulary: Vocabulary) -> Piece:
    """Return the piece of a token that was chosen where the model gave these logits `(V,)`."""
    probability = softmax(np.asarray(logits, np.float64), axis=-1)
    words, count = vocabulary.index2word, min(ALTERNATIVES, len(vocabulary))
    best = np.argpartition(probability, -count)[-count:].tolist()
    likely = sorted(((float(probability[i]), -i) for i in best), reverse=True)
    alternatives = tuple((words[-i], round(p, 6)) for p, i in likely)
    return Piece(speller.spell(words[token]), float(probability[token]), alternatives)


class LineGatherer:
    """Gathers pieces into GeneratedLines; the seed's unfinished line is part of the first."""

    def __init__(self, seed_text: str) -> None:
        self._before = normalise_text(seed_text).rsplit("\n", 1)[-1]
        self._pieces: list[Piece] = []
        self._done: list[GeneratedLine] = []
        self._section = 0

    @property
    def unfinished(self) -> str:
        """The line under way."""
        return self._before + "".join(piece.text for piece in self._pieces)

    def add(self, piece: Piece, *, ends: bool) -> None:
        """Take the next piece; `ends` says whether the line ends with it, or the song."""
        self._pieces.append(piece)
        if ends:
            self._end()

    def add_line(self, line: GeneratedLine) -> None:
        """Take a whole line."""
        self._done.append(line)
        self._before, self._pieces = "", []

    def finished(self) -> tuple[GeneratedLine, ...]:
        """Return the lines that are finished."""
        return tuple(self._done)

    def _end(self) -> None:
        text = self._before + "".join(piece.text for piece in self._pieces).rstrip("\n")
        if text:
            self._done.append(
                GeneratedLine(
                    text=text,
                    log_probability=log_probability(self._pieces),
                    tokens=len(self._pieces),
                    section=self._section,
                    pieces=tuple(self._pieces),
                )
            )
        elif self._done:
            self._section += 1
        self._before, self._pieces = "", []


def log_probability(pieces: Sequence[Piece]) -> float:
    """Return the natural log-probability of pieces that follow each other; a piece counts -708 at the least."""
    probabilities = np.array([piece.probability for piece in pieces])
    return float(np.log(np.maximum(probabilities, np.finfo(float).tiny)).sum())
