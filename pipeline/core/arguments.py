"""Check the arguments of functions called in a notebook by their annotations. Knows nothing of what functions do.

A wrong argument is one sentence at once, where Python would raise far below or compute something else.
"""

import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, wraps
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.core.errors import Sentence, SettingError, spelling_suggestion
from pipeline.core.translation import mark

F = TypeVar("F", bound=Callable[..., Any])
# What is asked for, by the annotation's name; others are named themselves.
_TYPE_DESCRIPTIONS = {
    "str": mark("a text"), "int": mark("a whole number, 0 or more"), "float": mark("a number"),
    "bool": mark("True or False"), "Corpus": mark('a corpus, such as seize.load("demo")'),
    "DataFrame": mark("a table (pandas.DataFrame)"), "Collection": mark("a list"), "Sequence": mark("a list"),
    "Iterable": mark("a list"), "ndarray": mark("an array (numpy.ndarray)"), "Mapping": mark("a dict"),
}  # fmt: skip
_MAX_INTEGER = 2**31 - 1  # what counts and ids are


def check_arguments(function: F) -> F:
    """Wrap a function so that it raises SettingError for invalid arguments: unknown names, values that do not fit its
    annotations, negative integers."""
    name, signature = function.__name__, inspect.signature(function)

    @wraps(function)
    def checked_call(*args: Any, **kwargs: Any) -> Any:
        for argument in kwargs.keys() - signature.parameters.keys():
            suggestion = spelling_suggestion(argument, signature.parameters)
            raise SettingError(
                "{function} has no argument {name!r}{near}.", function=name, name=argument, near=suggestion
            )
        try:
            bound = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise SettingError("{function}: {reason}.", function=name, reason=str(error)) from error
        hints = _resolve_annotations(function, getattr(sys.modules.get("pipeline.corpus.table"), "Corpus", object))
        for argument, value in bound.items():
            if argument != "self" and not _matches_annotation(value, hints[argument]):
                raise _type_mismatch_error(name, argument, value, hints[argument])
        return function(*args, **kwargs)

    return checked_call  # type: ignore[return-value]


@cache
def _resolve_annotations(function: Callable[..., Any], corpus: type) -> dict[str, Any]:
    """Return the annotations of a function as types, also those of names that are imported only for type checkers."""
    return get_type_hints(function, localns=vars(sys.modules[corpus.__module__]))


def _type_mismatch_error(function: str, argument: str, value: Any, hint: Any) -> SettingError:
    parts = [
        part for part in (get_args(hint) if get_origin(hint) in (Union, UnionType) else [hint]) if part != NoneType
    ]
    options = [each for part in parts if get_origin(part) is Literal for each in get_args(part)]
    kind = getattr(get_origin(parts[0]) or parts[0], "__name__", str(parts[0]))
    plain = isinstance(value, str | int | float | NoneType)
    return SettingError(
        "{function}: {argument} is {value}; give {kind}{near}.",
        function=function,
        argument=argument,
        value=repr(value) if plain else type(value).__name__,
        kind=Sentence("one of {names}", names=", ".join(options))
        if options
        else Sentence(_TYPE_DESCRIPTIONS.get(kind, kind)),
        near=spelling_suggestion(value, options) if options and isinstance(value, str) else "",
    )


def _matches_annotation(value: Any, hint: Any) -> bool:
    """Return whether an argument's value fits its type annotation. Negative integers and nan never fit."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_matches_annotation(value, part) for part in inner)
    if origin is Literal:
        return isinstance(value, str) and value in inner
    kind = origin or hint
    if kind in (int, float):
        number = isinstance(value, Integral if kind is int else Real) and not isinstance(value, bool)
        return number and (0 <= value <= _MAX_INTEGER if kind is int else value == value)
    if kind is tuple:
        parts = inner[:1] * len(value) if isinstance(value, tuple) and inner[-1:] == (...,) else inner
        return isinstance(value, tuple) and len(value) == len(parts) and all(map(_matches_annotation, value, parts))
    if getattr(kind, "__module__", "") == "collections.abc" and issubclass(kind, Iterable):
        if isinstance(value, str | bytes) or hasattr(value, "columns"):
            return False
        if issubclass(kind, Mapping) or not isinstance(value, Iterable):
            return isinstance(value, kind)
        return not (inner and isinstance(value, Collection)) or all(
            _matches_annotation(each, inner[0]) for each in value
        )
    try:
        return isinstance(value, kind)
    except TypeError:  # a protocol
        members = {*getattr(kind, "__annotations__", ()), *vars(kind)}
        return all(hasattr(value, member) for member in members if not member.startswith("_"))
