"""Trained models: networks in memory, ready to be played, and what pages know of the runs that write."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.cache.corpus_cache import corpus_names
from dashboard.cache.phonetics_cache import pronunciations
from dashboard.cache.session_visitor import current_visitor
from pipeline.cells.replay import Network
from pipeline.core.paths import DEMO_NAME
from pipeline.generation.sampling import SamplingSettings, suited_sampling
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.runs.config import RUN_OWNERS
from pipeline.runs.run import list_runs, load_run, run_version

BEST_WRITER = "demo-subword"  # whose lines are taken for people's most often: docs/decisions/writers.md


@dataclass(frozen=True, eq=False)
class OpenRun:
    """A run whose weights are in memory, which visitors share: what the lessons play."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    replay: Network | None = None

    def network(self) -> Any:
        """Return the network itself, with its gates; of `open_network` alone."""
        return self.replay

    def language_model(self) -> LanguageModel:
        """Return the model, as the writer asks for it."""
        return self.model


@dataclass(frozen=True, eq=False)
class WriterVocabulary:
    """What pages know of a run that writes: its words, and the corpus that has them. Its weights are the writers'."""

    name: str
    vocabulary: Vocabulary
    corpus: str


def of_network(name: str, vocabulary: Vocabulary, network: Network) -> OpenRun:
    """Return a network as an open run."""
    return OpenRun(name, vocabulary, NetworkModel(network), replay=network)


def run_names() -> list[str]:
    """Return the names of the runs that the visitor may read, those that came with Seize first."""
    return sorted(_readable_runs(), key=lambda name: (not name.startswith(DEMO_NAME), name))


def _readable_runs() -> list[str]:
    return RUN_OWNERS.readable(list_runs(), current_visitor().name)


@st.cache_data(max_entries=256, show_spinner=False)
def _kind(name: str, version: int) -> str:
    return load_run(name).kind


@st.cache_data(max_entries=256, show_spinner=False)
def _sampling(name: str, version: int) -> SamplingSettings:
    return suited_sampling(load_run(name).units)


def run_sampling(name: str) -> SamplingSettings:
    """Return how tokens are drawn as suits a run."""
    return _sampling(name, run_version(name))


def network_names() -> list[str]:
    """Return the names of the runs that have a network."""
    return [name for name in run_names() if _kind(name, run_version(name)) != "ngram"]


@st.cache_resource(max_entries=4, show_spinner="Opening the model…")
def _open_network(name: str, version: int) -> OpenRun:
    run = load_run(name)
    return of_network(run.name, run.vocabulary, run.network())


def open_network(name: str) -> OpenRun:
    """Return a run with its network. Raise RunError when it cannot be read."""
    return _open_network(name, run_version(name))


@st.cache_resource(max_entries=8, show_spinner=False)
def _open_writer(name: str, version: int) -> WriterVocabulary:
    run = load_run(name)
    return WriterVocabulary(run.name, run.vocabulary, run.corpus_name)


def open_writer(name: str) -> WriterVocabulary:
    """Return what pages know of a run of any kind that writes. Raise RunError when it cannot be read."""
    return _open_writer(name, run_version(name))


def writer_names() -> list[str]:
    """Return the names of the runs that write: the best of those that came with Seize, the others, then all else."""

    def order(name: str) -> tuple[bool, bool, bool, str]:
        return name != BEST_WRITER, not name.startswith(DEMO_NAME), "word" not in name, name

    return sorted((name for name in _readable_runs() if not name.startswith("learn-")), key=order)


def writer_pronunciations(name: str) -> Pronunciations:
    """Return how the words that a run writes sound."""
    corpus_names()
    return pronunciations(open_writer(name).corpus)
