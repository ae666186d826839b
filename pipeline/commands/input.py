"""What commands read from files."""

from pathlib import Path

from pipeline.errors import SourceError


def read_text(path: Path) -> str:
    """The UTF-8 text of a file. Raises SourceError when it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text (byte {error.start}): convert it first.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
