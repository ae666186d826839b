"""Precomputed results: what pages ask first of a whole corpus and what takes long, stored beside it by `prepare`.

`PRECOMPUTED` is the one list of them; the functions in it know nothing of it.

    load_or_compute(frequency_table, corpus)   what is stored, where the same was asked of the same lines; else computed
    precompute(corpus, …)                      computes and stores them all

To precompute another result, add a line to `PRECOMPUTED`. Whoever changes what a function returns raises its `version`:
a result stored under another version is computed anew, and stored, when it is next asked for.
"""

import gc
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from inspect import signature
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.comparison.reuse import shared_runs
from pipeline.analysis.comparison.similarity import similarity_map
from pipeline.analysis.counting import word_counts, word_counts_key
from pipeline.analysis.findings import Finding, findings
from pipeline.analysis.sound.phonetic_table import transcribe_lines, vowel_counts
from pipeline.analysis.sound.rhymes import rhyme_table
from pipeline.analysis.variants import FIRST_OCCURRENCES, each_line_once, first_occurrences
from pipeline.analysis.words.collocations import LEAST_COUNT, collocations
from pipeline.analysis.words.laws import growth_curve
from pipeline.analysis.words.lexicon import frequency_table
from pipeline.analysis.words.ngrams import least_count, phrase_table
from pipeline.analysis.words.rankings import LEAST_SONGS, LEAST_WORDS, MEASURES, RICHNESS, diversity_ranking
from pipeline.analysis.words.tone import tone_table, toned_lines
from pipeline.corpus.store import load_precomputed, save_precomputed
from pipeline.corpus.stored_pronunciations import StoredPronunciations
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.processes.limits import give_back_memory

Counts = tuple[sparse.csr_matrix, pd.Index]
P = ParamSpec("P")
T = TypeVar("T")
FIRST_RANKING = {"measure": next(iter(MEASURES)), "least_songs": LEAST_SONGS, "least_words": LEAST_WORDS}
BY_ARTIST = {"by": "artist"}
PHONETIC_TABLE = "phonetic_table"  # a resource that `precompute` makes on its way


@dataclass(frozen=True)
class Storage(Generic[T]):
    """How a result becomes a table, which Parquet holds, and a table the result again."""

    to_table: Callable[[T], pd.DataFrame]
    from_table: Callable[[pd.DataFrame], T]


TABLE = Storage[pd.DataFrame](lambda table: table, lambda table: table)
FLAGS = Storage[Any](lambda flags: pd.DataFrame({"first": flags}), lambda table: table["first"].to_numpy())
TABLE_AND_SHARE = Storage[tuple[pd.DataFrame, float]](
    lambda result: result[0].assign(kept=result[1]),
    lambda table: (table.drop(columns="kept"), float(table["kept"].max()) if len(table) else 1.0),
)
COUNTS = Storage[Any](lambda counts: _counts_to_table(*counts), lambda table: _counts_from_table(table))
FINDINGS = Storage[list[Finding]](
    lambda found: pd.DataFrame(
        [(f.code, json.dumps(f.values), f.weight) for f in found], columns=["code", "values", "w"]
    ),
    lambda table: [Finding(row.code, json.loads(row.values), row.w) for row in table.itertuples()],
)


def _counts_to_table(counts: sparse.csr_matrix, labels: pd.Index) -> pd.DataFrame:
    """Return a row a group: its label, its words, how often each occurs, and how long the vocabulary is."""
    rows = list(pairwise(counts.indptr.tolist()))
    words, times = ([part[a:b] for a, b in rows] for part in (counts.indices, counts.data))
    return pd.DataFrame({labels.name: labels, "words": words, "times": times, "vocabulary": counts.shape[1]})


def _counts_from_table(table: pd.DataFrame) -> Counts | None:
    """Return the counts; None where there is no group, which says nothing of the vocabulary."""
    if table.empty:
        return None
    words, times = (np.concatenate(table[name].to_numpy()) for name in ("words", "times"))
    ends = np.cumsum([0, *map(len, table["words"])]).astype(np.int32)
    shape = len(table), int(table["vocabulary"].iloc[0])
    return sparse.csr_matrix((times, words, ends), shape), pd.Index(table.iloc[:, 0])


def whole(corpus: Corpus) -> Corpus:
    """Return the corpus itself."""
    return corpus


def french(corpus: Corpus) -> Corpus:
    """Return the subcorpus that pages show first: what is in French, as written."""
    return corpus.cached("french", lambda: corpus.where(languages=DEFAULT_LANGUAGES))


def french_lines_once(corpus: Corpus) -> Corpus:
    """Return the same, each line once a song: what phrases are counted over. Not cached: nothing else asks."""
    return each_line_once(french(corpus))


