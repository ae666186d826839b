"""One file compressed with gzip, xz or bzip2, unpacked into memory within bounds; archives that are not read here."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any

from pipeline.core.errors import SourceError, first_line


def _open_gzip(file: io.BytesIO) -> Any:
    return gzip.GzipFile(fileobj=file)


OPENERS: dict[str, Callable[[io.BytesIO], Any]] = {
    ".gz": _open_gzip,
    ".xz": lzma.open,
    ".bz2": bz2.open,
}
UNREAD = (".7z", ".rar", ".tar", ".tgz", ".zst", ".zip")  # inside a folder or an archive, or as a source


def decompress(data: bytes, suffix: str, name: str, largest: int) -> bytes:
    """The bytes of a compressed file. Raises SourceError when it is cut short, damaged or larger than `largest`."""
    try:
        with OPENERS[suffix](io.BytesIO(data)) as file:
            unpacked = file.read(largest + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise SourceError("{name} cannot be unpacked ({reason}).", name=name, reason=first_line(error)) from error
    if len(unpacked) > largest:
        raise SourceError(
            "{name} is too large: over {megabytes} MB unpacked.", name=name,
            megabytes=largest >> 20
        )  # fmt: skip
    return bytes(unpacked)
