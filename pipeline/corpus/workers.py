"""Local worker processes for work that is worth them, behind the standard Executor. Knows nothing of what they do."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

from pipeline.limited import limit_memory


@contextmanager
def workers(executor: Executor | None, *, worth: bool, memory: int | None = None) -> Iterator[Executor | None]:
    """The `executor` that was given; processes of our own when none was and the work is `worth` them; else None.

    Our own end with the block, whatever they were still asked to do; one that needs more than `memory` bytes raises
    MemoryError.
    """
    cores = os.cpu_count() or 1
    if executor is not None or not worth or cores < 2:
        yield executor
        return
    # spawned, not forked: whoever calls may have threads
    own = ProcessPoolExecutor(
        min(cores, 8),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=partial(limit_memory, memory) if memory else None,
    )
    try:
        yield own
    finally:
        own.shutdown(cancel_futures=True)
