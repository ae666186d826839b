"""A text file with one song, with or without front matter; what that leaves out comes from the path.

---
title: Moins six heures
artist: Cendre & Miel
---
[Couplet 1]
...
"""

import re
from pathlib import PurePosixPath

from pipeline.corpus.account import FileAccount, size_of
from pipeline.corpus.raw import Items, RawSong
from pipeline.corpus.readers.columns import SPELLINGS
from pipeline.corpus.readers.decoding import Decoded, decode
from pipeline.errors import SourceError

FRONT_MATTER_RULE = "front-matter", "Front matter and titles: read as metadata"
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(?P<block>.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_FIELD = {spelling: field for field, spellings in SPELLINGS.items() for spelling in spellings if field != "text"}
_QUOTED = re.compile(r"^([\"'])(.*)\1$")
_NUMBERED = re.compile(r"^(?:\d{1,3}\s*[-_.]+\s*|\d{2}\s+(?=\D))")
_YEAR = re.compile(r"[(\[]((?:19|20)\d\d)[)\]]|^((?:19|20)\d\d)\s*[-–]\s*")
_DASHED_ALBUM = re.compile(
    r"^(?P<album>.+)-artist-(?P<artist>.+)$", re.I
)  # the folder of one album: Titre-artist-Untel
_GROUPING = re.compile(r"(?:19|20)?\d0s?|rap|hip.?hop|rnb|r&b|lyrics|paroles|songs|artists?|albums?|data", re.I)


def read(data: bytes, name: str) -> Items:
    """The song of one file. Raises SourceError when it is empty or binary."""
    text = decoded(data, name)
    yield song(text, name)
    account = FileAccount(name, size_of(text.text))
    if match := FRONT_MATTER.match(text.text):
        account.set_aside(*FRONT_MATTER_RULE, size_of(match[0]))
    yield account


def decoded(data: bytes, name: str) -> Decoded:
    """The text of a file that must hold some."""
    text = decode(data, name)
    if not text.text.strip("\ufeff \t\r\n"):
        raise SourceError("file-empty", "{name} is empty.", name=name)
    return text


def song(decoded: Decoded, name: str) -> RawSong:
    """A song from the text of a file.

    >>> song(Decoded("[Intro]\\nAllô", "utf-8"), "mireille-sol/03-le-port.txt").title
    'Le port'
    """
    text, fields = decoded.text, {}
    if match := FRONT_MATTER.match(text):
        fields, text = front_matter(match["block"]), text[match.end() :]
    known = path_metadata(name) | {field: value for field, value in fields.items() if value}
    return RawSong(text, name, encoding=decoded.encoding).described(known)


def front_matter(block: str) -> dict[str, str]:
    """Field -> value of lines `key: value`; other keys are passed over."""
    fields: dict[str, str] = {}
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        field = _FIELD.get(key.strip().lower())
        if colon and field:
            fields[field] = _QUOTED.sub(r"\2", value.strip())
    return fields


def path_metadata(name: str) -> dict[str, str]:
    """Title, artist, album and date as far as folders and the file name tell them.

    >>> path_metadata("1990s/rap/Le quai-artist-Untel/La mer.txt")
    {'title': 'La mer', 'artist': 'Untel', 'album': 'Le quai'}
    >>> path_metadata("Untel/(2004) Le quai/03 - La mer.txt")
    {'title': 'La mer', 'artist': 'Untel', 'album': 'Le quai', 'date': '2004'}
    >>> path_metadata("Untel - La mer.txt")
    {'title': 'La mer', 'artist': 'Untel'}
    """
    path = PurePosixPath(name)
    stem = _NUMBERED.sub("", path.stem.removeprefix("."))
    folders = [part for part in path.parts[:-1] if not _GROUPING.fullmatch(part)]
    found = {"title": "" if path.name == ".txt" else _in_words(stem)}
    dashed = _DASHED_ALBUM.match(folders[-1]) if folders else None
    if dashed:
        found |= {"artist": _in_words(dashed["artist"]), "album": _in_words(dashed["album"])}
    elif len(folders) >= 2:
        found |= {"artist": _in_words(folders[-2])} | _album(folders[-1])
    elif folders:
        found["artist"] = _in_words(folders[-1])
    elif " - " in stem:
        artist, title = stem.split(" - ", 1)
        found = {"title": title.strip(), "artist": artist.strip()}
    return found


def _album(folder: str) -> dict[str, str]:
    year = _YEAR.search(folder)
    album = _YEAR.sub("", folder).strip(" -–")
    return {"album": _in_words(album)} | ({"date": year[1] or year[2]} if year else {})


def _in_words(name: str) -> str:
    """A file name as a title: "03-le-port" -> "Le port"."""
    words = name if " " in name else re.sub(r"[-_]+", " ", name)
    return words[:1].upper() + words[1:]
