"""Where shards leave what only the end needs: tables as files of a folder that every worker and the driver can reach.

A path is mapped into memory; any other address (`s3://…`, `memory://…`) goes through fsspec, which comes with the
extra `dask`. A file is there whole or not at all: a worker that dies leaves none, and its shard is composed again.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.core.errors import SettingError
from pipeline.corpus.arrow_files import map_table, write_table


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


def put_table(table: pa.Table, address: str) -> None:
    """Write a table, as a whole or not at all."""
    if is_remote(address):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        put_bytes(sink.getvalue(), address)
        return
    path = Path(address.removeprefix("file://"))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_table(table, draft)
    draft.replace(path)


def get_table(address: str) -> pa.Table:
    """Return a table that `put_table` wrote."""
    if is_remote(address):
        return _open_table(address)
    return map_table(Path(address.removeprefix("file://")))


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
    found = filesystem.find(root, detail=True) if filesystem.exists(root) else {}
    names = {path: path.removeprefix(root).strip("/") or path.rpartition("/")[2] for path in found}
    return sorted((names[path], filesystem.unstrip_protocol(path), int(about["size"])) for path, about in found.items())


def upload_folder(folder: Path, address: str) -> None:
    """Copy a local folder to an address through fsspec, in the place of what is there; a path is one too."""
    if not is_remote(address):
        shutil.copytree(folder, address.removeprefix("file://"), dirs_exist_ok=True)
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
            "{address} needs a library that is not here ({reason}). Install it: `pip install fsspec` and the package "
            "of that kind of storage, such as s3fs; or give a path.",
            address=address,
            reason=str(error),
        ) from error
