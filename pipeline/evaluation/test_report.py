"""How good a run is on what it did not learn from, beside the n-gram of the same songs; and what is fitted to that end.

The validation part sets the weights of what is mixed; the test part is opened once, to report.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.evaluation.card import model_card, sample_text
from pipeline.evaluation.comparison import paired_difference
from pipeline.evaluation.evaluate import Said, log_probabilities, score_texts, song_bits
from pipeline.language.vocabulary import UNK
from pipeline.language_models.cache_model import fit_cache_weights
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.interpolation import fit_interpolation
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney
from pipeline.language_models.mixture import BUCKETS, cells, fit_shares
from pipeline.language_models.splits import Split
from pipeline.language_models.units import CHARACTERS, encode, units_of
from pipeline.runs.run import Kind, Run, update_run

Floats = npt.NDArray[np.float64]
_ENOUGH = 300_000  # tokens to fit the memory on: three numbers a length


@dataclasses.dataclass(frozen=True)
class Baseline:
    """The best-order character Kneser-Ney of the same songs: bits (a complete code) and characters of each song."""

    order: int
    bits: Mapping[str, Floats]
    characters: Mapping[str, Floats]

    def per_char(self) -> dict[str, float]:
        """The order, and bits a character of each side that has songs."""
        sides = {side: float(bits.sum() / self.characters[side].sum()) for side, bits in self.bits.items() if len(bits)}
        return {"order": self.order, **sides}


def character_baseline(split: Split, ngrams: KneserNey | None = None) -> Baseline:
    """Of valid and test; it is told nothing but the text. `ngrams` is the model if it was counted already."""
    vocabulary = CHARACTERS.vocabulary(split.train)
    sides = {side: [encode(text, vocabulary) for text in getattr(split, side)] for side in ("train", "valid", "test")}
    if ngrams is None:
        ngrams = best_kneser_ney(sides["train"], sides["valid"], len(vocabulary), CHARACTERS.ngram_orders)
    bits, characters = {}, {}
    for side in ("valid", "test"):
        songs = sides[side]
        unknown = np.array([float((song == UNK).sum()) for song in songs])
        own = np.array([-float(score.sum()) for score in ngrams.score(songs)]) if songs else np.empty(0)
        bits[side] = own / np.log(2) + CODE_POINT_BITS * unknown
        characters[side] = np.array([len(song) + 1.0 for song in songs])
    return Baseline(ngrams.order, bits, characters)


def judge(run: Run, split: Split, baseline: Baseline, kind: Kind) -> Run:
    """Fit what is mixed on the validation part, score both parts that the run did not learn from, write its card."""
    scores: dict[str, Any] = {"baseline": baseline.per_char()}
    texts = {side: part for side in ("valid", "test") if (part := getattr(split, side))}
    said = {side: Said(run, [encode(text, run.vocabulary) for text in part]) for side, part in texts.items()}
    if kind == "mixture":
        alone = dataclasses.replace(run, config={**run.config, "kind": "network"})
        scores["network"] = {
            side: score_texts(alone, part, ends=True, said=said[side]).bits_per_char for side, part in texts.items()
        }
        run = _mixed(run, said["valid"])
    run = _remembering(run, said["valid"])
    for side, part in texts.items():
        scores[side] = score_texts(run, part, ends=True, said=said[side]).to_json()
    if len(split.test) >= 3:
        own, bits = song_bits(run, split.test, said=said["test"]), baseline.bits["test"]
        scores["gain_interval"] = _gain(own, bits)
        if run.conditions:
            told = song_bits(run, split.test, split.labels["test"])
            characters = baseline.characters["test"].sum()
            scores["told"] = {"test": float(told.sum() / characters), "gain_interval": _gain(told, own)}
    return update_run(run, scores=scores, card=model_card(run, scores, sample_text(run)))


def _gain(bits: Floats, than: Floats) -> list[float]:
    """95 % interval, over songs, of the share of bits saved."""
    _, change = paired_difference(bits, than, than)
    return [-change.high, -change.low]


def _mixed(run: Run, valid: Said) -> Run:
    """The run as a mixture, its shares fitted on the validation songs."""
    first, second = ([np.concatenate(part) for part in zip(*own, strict=True)] for own in (valid.network, valid.ngrams))
    shares = fit_shares(first[0], second[0], cells(first[1], second[1]), BUCKETS**2).reshape(BUCKETS, BUCKETS)
    run = dataclasses.replace(run, config={**run.config, "kind": "mixture", "shares": shares.round(4).tolist()})
    if not valid.words:
        return run
    weights = fit_interpolation(valid.words, np.exp(np.concatenate(log_probabilities(run, valid.songs, said=valid))))
    return dataclasses.replace(run, config={**run.config, "word_weights": weights.round(4).tolist()})


def _remembering(run: Run, valid: Said) -> Run:
    """The run with what says the shares of the memory of a song, fitted likewise, on as many songs as that takes."""
    enough = 1 + int(np.searchsorted(np.cumsum([len(song) for song in valid.songs]), _ENOUGH))
    static = log_probabilities(run, valid.songs, said=valid)
    weights = fit_cache_weights(valid.songs[:enough], static[:enough], units_of(run.vocabulary).cache_order)
    return dataclasses.replace(run, config={**run.config, "cache_weights": weights.round(4).tolist()})
