"""The parts of a run, put together as they become known: what is counted, the network, what fine-tuning changes."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.replay import NetworkSpec
from pipeline.generation.search.endings import text_line_ends
from pipeline.language_models.casing import train_casing, train_spelling
from pipeline.language_models.kneser_ney import KneserNey, train_kneser_ney
from pipeline.language_models.splits import songs_of
from pipeline.language_models.word_contexts import train_word_contexts
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.draft import Draft, round_weights
from pipeline.runs.run import CASING, LINE_ENDS, MOST_ENDS, NGRAMS, SPELLING, SPELLING_VOCABULARY, Arrays
from pipeline.training.checkpoint import Fitted
from pipeline.training.material import Material
from pipeline.training.settings import CompleteSettings


def counted_draft(
    material: Material, settings: CompleteSettings, source: Mapping[str, Any], ngrams: KneserNey
) -> Draft:
    """What is counted rather than trained, and what the run is."""
    split = material.split
    sides = {side: getattr(split, side) for side in ("train", "valid", "test")}
    sizes = {side: {"songs": len(texts), "characters": sum(map(len, texts))} for side, texts in sides.items()}
    config = {
        "name": settings.name,
        "kind": settings.kind,
        "settings": dataclasses.asdict(settings),
        "corpus": {**source, **songs_of(split), "split": sizes},
    }
    parts = {LINE_ENDS: text_line_ends((*split.train, *split.valid))[:MOST_ENDS]} if source.get("text") else {}
    draft = Draft(settings.name, config, material.vocabulary, arrays={NGRAMS: ngrams.to_arrays()}, parts=parts)
    return draft if material.units.complete else _with_casing(draft, material)


def _with_casing(draft: Draft, material: Material) -> Draft:
    """With what makes words a complete code: the spelling of rare ones, and case, spaces and punctuation."""
    texts = material.split.train
    counts = Counter(token for text in texts for token in material.units.tokens(text))
    spelling = train_spelling(texts, [word for word, n in counts.items() if n == 1])
    parts = {SPELLING_VOCABULARY: spelling.vocabulary.to_json(), CASING: train_casing(texts).to_json()}
    draft = draft.with_arrays({SPELLING: spelling.ngrams.to_arrays()})
    return dataclasses.replace(draft, parts={**draft.parts, **parts})


def with_network(draft: Draft, material: Material, spec: NetworkSpec, fitted: Fitted) -> Draft:
    """With the trained network, and the word contexts of a mixture whose units count them."""
    position = fitted.position
    draft = draft.with_config(
        network=spec.to_json(),
        parameters=fitted.model.count_params(),
        training={
            "seconds": round(position.seconds, 1),
            "steps": position.step,
            "epochs": position.epoch + position.window / max(1, fitted.windows_per_epoch),
            "best_bits": position.best_bits,
        },
    )
    draft = dataclasses.replace(draft, history=pd.DataFrame(position.history))
    if draft.config["kind"] == "mixture" and material.units.counts_contexts:
        draft = draft.with_arrays({WORD_CONTEXTS: train_word_contexts(material.train, material.vocabulary).to_arrays()})
    return _with_weights(draft, fitted.model, fitted.model.get_weights())


def _with_weights(draft: Draft, model: Any, weights: list[Array]) -> Draft:
    """With weights rounded to float16: half the size once compressed, the same predictions within 1e-4 bits."""
    kept = round_weights(weights)

    def save(path: Path) -> None:
        model.set_weights(kept)
        model.save(path)

    return dataclasses.replace(draft, weights=save, weight_arrays=kept)


def fine_tuned(draft: Draft, material: Material, fitted: Fitted | None, order: int) -> Draft:
    """With what was learnt from the validation text too; weights of mixing, scores and card stay."""
    songs = [*material.train, *material.valid]
    counted: dict[str, Arrays] = {NGRAMS: train_kneser_ney(songs, len(material.vocabulary), order).to_arrays()}
    if WORD_CONTEXTS in draft.arrays:
        counted[WORD_CONTEXTS] = train_word_contexts(songs, material.vocabulary).to_arrays()
    draft = draft.with_arrays(counted).with_config(fine_tuned=True)
    if fitted is not None and fitted.final is not None:
        draft = _with_weights(draft, fitted.model, fitted.final)
    return draft
