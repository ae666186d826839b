"""Trained models in memory, ready to be played: networks, writers, and the constraint index of a writer."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.cache.corpus_cache import corpus_names, corpus_version, open_corpus
from dashboard.cache.phonetics_cache import pronunciations, visitor_pronunciations
from pipeline.cells.replay import Network
from pipeline.generation.constraint_index import ConstraintIndex, build_constraint_index
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.paths import DEMO_NAME
from pipeline.runs.run import list_runs, load_run, run_version


@dataclass(frozen=True, eq=False)
class OpenRun:
    """A run whose weights are in memory, which visitors share: what the writer needs, and the lessons."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    corpus: str = DEMO_NAME
    replay: Network | None = None

    def network(self) -> Any:
        """Return the network itself, with its gates; of `open_network` alone."""
        return self.replay

    def language_model(self) -> LanguageModel:
        """Return the model, as the writer asks for it."""
        return self.model


def of_network(name: str, vocabulary: Vocabulary, network: Network) -> OpenRun:
    """Return a network as an open run."""
    return OpenRun(name, vocabulary, NetworkModel(network), replay=network)


def run_names() -> list[str]:
    """Return the names of the runs, those that came with Seize first."""
    return sorted(list_runs(), key=lambda name: (not name.startswith(DEMO_NAME), name))


@st.cache_data(max_entries=256, show_spinner=False)
def _kind(name: str, version: int) -> str:
    return load_run(name).kind


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


@st.cache_resource(max_entries=4, show_spinner="Opening the model…")
def _open_writer(name: str, version: int) -> OpenRun:
    run = load_run(name)
    about = run.config.get("corpus", {})
    corpus = DEMO_NAME if about.get("text") else about.get("name", DEMO_NAME)  # a plain text has no words of its own
    return OpenRun(run.name, run.vocabulary, run.language_model(), corpus)


def open_writer(name: str) -> OpenRun:
    """Return a run of any kind as the Write pages play it. Raise RunError when it cannot be read."""
    return _open_writer(name, run_version(name))


def writer_names() -> list[str]:
    """Return the names of the runs that write, those that came with Seize first, and of these words before letters."""

    def order(name: str) -> tuple[bool, bool, str]:
        return not name.startswith(DEMO_NAME), "word" not in name, name

    return sorted((name for name in list_runs() if not name.startswith("learn-")), key=order)


@st.cache_resource(max_entries=4, show_spinner="Indexing the words that can rhyme, a few seconds…")
def _open_constraint_index(name: str, run_version: int, corpus: str, corpus_version: int) -> ConstraintIndex:
    return build_constraint_index(open_writer(name), open_corpus(corpus), visitor_pronunciations(corpus))


def open_constraint_index(name: str) -> ConstraintIndex:
    """Return what a run needs to write under constraints, made of the corpus that it learnt from.

    Raise RunError or CorpusError when either cannot be read.
    """
    corpus_names()  # the embedded corpus may have to be prepared
    corpus = open_writer(name).corpus
    return _open_constraint_index(name, run_version(name), corpus, corpus_version(corpus))


def writer_pronunciations(name: str) -> Pronunciations:
    """Return how the words that a run writes sound."""
    corpus_names()
    return pronunciations(open_writer(name).corpus)
