"""What functions of the pipeline and of `queries` return, cached under their name and arguments.

`query` calls a function with the subcorpus of a selection, `query_phonetics` with its phonetics too, `call` with plain
arguments alone. Each visitor gets a copy (`st.cache_data`); `query_resource` and `call_resource` share one object,
which nobody changes (`st.cache_resource`). Whether the visitor may read the corpus is asked each time: a tab may stay
open when its owner shares it no longer.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx

from dashboard.cache.corpus_cache import check_readable, subcorpus
from dashboard.cache.phonetics_cache import CachedPhonetics, phonetic_table
from dashboard.queries.phonetics import Phonetics
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.precomputed import load_or_compute
from pipeline.core.errors import SeizeError
from pipeline.corpus.table import Corpus

P = ParamSpec("P")
T = TypeVar("T")

A_WHILE = 600.0  # seconds
LARGE = 100_000  # lines of a subcorpus from which on queries run side by side


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@st.cache_data(max_entries=512, show_spinner=False)
def _query(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return load_or_compute(_function, subcorpus(selection), *args, **dict(options))


def query(function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs) -> T:
    """Return `function(subcorpus, *args, **options)`, from what `prepare` stored where it was precomputed.

    The arguments have to be plain values.
    """
    check_readable(selection.corpus)
    return _query(_name(function), selection, args, tuple(sorted(options.items())), function)


def prime(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> None:
    """Have the subcorpus cache what `prepare` stored of a function that caches its answer with it."""
    load_or_compute(function, subcorpus(selection), *args, **options)


@st.cache_data(max_entries=512, show_spinner=False)
def _query_phonetics(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(subcorpus(selection), CachedPhonetics(selection.corpus), *args, **dict(options))


def query_phonetics(
    function: Callable[Concatenate[Corpus, Phonetics, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> T:
    """Return `function(subcorpus, phonetics of the whole corpus, *args, **options)`."""
    check_readable(selection.corpus)
    return _query_phonetics(_name(function), selection, args, tuple(sorted(options.items())), function)


@st.cache_data(max_entries=512, show_spinner=False)
def _query_phonetic_table(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return load_or_compute(_function, subcorpus(selection), phonetic_table(selection.corpus), *args, **dict(options))


def query_phonetic_table(
    function: Callable[Concatenate[Corpus, pd.DataFrame, P], T],
    selection: Selection,
    *args: P.args,
    **options: P.kwargs,
) -> T:
    """Return `function(subcorpus, phonetic table of the whole corpus, *args, **options)`."""
    check_readable(selection.corpus)
    return _query_phonetic_table(_name(function), selection, args, tuple(sorted(options.items())), function)


@st.cache_resource(max_entries=24, show_spinner=False)
def _query_resource(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(subcorpus(selection), *args, **dict(options))


def query_resource(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> T:
    """Return the one shared `function(subcorpus, *args, **options)`, for a result that holds the corpus."""
    check_readable(selection.corpus)
    return _query_resource(_name(function), selection, args, tuple(sorted(options.items())), function)


@st.cache_resource(max_entries=24, show_spinner=False)
def _result_of(name: str, selection: Selection, args: Any) -> list[Any]:
    return []


def query_with_progress(function: Callable[..., T], selection: Selection, *args: Any, doing: str) -> T:
    """Return the one shared `function(subcorpus, *args, on_split=…)`, behind a bar that moves at each on_split.

    Whoever changes a control meanwhile, or presses Stop, ends the work at its next step.
    """
    check_readable(selection.corpus)
    result = _result_of(_name(function), selection, args)
    if not result:
        bar = st.progress(0.0, doing)
        try:
            told = function(subcorpus(selection), *args, on_split=lambda done, of: bar.progress(done / of, doing))
        finally:
            bar.empty()
        result.append(told)
    return cast(T, result[0])


def prefetch(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> None:
    """Begin a `query` that the page will make in a moment, in a thread beside what it computes until then.

    For large subcorpora, where NumPy works outside the interpreter's lock; `query` waits for what is under way, and
    raises its error.
    """
    if len(subcorpus(selection).lines) < LARGE:
        return

    def run() -> None:
        with suppress(SeizeError):
            query(function, selection, *args, **options)

    thread = Thread(target=run, name="prefetch", daemon=True)
    add_script_run_ctx(thread)
    thread.start()


@st.cache_data(max_entries=512, show_spinner=False)
def _call(name: str, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(*args, **dict(options))


def call(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return `function(*args, **options)`, for what depends on no corpus. The arguments have to be plain values."""
    return _call(_name(function), args, tuple(sorted(options.items())), function)


@st.cache_data(max_entries=8, ttl=A_WHILE, show_spinner=False)
def _call_for_a_while(name: str, _function: Callable[[], T]) -> T:
    return _function()


def call_for_a_while(function: Callable[[], T]) -> T:
    """Return `function()`, called again after `A_WHILE`, for what changes with the machine."""
    return _call_for_a_while(_name(function), function)


@st.cache_resource(max_entries=24, show_spinner="Opening…")
def _call_resource(name: str, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(*args, **dict(options))


def call_resource(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return the one shared `function(*args, **options)`, for networks and other large objects."""
    return _call_resource(_name(function), args, tuple(sorted(options.items())), function)
