"""JSON and JSONL: a list of songs, artist -> songs, title -> lyrics, or an export of lyricsgenius.

JSON is read as it comes: several values after each other, keys that stand twice, lyrics as lists of lines or of
sections.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.core.errors import Sentence, SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import Account, TextSize, sum_sizes, text_size
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.columns import (
    FIELD_ALIASES,
    MIN_LYRICS_CHARACTERS,
    SPELLINGS,
    SYNCED_COLUMN,
    fold_column_name,
    map_fields_by_name,
    song_from_cells,
    unique_names,
)
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.readers.timed import times_from_json, times_from_synced_lyrics
from pipeline.corpus.song import RawSong, ReaderItems, SkippedItem
from pipeline.corpus.tags import read_tag

_SPACE = re.compile(r"\s*+")
_TEXT_KEYS = frozenset((*SPELLINGS["text"], "plain", "line", "lines", "words", "value", "verses", "stanzas"))
_KIND_KEYS = ("tag", "section", "kind", "type", "label", "header")

MAX_DEPTH = 12  # levels of nesting

_COMPLETE = "complete"  # what `lyrics_state` of Genius is for a song that is written down
_LONG, _MANY = 3, 30  # line breaks, or words, from which a text may be lyrics
_FACETS_KEY = "facets"  # the other plain values of an object, beside its fields
_TIMES_KEY = "times"  # of its lines, as `seize export` writes them
_SYNCED_KEY = "synced"  # its lyrics as LRC, beside plain ones

_PROMPT_ROLES = frozenset(
    ("user", "human", "system", "prompter", "tool", "function")
)  # who speaks to a model in a chat
# Keys that hold songs without being an artist's name.
_SECTIONS = ("sections", "verses", "couplets", "stanzas", "paragraphs", "lines")  # a song's lyrics in parts
_CONTAINERS = (
    "songs", "data", "tracks", "items", "results", "albums", "artists", "song", "track", "response", "hits", *_SECTIONS,
    "messages", "conversation", "conversations",
)  # fmt: skip


def _number_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dict. Repeated keys are numbered, so that no value is lost."""
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    return dict(zip(unique_names([key for key, _ in pairs]), (value for _, value in pairs), strict=True))


_DECODER = json.JSONDecoder(object_pairs_hook=_number_repeated_keys)


def read_values(text: str) -> list[Any]:
    """Return the JSON values that follow one another in a text. Raises ValueError, RecursionError.

    >>> read_values('{"a": 1}\\n{"a": 2, "a": 3}')
    [{'a': 1}, {'a': 2, 'a (2)': 3}]
    """
    values, at = list[Any](), 0
    while at < len(text) or not values:
        value, at = _DECODER.raw_decode(text, _skip_whitespace(text, at))
        values.append(value)
        at = _skip_whitespace(text, at)
    return values


