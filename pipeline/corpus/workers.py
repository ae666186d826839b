"""Local worker processes for work that is worth them, behind the standard Executor. Knows nothing of what they do."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from pipeline.limited import limit_memory

R = TypeVar("R")

_AHEAD, _AHEAD_ELSEWHERE = 16, 512  # tasks asked for before the first is done, whose arguments lie in our memory


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


def map_in_order(pool: Executor | None, function: Callable[..., R], *arguments: Iterable[Any]) -> Iterator[R]:
    """`map`, by a pool if there is one, which is asked for some tasks at a time: what the others take stays unread."""
    if pool is None:
        yield from map(function, *arguments)
        return
    waiting = deque[Future[R]]()
    for each in zip(*arguments):  # noqa: B905
        waiting.append(pool.submit(function, *each))
        if len(waiting) >= (_AHEAD if shares_memory(pool) else _AHEAD_ELSEWHERE):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def shares_memory(pool: Executor) -> bool:
    """Whether the workers take from the memory of this machine, so that what they read is as well read here."""
    return isinstance(pool, ProcessPoolExecutor | ThreadPoolExecutor)
