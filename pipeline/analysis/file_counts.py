"""Counts of a corpus that need not fit in memory: a slice of its token file a task, through any Executor, then a sum.

A worker maps the file and holds one slice; what comes back is as long as the vocabulary. The whole corpus as it is, all
languages: a part is chosen from lines, which `Corpus.where` does where they fit.
"""

from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt

from pipeline.corpus.store import map_tokens, vocabulary_size
from pipeline.corpus.table import Layer
from pipeline.corpus.workers import map_in_order

_TOGETHER = 1 << 24  # tokens of a task: 80 MB of the file


def count_words(
    name: str, layer: Layer = "lyrics", executor: Executor | None = None, together: int = _TOGETHER
) -> npt.NDArray[np.int64]:
    """Return int64[vocabulary]: how often each word of a prepared corpus occurs, `Corpus.counts` of the whole."""
    size = vocabulary_size(name)
    starts = range(0, len(map_tokens(name)[0]), together)
    tasks = len(starts)
    parts = map_in_order(
        executor, count_slice, [name] * tasks, starts, [together] * tasks, [layer] * tasks, [size] * tasks
    )
    return sum(parts, np.zeros(size, np.int64))


def count_slice(name: str, start: int, length: int, layer: Layer, size: int) -> npt.NDArray[np.int64]:
    """Return the counts of `length` tokens from `start`."""
    tokens, adlib = (array[start : start + length] for array in map_tokens(name))
    chosen = tokens if layer == "all" else tokens[adlib == (layer == "adlibs")]
    return np.bincount(chosen, minlength=size).astype(np.int64)
