"""A corpus -> a run: the whole way, from the split to the model card. TensorFlow is imported when fitting starts."""

import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.replay import network_from_weights
from pipeline.cells.spec import NetworkSpec
from pipeline.corpus.table import Corpus
from pipeline.errors import RunError, SettingError
from pipeline.evaluation.card import sample_of
from pipeline.evaluation.test_report import character_baseline, judge
from pipeline.language.vocabulary import UNK, Ids, Vocabulary
from pipeline.language_models.casing import CODE_POINT_BITS, train_casing, train_spelling
from pipeline.language_models.control_tokens import Conditioned, conditions_of, with_conditions
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney, train_kneser_ney
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.splits import Split, split_corpus
from pipeline.language_models.units import CHARACTERS, UNITS, encode, units_of
from pipeline.language_models.word_contexts import train_word_contexts
from pipeline.networks.quiet_start import start_tensorflow
from pipeline.runs.run import (
    CASING,
    NGRAMS,
    SPELLING,
    SPELLING_VOCABULARY,
    WORD_CONTEXTS,
    Draft,
    Run,
    checkpoint_path,
    save_run,
)
from pipeline.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from pipeline.training.settings import OnProgress, Progress, TrainSettings, ignore

if TYPE_CHECKING:
    from pipeline.training.fit import Fitted, Songs

_OF_THE_NETWORK = ("cell", "units", "layers", "embedding", "tied", "dropout", "recurrent_dropout")


def train(
    corpus: Corpus,
    settings: TrainSettings,
    on_progress: OnProgress = ignore,
    *,
    resume: bool = False,
    about: Mapping[str, Any] | None = None,
) -> Run:
    """Train on 90 % of the songs, choose by 5 %, report on 5 %; save the run and return it.

    `resume` goes on from the last checkpoint of the run of this name: with the same settings as if it had never
    stopped, with more minutes or steps for longer. Ctrl-C keeps the best so far. `about` is kept with the corpus's
    name: how its songs were chosen. Raises SettingError, RunError.
    """
    source = {"name": corpus.name, **(about or {})}
    return learn(split_corpus(corpus), settings, source, on_progress, resume=resume)


def train_text(
    text: str,
    valid: str,
    settings: TrainSettings,
    name: str,
    on_progress: OnProgress = ignore,
    *,
    resume: bool = False,
) -> Run:
    """The same from a plain text that is already split into one to learn from and one to choose by. No test part.

    Once it has chosen, the run learns from the second text as well; its scores are those of before.
    """
    return learn(Split((text,), (valid,), ()), settings, {"name": name, "text": True}, on_progress, resume=resume)


def learn(
    split: Split,
    settings: TrainSettings,
    source: Mapping[str, Any],
    on_progress: OnProgress = ignore,
    *,
    resume: bool = False,
) -> Run:
    """The same from texts that are already split; `source` says where they are from."""
    start = time.perf_counter()
    before = load_checkpoint(checkpoint_path(settings.name)) if resume else None
    if before:
        settings = _as_before(settings, before[1])
    settings = settings.complete(sum(map(len, split.train)))
    units = UNITS[settings.level]
    vocabulary = units.vocabulary(split.train, limit=settings.vocabulary_limit)
    if settings.kind != "ngram":
        vocabulary = with_conditions(vocabulary, split.labels.get("train", ()))
    train_ids, valid_ids = ([encode(text, vocabulary) for text in part] for part in (split.train, split.valid))
    if sum(map(len, train_ids)) < 100 or not sum(map(len, valid_ids)):
        raise SettingError(
            "text-too-short", "There is too little text to train on: at least a few songs are needed on each side."
        )
    ngrams = best_kneser_ney(train_ids, valid_ids, len(vocabulary), units.ngram_orders)
    conditions = conditions_of(vocabulary)
    baseline = character_baseline(split, ngrams if units is CHARACTERS and not conditions else None)
    draft, fitted = _draft(split, settings, source, vocabulary, ngrams), None
    if settings.kind == "ngram":
        draft = dataclasses.replace(draft, config={**draft.config, "seconds": time.perf_counter() - start})
    else:
        spec = network_spec(settings, len(vocabulary), len(conditions))
        tell = _telling(on_progress, baseline.per_char()["valid"], spec, valid_ids, vocabulary)
        about = {
            "network": spec.to_json(),
            "time": settings.time,
            "corpus": source["name"],
            "tokens": sum(map(len, train_ids)),
        }
        songs = _told(train_ids, split, vocabulary) if conditions else lambda _: train_ids
        fitted = _fit(spec, songs, valid_ids, settings, about, before, tell, absorb=not split.test)
        draft = _with_network(draft, spec, fitted)
        if settings.kind == "mixture" and units.spells:
            draft = _with_arrays(draft, {WORD_CONTEXTS: train_word_contexts(train_ids, vocabulary).to_arrays()})
    run = judge(save_run(draft), split, baseline, settings.kind)
    if not split.test:
        run = _absorbed(run, draft, [*train_ids, *valid_ids], fitted)
    return run


def _absorbed(run: Run, draft: Draft, songs: Sequence[Ids], fitted: "Fitted | None") -> Run:
    """The run with what it learnt from the validation text too; weights of mixing, scores and card stay."""
    counted = {NGRAMS: train_kneser_ney(songs, len(run.vocabulary), run.ngrams.order).to_arrays()}
    if run.word_contexts:
        counted[WORD_CONTEXTS] = train_word_contexts(songs, run.vocabulary).to_arrays()
    draft = dataclasses.replace(_with_arrays(draft, counted), config={**run.config, "absorbed": True}, card=run.card())
    if fitted is not None and fitted.final is not None:
        fitted.model.set_weights(fitted.final)
    return save_run(draft)


