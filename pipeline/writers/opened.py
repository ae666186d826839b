"""The runs and constraint indexes that one process has open: opened when they are asked for, the last few kept."""

from dataclasses import dataclass
from functools import lru_cache

from pipeline.generation.search.constraint_index import ConstraintIndex, constraint_index
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.protocol import LanguageModel
from pipeline.runs.run import load_run, run_version

MOST_RUNS = 3  # open at once in a process: a run with its index takes 75 to 150 MB


@dataclass(frozen=True, eq=False)
class LoadedRun:
    """A run whose weights are in memory."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    corpus_name: str

    def language_model(self) -> LanguageModel:
        """Return the model."""
        return self.model


def open_run(name: str) -> LoadedRun:
    """Return a run, ready to write freely. Raises RunError when it cannot be read."""
    return _open_run(name, run_version(name))


def open_index(name: str) -> ConstraintIndex:
    """Return what a run needs to write to measure. Raises RunError or CorpusError when either cannot be read."""
    return constraint_index(open_run(name))


@lru_cache(MOST_RUNS)
def _open_run(name: str, version: int) -> LoadedRun:
    run = load_run(name)
    return LoadedRun(run.name, run.vocabulary, run.language_model(), run.corpus_name)
