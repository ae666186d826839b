"""Local worker processes for work that is worth them, behind the standard Executor. Knows nothing of what they do."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from pipeline.processes.limits import bound_heap, limit_memory

R = TypeVar("R")

_AHEAD, _AHEAD_ELSEWHERE = 16, 512  # tasks asked for before the first is done, whose arguments lie in our memory
_SELDOM = 50_000, 20, 20  # objects after which Python looks for cycles, few of which are made here; else 700, 10, 10


@contextmanager
def workers(executor: Executor | None, *, worth: bool, memory: int | None = None) -> Iterator[Executor | None]:
    """The `executor` that was given; processes of our own when none was and the work is `worth` them; else None.

    Our own end with the block, whatever they were still asked to do; one that needs more than `memory` bytes raises
    MemoryError.
    """
    cores = os.cpu_count() or 1
    if executor is not None:
        yield executor
        return
    if not worth or cores < 2:
        with threadpool_limits(1):
            yield None
        return
    # spawned, not forked: whoever calls may have threads
    own = ProcessPoolExecutor(
        min(cores, 8),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=partial(_begin_worker, memory),
    )
    try:
        yield own
    finally:
        own.shutdown(cancel_futures=True)


def _begin_worker(memory: int | None) -> None:
    """Prepare a process that works beside as many others as there are cores.

    Songs are small: a product of their matrices takes 30 µs, and what several threads add is waiting for each other.
    """
    import numpy  # noqa: F401 - only what is loaded can be limited

    threadpool_limits(1)
    bound_heap()
    gc.set_threshold(*_SELDOM)
    if memory:
        limit_memory(memory)


def map_in_order(
    pool: Executor | None, function: Callable[..., R], *arguments: Iterable[Any], ahead: int | None = None
) -> Iterator[R]:
    """`map`, by a pool if there is one, which is asked for some tasks at a time: what the others take stays unread.

    `ahead` are so many that keep local workers busy, where their arguments are large.
    """
    if pool is None:
        yield from map(function, *arguments)
        return
    waiting = deque[Future[R]]()
    most = (ahead or _AHEAD) if shares_memory(pool) else _AHEAD_ELSEWHERE
    for each in zip(*arguments):  # noqa: B905
        waiting.append(pool.submit(function, *each))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def shares_memory(pool: Executor) -> bool:
    """Whether the workers take from the memory of this machine, so that what they read is as well read here."""
    return isinstance(pool, ProcessPoolExecutor | ThreadPoolExecutor)