def _least(corpus: Corpus) -> int:
    return least_count(int(french(corpus).counts().sum()))


@dataclass(frozen=True)
class Precomputed(Generic[P, T]):
    """A result that `prepare` computes and stores.

    name       of its Parquet file beside the corpus
    function   what computes it, of a corpus and plain values
    subcorpus  what of a prepared corpus `prepare` asks about
    arguments  what it asks beside the function's defaults, given the whole corpus
    storage    how the result is a table
    version    of what the function returns
    resources  parameters that are no part of the question: tools, and who is told of progress
    memo       the key under which the function itself caches its result to this with the corpus, if it does: of the
               arguments
    """

    name: str
    function: Callable[Concatenate[Corpus, P], T]
    subcorpus: Callable[[Corpus], Corpus] = french
    arguments: Callable[[Corpus], Mapping[str, Any]] = lambda corpus: {}
    storage: Storage[Any] = TABLE
    version: int = 1
    resources: tuple[str, ...] = ()
    memo: Callable[..., Hashable] | None = None

    def find(self, corpus: Corpus, *args: P.args, **options: P.kwargs) -> T | None:
        """Return the stored result to this question, one of another version computed anew; None where there is none."""
        table = self._load_table(corpus, *args, **options)
        if table is None:
            return None
        return self._restore(table) if _version(table) == self.version else self.store(corpus, *args, **options)

    def load(self, corpus: Corpus, *args: Any, **options: Any) -> T | None:
        """Return the stored result to this question, asked without resources; None where this version has none."""
        table = self._load_table(corpus, *args, **options)
        return None if table is None or _version(table) != self.version else self._restore(table)

    def store(self, corpus: Corpus, *args: P.args, **options: P.kwargs) -> T:
        """Compute the result, store it beside the corpus with the question, and return it."""
        result = self.function(corpus, *args, **options)
        table = self.storage.to_table(result).copy(deep=False)
        table.attrs = self._question(corpus, *args, **options) | {"version": self.version}
        save_precomputed(corpus.name, self.name, table)
        return result

    def _load_table(self, corpus: Corpus, *args: Any, **options: Any) -> pd.DataFrame | None:
        """Return what is stored for this question, of any version."""
        table = load_precomputed(corpus.name, self.name)
        if table is None:
            return None
        if not table.attrs and self.subcorpus is whole:  # as they were first stored: the whole corpus, no question
            return table
        asked = self._question(corpus, *args, **options)
        return table if all(table.attrs.get(key) == value for key, value in asked.items()) else None

    def _restore(self, table: pd.DataFrame) -> T:
        table.attrs = {}
        return self.storage.from_table(table)

    def _question(self, corpus: Corpus, *args: Any, **options: Any) -> dict[str, Any]:
        """Return what is asked, and of which lines: their number and the sum of their ids; lemmas are a smaller
        vocabulary."""
        bound = signature(self.function).bind_partial(corpus, *args, **options)
        bound.apply_defaults()
        _, *asked = (_plain(value) for name, value in bound.arguments.items() if name not in self.resources)
        lines = corpus.lines.index.to_numpy()
        return {"asked": asked, "lines": len(lines), "ids": int(lines.sum()), "vocabulary": len(corpus.vocabulary)}


def _plain(value: Any) -> Any:
    """Return the value as JSON gives it back."""
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _version(table: pd.DataFrame) -> int:
    return int(table.attrs.get("version", 1))


MOST_BESIDE = 12_000_000  # tokens of a corpus of which lines are transcribed while counts are made: 1.2 GB
PRONUNCIATIONS, EXECUTOR = "pronunciations", "executor"
NOBODY: AbstractContextManager[None] = nullcontext()

