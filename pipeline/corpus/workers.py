"""Local worker processes for work that is worth them, behind the standard Executor. Knows nothing of what they do."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers(executor: Executor | None, *, worth: bool) -> Iterator[Executor | None]:
    """The `executor` that was given; processes of our own when none was and the work is `worth` them; else None.

    Our own end with the block, whatever they were still asked to do.
    """
    cores = os.cpu_count() or 1
    if executor is not None or not worth or cores < 2:
        yield executor
        return
    # spawned, not forked: whoever calls may have threads
    own = ProcessPoolExecutor(min(cores, 8), mp_context=multiprocessing.get_context("spawn"))
    try:
        yield own
    finally:
        own.shutdown(cancel_futures=True)