def _skip_whitespace(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def flatten_lyrics(value: Any) -> list[str]:
    """Return the lines of nested lyrics in order, with "" for a blank line. Return [] for songs or other values.

    >>> flatten_lyrics(["La mer", "La rue"]), flatten_lyrics([["La mer"], ["La rue"]])
    (['La mer', 'La rue'], ['La mer', '', 'La rue'])
    >>> flatten_lyrics([{"type": "verse", "lines": ["La mer", "La rue"]}])
    ['[verse]', 'La mer', 'La rue']
    """
    parts = list(_flatten_strings(value, 0))
    if None in parts:
        return []
    return [part for part in parts if part is not None]


def _flatten_strings(value: Any, depth: int) -> Iterator[str | None]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for at, item in enumerate(value):
            if at and depth == 0 and isinstance(item, list | dict) and _is_stanza(item):
                yield ""
            if depth < 4:
                yield from _flatten_strings(item, depth + 1)
    elif isinstance(value, dict):
        yield from _flatten_object(value, depth)


def _flatten_object(value: dict[str, Any], depth: int) -> Iterator[str | None]:
    key = next((key for key, own in value.items() if own and fold_column_name(key) in _TEXT_KEYS), None)
    if key is None or "title" in map_fields_by_name(list(value)):
        yield None
        return
    kinds = (value[name] for name in _KIND_KEYS if isinstance(value.get(name), str))
    yield from (f"[{kind}]" for kind in kinds if (tag := read_tag(kind)) and tag.kind)
    if depth < 4:
        yield from _flatten_strings(value[key], depth + 1)


def _is_stanza(item: Any) -> bool:
    """Return whether an item of nested lyrics holds several lines."""
    return isinstance(item, list) or any(isinstance(own, list) or "\n" in str(own) for own in item.values())


def read_json(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a JSON or JSONL file. Raises SourceError when it contains no song."""
    text = decode_text(data, name).text
    values, skips = list[tuple[int, Any]](), list[SkippedItem]()
    try:
        values = list(enumerate(read_values(text), 1))
    except (ValueError, RecursionError) as error:
        reason = str(error)[:120]
        values, skips = _values_by_line(text, name)
        if not any(isinstance(value, dict) for _, value in values):
            raise SourceError("{name} cannot be read as JSON ({reason}).", name=name, reason=reason) from error
    account, songs = Account(), 0
    for skip in skips:
        account.read += skip.size
        yield skip
    for at, value in values:
        for number, song in enumerate(_walk_with_account(value, hints.columns, account), 1):
            songs += 1
            yield _song_from_fields(song, f"{name}#{number if len(values) == 1 else at}")
    if not songs:
        raise SourceError("{name} contains no song: no object in it has lyrics. Name the key: lyrics=KEY.", name=name)
    yield account


def _values_by_line(text: str, name: str) -> tuple[list[tuple[int, Any]], list[SkippedItem]]:
    values, skips = list[tuple[int, Any]](), list[SkippedItem]()
    for at, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                values.append((at, _DECODER.decode(line)))
            except (ValueError, RecursionError) as error:
                reason = Sentence("the line is not JSON ({reason})", reason=str(error)[:80])
                skips.append(SkippedItem(f"{name}#{at}", reason, text_size(line)))
    return values, skips


def _walk_with_account(node: Any, columns: Mapping[str, str], account: Account) -> Iterator[dict[str, Any]]:
    long = lyrics = TextSize()
    for song in _walk_songs(node, {}, columns, 0):
        parts = song["text"]
        song["text"] = "\n".join(parts)
        lyrics += text_size(song["text"])
        long += sum_sizes(text_size(part) for part in parts if _may_be_lyrics(part))
        yield song
    words, unread = _count_words_and_size(node)
    unread -= long
    account.read += TextSize(lyrics.lines + unread.lines, words)
    if unread:
        account.add_dropped("texts-unread", mark("Long texts under keys other than that of the lyrics"), unread)
    rest = TextSize(words=words - lyrics.words - unread.words)
    account.add_dropped("metadata", mark("Names and values next to lyrics"), rest)


def _count_words_and_size(node: Any) -> tuple[int, TextSize]:
    """Return (words of all strings below a node, the size of the strings long enough to be lyrics)."""
    words, long, left = 0, TextSize(), [node]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left.extend(item)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
        elif isinstance(item, str):
            words += len(item.split())
            long += text_size(item) if _may_be_lyrics(item) else TextSize()
    return words, long


def _may_be_lyrics(text: str) -> bool:
    return text.count("\n") >= _LONG or len(text.split()) >= _MANY


def _song_from_fields(cells: dict[str, Any], source: str) -> RawSong | SkippedItem:
    """Return the song with these fields, or a SkippedItem if Genius marks its lyrics as incomplete."""
    facets, times, synced = (cells.pop(key, None) for key in (_FACETS_KEY, _TIMES_KEY, _SYNCED_KEY))
    facets = facets or {}
    state = facets.get("lyrics_state", _COMPLETE)
    if state != _COMPLETE:
        reason = Sentence("its lyrics are marked as {state!r}, not as complete: skipped", state=str(state)[:40])
        return SkippedItem(source, reason, text_size(cells["text"]))
    song = song_from_cells(cells, source, facets)
    return replace(
        song, times=times_from_json(times, song.text) or times_from_synced_lyrics(song.text, synced or song.text)
    )


def _walk_songs(
    node: Any, inherited: dict[str, Any], columns: Mapping[str, str], depth: int
) -> Iterator[dict[str, Any]]:
    """Yield the fields (field -> value) of every song below a JSON node. `inherited` holds fields from above it."""
    if depth > MAX_DEPTH:
        return
    if isinstance(node, list):
        for item in node:
            yield from _walk_songs(item, inherited, columns, depth + 1)
    elif isinstance(node, str):
        if node.count("\n") >= _LONG:  # a list of texts
            yield inherited | {"text": [node]}
    elif isinstance(node, dict):
        if _is_chat_prompt(node):
            return
        mapping = _map_object_fields(node, columns)
        fields = {field: node[key] for field, key in mapping.items()}
        parts = flatten_lyrics(fields.get("text"))
        if parts or (fields.get("title") and "text" in fields and not isinstance(fields["text"], list | dict)):
            yield inherited | _object_fields(node, mapping) | {"text": parts}
        else:
            yield from _walk_values(node, inherited, columns, depth)


def _is_chat_prompt(node: dict[str, Any]) -> bool:
    """Return whether an object is a chat message of the user or the system, and so not a song."""
    speaker = node.get("role") or node.get("from")
    return isinstance(speaker, str) and speaker.lower() in _PROMPT_ROLES and ("content" in node or "value" in node)


def _object_fields(node: dict[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    fields = {field: node[key] for field, key in mapping.items() if field != "text" and node[key]}
    used = set(mapping.values())
    plain = {
        key: value
        for key, value in node.items()
        if isinstance(value, str | int | float) and key not in used and fold_column_name(key) not in SPELLINGS["text"]
    }
    synced = next((value for key, value in node.items() if fold_column_name(key) == SYNCED_COLUMN), None)
    return fields | {_FACETS_KEY: plain, _TIMES_KEY: node.get(_TIMES_KEY), _SYNCED_KEY: synced}


def _walk_values(
    node: dict[str, Any], inherited: dict[str, Any], columns: Mapping[str, str], depth: int
) -> Iterator[dict[str, Any]]:
    name = node.get("name") if isinstance(node.get("name"), str) else None
    above = inherited | {"artist": name} if name else inherited
    texts = _lyric_keys(node)
    mapping = {field: key for field, key in _map_object_fields(node, columns).items() if key not in texts}
    if len(texts) == 1 and isinstance(mapping.get("title"), str) and node[mapping["title"]]:
        (key,) = texts  # under a key of its own, of a song that says its title
        yield inherited | _object_fields(node, {**mapping, "text": key}) | {"text": [node[key]]}
        texts = set()
    for key, value in node.items():
        if key in texts:
            yield above | {"title": key, "text": [value]}
        elif isinstance(value, list | dict):
            named = key.lower() not in _CONTAINERS
            inner = above | {"artist": key} if named and not name and "artist" not in inherited else above
            yield from _walk_songs(value, inner, columns, depth + 1)


def _lyric_keys(node: dict[str, Any]) -> set[str]:
    """Return the keys of an object whose values are lyrics: texts of several lines, and long texts beside such a
    text."""
    strings = {key: own for key, own in node.items() if isinstance(own, str) and key.lower() not in _CONTAINERS}
    multiline_keys = {key for key, own in strings.items() if "\n" in own}
    return {
        key
        for key, own in strings.items()
        if key in multiline_keys or (multiline_keys and len(own) >= MIN_LYRICS_CHARACTERS)
    }


def _map_object_fields(node: dict[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Return field -> key of an object. Of several keys for lyrics, choose the likeliest that is not empty."""
    mapping = map_fields_by_name(list(node))
    if "text" in mapping and not node[mapping["text"]]:
        full = (key for key in node if node[key] and fold_column_name(key) in SPELLINGS["text"])
        mapping["text"] = next(full, mapping["text"])
    if "text" not in mapping and "title" in mapping:
        key = next((key for key in node if fold_column_name(key) in _SECTIONS and flatten_lyrics(node[key])), None)
        mapping |= {} if key is None else {"text": key}
    for field, key in columns.items():
        if key in node:
            mapping[FIELD_ALIASES.get(field, field)] = key
    return mapping


def _is_json(data: bytes, name: str) -> bool:
    return data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'[{"', b"[\n", b'{"', b"{\n"))


def _is_jsonl(data: bytes, name: str) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b"\n{" in data[:1_000_000]


JSON_READER = Reader("json", read_json, (".json",), recognise=_is_json, certainty=0.9, poses_as=("text",))
JSONL_READER = Reader(
    "jsonl",
    read_json,
    (".jsonl", ".ndjson"),
    recognise=_is_jsonl,
    certainty=0.95,
    poses_as=("text",),
    line_by_line=True,
)