# What is made of sounds last: transcribing them takes most of the time, and what stands before is computed meanwhile.
PRECOMPUTED: tuple[Precomputed[..., Any], ...] = (
    Precomputed("firsts", first_occurrences, storage=FLAGS, memo=lambda: FIRST_OCCURRENCES),
    Precomputed("pairs", collocations, french_lines_once, lambda c: {"minimum": max(_least(c), LEAST_COUNT)}),
    Precomputed("phrases", phrase_table, french_lines_once, lambda c: {"minimum": _least(c)}),
    Precomputed("frequencies", frequency_table),
    Precomputed("growth", growth_curve),
    Precomputed("artist_words", word_counts, arguments=lambda corpus: BY_ARTIST, storage=COUNTS, memo=word_counts_key),
    Precomputed("map", similarity_map, storage=TABLE_AND_SHARE, version=2),
    Precomputed("diversity", diversity_ranking, arguments=lambda corpus: FIRST_RANKING),
    Precomputed("richness", diversity_ranking, arguments=lambda corpus: {"measure": RICHNESS}),
    Precomputed("tone", tone_table),
    Precomputed("tone_of_artists", tone_table, arguments=lambda corpus: BY_ARTIST),
    Precomputed("light_lines", toned_lines),
    Precomputed("dark_lines", toned_lines, arguments=lambda corpus: {"dark": True}),
    Precomputed("shared_runs", shared_runs),
    Precomputed("sounds", transcribe_lines, whole, version=2, resources=(PRONUNCIATIONS, "on_progress", EXECUTOR)),
    Precomputed("vowels", vowel_counts, whole, version=2, resources=(PRONUNCIATIONS, EXECUTOR)),
    Precomputed("rhymes_of_artists", rhyme_table, version=2, resources=(PHONETIC_TABLE,)),
    Precomputed("findings", findings, storage=FINDINGS, version=2, resources=(PHONETIC_TABLE,)),
)
_BY_FUNCTION: dict[Callable[..., Any], list[Precomputed[..., Any]]] = defaultdict(list)
for _entry in PRECOMPUTED:
    _BY_FUNCTION[_entry.function].append(_entry)


def entry_of(function: Callable[Concatenate[Corpus, P], T]) -> Precomputed[P, T]:
    """Return the one line of `PRECOMPUTED` that is about this function. Raise ValueError where there is not one."""
    (entry,) = _BY_FUNCTION.get(function, [])
    return cast(Precomputed[P, T], entry)


def load_or_compute(
    function: Callable[Concatenate[Corpus, P], T], corpus: Corpus, *args: P.args, **options: P.kwargs
) -> T:
    """Return `function(corpus, *args, **options)`, from what is stored where it was precomputed."""
    entries = _BY_FUNCTION.get(function, [])

    def find() -> T:
        stored = (entry.find(corpus, *args, **options) for entry in entries)
        result = next((each for each in stored if each is not None), None)
        return function(corpus, *args, **options) if result is None else result

    memo = next((entry.memo for entry in entries if entry.memo), None)
    return find() if memo is None else corpus.cached(memo(*args, **options), find)


def precompute(corpus: Corpus, pool: AbstractContextManager[Executor | None] = NOBODY, **resources: Any) -> None:
    """Compute and store every result of a prepared corpus; `resources` go to the functions that name them.

    What comes before the sounds is computed here while the workers of `pool` transcribe the lines, or before they begin
    where both would take too much memory; they are gone when what comes after is computed, and so is their memory.
    Pronunciations stay as they are stored, unless they are given. Where the disk is full or read-only nothing is
    stored, and results are computed when they are asked for.
    """
    at, *_, last = (place for place, entry in enumerate(PRECOMPUTED) if EXECUTOR in entry.resources)
    beside = ThreadPoolExecutor(1)
    try:
        before = beside.submit(_store_all, PRECOMPUTED[:at], corpus, resources)
        if len(corpus.tokens) > MOST_BESIDE:
            before.result()
        with pool as resources[EXECUTOR]:
            resources.setdefault(PRONUNCIATIONS, StoredPronunciations.of(corpus.name))
            sounds = PRECOMPUTED[at : at + 1]  # kept without its texts, for which nobody here asks
            resources[PHONETIC_TABLE] = _store(sounds, corpus, resources).select_dtypes("number")
            _store(PRECOMPUTED[at + 1 : last + 1], corpus, resources)
        before.result()
    finally:
        beside.shutdown(wait=False, cancel_futures=True)  # who is interrupted waits for nothing
    _store_all(PRECOMPUTED[last + 1 :], corpus, resources)


def _store_all(entries: Sequence[Precomputed[..., Any]], corpus: Corpus, resources: Mapping[str, Any]) -> None:
    """Store results; what was cached with the corpus on the way leaves with the end."""
    alone = replace(corpus)
    for _, part in groupby(entries, key=attrgetter("subcorpus")):
        _store(list(part), alone, resources)
    del alone
    gc.collect()  # parts of a corpus refer to each other
    give_back_memory()


def _store(entries: Sequence[Precomputed[..., Any]], corpus: Corpus, resources: Mapping[str, Any]) -> Any:
    """Store results about one subcorpus, which leaves with all that is cached with it; return the last."""
    subcorpus = entries[0].subcorpus(corpus)
    for entry in entries:
        tools = {name: resources[name] for name in entry.resources if name in resources}
        result = entry.store(subcorpus, **entry.arguments(corpus), **tools)
        give_back_memory()
    return result
