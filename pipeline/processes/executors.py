"""Workers behind the standard Executor: processes of this machine for work that is worth them, or a Dask cluster.

    with cluster("tcp://10.0.0.1:8786") as executor:
        prepare(source, "mine", executor=executor, work="/shared/work")

The workers of a cluster need this package, the source and the work folder. A task whose worker dies is given to
another; when three have died of it, it is taken for what kills them. Knows nothing of what workers do.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from pipeline.core.errors import SettingError, SourceError, short_reason
from pipeline.processes.limits import collect_garbage_less_often, free_blocks_at_once, limit_memory

R = TypeVar("R")

_AHEAD, _AHEAD_ELSEWHERE = 16, 512  # tasks asked for before the first is done, whose arguments lie in our memory

_SCHEDULER_TIMEOUT_SECONDS = 10  # seconds that a scheduler may take to answer


class LocalWorkers(ProcessPoolExecutor):
    """A pool of processes on this machine, started at the first task.

    They share what the modules `preloaded` load: forked from a server that imports these once, and that ends with them.
    Never forked from this process, which may have threads. One that needs more than `memory` bytes raises MemoryError.
    """

    def __init__(self, memory: int | None = None, preloaded: Sequence[str] = ()) -> None:
        self._served = bool(preloaded) and "forkserver" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if self._served else "spawn")
        if self._served:
            context.set_forkserver_preload(list(preloaded))
        super().__init__(min(os.cpu_count() or 1, 8), context, partial(_set_up_worker, memory))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, and then the server that they are forked from."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait and self._served:
            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # else it stays, models and all, while we do


@contextmanager
def worker_executor(
    executor: Executor | None, *, worth: bool, memory: int | None = None, preloaded: Sequence[str] = ()
) -> Iterator[Executor | None]:
    """Yield the `executor` given or, if the work is `worth` starting them, local processes. Otherwise, yield None.

    Our own end with the block, whatever they were still asked to do; one that needs more than `memory` bytes raises
    MemoryError.
    """
    if executor is not None:
        yield executor
        return
    if not worth or (os.cpu_count() or 1) < 2:
        with threadpool_limits(1):
            yield None
        return
    own = LocalWorkers(memory, preloaded)
    try:
        yield own
    finally:
        own.shutdown(cancel_futures=True)


def _set_up_worker(memory: int | None) -> None:
    """Set up a worker process: one compute thread, freed memory returned at once, at most `memory` bytes more.

    Songs are small: a product of their matrices takes 30 µs, and what several threads add is waiting for each other.
    """
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # for what is loaded from now on
    threadpool_limits(1)  # of what is loaded already
    free_blocks_at_once()
    collect_garbage_less_often()
    if memory:
        limit_memory(memory)


def map_in_order(
    pool: Executor | None, function: Callable[..., R], *arguments: Iterable[Any], ahead: int | None = None
) -> Iterator[R]:
    """Yield the results of `map(function, *arguments)` in order. A pool computes them, if there is one.

    Arguments are read as tasks are submitted, some at a time.

    `ahead`: how many tasks are submitted before the first is done; fewer for large arguments.
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
    """Return whether the workers of a pool run on this machine and use its memory."""
    return isinstance(pool, ProcessPoolExecutor | ThreadPoolExecutor)


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Yield an executor of the Dask cluster whose scheduler has this address.

    Raise SettingError when Dask is not installed or the scheduler does not answer, SourceError when workers die.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise SettingError("--scheduler needs Dask, which is not installed: `pip install 'seize[dask]'`.") from error
    try:
        client = Client(address, timeout=_SCHEDULER_TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SettingError(
            "There is no Dask scheduler at {address} ({reason}). Start one with `dask scheduler`, and `dask worker "
            "{address}` on each machine.",
            address=address,
            reason=short_reason(error) or type(error).__name__,
        ) from error
    with client:
        try:
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            raise SourceError(
                "Several workers of {address} stopped at the same shard, perhaps for lack of memory. Give them more, "
                "or split the largest file.",
                address=address,
            ) from error
