"""Trained models in memory, what pages need to know of runs, and requests to the writer processes.

All visitors share the writers, which know a visitor by a random token only.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from dashboard.cache.corpus_cache import corpus_names, current_visitor
from dashboard.cache.phonetics_cache import pronunciations
from dashboard.cache.result_cache import call
from pipeline.cells.replay import Network
from pipeline.core.paths import DEMO_NAME
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.policy import decoding_policy
from pipeline.generation.sampling import SamplingSettings, sampling_with_defaults
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.runs.config import RUN_OWNERS, run_folder
from pipeline.runs.run import Run, list_runs, load_run, run_version
from pipeline.runs.summary import runs_table
from pipeline.writers.pool import IDLE, QueuedRequest, WriterPool, open_pool, process_count
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import LineRequest, OriginalityRequest, WriteRequest, request_to_json

BEST_WRITER = "seize"


@dataclass(frozen=True, eq=False)
class OpenRun:
    """A run with its weights in memory, shared by visitors; lessons compute with it."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    replay: Network | None = None
    training_corpora: tuple[str, ...] = (DEMO_NAME,)
    training_texts: tuple[str, ...] = ()

    def network(self) -> Any:
        """Return the run's network, which shows every gate at every step; None unless opened by `open_network`."""
        return self.replay

    def language_model(self) -> LanguageModel:
        """Return the language model of the run."""
        return self.model


@dataclass(frozen=True, eq=False)
class WriterVocabulary:
    """The vocabulary and corpus of a run that generates lyrics; its weights are in the writer processes."""

    name: str
    vocabulary: Vocabulary
    corpus: str
    is_of_text: bool = False  # it learnt from a plain text, and `corpus` serves for sounds alone


T = TypeVar("T")


def cached_result_of_run(function: Callable[[Run], T], name: str, *, large: bool = False) -> T:
    """Return `function(run)`, cached until the run is trained again; only four `large` results (weights) are cached.

    Read-only, shared by all visitors. Raise RunError as `load_run` does.
    """
    cached = _cached_large_run_result if large else _cached_run_result
    return cached(f"{function.__module__}.{function.__qualname__}", str(run_folder(name)), run_version(name), function)


@st.cache_resource(max_entries=512, show_spinner=False)
def _cached_run_result(question: str, folder: str, version: int, _function: Callable[[Run], T]) -> T:
    return _function(load_run(Path(folder).name))


@st.cache_resource(max_entries=4, show_spinner="Opening the model…")
def _cached_large_run_result(question: str, folder: str, version: int, _function: Callable[[Run], T]) -> T:
    return _function(load_run(Path(folder).name))


def run_names() -> list[str]:
    """Return the names of the runs that the visitor may read, those included with Seize first."""
    return sorted(_readable_runs(), key=lambda name: (not name.startswith(DEMO_NAME), name))


def _readable_runs() -> list[str]:
    return RUN_OWNERS.readable_names(list_runs(), current_visitor().name)


def run_table() -> tuple[pd.DataFrame, list[str]]:
    """Return (a row per run that the visitor may read, a `Sentence` for each run that cannot be opened)."""
    return call(_runs_table, tuple((name, str(run_folder(name)), run_version(name)) for name in run_names()))


def _runs_table(versions: tuple[tuple[str, str, int], ...]) -> tuple[pd.DataFrame, list[str]]:
    return runs_table(name for name, *_ in versions)


def default_sampling_settings(name: str) -> SamplingSettings:
    """Return the sampling settings that suit a run."""
    return cached_result_of_run(lambda run: sampling_with_defaults(decoding_policy(run.vocabulary)), name)


def network_names() -> list[str]:
    """Return the names of the readable runs that have a network (are no pure n-gram)."""
    return list(filter(has_network, run_names()))


def has_network(name: str) -> bool:
    """Return whether a run has a network: it is no pure n-gram."""
    return cached_result_of_run(lambda run: run.kind, name) != "ngram"


def open_network(name: str) -> OpenRun:
    """Return a run with its network. Raise RunError when it cannot be read."""
    return cached_result_of_run(_load_network, name, large=True)


def _load_network(run: Run) -> OpenRun:
    network = run.network()
    return OpenRun(run.name, run.vocabulary, NetworkModel(network), network)


def load_writer_vocabulary(name: str) -> WriterVocabulary:
    """Return the vocabulary and corpus of a run that generates lyrics. Raise RunError when it cannot be read."""
    return cached_result_of_run(
        lambda run: WriterVocabulary(run.name, run.vocabulary, run.corpus_name, not run.training_corpora), name
    )


def writer_names() -> list[str]:
    """Return the readable runs that generate lyrics: the best included one, other included ones, then all others."""

    def sort_key(name: str) -> tuple[bool, bool, bool, str]:
        return name != BEST_WRITER, not name.startswith(DEMO_NAME), "word" not in name, name

    return sorted((name for name in _readable_runs() if not name.startswith("learn-")), key=sort_key)


def writer_pronunciations(name: str) -> Pronunciations:
    """Return the pronunciations of the words that a run can write."""
    corpus_names()
    return pronunciations(load_writer_vocabulary(name).corpus)


def _pool() -> WriterPool:
    return _open_writer_pool(str(run_folder(BEST_WRITER).parent))


@st.cache_resource(show_spinner=False)
def _open_writer_pool(folder: str) -> WriterPool:
    return open_pool()  # whose writers hold runs of this folder by name


def _browser_tab_token() -> str:
    """Return a random token that identifies the browser tab, so that the writers serve visitors in turns."""
    return str(st.session_state.setdefault("visitor", secrets.token_hex(8)))


def request_text(request: WriteRequest) -> RequestedText:
    """Return the text of a request, which the writers write while it is read."""
    return RequestedText(_pool(), _browser_tab_token(), request)


@st.cache_resource(show_spinner=False, ttl=IDLE)
def start_writers() -> None:
    """Make each writer process open the Studio's first run (it takes seconds), unless done within the last `IDLE`
    seconds."""
    if process_count() and (runs := writer_names()):
        constraints = Constraints(scheme="AABB", syllables=12)
        settings = LyricSettings(lines=1, constraints=constraints, sampling=default_sampling_settings(runs[0]))
        request = WriteRequest(runs[0], "", 0, settings)
        for process in range(_pool().size):
            _pool().ask(_browser_tab_token(), {"request": request_to_json(request), "have": 0}, process)


def ask_writers(request: LineRequest | OriginalityRequest) -> QueuedRequest:
    """Queue a request to the writers and return it; its reply is plain data."""
    return _pool().ask(_browser_tab_token(), {"request": request_to_json(request)})
