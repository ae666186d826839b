"""How well a run predicts a text, in bits. Knows no TensorFlow: the NumPy replay reads the text.

Bits a character are those of a complete code of the text, so any two runs compare. A character model pays for each
character, and for an unknown one its code point as well. A word model pays for its tokens, for the spelling of the
unknown ones, and for case, spaces and punctuation (`casing`). Every end of line is a character; of a song
in a split its end is one too; the end of a text file is not charged.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.corpus.table import Corpus
from pipeline.errors import SettingError
from pipeline.evaluation.predictions import Predictions, adaptive_log_probabilities, log_probabilities
from pipeline.language.vocabulary import SONG, UNK, Ids
from pipeline.language_models.control_tokens import Labels
from pipeline.language_models.splits import split_corpus
from pipeline.language_models.units import encode
from pipeline.runs.run import Run

Floats = npt.NDArray[np.float64]


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
    run: Run, texts: Sequence[str], *, ends: bool, dynamic: bool = False, predictions: Predictions | None = None
) -> Scores:
    """Scores of several texts, each from a fresh state; `ends` charges the `<song>` that ends each.

    With `dynamic` the adaptive score lets the network learn from each text as well (`evaluation.dynamic`; TensorFlow).
    `predictions`: as in `log_probabilities`.
    """
    start = time.perf_counter()
    ids = [encode(text, run.vocabulary) for text in texts]
    predictions = predictions or Predictions(run, ids)
    charged = slice(None if ends else -1)
    static = log_probabilities(run, ids, predictions=predictions)
    bits = _bits(part[charged] for part in static)
    characters = sum(map(len, texts)) + ends * len(texts)
    tokens = sum(map(len, ids)) + ends * len(ids)
    unknown = _unknown(run, texts, ids)
    complement = run.complement.parts(texts, unknown)
    parts = {"tokens": bits, **complement}
    adaptive = None
    if "cache_weights" in run.config:
        base = (
            log_probabilities(run, ids, dynamic=True, predictions=predictions)
            if dynamic and run.kind != "ngram"
            else static
        )
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


def song_bits(
    run: Run, texts: Sequence[str], labels: Sequence[Labels] = (), predictions: Predictions | None = None
) -> Floats:
    """Static bits of each song with its end, a complete code: float64 (songs,). `labels` and `predictions`: as in
    `log_probabilities`."""
    ids = [encode(text, run.vocabulary) for text in texts]
    tokens = [_bits([part]) for part in log_probabilities(run, ids, labels=labels, predictions=predictions)]
    rest = [run.complement.parts([text], _unknown(run, [text], [part])) for text, part in zip(texts, ids, strict=True)]
    return np.array([own + sum(more.values()) for own, more in zip(tokens, rest, strict=True)])


def _bits(parts: Iterable[Floats]) -> float:
    return -sum(float(part.sum()) for part in parts) / np.log(2)


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
