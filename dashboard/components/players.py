"""Trained networks that the lessons play: a character run for each cell, if one is there."""

from typing import Any

import numpy as np

from dashboard import cache
from pipeline.cells.replay import expected_shapes, network_from_weights
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.runs.run import NGRAMS, load_run

ALPHABET = dict.fromkeys("abcdefghijklmnopqrstuvwxyzéèêàâçùûîôœABCDEFGHIJKLMNOPQRSTUVWXYZ',.!?:;- ", 1)


def character_run(cell: str) -> cache.OpenRun | None:
    """The smallest character run of this cell among the models, the shipped ones first."""
    for name in cache.networks():
        run = cache.run(name)
        if run.vocabulary.level == "char" and run.weights.layers[-1].cell == cell:
            return run
    return None


def lstm() -> tuple[cache.OpenRun, bool]:
    """A character LSTM and whether it was trained: without one, 32 units as they are drawn."""
    run = character_run("lstm")
    return (run, True) if run else (cache.keep(_drawn), False)


def _drawn() -> cache.OpenRun:
    vocabulary = Vocabulary.from_counts(ALPHABET, level="char")
    spec = {
        "cell": "lstm",
        "units": 32,
        "layers": 1,
        "embedding": 16,
        "tied": False,
        "vocabulary_size": len(vocabulary),
    }
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.3, shape) for shape in expected_shapes(spec)]
    return cache.OpenRun("untrained", vocabulary, network_from_weights(spec, weights))


class Stepped:
    """An n-gram as the writer steps a network: it reads a seed token by token."""

    def __init__(self, ngrams: KneserNey) -> None:
        self.ngrams = ngrams

    def initial_state(self, batch: int = 1) -> Any:
        return self.ngrams.initial_state(batch)

    def step(self, tokens: Any, state: Any) -> tuple[Any, Any]:
        return self.ngrams.step(tokens, state)

    def run(self, tokens: Any, state: Any = None) -> tuple[Any, Any]:
        tokens = np.asarray(tokens)
        state = self.initial_state(len(tokens)) if state is None else state
        found = []
        for column in tokens.T:
            scores, state = self.step(column, state)
            found.append(scores)
        return np.stack(found, axis=1), state


def ngram(name: str) -> cache.OpenRun | None:
    """The n-gram that was trained beside a run, if it kept one."""
    return cache.keep(_ngram, name, cache.run_version(name))


def _ngram(name: str, version: int) -> cache.OpenRun | None:
    run = load_run(name)
    return cache.OpenRun(f"{name}, n-gram", run.vocabulary, Stepped(run.ngrams)) if run.has(NGRAMS) else None
