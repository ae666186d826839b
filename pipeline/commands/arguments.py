"""What arguments may be: paths, texts in files, names that a registry lists."""

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.errors import SettingError, SourceError
from pipeline.core.translation import t


def address(text: str) -> Path | str:
    """A path, also as file:///songs, or an address with another scheme, such as s3://bucket/songs."""
    from pipeline.corpus.arrow_files import is_remote, local_path

    return text if is_remote(text) else local_path(text) if text else source(text)


def source(text: str) -> Path:
    """A path as typed. An empty one, such as an unset variable of a script, is no way to say "this folder"."""
    if not text:
        raise argparse.ArgumentTypeError(t("it is empty: give a folder or a file"))
    return Path(text)


def read_text(path: Path) -> str:
    """The UTF-8 text of a file. Raises SourceError when it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            "{path} is not UTF-8 text (byte {byte}): convert it first.", path=path, byte=error.start
        ) from error
    except OSError as error:
        raise SourceError("{path} cannot be read: {reason}.", path=path, reason=error.strerror or str(error)) from error


def unsayable(word: str, more: int = 0) -> SettingError:
    """Return the error to raise for a word without a sound, and as many more."""
    if more:
        return SettingError(
            "{word!r} cannot be said aloud (nor can {more:,} more): give words in letters or figures.",
            word=word,
            more=more,
        )
    return SettingError("{word!r} cannot be said aloud: give words in letters or figures.", word=word)


class Choices:
    """Names looked up when an argument is checked or help is printed: building the parser imports no registry.

    >>> "lstm" in Choices("pipeline.cells.registry", "CELLS")
    True
    """

    def __init__(self, module: str, names: str) -> None:
        self.module, self.names = module, names

    def __iter__(self) -> Iterator[str]:
        return iter(getattr(importlib.import_module(self.module), self.names))

    def __contains__(self, name: object) -> bool:
        return name in list(self)