def _told(songs: Sequence[Ids], split: Split, vocabulary: Vocabulary) -> "Songs":
    """The songs of an epoch, each section told its conditions but for those that chance leaves out."""
    return Conditioned.of(songs, split.labels["train"], vocabulary).told


def network_spec(settings: TrainSettings, vocabulary_size: int, conditions: int = 0) -> NetworkSpec:
    """The network of complete settings, as `networks` builds and `cells` replays it."""
    chosen = {name: getattr(settings, name) for name in _OF_THE_NETWORK}
    return NetworkSpec(**chosen, vocabulary_size=vocabulary_size, conditions=conditions)


def _as_before(settings: TrainSettings, before: Mapping[str, Any]) -> TrainSettings:
    """With the network and windows of the checkpoint where none are asked for: another budget would choose others."""
    known = {**before["network"], "time": before.get("time")}
    chosen = {name: known[name] for name in (*_OF_THE_NETWORK, "time") if getattr(settings, name) is None}
    return dataclasses.replace(settings, **chosen)


def _telling(
    on_progress: OnProgress, baseline: float, spec: NetworkSpec, valid: Sequence[Ids], vocabulary: Vocabulary
) -> Callable[[Progress, Sequence[Array]], None]:
    """`on_progress` told what the fitting does not know: the n-gram's bits, its own a character, how it writes."""
    unknown = float(np.mean(np.concatenate(valid) == UNK)) * CODE_POINT_BITS
    units = units_of(vocabulary)

    def tell(step: Progress, weights: Sequence[Array]) -> None:
        step = dataclasses.replace(step, baseline_bits=baseline)
        if step.valid_bits is not None:
            bits = step.valid_bits + unknown if units is CHARACTERS else None
            sample = sample_of(
                NetworkModel(network_from_weights(spec, weights)), vocabulary, units.progress_sample_length
            )
            step = dataclasses.replace(step, valid_bits_per_char=bits, sample=sample)
        on_progress(step)

    return tell


def _fit(
    spec: NetworkSpec,
    train_songs: "Songs",
    valid_ids: Sequence[Ids],
    settings: TrainSettings,
    about: dict[str, Any],
    before: tuple[Checkpoint, dict[str, Any]] | None,
    on_progress: Callable[[Progress, Sequence[Array]], None],
    *,
    absorb: bool,
) -> "Fitted":
    start_tensorflow()
    from pipeline.training.fit import fit

    path = checkpoint_path(settings.name)
    if before and before[1] != about:
        raise RunError(
            "checkpoint-of-another",
            "The checkpoint of {name!r} is of another network or corpus: {before} instead of {about}. Resume "
            "with the same settings or start afresh, without --resume.",
            name=settings.name,
            before=before[1],
            about=about,
        )

    def keep(checkpoint: Checkpoint) -> None:
        save_checkpoint(path, checkpoint, about)

    return fit(
        spec,
        train_songs,
        valid_ids,
        settings,
        resume=before and before[0],
        absorb=absorb,
        on_progress=on_progress,
        on_checkpoint=keep,
    )


def _draft(
    split: Split, settings: TrainSettings, source: Mapping[str, Any], vocabulary: Vocabulary, ngrams: KneserNey
) -> Draft:
    """What is counted rather than trained."""
    sides = {side: getattr(split, side) for side in ("train", "valid", "test")}
    arrays: dict[str, Any] = {NGRAMS: ngrams.to_arrays()}
    parts: dict[str, Any] = {}
    units = UNITS[settings.level]
    if not units.complete:
        counts = Counter(token for text in split.train for token in units.tokens(text))
        spelling = train_spelling(split.train, [word for word, n in counts.items() if n == 1])
        arrays[SPELLING] = spelling.ngrams.to_arrays()
        parts = {SPELLING_VOCABULARY: spelling.vocabulary.to_json(), CASING: train_casing(split.train).to_json()}
    config = {
        "name": settings.name,
        "kind": "ngram",
        "settings": dataclasses.asdict(settings),
        "corpus": {
            **source,
            "split": {side: {"songs": len(t), "characters": sum(map(len, t))} for side, t in sides.items()},
        },
    }
    return Draft(name=settings.name, config=config, vocabulary=vocabulary, arrays=arrays, parts=parts)


def _with_arrays(draft: Draft, arrays: Mapping[str, Any]) -> Draft:
    return dataclasses.replace(draft, arrays={**draft.arrays, **arrays})


def _with_network(draft: Draft, spec: NetworkSpec, fitted: "Fitted") -> Draft:
    position = fitted.position
    config = {
        **draft.config,
        "kind": "network",
        "network": spec.to_json(),
        "parameters": fitted.model.count_params(),
        "training": {
            "seconds": round(position.seconds, 1),
            "steps": position.step,
            "epochs": position.epoch + position.window / max(1, fitted.windows_per_epoch),
            "best_bits": position.best_bits,
        },
    }
    return dataclasses.replace(
        draft,
        config=config,
        weights=lambda path: _save_rounded(fitted.model, path),
        history=pd.DataFrame(position.history),
    )


def _save_rounded(model: Any, path: Path) -> None:
    """Save with weights rounded to float16: half the size once compressed, the same predictions within 1e-4 bits."""
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])
    model.save(path)
