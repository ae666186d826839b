"""A corpus -> a run: the whole way, from the split to the model card. TensorFlow is imported when fitting starts."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.corpus.table import Corpus
from pipeline.errors import RunError, SettingError
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.training.card import model_card, sample_text
from pipeline.training.checkpoint import Checkpoint, checkpoint_path, load_checkpoint, save_checkpoint
from pipeline.training.evaluate import SPELLING, SPELLING_VOCABULARY, SURFACE, log_probabilities, score_texts
from pipeline.training.mixture import fit_weight
from pipeline.training.ngrams import KneserNey, best_kneser_ney
from pipeline.training.run import NGRAMS, Draft, Run, save_run, update_run
from pipeline.training.settings import OnProgress, TrainSettings, ignore
from pipeline.training.streams import Split, build_vocabulary, encode, split_corpus, tokens_of
from pipeline.training.surface import CODE_POINT_BITS, train_spelling, train_surface

if TYPE_CHECKING:
    from pipeline.training.fit import Fitted

# Orders tried for the n-gram, shortest first, until validation gets worse.
_ORDERS = {"char": range(5, 13), "word": range(2, 6)}


def train(corpus: Corpus, settings: TrainSettings, on_progress: OnProgress = ignore, *, resume: bool = False) -> Run:
    """Train on 90 % of the songs, choose by 5 %, report on 5 %; save the run and return it.

    `resume` goes on from the last checkpoint of the run of this name: with the same settings as if it had never
    stopped, with more minutes or steps for longer. Ctrl-C keeps the best so far. Raises SettingError, RunError.
    """
    return learn(split_corpus(corpus), settings, corpus.name, on_progress, resume=resume)


def learn(
    split: Split, settings: TrainSettings, corpus_name: str, on_progress: OnProgress = ignore, *, resume: bool = False
) -> Run:
    """The same from texts that are already split."""
    settings = settings.complete()
    vocabulary = build_vocabulary(split.train, settings.level, limit=settings.vocabulary_limit)
    train_ids, valid_ids = ([encode(text, vocabulary) for text in part] for part in (split.train, split.valid))
    if sum(map(len, train_ids)) < 100 or not sum(map(len, valid_ids)):
        raise SettingError("There is too little text to train on: at least a few songs are needed on each side.")
    spec = network_spec(settings, len(vocabulary))
    fitted = _fit(spec, train_ids, valid_ids, settings, corpus_name, resume, on_progress)
    ngrams = best_kneser_ney(train_ids, valid_ids, len(vocabulary), _ORDERS[settings.level])
    run = save_run(_draft(split, settings, corpus_name, vocabulary, spec, fitted, ngrams))
    return judge(run, split, mixture=settings.mixture)


def judge(run: Run, split: Split, *, mixture: bool) -> Run:
    """Score a run with a network on the split that it was trained on, as a mixture if asked, and write its card."""
    run = dataclasses.replace(run, config={**run.config, "kind": "network"})
    ngrams = run.ngrams if run.level == "char" else None
    scores: dict[str, Any] = {"baseline": character_baseline(split, run.vocabulary, ngrams)}
    if mixture:
        sides = {side: score_texts(run, getattr(split, side), ends=True) for side in ("valid", "test")}
        scores["network"] = {side: score.bits_per_char for side, score in sides.items()}
        run = _mixed(run, [encode(text, run.vocabulary) for text in split.valid])
    for side in ("valid", "test"):
        scores[side] = score_texts(run, getattr(split, side), ends=True).to_json()
    return update_run(run, scores=scores, card=model_card(run, scores, sample_text(run)))


def _mixed(run: Run, valid: Sequence[Ids]) -> Run:
    """The run as a mixture, its weight fitted on the validation songs."""
    network, ngrams = (np.concatenate(scores) for scores in (log_probabilities(run, valid), run.ngrams.score(valid)))
    return dataclasses.replace(run, config={**run.config, "kind": "mixture", "weight": fit_weight(network, ngrams)})


def network_spec(settings: TrainSettings, vocabulary_size: int) -> dict[str, Any]:
    """The network of complete settings, as `networks` builds and `cells` replays it."""
    names = ("cell", "units", "layers", "embedding", "tied", "dropout")
    return {**{name: getattr(settings, name) for name in names}, "vocabulary_size": vocabulary_size}


def character_baseline(split: Split, vocabulary: Vocabulary, ngrams: KneserNey | None = None) -> dict[str, float]:
    """Bits a character on valid and test of the best-order character Kneser-Ney of the same songs."""
    if vocabulary.level != "char":
        vocabulary, ngrams = build_vocabulary(split.train, "char"), None
    sides = {side: [encode(text, vocabulary) for text in getattr(split, side)] for side in ("train", "valid", "test")}
    if ngrams is None:
        ngrams = best_kneser_ney(sides["train"], sides["valid"], len(vocabulary), _ORDERS["char"])
    result: dict[str, float] = {"order": ngrams.order}
    for side in ("valid", "test"):
        songs = sides[side]
        bits = -sum(float(score.sum()) for score in ngrams.score(songs)) / np.log(2)
        bits += CODE_POINT_BITS * sum(int((song == 1).sum()) for song in songs)
        result[side] = bits / sum(len(song) + 1 for song in songs)
    return result


def _fit(
    spec: dict[str, Any],
    train_ids: Sequence[Ids],
    valid_ids: Sequence[Ids],
    settings: TrainSettings,
    corpus_name: str,
    resume: bool,
    on_progress: OnProgress,
) -> "Fitted":
    from pipeline.training.fit import fit

    path = checkpoint_path(settings.name)
    about = {"network": spec, "corpus": corpus_name, "tokens": sum(map(len, train_ids))}
    checkpoint = None
    if resume:
        checkpoint, before = load_checkpoint(path)
        if before != about:
            raise RunError(
                f"The checkpoint of {settings.name!r} is of another network or corpus: {before} instead of {about}. "
                "Resume with the same settings or start afresh, without --resume."
            )

    def keep(checkpoint: Checkpoint) -> None:
        save_checkpoint(path, checkpoint, about)

    return fit(spec, train_ids, valid_ids, settings, resume=checkpoint, on_progress=on_progress, on_checkpoint=keep)


def _draft(
    split: Split,
    settings: TrainSettings,
    corpus_name: str,
    vocabulary: Vocabulary,
    spec: dict[str, Any],
    fitted: "Fitted",
    ngrams: KneserNey,
) -> Draft:
    sides = {side: getattr(split, side) for side in ("train", "valid", "test")}
    arrays: dict[str, Any] = {NGRAMS: ngrams.to_arrays()}
    parts: dict[str, Any] = {}
    if settings.level == "word":
        counts = Counter(token for text in split.train for token in tokens_of(text, "word"))
        spelling = train_spelling(split.train, [word for word, n in counts.items() if n == 1])
        arrays[SPELLING] = spelling.ngrams.to_arrays()
        parts = {SPELLING_VOCABULARY: spelling.vocabulary.to_json(), SURFACE: train_surface(split.train).to_json()}
    position = fitted.position
    config = {
        "name": settings.name,
        "kind": "network",
        "network": spec,
        "parameters": fitted.model.count_params(),
        "settings": dataclasses.asdict(settings),
        "corpus": {
            "name": corpus_name,
            "split": {side: {"songs": len(t), "characters": sum(map(len, t))} for side, t in sides.items()},
        },
        "training": {
            "seconds": round(position.seconds, 1),
            "steps": position.step,
            "epochs": position.epoch + position.window / max(1, fitted.windows_per_epoch),
            "best_bits": position.best_bits,
        },
    }
    return Draft(
        name=settings.name,
        config=config,
        vocabulary=vocabulary,
        weights=lambda path: _save_rounded(fitted.model, path),
        arrays=arrays,
        parts=parts,
        history=pd.DataFrame(position.history),
    )


def _save_rounded(model: Any, path: Path) -> None:
    """Save with weights rounded to float16: half the size once compressed, the same predictions within 1e-4 bits."""
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])
    model.save(path)
