"""From plain JSON data to the dataclasses that it was made of, each field checked against its annotation."""

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, which JSON can hold and nothing can write down


def from_plain_data(kind: Any, data: Any) -> Any:
    """Return plain JSON data converted to an annotated type: a class, dataclass, union, tuple, mapping or literal.

    A dataclass takes its defaults for the fields that `data` lacks; what is no field of it is ignored. A float may be
    written as an int, and has to be finite; True is no int; a text has whole characters. Raises TypeError or ValueError
    for data of another type, and what the dataclass raises for a value out of its range.

    >>> from_plain_data(tuple[int, ...] | None, [1, 2])
    (1, 2)
    >>> from_plain_data(int, True)
    Traceback (most recent call last):
    ValueError: True is no value of <class 'int'>
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        for each in arguments:
            with suppress(TypeError, ValueError):
                return from_plain_data(each, data)
    elif origin is Literal and data in arguments:
        return data
    elif origin is tuple and isinstance(data, list | tuple):
        kinds = arguments[:1] * len(data) if arguments[1:] == (...,) else arguments
        return tuple(from_plain_data(each, item) for each, item in zip(kinds, data, strict=True))
    elif origin is Mapping and isinstance(data, Mapping):
        key_kind, value_kind = arguments
        return {from_plain_data(key_kind, key): from_plain_data(value_kind, value) for key, value in data.items()}
    elif isinstance(kind, type) and is_dataclass(kind) and isinstance(data, Mapping):
        names = [each.name for each in fields(kind) if each.name in data]
        return kind(**{name: from_plain_data(_type_hints(kind)[name], data[name]) for name in names})
    elif kind is float:
        if type(data) in (int, float) and math.isfinite(data):
            return data
    elif type(data) is kind and not (kind is str and _LONE_SURROGATE.search(data)):
        return data
    raise ValueError(f"{data!r} is no value of {kind}")


@cache
def _type_hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
