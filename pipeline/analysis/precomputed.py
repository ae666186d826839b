"""Precomputed results: what pages show first of a whole corpus and what takes long, stored beside it by `prepare`.

    load_or_compute(frequency_table, corpus)   what is stored, where the same was asked of the same lines; else computed

A record stands beside its function, in the `PRECOMPUTED_RESULTS` of the module (`methods` lists them all). Whoever
changes what a function returns raises its `version`: a result stored under another one, or before artists were
merged, is computed anew, and stored, when asked for.
"""

import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

import pandas as pd
from pandas.util import hash_array

from pipeline.corpus.store import load_precomputed, save_precomputed
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus

P = ParamSpec("P")
T = TypeVar("T")
PRONUNCIATIONS, EXECUTOR, PHONETIC_TABLE = "pronunciations", "executor", "phonetic_table"  # what `precompute` has


@dataclass(frozen=True)
class TableCodec(Generic[T]):
    """Two functions that convert a result into a table for Parquet, and back."""

    to_table: Callable[[T], pd.DataFrame]
    from_table: Callable[[pd.DataFrame], T]


IDENTITY_CODEC = TableCodec[pd.DataFrame](lambda table: table, lambda table: table)


def whole_corpus(corpus: Corpus) -> Corpus:
    return corpus


def french_subcorpus(corpus: Corpus) -> Corpus:
    """Return the French songs and sections of a corpus, which pages show by default. Cached with the corpus."""
    return corpus.cached("french", lambda: corpus.where(languages=DEFAULT_LANGUAGES))


@dataclass(frozen=True)
class PrecomputedResult(Generic[P, T]):
    """A result that is computed once, when a corpus is prepared, and stored beside the corpus.

    name       of its Parquet file beside the corpus
    function   computes the result from a corpus and plain values
    subcorpus  selects the part of the prepared corpus that it is computed for
    arguments  returns the arguments that differ from the function's defaults, given the whole corpus
    storage    converts the result into a table, and back
    version    is raised when the function returns something different
    resources  parameters that do not change the result: tools, and callbacks of progress
    memo       returns, for the arguments, the key under which the function caches its result with the corpus, if any
    """

    name: str
    function: Callable[Concatenate[Corpus, P], T]
    subcorpus: Callable[[Corpus], Corpus] = french_subcorpus
    arguments: Callable[[Corpus], Mapping[str, Any]] = lambda corpus: {}
    storage: TableCodec[Any] = IDENTITY_CODEC
    version: int = 1
    resources: tuple[str, ...] = ()
    memo: Callable[..., Hashable] | None = None

    def load_or_renew(self, corpus: Corpus, *args: P.args, **options: P.kwargs) -> T | None:
        """Return the result stored for these arguments, recomputed if it is outdated; None if none is stored."""
        table = self._load_table(corpus, *args, **options)
        if table is None:
            return None
        return self._decode_table(table) if self._is_up_to_date(table, corpus) else self.store(corpus, *args, **options)

    def load(self, corpus: Corpus, *args: Any, **options: Any) -> T | None:
        """Return the result stored for these arguments; None if none is stored or its version is outdated."""
        table = self._load_table(corpus, *args, **options)
        return self._decode_table(table) if table is not None and self._is_up_to_date(table, corpus) else None

    def store(self, corpus: Corpus, *args: P.args, **options: P.kwargs) -> T:
        """Compute the result, store it beside the corpus with its arguments, and return it."""
        result = self.function(corpus, *args, **options)
        table = self.storage.to_table(result).copy(deep=False)
        table.attrs = self._request_key(corpus, *args, **options) | self._version_stamp(corpus)
        save_precomputed(corpus.name, self.name, table)
        return result

    def _load_table(self, corpus: Corpus, *args: Any, **options: Any) -> pd.DataFrame | None:
        """Return the table stored for these arguments, of any version; None if there is none."""
        table = load_precomputed(corpus.name, self.name)
        if table is None:
            return None
        question = self._request_key(corpus, *args, **options)
        return table if all(table.attrs.get(key) == value for key, value in question.items()) else None

    def _is_up_to_date(self, table: pd.DataFrame, corpus: Corpus) -> bool:
        return all(table.attrs.get(key) == value for key, value in self._version_stamp(corpus).items())

    def _version_stamp(self, corpus: Corpus) -> dict[str, Any]:
        """Return what marks results as up to date: their version and, if they depend on artists, the artists' hash."""
        if EXECUTOR in self.resources:
            return {"version": self.version}
        return {"version": self.version, "artists": int(hash_array(corpus.songs["artist"].to_numpy(object)).sum())}

    def _decode_table(self, table: pd.DataFrame) -> T:
        table.attrs = {}
        return self.storage.from_table(table)

    def _request_key(self, corpus: Corpus, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the key of a request: its arguments, number and sum of line ids, size of the vocabulary."""
        bound = signature(self.function).bind_partial(corpus, *args, **options)
        bound.apply_defaults()
        _, *arguments = (_json_value(value) for name, value in bound.arguments.items() if name not in self.resources)
        lines = corpus.lines.index.to_numpy()
        return {"asked": arguments, "lines": len(lines), "ids": int(lines.sum()), "vocabulary": len(corpus.vocabulary)}


def _json_value(value: Any) -> Any:
    """Return a value as it is after a round trip through JSON: tuples become lists."""
    return list(map(_json_value, value)) if isinstance(value, tuple) else value


def _precomputed_results_of(function: Callable[..., Any]) -> Sequence[PrecomputedResult[..., Any]]:
    """Return the records of a function, from the `PRECOMPUTED_RESULTS` of its module."""
    records = vars(sys.modules[function.__module__]).get("PRECOMPUTED_RESULTS", ())
    return [record for record in records if record.function is function]


def precomputed_result_of(function: Callable[Concatenate[Corpus, P], T]) -> PrecomputedResult[P, T]:
    """Return the one record of this function. Raise ValueError where there is none or more than one."""
    (entry,) = _precomputed_results_of(function)
    return cast(PrecomputedResult[P, T], entry)


def load_or_compute(
    function: Callable[Concatenate[Corpus, P], T], corpus: Corpus, *args: P.args, **options: P.kwargs
) -> T:
    """Return `function(corpus, *args, **options)`: the stored result where it was precomputed, else computed."""
    entries = _precomputed_results_of(function)

    def load_or_call() -> T:
        stored = (entry.load_or_renew(corpus, *args, **options) for entry in entries)
        result = next((each for each in stored if each is not None), None)
        return function(corpus, *args, **options) if result is None else result

    memo = next((entry.memo for entry in entries if entry.memo), None)
    return load_or_call() if memo is None else corpus.cached(memo(*args, **options), load_or_call)
