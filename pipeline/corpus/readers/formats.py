"""What a source is, and its parts: a part can be read on its own, so a broken one costs only itself."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers import folder, tabular
from pipeline.errors import SettingError, SourceError

FORMATS = ("folder", "csv")
_BY_SUFFIX = {".csv": "csv", ".tsv": "csv"}


class Part(NamedTuple):
    """A file of a source, and how to read it."""

    name: str
    read: Callable[[], Iterator[RawSong]]


def recognise(source: Path) -> str:
    """The format of a source. Raises SourceError when it is missing or of no known kind."""
    if not source.exists():
        raise SourceError(f"There is nothing at {source}. Give a folder of text files or a table of songs.")
    if source.is_dir():
        return "folder"
    if source.suffix.lower() in _BY_SUFFIX:
        return _BY_SUFFIX[source.suffix.lower()]
    return "folder"


def parts_of(
    source: Path, format: str | None = None, columns: Mapping[str, str] | None = None
) -> tuple[str, list[Part]]:
    """(format, parts) of a source. `format` forces the one to read it as."""
    if format is not None and format not in FORMATS:
        raise SettingError(f"There is no format {format!r}: choose among {', '.join(FORMATS)}.")
    recognised = recognise(source)
    format = format or recognised
    if format == "csv":
        return format, [Part(source.name, partial(tabular.read_csv, source, columns))]
    if source.is_file():
        return format, [Part(source.name, partial(folder.read_file, source, source.parent))]
    paths = folder.text_files(source)
    return format, [Part(str(path.relative_to(source)), partial(folder.read_file, path, source)) for path in paths]
