"""Cached results of functions, filed under the name of the function and its arguments.

    query(function, selection, *args)   of the selected part of a corpus: each visitor gets a copy (`st.cache_data`)
    call(function, *args)               of plain values alone: a copy too
    resource(function, *args)           one object that all share and nobody changes (`st.cache_resource`): a network,
                                        or what holds a corpus; a selection that comes first stands for its subcorpus

A function whose second parameter is called `phonetic_table` or `phonetics` is given that of the whole corpus. Whether
the visitor may read the corpus is checked each time: its owner may stop sharing it while a tab is open.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

import pandas as pd
import streamlit as st

from dashboard.cache.corpus_cache import check_read_permission, subcorpus
from dashboard.cache.phonetics_cache import phonetic_table, phonetics
from dashboard.queries.sounds import Phonetics
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.precomputed import load_or_compute
from pipeline.core.translation import language
from pipeline.corpus.table import Corpus

P = ParamSpec("P")
T = TypeVar("T")


@overload
def query(
    function: Callable[Concatenate[Corpus, Phonetics, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> T: ...


@overload
def query(
    function: Callable[Concatenate[Corpus, pd.DataFrame, P], T],
    selection: Selection,
    *args: P.args,
    **options: P.kwargs,
) -> T: ...


@overload
def query(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> T: ...


def query(function: Callable[..., Any], selection: Selection, *args: Any, **options: Any) -> Any:
    """Return `function(subcorpus of the selection, *args, **options)`. The result is cached or precomputed.

    The arguments have to be plain values.
    """
    check_read_permission(selection.corpus)
    return _cached_query(_qualified_name(function), selection, args, tuple(sorted(options.items())), function)


def call(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return `function(*args, **options)`, cached. The function takes no corpus, and its arguments are plain values.

    Each language has its own: scenes of lessons hold sentences.
    """
    return _cached_call(f"{language()} {_qualified_name(function)}", args, tuple(sorted(options.items())), function)


@overload
def resource(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, /, *args: P.args, **options: P.kwargs
) -> T: ...


@overload
def resource(function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T: ...


def resource(function: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
    """Return `function(*args, **options)`, shared by all visitors. A first `Selection` is replaced by its subcorpus."""
    named = tuple(sorted(options.items()))
    if args and isinstance(args[0], Selection):
        check_read_permission(args[0].corpus)
        return _cached_resource_of_selection(_qualified_name(function), args[0], args[1:], named, function)
    return _cached_resource(_qualified_name(function), args, named, function)


@st.cache_data(max_entries=512, show_spinner=False)
def _cached_query(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    sounds = _requested_phonetics(_function, selection.corpus)
    return load_or_compute(_function, subcorpus(selection), *sounds, *args, **dict(options))


@st.cache_data(max_entries=512, show_spinner=False)
def _cached_call(name: str, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(*args, **dict(options))


@st.cache_resource(max_entries=24, show_spinner=False)
def _cached_resource_of_selection(
    name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]
) -> T:
    return _function(subcorpus(selection), *args, **dict(options))


@st.cache_resource(max_entries=24, show_spinner="Opening…")
def _cached_resource(name: str, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(*args, **dict(options))


def _qualified_name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _requested_phonetics(function: Callable[..., Any], corpus: str) -> tuple[Any, ...]:
    """Return the `phonetic_table` or `phonetics` of a corpus if that is the name of a function's second parameter."""
    match list(signature(function).parameters)[1:2]:
        case ["phonetic_table"]:
            return (phonetic_table(corpus),)
        case ["phonetics"]:
            return (phonetics(corpus),)
    return ()
