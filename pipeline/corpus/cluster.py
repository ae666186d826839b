"""A Dask cluster as the standard Executor, so that what runs shards knows nothing of Dask.

    with cluster("tcp://10.0.0.1:8786") as executor:
        prepare(source, "mine", executor=executor, work="/shared/work")

Workers need this package, the source and the work folder. A task whose worker dies is given to another; when three have
died of it, it is taken for what kills them.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from pipeline.core.errors import SettingError, SourceError, first_line

_PATIENCE = 10  # seconds that a scheduler may take to answer


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Yield the workers of the scheduler at an address.

    Raises SettingError when Dask is not installed or the scheduler does not answer, SourceError when workers die.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise SettingError("--scheduler needs Dask, which is not installed: `pip install 'seize[dask]'`.") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SettingError(
            "There is no Dask scheduler at {address} ({reason}). Start one with `dask scheduler`, and `dask worker "
            "{address}` on each machine.",
            address=address,
            reason=first_line(error) or type(error).__name__,
        ) from error
    with client:
        try:
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            raise SourceError(
                "Several workers of {address} ended at the same shard, perhaps for lack of memory: give them more, or "
                "split the largest file.",
                address=address,
            ) from error
