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
from pipeline.evaluation.evaluate import score_texts, song_bits
from pipeline.evaluation.predictions import Predictions, log_probabilities
from pipeline.language.vocabulary import UNK
from pipeline.language_models.cache_model import fit_cache_weights
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.interpolation import fit_interpolation
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney
from pipeline.language_models.mixture import BUCKETS, cells, fit_shares
from pipeline.language_models.splits import Split, Texts
from pipeline.language_models.units import CHARACTERS, encode
from pipeline.runs.draft import Draft
from pipeline.runs.run import Run

Floats = npt.NDArray[np.float64]
_ENOUGH = 300_000  # tokens to fit the cache weights on: three numbers a length


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
    """Of valid and test; conditioned on nothing but the text. `ngrams` is the model if it was counted already."""
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


def with_test_report(draft: Draft, split: Split, baseline: Baseline) -> Draft:
    """The draft with what is mixed fitted on the validation part, scores of both parts that it did not learn from, and
    its card."""
    texts = {side: part for side in ("valid", "test") if (part := getattr(split, side))}
    predictions = _predictions(draft, texts)
    scores: dict[str, Any] = {"baseline": baseline.per_char()}
    if draft.config["kind"] == "mixture":
        scores["network"] = _network_alone(draft, texts, predictions)
        draft = _with_mixing_weights(draft, predictions["valid"])
    draft = _with_cache_weights(draft, predictions["valid"])
    run = draft.run()
    for side, part in texts.items():
        scores[side] = score_texts(run, part, ends=True, predictions=predictions[side]).to_json()
    if len(split.test) >= 3:
        scores |= _intervals(run, split, baseline, predictions["test"])
    draft = draft.with_config(scores=scores)
    return dataclasses.replace(draft, card=model_card(draft.run(), scores, sample_text(draft.run())))


def _predictions(draft: Draft, texts: Mapping[str, Texts]) -> dict[str, Predictions]:
    run = draft.run()
    return {side: Predictions(run, [encode(text, run.vocabulary) for text in part]) for side, part in texts.items()}


def _network_alone(
    draft: Draft, texts: Mapping[str, Texts], predictions: Mapping[str, Predictions]
) -> dict[str, float]:
    """Bits a character of a mixture's network, by side."""
    run = draft.with_config(kind="network").run()
    return {
        side: score_texts(run, part, ends=True, predictions=predictions[side]).bits_per_char
        for side, part in texts.items()
    }


def _intervals(run: Run, split: Split, baseline: Baseline, predictions: Predictions) -> dict[str, Any]:
    """What the run gains on the baseline over the test songs, and what it gains when conditioned."""
    own, bits = song_bits(run, split.test, predictions=predictions), baseline.bits["test"]
    found: dict[str, Any] = {"gain_interval": _gain(own, bits)}
    if run.conditions:
        given = song_bits(run, split.test, split.labels["test"])
        characters = baseline.characters["test"].sum()
        found["conditioned"] = {"test": float(given.sum() / characters), "gain_interval": _gain(given, own)}
    return found


def _gain(bits: Floats, than: Floats) -> list[float]:
    """95 % interval, over songs, of the share of bits saved."""
    _, change = paired_difference(bits, than, than)
    return [-change.high, -change.low]


def _with_mixing_weights(draft: Draft, valid: Predictions) -> Draft:
    """The shares of a mixture, and what says those of its word contexts, fitted on the validation songs."""
    first, second = ([np.concatenate(part) for part in zip(*own, strict=True)] for own in (valid.network, valid.ngrams))
    shares = fit_shares(first[0], second[0], cells(first[1], second[1]), BUCKETS**2).reshape(BUCKETS, BUCKETS)
    draft = draft.with_config(shares=shares.round(4).tolist())
    if not valid.words:
        return draft
    below = np.concatenate(log_probabilities(draft.run(), valid.songs, predictions=valid))
    return draft.with_config(word_weights=fit_interpolation(valid.words, np.exp(below)).round(4).tolist())


def _with_cache_weights(draft: Draft, valid: Predictions) -> Draft:
    """What says the shares of the cache of a song, fitted likewise, on as many songs as that takes."""
    run = draft.run()
    enough = 1 + int(np.searchsorted(np.cumsum([len(song) for song in valid.songs]), _ENOUGH))
    static = log_probabilities(run, valid.songs, predictions=valid)
    weights = fit_cache_weights(valid.songs[:enough], static[:enough], run.units.cache_order)
    return draft.with_config(cache_weights=weights.round(4).tolist())
