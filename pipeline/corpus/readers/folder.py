"""A tree of text files, one song each, with or without front matter.

---
title: Moins six heures
artist: Cendre & Miel
album: Fumée douce
year: 2020
featuring: A, B
---
[Couplet 1]
...
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers.decoding import decode
from pipeline.errors import SourceError

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_KEYS = {
    "title": "title titre song name",
    "artist": "artist artiste author auteur groupe rappeur interprète",
    "album": "album release disque",
    "date": "year date année annee release_date",
    "featuring": "featuring featured feat ft featured_artists invités",
}
_FIELD = {spelling: field for field, spellings in _KEYS.items() for spelling in spellings.split()}
_QUOTED = re.compile(r"^([\"'])(.*)\1$")
_NOT_LYRICS = re.compile(r"(?:readme|licen[cs]e|datasheet)\b", re.I)


def text_files(folder: Path) -> list[Path]:
    """The text files of a tree in a fixed order. Raises SourceError when there is none."""
    files = sorted(
        path
        for path in folder.rglob("*.txt")
        if path.is_file() and not _NOT_LYRICS.match(path.name) and not hidden(path, folder)
    )
    if not files:
        raise SourceError(f"The folder {folder} holds no text file (*.txt). Give a folder of lyrics, or one table.")
    return files


def hidden(path: Path, folder: Path) -> bool:
    """Whether a part of the way from `folder` to `path` starts with a dot, or with what macOS leaves in archives."""
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)


def read_file(path: Path, folder: Path) -> Iterator[RawSong]:
    """The song of one file. Raises SourceError when the file is empty, binary or cannot be opened."""
    source = path.relative_to(folder).as_posix()
    try:
        text = decode(path.read_bytes(), source).text
    except OSError as error:
        raise SourceError(f"{source} cannot be opened ({error.strerror}).") from error
    if not text.strip():
        raise SourceError(f"{source} is empty.")
    yield from_text(text, source)


def from_text(text: str, source: str) -> RawSong:
    """A song from the text of a file; what the front matter leaves out comes from the path.

    >>> from_text("[Intro]\\nAllô", "mireille-sol/03-le-port.txt").title
    'Le port'
    """
    path = Path(source)
    fields: dict[str, str] = {}
    match = _FRONT_MATTER.match(text)
    if match:
        fields = _front_matter(match[1])
        text = text[match.end() :]
    title = fields.pop("title", "") or _in_words(path.stem)
    artist = fields.pop("artist", "") or (_in_words(path.parent.name) if path.parent.name else "")
    return RawSong(text, source, title, artist, **fields)


def _front_matter(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        field = _FIELD.get(key.strip().lower())
        if colon and field:
            fields[field] = _QUOTED.sub(r"\2", value.strip())
    return fields


def _in_words(name: str) -> str:
    """A file name as a title: "03-le-port" -> "Le port"."""
    words = re.sub(r"^\d{1,3}\s*[-_.]\s*", "", name)
    words = words if " " in words else re.sub(r"[-_]+", " ", words)
    return words[:1].upper() + words[1:]
