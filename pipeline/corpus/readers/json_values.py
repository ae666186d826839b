"""JSON as it comes: several values after each other, keys that stand twice, lyrics as lists of lines or of sections."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.corpus.readers.columned_table import unique_names
from pipeline.corpus.readers.columns import SPELLINGS, by_name, folded_name
from pipeline.corpus.tags import read_tag

_SPACE = re.compile(r"\s*+")
_TEXT_KEYS = frozenset((*SPELLINGS["text"], "plain", "line", "lines", "words", "value", "verses", "stanzas"))
_KIND_KEYS = ("tag", "section", "kind", "type", "label", "header")


def _with_all_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs; a key that stands twice is numbered, so that neither value hides the other."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return dict(zip(unique_names([key for key, _ in pairs]), (value for _, value in pairs), strict=True))


_DECODER = json.JSONDecoder(object_pairs_hook=_with_all_keys)


def read_value(text: str) -> Any:
    """The value that a text holds. Raises ValueError when it is no JSON, RecursionError when it is nested too deep."""
    return _DECODER.decode(text)


def read_values(text: str) -> Any:
    """The value of a text, or a list of all values when several stand after each other. Raises like `read_value`.

    >>> read_values('{"a": 1}'), read_values('{"a": 1}\\n{"a": 2, "a": 3}')
    ({'a': 1}, [{'a': 1}, {'a': 2, 'a (2)': 3}])
    """
    values, at = list[Any](), 0
    while at < len(text) or not values:
        value, at = _DECODER.raw_decode(text, _end_of_space(text, at))
        values.append(value)
        at = _end_of_space(text, at)
    return values[0] if len(values) == 1 else values


def _end_of_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def lyric_parts(value: Any) -> list[str]:
    """The strings that make up lyrics, in order, with "" where a blank line parts them; none where a value holds
    songs, or nothing like lyrics.

    >>> lyric_parts(["La mer", "La rue"]), lyric_parts([["La mer"], ["La rue"]])
    (['La mer', 'La rue'], ['La mer', '', 'La rue'])
    >>> lyric_parts([{"type": "verse", "lines": ["La mer", "La rue"]}])
    ['[verse]', 'La mer', 'La rue']
    """
    parts = list(_parts(value, 0))
    if None in parts:
        return []
    return [part for part in parts if part is not None]


def _parts(value: Any, depth: int) -> Iterator[str | None]:
    """Strings; None says that there is a song in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for at, item in enumerate(value):
            if at and depth == 0 and isinstance(item, list | dict) and _has_lines(item):
                yield ""
            if depth < 4:
                yield from _parts(item, depth + 1)
    elif isinstance(value, dict):
        yield from _parts_of_object(value, depth)


def _parts_of_object(value: dict[str, Any], depth: int) -> Iterator[str | None]:
    key = next((key for key, own in value.items() if own and folded_name(key) in _TEXT_KEYS), None)
    if key is None or "title" in by_name(list(value)):
        yield None
        return
    kinds = (value[name] for name in _KIND_KEYS if isinstance(value.get(name), str))
    yield from (f"[{kind}]" for kind in kinds if (tag := read_tag(kind)) and tag.kind)
    if depth < 4:
        yield from _parts(value[key], depth + 1)


def _has_lines(item: Any) -> bool:
    """Whether an item is a stanza, not one line."""
    return isinstance(item, list) or any(isinstance(own, list) or "\n" in str(own) for own in item.values())
