"""How well a run predicts a text, in bits. Knows no TensorFlow: the NumPy replay reads the text.

Bits a character are those of a complete code of the text, so any two runs compare. A character model pays for each
character, and for an unknown one its code point as well. A word model pays for its tokens, for the spelling of the
unknown ones, and for case, spaces and punctuation (`training.surface`). Every end of line is a character; of a song
in a split its end is one too; the end of a text file is not charged.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array
from pipeline.cells.replay import Network
from pipeline.corpus.table import Corpus
from pipeline.errors import SettingError
from pipeline.language.vocabulary import SONG, UNK, Ids, Vocabulary
from pipeline.training.mixture import mixed_scores
from pipeline.training.ngrams import KneserNey
from pipeline.training.run import Run
from pipeline.training.streams import encode, split_corpus, tokens_of
from pipeline.training.surface import CODE_POINT_BITS, Spelling, Surface

Floats = npt.NDArray[np.float64]

# A long text is read in parallel pieces. Each first reads the PIECE_WARM_UP tokens before it, so it starts from
# (nearly) the state of an unbroken reading: what a token costs still depends on nothing but the text before it.
PIECE, PIECE_WARM_UP = 8192, 1024
_ROWS, _STEPS = 32, 64  # logits held at once: rows * steps * V numbers


@dataclass(frozen=True)
class Scores:
    """`bits_per_char` is static: nothing is learnt from the text scored. Perplexity and oov_rate are a word model's.

    `parts` splits the bits a character: tokens, spelling, surface. `unknown` counts tokens outside the vocabulary.
    """

    bits_per_char: float
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


def evaluate_text(run: Run, text: str) -> Scores:
    """Scores of one text, read from its first character to its last. Raises SettingError for an empty one."""
    if not text:
        raise SettingError("The text to evaluate is empty: give a file that holds some lyrics.")
    return score_texts(run, [text.replace("\r\n", "\n").replace("\r", "\n")], ends=False)


def evaluate_split(run: Run, corpus: Corpus, split: str = "test") -> Scores:
    """Scores of the songs of one side (train, valid, test) of the corpus's split."""
    if split not in ("train", "valid", "test"):
        raise SettingError(f"Unknown split {split!r}: take train, valid or test.")
    return score_texts(run, getattr(split_corpus(corpus), split), ends=True)


def score_texts(run: Run, texts: Sequence[str], *, ends: bool) -> Scores:
    """Scores of several texts, each from a fresh state; `ends` charges the `<song>` that ends each."""
    start = time.perf_counter()
    ids = [encode(text, run.vocabulary) for text in texts]
    bits = sum(-float(part[: None if ends else -1].sum()) for part in log_probabilities(run, ids)) / np.log(2)
    characters = sum(map(len, texts)) + ends * len(texts)
    tokens = sum(map(len, ids)) + ends * len(ids)
    unknown = sum(int((part == UNK).sum()) for part in ids)
    parts = {"tokens": bits, **_complement(run, texts, unknown)}
    word = run.level == "word"
    return Scores(
        bits_per_char=sum(parts.values()) / characters,
        characters=characters,
        tokens=tokens,
        unknown=unknown,
        seconds=round(time.perf_counter() - start, 3),
        level=run.level,
        perplexity=2 ** (bits / tokens) if word else None,
        oov_rate=unknown / max(1, sum(len(_words(part)) for part in ids)) if word else None,
        parts={name: value / characters for name, value in parts.items()},
    )


def log_probabilities(run: Run, songs: Sequence[Ids]) -> list[Floats]:
    """Natural log p of each token of each song and of the `<song>` after it, under the run's model."""
    if run.kind == "ngram":
        return run.ngrams.score(songs)
    scores = network_log_probabilities(run.network(), songs)
    if run.kind == "network":
        return scores
    weight = float(run.config["weight"])
    return [mixed_scores(own, other, weight) for own, other in zip(scores, run.ngrams.score(songs), strict=True)]


def network_log_probabilities(network: Network, songs: Sequence[Ids]) -> list[Floats]:
    """The same under a network, all songs in parallel rows."""
    scores = [np.zeros(len(song) + 1) for song in songs]
    pieces = [(number, start) for number, song in enumerate(songs) for start in range(0, len(song) + 1, PIECE)]
    pieces.sort(key=lambda piece: len(songs[piece[0]]) - piece[1], reverse=True)  # rows of one batch end together
    for at in range(0, len(pieces), _ROWS):
        rows = pieces[at : at + _ROWS]
        parts, skips = zip(*(_piece(songs[number], start) for number, start in rows), strict=True)
        for (number, start), part, skip, score in zip(rows, parts, skips, _score_rows(network, parts), strict=True):
            scores[number][start : start + len(part) - 1 - skip] = score[skip : len(part) - 1]
    return scores


def _piece(song: Ids, start: int) -> tuple[Ids, int]:
    """What is read to score `PIECE` tokens from `start`, and how many of its scores are only warm-up."""
    first = max(0, start - PIECE_WARM_UP)
    whole = np.concatenate(([SONG], song[first : start + PIECE]) if first == 0 else (song[first - 1 : start + PIECE],))
    if start + PIECE > len(song):
        whole = np.append(whole, SONG)
    return whole.astype(np.int32), start - first


def _score_rows(network: Network, rows: Sequence[Ids]) -> list[Floats]:
    """log p of tokens 1, 2, … of each row given those before it in the row."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    out = np.empty((len(rows), padded.shape[1] - 1))
    state = network.initial_state(len(rows))
    for start in range(0, out.shape[1], _STEPS):
        cut = slice(start, min(start + _STEPS, out.shape[1]))
        logits, state = network.run(padded[:, cut], state)
        out[:, cut] = _log_p(logits, padded[:, cut.start + 1 : cut.stop + 1])
    return list(out)


def _log_p(logits: Array, targets: Ids) -> Floats:
    """log softmax of the targets: logits (batch, time, V), targets (batch, time)."""
    top = logits.max(-1, keepdims=True)
    total = np.log(np.exp(logits - top).sum(-1, dtype=np.float64)) + top[..., 0]
    return np.take_along_axis(logits, targets[..., None], -1)[..., 0] - total


def _words(ids: Ids) -> Ids:
    return ids[(ids > SONG) | (ids == UNK)]


def _complement(run: Run, texts: Sequence[str], unknown: int) -> dict[str, float]:
    """Bits of what the tokens leave open."""
    if run.level == "char":
        return {"spelling": unknown * CODE_POINT_BITS}
    spelling, surface = open_complement(run)
    known = run.vocabulary.word2index
    rare = [token for text in texts for token in tokens_of(text, "word") if token not in known]
    lines = [line for text in texts for line in text.split("\n")]
    return {"spelling": sum(spelling.bits(rare)), "surface": surface.bits(lines, spelling)}


SPELLING, SPELLING_VOCABULARY, SURFACE = "spelling.npz", "spelling.json", "surface.json"


def open_complement(run: Run) -> tuple[Spelling, Surface]:
    """The parts of a word run that make it a complete code."""
    letters = Vocabulary.from_json(run.json(SPELLING_VOCABULARY))
    spelling = Spelling(letters, KneserNey.from_arrays(run.arrays(SPELLING)))
    return spelling, Surface.from_json(run.json(SURFACE))
