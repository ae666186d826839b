"""The arguments of a command, from its signature and its docstring.

    @command()
    def ngrams(part: Subcorpus, *, n: Count = 3, minimum: Count = 2, output: TablePrinter) -> None:
        '''List the words that stand in a row most often: n-grams within lines.

        -n: words in a row, 1 to 7 (default 3)
        --minimum N: times that it occurs at least (2)
        '''

The docstring says how an argument is typed, the word for its value and its help; the signature its type and default. A
parameter that is an `options_dataclass` stands for all its fields. `Literal` and `Choices` are values to choose from, a
`Sequence` is an option that may be repeated or, with "N …" for its value, takes several at once.
"""

import argparse
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

from pipeline.core.docstrings import ArgumentLine, split_docstring
from pipeline.core.errors import SourceError
from pipeline.core.translation import t

MAX_INTEGER_DIGITS = 18  # of a whole number: any of so many goes into the 64 bits that NumPy counts with


def parse_path(text: str) -> Path:
    """Return the path that was typed. Raise ArgumentTypeError if it is empty: that would mean "this folder"."""
    if not text:
        raise argparse.ArgumentTypeError(t("it is empty: give a folder or a file"))
    return Path(text)


def parse_count(text: str) -> int:
    """Return a count, 0 or more. Raise ArgumentTypeError for anything else."""
    if not text.strip().isdecimal() or len(text) > MAX_INTEGER_DIGITS:
        raise argparse.ArgumentTypeError(t("{text!r} is not a count: give 0 or more", text=text))
    return int(text)


def read_text(path: Path) -> str:
    """Return the UTF-8 text of a file. Raise SourceError when it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            "{path} is not UTF-8 text (byte {byte}): convert it first.", path=path, byte=error.start
        ) from error
    except OSError as error:
        raise SourceError("{path} cannot be read: {reason}.", path=path, reason=error.strerror or str(error)) from error


class Choices:
    """The allowed values of an argument, stored under a name in a module that is imported only when needed.

    >>> "lstm" in Choices("pipeline.cells.registry", "CELLS")
    True
    """

    def __init__(self, module: str, names: str) -> None:
        self.module, self.names = module, names

    def __iter__(self) -> Iterator[str]:
        return iter(getattr(importlib.import_module(self.module), self.names))

    def __contains__(self, name: object) -> bool:
        return name in list(self)


Count = Annotated[int, parse_count]
_F = TypeVar("_F", bound=Callable[..., Any])
_C = TypeVar("_C")


def command(*exclusive: str, required: bool = False, actions: Sequence[Callable[..., Any]] = ()) -> Callable[[_F], _F]:
    """Return a decorator that makes a function a command. The parameters of the function are its arguments.

    At most one of the arguments named `exclusive` may be given, exactly one where `required`. `actions` are commands
    below it, such as `runs card`.
    """

    def make_command(function: _F) -> _F:
        vars(function).update(exclusive=(exclusive, required), actions=actions)
        return function

    return make_command


@dataclass_transform(kw_only_default=True, frozen_default=True)
def options_dataclass(*exclusive: str) -> Callable[[type[_C]], type[_C]]:
    """Return a decorator that makes a class a frozen dataclass of options. `exclusive` is as in `command`."""

    def make_options_class(cls: type[_C]) -> type[_C]:
        cls = dataclass(frozen=True, kw_only=True)(cls)
        cls.exclusive = (exclusive, False)  # type: ignore[attr-defined]
        return cls

    return make_options_class


def add_arguments(parser: argparse.ArgumentParser, owner: Callable[..., Any]) -> None:
    """Add the arguments of a command or of a class of options to a parser."""
    hints = get_type_hints(owner, include_extras=True)
    documented = [each.__doc__ or "" for each in getattr(owner, "__mro__", (owner,))]  # bases of options as well
    lines = {line.parameter: line for text in documented for line in split_docstring(text)[1]}
    names, required = getattr(owner, "exclusive", ((), False))
    group = parser.add_mutually_exclusive_group(required=required) if names else parser
    for name, parameter in inspect.signature(owner).parameters.items():
        if is_dataclass(hints[name]):
            add_arguments(parser, hints[name])
        else:
            where = group if name in names else parser
            _add_argument(where, lines[name.rstrip("_")], name, hints[name], parameter.default)


def call_with_arguments(owner: Callable[..., Any], args: argparse.Namespace) -> Any:
    """Call a command, or make an object of an options class, with parsed arguments. Return the result."""
    kinds = get_type_hints(owner)
    values = {
        name: call_with_arguments(kinds[name], args) if is_dataclass(kinds[name]) else getattr(args, name)
        for name in inspect.signature(owner).parameters
    }
    return owner(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _add_argument(
    parser: argparse._ActionsContainer, line: ArgumentLine, name: str, hint: Any, default: object
) -> None:
    is_option, is_needed = line.typed.startswith("-"), default is inspect.Parameter.empty
    settings = _argparse_settings(hint)
    if settings.get("action") == "append":
        default = list(default) if isinstance(default, tuple) else default
        if not is_option or "…" in line.metavar:
            settings = {"type": settings["type"], "nargs": "+" if is_option or is_needed else "*"}
    if line.metavar.startswith("["):
        settings |= {"nargs": "?", "const": ""}
    elif not is_option and not is_needed and "nargs" not in settings:
        settings["nargs"] = "?"
    if words := line.metavar.strip("[] …").split():
        settings["metavar"] = tuple(map(t, words)) if len(words) > 1 else t(words[0])
    if is_option:
        settings |= {"dest": name, "required": is_needed}
    if not is_needed:
        settings["default"] = default
    parser.add_argument(line.typed if is_option else name, help=t(line.help), **settings)


def _argparse_settings(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Annotated:
        how = get_args(hint)[1]
        return {"choices": how} if isinstance(how, Choices) else {"type": how}
    if get_origin(hint) is Literal:
        return {"choices": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return {"nargs": len(get_args(hint)), "type": get_args(hint)[0]}
    if get_origin(hint) is Sequence:
        return {"action": "append", **_argparse_settings(get_args(hint)[0])}
    if alternatives := [kind for kind in get_args(hint) if kind is not NoneType]:  # with None
        return _argparse_settings(alternatives[0])
    return {"action": "store_true"} if hint is bool else {"type": hint}
