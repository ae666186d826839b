"""A corpus -> a run: the whole way, from the split to the model card. TensorFlow is imported when fitting starts."""

import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.core.errors import RunError
from pipeline.corpus.table import Corpus
from pipeline.generation.policy import decoding_policy
from pipeline.language.vocabulary import UNK
from pipeline.language_models.casing import CODE_POINT_BITS, train_casing, train_spelling
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney, train_kneser_ney
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.splits import Split, song_hashes, split_corpus
from pipeline.language_models.units import CHARACTERS
from pipeline.language_models.word_contexts import train_word_contexts
from pipeline.networks.quiet_start import start_tensorflow
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.draft import RunDraft, round_weights, save_run
from pipeline.runs.run import (
    CASING,
    NGRAMS,
    SPELLING,
    SPELLING_VOCABULARY,
    TEXTS,
    Arrays,
    Run,
    checkpoint_path,
)
from pipeline.training.base import BaseModel, inherit_base_architecture, open_base, transfer_weights
from pipeline.training.card import sample_from_model
from pipeline.training.checkpoint import Checkpoint, FittedModel, load_checkpoint, save_checkpoint
from pipeline.training.data import TrainingData, encode_split
from pipeline.training.settings import CompleteSettings, OnProgress, TrainingProgress, TrainSettings
from pipeline.training.test_report import Baseline, character_baseline, with_test_report

_NETWORK_FIELDS = ("cell", "units", "layers", "embedding", "tied", "dropout", "recurrent_dropout")
LoadedCheckpoint = tuple[Checkpoint, dict[str, Any]] | None


def train(
    corpus: Corpus,
    settings: TrainSettings,
    on_progress: OnProgress = lambda step: None,
    *,
    resume: bool = False,
    about: Mapping[str, Any] | None = None,
) -> Run:
    """Train on 90 % of the songs, validate on 5 %, test on 5 %; save the run and return it.

    `resume` goes on from the last checkpoint of the run of this name: with the same settings as if it had never
    stopped, with more minutes or steps for longer. Ctrl-C keeps the best so far. `about` is kept with the corpus's
    name: how its songs were chosen. Raise SettingError, RunError.
    """
    source = {"name": corpus.name, **(about or {})}
    return train_on_split(split_corpus(corpus), settings, source, on_progress, resume=resume)


