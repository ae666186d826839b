"""Sources at addresses that fsspec knows (s3://bucket/songs, memory://songs): listed here, read where they are used."""

from functools import partial
from pathlib import PurePosixPath

from pipeline.core.errors import SourceError
from pipeline.corpus.arrow_files import get_bytes, list_files
from pipeline.corpus.readers.blobs import Blob


def list_blobs(address: str) -> list[Blob]:
    """Return the files below an address in a fixed order, hidden ones left out; of one file, that file.

    Raises SourceError when there is none.
    """
    files = list_files(address)
    blobs = [
        Blob(name, size, partial(_load, full, name))
        for name, full, size in files
        if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    ]
    if not blobs:
        raise SourceError(
            "There is nothing at {path}. Give a folder of text files, a table of songs, or a zip.", path=address
        )
    return blobs


def _load(address: str, name: str) -> bytes:
    try:
        return get_bytes(address)
    except OSError as error:
        raise SourceError("{name} cannot be opened ({reason}).", name=name, reason=str(error)) from error
