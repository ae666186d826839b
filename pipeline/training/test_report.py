"""How good a run is on what it did not learn from, beside the n-gram of the same songs; and what is fitted to that end.

The validation part sets the weights of what is mixed; the test part is opened once, to report.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.core.translation import SOURCE, in_language
from pipeline.language.vocabulary import Ids
from pipeline.language_models.cache_model import fit_cache_weights
from pipeline.language_models.casing import CharacterBits
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney
from pipeline.language_models.protocol import Floats
from pipeline.language_models.splits import Split
from pipeline.language_models.text_model import TextModel
from pipeline.language_models.units import CHARACTERS, encode_text, vocabulary_units
from pipeline.runs.draft import RunDraft
from pipeline.training.card import model_card, sample_text
from pipeline.training.evaluate import paired_difference, score_texts, song_bits

SideScores = Mapping[str, Sequence[Floats]]  # of each side, of each song: log p of its tokens
_CACHE_FITTING_TOKENS = 300_000  # tokens to fit the cache weights on: three numbers a length


@dataclasses.dataclass(frozen=True)
class Baseline:
    """The bits and characters of each song by the best character n-gram (Kneser-Ney), by part (valid, test)."""

    order: int
    bits: Mapping[str, Floats]
    characters: Mapping[str, Floats]

    def order_and_bits_per_char(self) -> dict[str, float]:
        """Return the order of the n-gram, and the bits per character on each part that has songs."""
        sides = {side: float(bits.sum() / self.characters[side].sum()) for side, bits in self.bits.items() if len(bits)}
        return {"order": self.order, **sides}


def character_baseline(split: Split, ngrams: KneserNey | None = None) -> Baseline:
    """Return the scores of validation and test songs by the best character n-gram: `ngrams` or a new one."""
    vocabulary = CHARACTERS.vocabulary(split.train)
    if ngrams is None:
        train, valid = ([encode_text(text, vocabulary) for text in part] for part in (split.train, split.valid))
        ngrams = best_kneser_ney(train, valid, len(vocabulary), CHARACTERS.ngram_orders)
    model, bits, characters = TextModel(ngrams, vocabulary, CharacterBits()), {}, {}
    for side in ("valid", "test"):
        texts = getattr(split, side)
        bits[side] = song_bits(model, texts) if texts else np.empty(0)
        characters[side] = np.array([len(text) + 1.0 for text in texts])
    return Baseline(ngrams.order, bits, characters)


def with_test_report(draft: RunDraft, split: Split, baseline: Baseline) -> RunDraft:
    """Return a draft with mixture weights fitted on the validation songs, scores on validation and test songs, and a
    model card."""
    texts = {side: part for side in ("valid", "test") if (part := getattr(split, side))}
    scores: dict[str, Any] = {"baseline": baseline.order_and_bits_per_char()}
    songs = {side: [encode_text(text, draft.vocabulary) for text in part] for side, part in texts.items()}
    if draft.config["kind"] == "mixture":
        draft, static, network_only = _with_mixing_weights(draft, songs)
        network = draft.with_config(kind="network").as_run().text_model()
        scored_alone = {side: score_texts(network, texts[side], ends=True, static=network_only[side]) for side in texts}
        scores["network"] = {side: scored.bits_per_char for side, scored in scored_alone.items()}
    else:
        model = draft.as_run().language_model()
        static = {side: model.score(part) for side, part in songs.items()}
    draft = _with_cache_weights(draft, songs["valid"], static["valid"])
    run = draft.as_run()  # one: each reads the tables of n-grams again
    scored = run.text_model()
    for side, part in texts.items():
        scores[side] = score_texts(scored, part, ends=True, static=static[side]).to_json()
    if len(split.test) >= 3:
        scores |= _gain_intervals(scored, split, baseline, static["test"])
    draft = draft.with_config(scores=scores)
    with in_language(SOURCE):  # the file is the same whoever trains
        return dataclasses.replace(draft, card=model_card(run, scores, sample_text(run)))


def _with_mixing_weights(draft: RunDraft, songs: Mapping[str, list[Ids]]) -> tuple[RunDraft, SideScores, SideScores]:
    """Fit the mixture's weights on the validation songs. Return (the draft with these weights, the scores of the songs
    by the mixture, their scores by the network alone)."""
    mixture = draft.as_run().unfitted_mixture()
    experts = {side: mixture.score_experts(part) for side, part in songs.items()}
    mixture = mixture.fit_weights(experts["valid"])
    draft = draft.with_config(shares=mixture.shares.tolist())
    if mixture.word_weights is not None:
        draft = draft.with_config(word_weights=mixture.word_weights.tolist())
    mixed = {side: mixture.mix_scores(part) for side, part in experts.items()}
    return draft, mixed, {side: [log_p for log_p, _ in part.network] for side, part in experts.items()}


def _with_cache_weights(draft: RunDraft, songs: Sequence[Ids], static: Sequence[Floats]) -> RunDraft:
    """Return the draft with cache weights fitted on the first validation songs, some 300,000 tokens."""
    enough = 1 + int(np.searchsorted(np.cumsum([len(song) for song in songs]), _CACHE_FITTING_TOKENS))
    weights = fit_cache_weights(songs[:enough], static[:enough], vocabulary_units(draft.vocabulary).cache_order)
    return draft.with_config(cache_weights=weights.round(4).tolist())


def _gain_intervals(model: TextModel, split: Split, baseline: Baseline, static: Sequence[Floats]) -> dict[str, Any]:
    """Return bootstrap intervals of two gains in bits on the test songs: over the baseline, and by control tokens."""
    own, bits = song_bits(model, split.test, static=static), baseline.bits["test"]
    intervals: dict[str, Any] = {"gain_interval": _gain_interval(own, bits)}
    if any(entry in model.vocabulary for song in split.labels.get("test", ()) for part in song for entry in part):
        given = song_bits(model, split.test, split.labels["test"])
        characters = baseline.characters["test"].sum()
        intervals["conditioned"] = {
            "test": float(given.sum() / characters),
            "gain_interval": _gain_interval(given, own),
        }
    return intervals


def _gain_interval(bits: Floats, reference_bits: Floats) -> list[float]:
    """Return the 95 % bootstrap interval (low, high) over songs of the share of bits saved against the reference."""
    _, change = paired_difference(bits, reference_bits, reference_bits)
    return [-change.high, -change.low]