def hold_out_end(text: str) -> tuple[str, str]:
    """Return (training part, validation part) of a text. The last twentieth, cut at a line end, is for validation.

    >>> hold_out_end("un\\n" * 40)[1]
    'un\\nun\\n'
    """
    cut = text.rfind("\n", 0, len(text) - len(text) // 20) + 1
    return text[:cut], text[cut:]


def train_on_text(
    text: str,
    valid: str,
    settings: TrainSettings,
    name: str,
    on_progress: OnProgress = lambda step: None,
    *,
    resume: bool = False,
) -> Run:
    """Train on a plain text and validate on another. There is no test part. Save the run and return it.

    Once it has chosen, the run is fine-tuned on the second text as well; its scores are those of before.
    """
    split = Split((text,), (valid,), ())
    return train_on_split(split, settings, {"name": name, "text": True}, on_progress, resume=resume)


def train_on_split(
    split: Split,
    settings: TrainSettings,
    source: Mapping[str, Any],
    on_progress: OnProgress = lambda step: None,
    *,
    resume: bool = False,
) -> Run:
    """Train on texts that are already split, save the run and return it. `source` is stored as their origin."""
    start = time.perf_counter()
    before = load_checkpoint(checkpoint_path(settings.name)) if resume else None
    base = open_base(settings.base) if settings.base else None
    requested = inherit_base_architecture(settings, base) if base else settings
    chosen = (_with_checkpoint_network(requested, before[1]) if before else requested).with_defaults(
        sum(map(len, split.train))
    )
    data = encode_split(split, chosen, base.vocabulary if base else None)
    draft, baseline, order = _count_ngrams(data, chosen, source)
    fitted = None
    if chosen.kind == "ngram":
        draft = draft.with_config(seconds=time.perf_counter() - start)
    else:
        spec = network_spec(chosen, len(data.vocabulary), data.control_token_count)
        fitted = _fit_network(spec, data, chosen, str(source["name"]), before, base, baseline, on_progress)
        draft = _with_network(draft, data, spec, fitted)
        draft = draft.with_config(base=base.to_config()) if base else draft
    draft = with_test_report(draft, split, baseline)
    return save_run(draft if split.test else _fine_tune_on_validation(draft, data, fitted, order))


def network_spec(settings: CompleteSettings, vocabulary_size: int, conditions: int = 0) -> NetworkSpec:
    """Return the network architecture for the settings. `conditions` is the number of control tokens."""
    chosen = {name: getattr(settings, name) for name in _NETWORK_FIELDS}
    return NetworkSpec(**chosen, vocabulary_size=vocabulary_size, conditions=conditions)


def _with_checkpoint_network(settings: TrainSettings, before: Mapping[str, Any]) -> TrainSettings:
    """Return the settings with each None filled in from the checkpoint: another budget would give another network."""
    base_settings = {**before["network"], "time": before.get("time")}
    chosen = {name: base_settings[name] for name in (*_NETWORK_FIELDS, "time") if getattr(settings, name) is None}
    return dataclasses.replace(settings, **chosen)


def _count_ngrams(
    data: TrainingData, settings: CompleteSettings, source: Mapping[str, Any]
) -> tuple[RunDraft, Baseline, int]:
    """Return (draft of a run with its n-gram, baseline scores, order of the n-gram).

    The tables (half a gigabyte for five megabytes of text) are freed here, before a network is trained.
    """
    ngrams = best_kneser_ney(data.train, data.valid, len(data.vocabulary), list(data.modelling_units.ngram_orders))
    same = data.modelling_units is CHARACTERS and not data.control_token_count  # then it is the baseline itself
    baseline = character_baseline(data.split, ngrams if same else None)
    return _untrained_draft(data, settings, source, ngrams), baseline, ngrams.order


def _fit_network(
    spec: NetworkSpec,
    data: TrainingData,
    settings: CompleteSettings,
    corpus: str,
    before: LoadedCheckpoint,
    base: BaseModel | None,
    baseline: Baseline,
    on_progress: OnProgress,
) -> FittedModel:
    """Train and return the network, and save checkpoints. Raise RunError if the one to resume has other settings."""
    start_tensorflow()
    from pipeline.training.fit import fit

    path = checkpoint_path(settings.name)
    tokens = sum(map(len, data.train))
    fingerprint = {"network": spec.to_json(), "time": settings.time, "corpus": corpus, "tokens": tokens}
    fingerprint |= {"averaging": settings.averaging} if settings.averaging else {}
    fingerprint |= {"base": base.to_config()} if base else {}
    if before and before[1] != fingerprint:
        raise RunError(
            "The checkpoint of {name!r} is for another network or corpus: {before} instead of {about}. Resume with the "
            "same settings or start again, without --resume.",
            name=settings.name,
            before=before[1],
            about=fingerprint,
        )
    return fit(
        spec,
        data.songs,
        data.valid,
        settings,
        resume=before and before[0],
        initial_weights=partial(transfer_weights, base, data.vocabulary) if base else None,
        fine_tune=not data.split.test,
        on_progress=_progress_reporter(on_progress, baseline.order_and_bits_per_char()["valid"], spec, data),
        on_checkpoint=lambda checkpoint: save_checkpoint(path, checkpoint, fingerprint),
    )


def _progress_reporter(
    on_progress: OnProgress, baseline: float, spec: NetworkSpec, data: TrainingData
) -> Callable[[TrainingProgress, Sequence[Array]], None]:
    """Return a function that completes a progress report (baseline, bits per character, sample) and passes it on."""
    unknown = float(np.mean(np.concatenate(data.valid) == UNK)) * CODE_POINT_BITS

    def report(step: TrainingProgress, weights: Sequence[Array]) -> None:
        step = dataclasses.replace(step, baseline_bits=baseline)
        if step.valid_bits is not None:
            bits = step.valid_bits + unknown if data.modelling_units is CHARACTERS else None
            model = NetworkModel(network_from_weights(spec, weights))
            sample = sample_from_model(model, data.vocabulary, decoding_policy(data.vocabulary).progress_sample_length)
            step = dataclasses.replace(step, valid_bits_per_char=bits, sample=sample)
        on_progress(step)

    return report


def _untrained_draft(
    data: TrainingData, settings: CompleteSettings, source: Mapping[str, Any], ngrams: KneserNey
) -> RunDraft:
    """Return a draft of a run with its configuration, vocabulary and n-gram, before a network is trained."""
    split = data.split
    sides = {side: getattr(split, side) for side in ("train", "valid", "test")}
    sizes = {side: {"songs": len(texts), "characters": sum(map(len, texts))} for side, texts in sides.items()}
    config = {
        "name": settings.name,
        "kind": settings.kind,
        "settings": dataclasses.asdict(settings),
        "corpus": {**source, **song_hashes(split), "split": sizes},
    }
    arrays = {NGRAMS: ngrams.to_arrays()}
    if source.get("text"):  # it rhymes with, and is compared with, nothing else
        texts = (np.frombuffer(text.encode(), np.uint8) for text in (*split.train, *split.valid))
        arrays[TEXTS] = {f"text{number:06d}": text for number, text in enumerate(texts)}
    draft = RunDraft(settings.name, config, data.vocabulary, arrays=arrays)
    return draft if data.modelling_units.complete else _add_spelling_and_casing_models(draft, data)


def _add_spelling_and_casing_models(draft: RunDraft, data: TrainingData) -> RunDraft:
    """Return the draft of a word model with models of spelling and casing, which word tokens do not represent."""
    texts = data.split.train
    counts = Counter(token for text in texts for token in data.modelling_units.tokenise(text))
    spelling = train_spelling(texts, [word for word, n in counts.items() if n == 1])
    parts = {SPELLING_VOCABULARY: spelling.vocabulary.to_json(), CASING: train_casing(texts).to_json()}
    draft = draft.with_npz_files({SPELLING: spelling.ngrams.to_arrays()})
    return dataclasses.replace(draft, parts={**draft.parts, **parts})


def _with_network(draft: RunDraft, data: TrainingData, spec: NetworkSpec, fitted: FittedModel) -> RunDraft:
    """Return the draft with its trained network. If its units use word contexts, a mixture gets their counts too."""
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
    if draft.config["kind"] == "mixture" and data.modelling_units.counts_contexts:
        draft = draft.with_npz_files({WORD_CONTEXTS: train_word_contexts(data.train, data.vocabulary).to_arrays()})
    return _with_rounded_weights(draft, fitted.model, fitted.model.get_weights())


def _with_rounded_weights(draft: RunDraft, model: Any, weights: list[Array]) -> RunDraft:
    """Return the draft with weights rounded to float16: half the size, the same predictions within 1e-4 bits."""
    rounded = round_weights(weights)

    def save(path: Path) -> None:
        model.set_weights(rounded)
        model.save(path)

    return dataclasses.replace(draft, weights=save, weight_arrays=rounded)


def _fine_tune_on_validation(draft: RunDraft, data: TrainingData, fitted: FittedModel | None, order: int) -> RunDraft:
    """Return the draft with n-gram and network trained on the validation text too. Scores and card stay."""
    songs = [*data.train, *data.valid]
    counted: dict[str, Arrays] = {NGRAMS: train_kneser_ney(songs, len(data.vocabulary), order).to_arrays()}
    if WORD_CONTEXTS in draft.arrays:
        counted[WORD_CONTEXTS] = train_word_contexts(songs, data.vocabulary).to_arrays()
    draft = draft.with_npz_files(counted).with_config(fine_tuned=True)
    if fitted is not None and fitted.final is not None:
        draft = _with_rounded_weights(draft, fitted.model, fitted.final)
    return draft
