"""Counts of a corpus that need not fit in memory: a slice of its files a task, through any Executor, then a sum.

A worker maps the files and holds one slice; what comes back is as long as the vocabulary. All languages: of a part by
kinds of sections or languages, `Corpus.where` tells the lines where they fit.
"""

from collections.abc import Collection
from concurrent.futures import Executor
from itertools import repeat

import numpy as np
import numpy.typing as npt

from pipeline.analysis.file_slices import TOGETHER, Slice, read_slice, slices_of
from pipeline.corpus.store import vocabulary_size
from pipeline.corpus.table import Layer
from pipeline.corpus.workers import map_in_order


def count_words(
    name: str,
    layer: Layer = "lyrics",
    executor: Executor | None = None,
    together: int = TOGETHER,
    *,
    artists: Collection[str] = (),
    years: tuple[int, int] | None = None,
) -> npt.NDArray[np.int64]:
    """Return int64[vocabulary]: how often each word of a prepared corpus occurs, `Corpus.counts` of the whole or of the
    part by these artists and of these years."""
    size = vocabulary_size(name)
    slices = slices_of(name, together, artists, years)
    return sum(map_in_order(executor, count_slice, slices, repeat(layer), repeat(size)), np.zeros(size, np.int64))


def count_slice(part: Slice, layer: Layer, size: int) -> npt.NDArray[np.int64]:
    """Return the counts of the tokens of a slice."""
    return np.bincount(read_slice(part, layer).words, minlength=size).astype(np.int64)
