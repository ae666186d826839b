"""Tables as Arrow IPC files: those of a corpus, mapped into memory, and those that shards leave in a work folder.

A file holds one record batch without compression, so that NumPy and pandas take its buffers as they lie on the disk:
what nobody touches is not in memory, what many touch is there once. Read-only, therefore. `StreamedBatch` writes a
batch that is larger than memory, column by column, from pieces.

Every worker and the driver can reach a work folder. A path is mapped into memory; any other address (`s3://…`,
`memory://…`) goes through fsspec, which comes with the extra dask. A file is there whole or not at all: a worker that
dies leaves none, and its shard is composed again.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.core.errors import SettingError


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as one record batch."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def memory_map_table(path: Path) -> pa.Table:
    """Return the table of a file, whose bytes are read when they are used. Raises OSError, pa.ArrowException."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame with its index and types."""
    write_table(pa.Table.from_pandas(frame), path)


def memory_map_frame(path: Path) -> pd.DataFrame:
    """Return the frame of a file: numbers and texts without a copy, read-only."""
    return memory_map_table(path).to_pandas(split_blocks=True)


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


@contextmanager
def work_folder(parent: str | None = None) -> Iterator[str]:
    """Yield the address of a new folder in `parent`, gone when the block ends; by default among temporary files."""
    if parent is not None and is_remote(parent):
        folder = f"{parent.rstrip('/')}/seize-{os.getpid()}-{os.urandom(4).hex()}"
        try:
            yield folder
        finally:
            _remove(folder)
        return
    with tempfile.TemporaryDirectory(prefix="seize-work-", dir=parent) as folder:
        try:
            yield folder
        finally:
            _open_table.cache_clear()


def is_remote(address: str) -> bool:
    """Whether an address is no path of this machine's file systems.

    >>> is_remote("s3://bucket/songs"), is_remote("/home/songs")
    (True, False)
    """
    return "://" in address and not address.startswith("file://")


def local_path(address: str) -> Path:
    """Return the path that an address of this machine's file systems names.

    >>> local_path("file:///songs/a%20b"), local_path("songs")
    (PosixPath('/songs/a b'), PosixPath('songs'))
    """
    return Path(unquote(address.removeprefix("file://")) if address.startswith("file://") else address)


def put_table(table: pa.Table, address: str) -> None:
    """Write a table, as a whole or not at all."""
    if is_remote(address):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        put_bytes(sink.getvalue(), address)
        return
    path = local_path(address)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_table(table, draft)
    draft.replace(path)


def get_table(address: str) -> pa.Table:
    """Return a table that `put_table` wrote."""
    if is_remote(address):
        return _open_table(address)
    return memory_map_table(local_path(address))


def put_bytes(data: Any, address: str) -> None:
    """Write a file through fsspec."""
    filesystem, path = _filesystem(address)
    filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
    with filesystem.open(path, "wb") as file:
        file.write(data)


def get_bytes(address: str) -> bytes:
    """Return the bytes of a file through fsspec."""
    filesystem, path = _filesystem(address)
    with filesystem.open(path, "rb") as file:
        return file.read()


def list_files(address: str) -> list[tuple[str, str, int]]:
    """Return (name below the address, address, bytes) of each file there, in the order of their names."""
    filesystem, root = _filesystem(address)
    details = filesystem.find(root, detail=True) if filesystem.exists(root) else {}
    names = {path: path.removeprefix(root).strip("/") or path.rpartition("/")[2] for path in details}
    return sorted((names[path], filesystem.unstrip_protocol(path), int(own["size"])) for path, own in details.items())


def upload_folder(folder: Path, address: str) -> None:
    """Copy a local folder to an address through fsspec, in the place of what is there; a path is one too."""
    if not is_remote(address):
        shutil.copytree(folder, local_path(address), dirs_exist_ok=True)
        return
    _remove(address)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        put_bytes(path.read_bytes(), f"{address.rstrip('/')}/{path.relative_to(folder).as_posix()}")


@lru_cache(4)
def _open_table(address: str) -> pa.Table:
    return pa.ipc.open_file(pa.py_buffer(get_bytes(address))).read_all()


def _remove(folder: str) -> None:
    filesystem, path = _filesystem(folder)
    if filesystem.exists(path):
        filesystem.rm(path, recursive=True)


def _filesystem(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs

        return url_to_fs(address)
    except ImportError as error:
        raise SettingError(
            "{address} needs a library that is not installed ({reason}). Install it: `pip install fsspec` and the "
            "package for that storage, such as s3fs; or give a path.",
            address=address,
            reason=str(error),
        ) from error
    except ValueError as error:  # fsspec knows no such scheme
        raise SettingError(
            "{address} cannot be opened. Check its prefix, such as s3://, or give a path.", address=address
        ) from error
