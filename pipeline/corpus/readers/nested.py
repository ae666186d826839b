"""JSON and JSONL: a list of songs, artist -> songs, title -> lyrics, or an export of lyricsgenius."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.corpus.account import FileAccount, Size, size_of
from pipeline.corpus.raw import Items, RawSong, Skip
from pipeline.corpus.readers.columns import by_name, from_cells
from pipeline.corpus.readers.text import decoded
from pipeline.errors import SourceError

DEEPEST = 12  # levels of nesting

_LONG = 3  # line breaks from which a text may be lyrics
_FACETS = "facets"  # the other plain values of an object, beside its fields

# Keys that hold songs without being an artist's name.
_CONTAINERS = ("songs", "data", "tracks", "items", "results", "albums", "artists", "song", "track", "response", "hits")


def read(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of a JSON file. Raises SourceError when it is no JSON or holds no song."""
    text = decoded(data, name).text
    try:
        node = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error)[:120]
        raise SourceError(
            "json-broken", "{name} cannot be read as JSON ({reason}).", name=name, reason=reason
        ) from error
    account = FileAccount(name)
    at = 0
    for at, song in enumerate(_songs(node, columns or {}, account), 1):
        yield _song(song, f"{name}#{at}")
    if not at:
        raise SourceError(
            "json-no-song",
            "{name} holds no song: no object in it has lyrics. Say which key does: lyrics=KEY.",
            name=name,
        )
    yield account


def read_lines(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> Items:
    """The songs of a JSONL file, one object a line; a line that is none is passed over."""
    songs = 0
    account = FileAccount(name)
    for at, line in enumerate(decoded(data, name).text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            node = json.loads(line)
        except (ValueError, RecursionError) as error:
            account.read += size_of(line)
            yield Skip(f"{name}#{at}", f"the line is no JSON ({str(error)[:80]})", size_of(line))
            continue
        for song in _songs(node, columns or {}, account):
            songs += 1
            yield _song(song, f"{name}#{at}")
    if not songs:
        raise SourceError(
            "jsonl-no-song", "{name} holds no song: no line of it is a JSON object with lyrics.", name=name
        )
    yield account


def _songs(node: Any, columns: Mapping[str, str], account: FileAccount) -> Iterator[dict[str, Any]]:
    """Field -> value of every song below `node`, whose words go into the account."""
    long = lyrics = Size()
    for song in _walk(node, {}, columns, 0):
        if isinstance(text := song.get("text"), str):
            lyrics += size_of(text)
            long += size_of(text) if text.count("\n") >= _LONG else Size()
        yield song
    words, unread = _measure(node)
    unread -= long
    account.read += Size(lyrics.lines + unread.lines, words)
    if unread:
        account.set_aside("texts-unread", "Long texts under keys that hold no lyrics", unread)
    rest = Size(words=words - lyrics.words - unread.words)
    account.set_aside("metadata", "Names and values beside lyrics", rest)


def _measure(node: Any) -> tuple[int, Size]:
    """(words of all strings below a node, keys included; the size of those long enough to be lyrics)."""
    words, long, left = 0, Size(), [node]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left.extend(item)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
        elif isinstance(item, str):
            words += len(item.split())
            long += size_of(item) if item.count("\n") >= _LONG else Size()
    return words, long


def _song(cells: dict[str, Any], source: str) -> RawSong:
    facets = cells.pop(_FACETS, {})
    return from_cells(cells, source, facets)


def _walk(node: Any, known: dict[str, Any], columns: Mapping[str, str], depth: int) -> Iterator[dict[str, Any]]:
    """Field -> value of every song below `node`; `known` is what the levels above say."""
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, known, columns, depth + 1)
    elif isinstance(node, dict):
        mapping = _mapping(node, columns)
        fields = {field: node[key] for field, key in mapping.items()}
        if isinstance(fields.get("text"), str) or (fields.get("title") and "text" in fields):
            used = set(mapping.values())
            plain = {key: value for key, value in node.items() if isinstance(value, str | int | float)}
            facets = {key: value for key, value in plain.items() if key not in used}
            yield known | {field: value for field, value in fields.items() if value} | {_FACETS: facets}
        else:
            yield from _below(node, known, columns, depth)


def _below(
    node: dict[str, Any], known: dict[str, Any], columns: Mapping[str, str], depth: int
) -> Iterator[dict[str, Any]]:
    name = node.get("name") if isinstance(node.get("name"), str) else None
    above = known | {"artist": name} if name else known
    for key, value in node.items():
        named = key.lower() not in _CONTAINERS
        if isinstance(value, str) and named and "\n" in value:
            yield above | {"title": key, "text": value}
        elif isinstance(value, list | dict):
            inner = above | {"artist": key} if named and not name and "artist" not in known else above
            yield from _walk(value, inner, columns, depth + 1)


def _mapping(node: dict[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Field -> key of an object."""
    mapping = by_name(list(node))
    for field, key in columns.items():
        if key in node:
            mapping[{"lyrics": "text", "year": "date"}.get(field, field)] = key
    return mapping
