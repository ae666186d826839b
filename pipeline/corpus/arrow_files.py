"""Tables as Arrow IPC files: those of a corpus, mapped into memory, and those that shards leave in a work folder.

A file holds one record batch without compression, so that NumPy and pandas take its buffers as they lie on the disk:
what nobody touches is not in memory, what many touch is there once. Read-only, therefore.

Every worker and the driver can reach a work folder.
"""

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table to an Arrow IPC file, as one record batch without compression."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def memory_map_table(path: Path) -> pa.Table:
    """Return the memory-mapped table of an Arrow IPC file. Raises OSError, pa.ArrowException."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a data frame, with its index and types, to an Arrow IPC file."""
    write_table(pa.Table.from_pandas(frame), path)


def memory_map_frame(path: Path) -> pd.DataFrame:
    """Return the memory-mapped data frame of an Arrow IPC file: read-only, numbers and texts without a copy."""
    return memory_map_table(path).to_pandas(split_blocks=True)


def write_table_atomically(table: pa.Table, path: Path) -> None:
    """Write a table to an Arrow IPC file as a whole or not at all, and create the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_table(table, draft)
    draft.replace(path)
