"""Workers behind the standard Executor: processes of this machine for work that is worth them, or a Dask cluster.

    with cluster("tcp://10.0.0.1:8786") as executor:
        prepare(source, "mine", executor=executor, work="/shared/work")

The workers of a cluster need this package, the source and the work folder. A task whose worker dies is given to
another; when three have died of it, it is taken for what kills them. Knows of what workers do only what they import.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from pipeline.core.errors import SettingError, SourceError, short_reason
from pipeline.processes.limits import collect_garbage_less_often, free_blocks_at_once, limit_memory

R = TypeVar("R")

_AHEAD, _AHEAD_ELSEWHERE = 16, 512  # tasks asked for before the first is done, whose arguments lie in our memory

_MEMORY = 4 << 30  # bytes of a worker; a file of the largest size takes 3 GB once it is text
_PRELOADED = ("pipeline.corpus.preloaded", "pipeline.analysis.sound.phonetic_table")
_SCHEDULER_TIMEOUT_SECONDS = 10  # seconds that a scheduler may take to answer


class LocalWorkers(ProcessPoolExecutor):
    """A pool of processes on this machine, started at the first task. One that needs more than `_MEMORY` bytes raises
    MemoryError.

    They share what the modules `_PRELOADED` load: forked from a server that imports these once, and that ends with
    them. Never forked from this process, which may have threads.
    """

    def __init__(self) -> None:
        self._served = "forkserver" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if self._served else "spawn")
        if self._served:
            context.set_forkserver_preload(list(_PRELOADED))
        super().__init__(min(os.cpu_count() or 1, 8), context, _set_up_worker)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, and then the server that they are forked from."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait and self._served:
            forkserver._forkserver._stop()  # type: ignore[attr-defined]  # else it stays, models and all, while we do


@contextmanager
def worker_executor(executor: Executor | None = None, *, worth: bool) -> Iterator[Executor | None]:
    """Yield the `executor` given, else local processes if there is work `worth` starting them, else None.

    Our own end with the block, whatever they were still asked to do.
    """
    if executor is not None:
        yield executor
    elif worth and (os.cpu_count() or 1) > 1:
        own = LocalWorkers()
        try:
            yield own
        finally:
            own.shutdown(cancel_futures=True)
    else:
        with threadpool_limits(1):
            yield None


def _set_up_worker() -> None:
    """Set up a worker process: one compute thread, freed memory returned at once, at most `_MEMORY` bytes more.

    Songs are small: a product of their matrices takes 30 µs, and what several threads add is waiting for each other.
    """
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # for what is loaded from now on
    threadpool_limits(1)  # of what is loaded already
    free_blocks_at_once()
    collect_garbage_less_often()
    limit_memory(_MEMORY)


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
    is_here = isinstance(pool, ProcessPoolExecutor | ThreadPoolExecutor)
    most = (ahead or _AHEAD) if is_here else _AHEAD_ELSEWHERE
    for each in zip(*arguments):  # noqa: B905
        waiting.append(pool.submit(function, *each))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


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
