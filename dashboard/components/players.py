"""Trained networks that the lessons play: a character run for each cell, if one is there."""

import numpy as np

from dashboard import cache
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.run import NGRAMS, load_run

ALPHABET = dict.fromkeys("abcdefghijklmnopqrstuvwxyzéèêàâçùûîôœABCDEFGHIJKLMNOPQRSTUVWXYZ',.!?:;- ", 1)


def character_run(cell: str) -> cache.OpenRun | None:
    """The smallest character run of this cell among the models, the shipped ones first."""
    for name in cache.network_names():
        run = cache.open_network(name)
        if run.vocabulary.level == "char" and run.network().layers[-1].cell == cell:
            return run
    return None


def lstm_run() -> tuple[cache.OpenRun, bool]:
    """A character LSTM and whether it was trained: without one, 32 units as they are drawn."""
    run = character_run("lstm")
    return (run, True) if run else (cache.call_resource(_untrained_run), False)


def _untrained_run() -> cache.OpenRun:
    vocabulary = Vocabulary.from_counts(ALPHABET, level="char")
    spec = NetworkSpec(cell="lstm", units=32, layers=1, embedding=16, tied=False, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.3, shape) for shape in spec.shapes()]
    return cache.of_network("untrained", vocabulary, network_from_weights(spec, weights))


def ngram_run(name: str) -> cache.OpenRun | None:
    """The n-gram that was trained beside a run, if it kept one."""
    return cache.call_resource(_load_ngram, name, cache.run_version(name))


def _load_ngram(name: str, version: int) -> cache.OpenRun | None:
    run = load_run(name)
    return cache.OpenRun(f"{name}, n-gram", run.vocabulary, run.ngrams) if run.has(NGRAMS) else None
