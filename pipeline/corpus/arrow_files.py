"""Tables as memory-mapped Arrow IPC files: what nobody touches is not in memory, what many touch is there once.

A file holds one record batch without compression, so that NumPy and pandas take its buffers as they lie on the disk.
Read-only, therefore. `StreamedBatch` writes a batch that is larger than memory, column by column, from pieces.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as one record batch."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def map_table(path: Path) -> pa.Table:
    """Return the table of a file, whose bytes are read when they are used. Raises OSError, pa.ArrowException."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame with its index and types."""
    write_table(pa.Table.from_pandas(frame), path)


def map_frame(path: Path) -> pd.DataFrame:
    """Return the frame of a file: numbers and texts without a copy, read-only."""
    return map_table(path).to_pandas(split_blocks=True)


class StreamedBatch:
    """One record batch of numbers and texts, appended piece by piece; pieces lie in files of `folder` until `write`.

    `columns` says of each column its type: a NumPy number, or `str`. No column has unknown values.
    """

    def __init__(self, columns: Mapping[str, Any], folder: Path) -> None:
        self._columns = {name: np.dtype(np.int64) if kind is str else np.dtype(kind) for name, kind in columns.items()}
        self._texts = {name: 0 for name, kind in columns.items() if kind is str}  # bytes so far
        self._files = {name: (folder / f"{name}.numbers").open("w+b") for name in columns}
        self._characters = {name: (folder / f"{name}.characters").open("w+b") for name in self._texts}
        for name in self._texts:
            self._files[name].write(bytes(8))  # a column of texts is where each begins, the first at 0, and its bytes
        self.rows = 0

    def append(self, **columns: npt.NDArray[Any] | pa.Array) -> None:
        """Append rows: an array of numbers, or an Arrow array of large strings, a column."""
        lengths = {len(column) for column in columns.values()}
        if columns.keys() != self._columns.keys() or len(lengths) != 1:
            raise ValueError(f"uneven columns: {sorted(columns)}, {lengths}")
        for name, column in columns.items():
            if name in self._texts:
                self._append_texts(name, column)
            else:
                np.asarray(column).astype(self._columns[name], copy=False).tofile(self._files[name])
        self.rows += lengths.pop()

    def _append_texts(self, name: str, texts: pa.Array) -> None:
        _, offsets, characters = texts.buffers()
        bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        if len(texts):
            if characters is not None:
                self._characters[name].write(memoryview(characters)[bounds[0] : bounds[-1]])
            (bounds[1:] - bounds[0] + self._texts[name]).tofile(self._files[name])
            self._texts[name] += int(bounds[-1] - bounds[0])

    def write(self, path: Path, metadata: Mapping[bytes, bytes] | None = None) -> None:
        """Write the batch, its bytes taken from the pieces' files, which leave."""
        arrays = {name: self._array(name) for name in self._columns}
        schema = pa.schema([(name, array.type) for name, array in arrays.items()], metadata)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            writer.write_batch(pa.record_batch(list(arrays.values()), schema=schema))
        del arrays
        for file in (*self._files.values(), *self._characters.values()):
            file.close()
            Path(file.name).unlink()

    def _array(self, name: str) -> pa.Array:
        buffers = [None, _map_file(self._files[name])]
        if name in self._texts:
            return pa.Array.from_buffers(pa.large_string(), self.rows, [*buffers, _map_file(self._characters[name])])
        return pa.Array.from_buffers(pa.from_numpy_dtype(self._columns[name]), self.rows, buffers)


def _map_file(file: Any) -> pa.Buffer:
    file.flush()
    with pa.memory_map(file.name) as source:
        return source.read_buffer() if source.size() else pa.py_buffer(b"")
