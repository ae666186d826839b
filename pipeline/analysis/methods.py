"""The lists of all measures (`METHODS`) and of all results that `prepare` computes beforehand (`PRECOMPUTED_RESULTS`).

Their records stand in the modules named here. The Methods page lists `METHODS` and shows for each the published value
beside the one computed now (`measure.reference.compare_with_computed()`).
"""

import gc
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from pipeline.analysis import counting, findings, intervals, variants
from pipeline.analysis.comparison import association, keyness, reuse, similarity
from pipeline.analysis.measures import Measure
from pipeline.analysis.precomputed import EXECUTOR, PHONETIC_TABLE, PRONUNCIATIONS, PrecomputedResult
from pipeline.analysis.sound import phonetic_table, rhymes
from pipeline.analysis.words import (
    collocations,
    diversity,
    laws,
    lexicon,
    moving_windows,
    ngrams,
    rankings,
    tone,
)
from pipeline.corpus.store import load_pronunciations
from pipeline.corpus.table import Corpus
from pipeline.processes.limits import give_back_memory

_MODULES_WITH_MEASURES = (
    *(lexicon, diversity, moving_windows, laws, association, keyness, collocations, similarity),
    *(rhymes, intervals),
)
METHODS: tuple[Measure, ...] = tuple(measure for module in _MODULES_WITH_MEASURES for measure in module.MEASURES)

# In the order in which they are computed.
_PRECOMPUTED_MODULES = (
    *(variants, collocations, ngrams, lexicon, laws, counting, keyness, similarity, rankings, tone, reuse),
    *(phonetic_table, rhymes, findings),
)
PRECOMPUTED_RESULTS: tuple[PrecomputedResult[..., Any], ...] = tuple(
    entry for module in _PRECOMPUTED_MODULES for entry in module.PRECOMPUTED_RESULTS
)
MAX_CONCURRENT_TOKENS = 12_000_000  # tokens of a corpus of which lines are transcribed while counts are made: 1.2 GB
NO_POOL: AbstractContextManager[None] = nullcontext()


def precompute(corpus: Corpus, pool: AbstractContextManager[Executor | None] = NO_POOL, **resources: Any) -> None:
    """Compute and store every precomputed result of a corpus. Each function is given the `resources` that it needs.

    Counts are computed here while the workers of `pool` transcribe the lines, or before where both would take too much
    memory; results that need the phonetic table are computed once the workers are gone. Pronunciations stay as they are
    stored, unless they are given. Where the disk is full or read-only nothing is stored.
    """
    sounds, *executor_entries = (entry for entry in PRECOMPUTED_RESULTS if EXECUTOR in entry.resources)
    of_sounds = [entry for entry in PRECOMPUTED_RESULTS if PHONETIC_TABLE in entry.resources]
    of_words = [entry for entry in PRECOMPUTED_RESULTS if entry not in (sounds, *executor_entries, *of_sounds)]
    writer = ThreadPoolExecutor(1)
    try:
        before = writer.submit(_precompute_by_subcorpus, of_words, corpus, resources)
        if len(corpus.tokens) > MAX_CONCURRENT_TOKENS:
            before.result()
        with pool as resources[EXECUTOR]:
            resources.setdefault(PRONUNCIATIONS, load_pronunciations(corpus.name))
            table = _compute_and_store([sounds], corpus, resources)
            resources[PHONETIC_TABLE] = table[[*table.select_dtypes("number"), "key", "end"]]  # less its long texts
            _compute_and_store(executor_entries, corpus, resources)
        before.result()
    finally:
        writer.shutdown(wait=False, cancel_futures=True)  # who is interrupted waits for nothing
    _precompute_by_subcorpus(of_sounds, corpus, resources)


def _precompute_by_subcorpus(
    entries: Sequence[PrecomputedResult[..., Any]], corpus: Corpus, resources: Mapping[str, Any]
) -> None:
    """Compute and store these results, one subcorpus after another, and free the memory used meanwhile."""
    uncached = replace(corpus)
    for _, part in groupby(entries, key=attrgetter("subcorpus")):
        _compute_and_store(list(part), uncached, resources)
    del uncached
    gc.collect()  # parts of a corpus refer to each other
    give_back_memory()


def _compute_and_store(
    entries: Sequence[PrecomputedResult[..., Any]], corpus: Corpus, resources: Mapping[str, Any]
) -> Any:
    """Compute results of one subcorpus, in order, and store each; return the last result."""
    subcorpus = entries[0].subcorpus(corpus)
    for entry in entries:
        tools = {name: resources[name] for name in entry.resources if name in resources}
        result = entry.store(subcorpus, **entry.arguments(corpus), **tools)
        give_back_memory()
    return result
