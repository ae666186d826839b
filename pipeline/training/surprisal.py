"""The surprisal of each token of a text, in bits, and what was expected instead. Static: nothing is learnt from it."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cells.activations import log_softmax
from pipeline.core.errors import SettingError
from pipeline.language.tokens import Span
from pipeline.language.vocabulary import SONG, UNK
from pipeline.language_models.text_model import TextModel

LONGEST = 2000  # characters: what is read in a second or two, and looked through by eye
_CHUNK = 64  # tokens whose distributions are held at once


@dataclass(frozen=True)
class TokenSurprisal:
    """One token: `text[start:stop]`, the bits that it cost, and the likeliest tokens before it came.

    `known` says whether it is in the vocabulary: what is not costs its spelling as well. Of a piece with a capital the
    bits are those of both.
    """

    start: int
    stop: int
    bits: float
    guesses: tuple[tuple[str, float], ...]
    known: bool


def token_surprisals(model: TextModel, text: str, alternatives: int = 5) -> tuple[TokenSurprisal, ...]:
    """One entry a token, in order, read as the beginning of a song. Case, spaces and punctuation between words, which
    a word model does not predict, are in no entry. Raises SettingError for an empty text and one above `LONGEST`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip() or len(text) > LONGEST:
        raise SettingError(
            "Give a text of 1 to {most:,} characters, not {count:,}.", most=LONGEST, count=len(text.strip())
        )
    places = list(model.units.spans(text))
    tokens = model.vocabulary.encode([token for token, _, _ in places])
    found: list[TokenSurprisal] = []
    state, before = model.model.initial_state(), SONG
    for at in range(0, len(tokens), _CHUNK):
        targets = tokens[at : at + _CHUNK]
        read = np.concatenate([[before], targets[:-1]])
        scores, state = model.model.run(read[None], state)
        found += _chunk(
            model,
            places[at : at + _CHUNK],
            targets.tolist(),
            log_softmax(scores[0].astype(np.float64), axis=-1),
            alternatives,
        )
        before = int(targets[-1])
    return tuple(_join_widthless(found))


def _join_widthless(found: Iterable[TokenSurprisal]) -> Iterator[TokenSurprisal]:
    """Give the bits of a token without width, such as a capital's, to what follows it."""
    bits = 0.0
    for one in found:
        bits += one.bits
        if one.stop > one.start:
            yield dataclasses.replace(one, bits=bits)
            bits = 0.0


def _chunk(
    model: TextModel, places: list[Span], targets: list[int], log_p: Any, alternatives: int
) -> Iterator[TokenSurprisal]:
    for (token, start, stop), target, row in zip(places, targets, log_p, strict=True):
        known = target != UNK
        bits = -float(row[target]) / np.log(2) + (0.0 if known else model.complement.token_bits(token))
        top = np.argsort(-row, kind="stable")[:alternatives].tolist()
        guesses = tuple((model.vocabulary.index2word[i], float(np.exp(row[i]))) for i in top)
        yield TokenSurprisal(start, stop, bits, guesses, known)
