"""Whether a value read from a file is what the annotations of a dataclass say, down to every field.

Python does not check annotations; what comes from a visitor's file is checked here before anything is done with it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_HALF = re.compile(r"[\ud800-\udfff]")  # half a character, which JSON can hold and nothing can write down


def conforms(value: Any, kind: Any) -> bool:
    """Whether a value is of a type, as annotated: a class, a dataclass, a union, a tuple, a mapping or a literal.

    A float may be written as an int, and has to be finite; True is no int; a text has whole characters.

    >>> conforms((1, "a"), tuple[int, str]), conforms((1, 2), tuple[str, ...]), conforms(None, int | None)
    (True, False, True)
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(conforms(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and _items_conform(value, arguments)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(
            conforms(key, arguments[0]) and conforms(each, arguments[1]) for key, each in value.items()
        )
    if is_dataclass(kind):
        return type(value) is kind and all(
            conforms(getattr(value, name), each) for name, each in _fields(type(value)).items()
        )
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is kind and (kind is not str or not _HALF.search(value))


def _items_conform(value: tuple[Any, ...], kinds: tuple[Any, ...]) -> bool:
    if kinds[1:] == (...,):
        return all(conforms(each, kinds[0]) for each in value)
    return len(value) == len(kinds) and all(map(conforms, value, kinds))


@cache
def _fields(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
