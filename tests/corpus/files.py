"""Files that tests of reading write, and those that a corpus is made of."""

import io
import zipfile
from pathlib import Path


def zipped(files: dict[str, bytes | str]) -> bytes:
    """A zip archive of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def corpus_files(folder: Path) -> dict[str, bytes]:
    """The files of a prepared corpus, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
