"""The parser of `python -m pipeline`: which commands there are. Knows nothing of what they do.

argparse asks gettext for its words, which come from our catalogues in another language than English.
"""

import argparse
import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from math import isfinite
from typing import Any, NoReturn

from pipeline.commands.arguments import MAX_INTEGER_DIGITS, add_arguments, call_with_arguments
from pipeline.core.docstrings import split_docstring
from pipeline.core.translation import LANGUAGES, SOURCE, language, mark_all, t


def _parse_integer(text: str) -> int:
    with suppress(ValueError):
        if len(text) <= MAX_INTEGER_DIGITS:
            return int(text)
    raise argparse.ArgumentTypeError(t("{text!r} is not a whole number", text=text))


def _parse_number(text: str) -> float:
    with suppress(ValueError):
        if isfinite(value := float(text)):
            return value
    raise argparse.ArgumentTypeError(t("{text!r} is not a number", text=text))


# Command -> module that holds its function.
_MODULES = {
    "prepare": "prepare", "stats": "words", "export": "files", "diversity": "groups",
    "keyness": "groups", "concordance": "words", "collocations": "words", "sketch": "words", "ngrams": "words",
    "names": "words", "timeline": "groups", "tone": "groups", "classes": "groups", "reuse": "groups", "delta": "groups",
    "train": "train", "learn": "train", "runs": "runs", "evaluate": "runs", "generate": "generate",
    "centon": "generate", "revise": "generate", "phones": "words", "scan": "words",
    "rhyme": "words", "rhymes": "words",
    "check": "check", "mcp": "mcp",
}  # fmt: skip
COMMANDS = {name: f"pipeline.commands.{module}" for name, module in _MODULES.items()}
# What stands for the value of an argument that has no name for it: `--units UNITS`.
mark_all(
    "NAME", "FORMAT", "N", "K", "MINUTES", "UNITS", "LAYERS", "EMBEDDING", "DROPOUT", "SEED", "CORPUS", "LINES",
    "TEMPERATURE", "TOP_K", "TOP_P", "MIN_P", "REPETITION_PENALTY", "MEMORY", "SHARE", "YEAR", "RICHNESS",
    "SYLLABLES", "TOLERANCE", "RANDOM_SEED", "ADDRESS", "PORT",
)  # fmt: skip
ALIASES = {"generate": ("write",)}


class _Parser(argparse.ArgumentParser):
    """An argparse parser that reports a usage error in one sentence, without printing all options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register("type", int, _parse_integer)  # argparse would name Python's types, and take nan
        self.register("type", float, _parse_number)

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # the overloads of argparse
        """Parse as argparse does, but exit for unknown arguments here, where the error can name the command."""
        namespace, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(t("unrecognized arguments: {names}", names=" ".join(unknown)))
        return namespace, unknown

    def error(self, message: str) -> NoReturn:
        """Print the message on stderr and exit with status 2."""
        hint = t("see `{command} --help`", command=self.prog)
        self.exit(2, f"seize: {message} ({hint}).\n")


def build_parser(prog: str = "python -m pipeline", *, more: Mapping[str, str] | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands. The attribute `run` of what it parses runs the command that was given.

    `more` are further commands and their modules, which come first: `seize` has `serve` among its own.
    """
    language_option = _Parser(add_help=False)  # before the command or after it
    language_option.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=t("language of the output (default: that of LANG)")
    )
    parser = _Parser(
        prog=prog, parents=[language_option], description=t("French rap lyrics: prepare, count, train, write.")
    )
    commands = parser.add_subparsers(title=t("commands"), required=True, metavar=t("COMMAND"))
    for name, path in {**(more or {}), **COMMANDS}.items():
        _add_command(commands, getattr(importlib.import_module(path), name), language_option)
    return parser


def _add_command(commands: Any, run: Callable[..., Any], language_option: argparse.ArgumentParser) -> None:
    name = run.__name__.rstrip("_")
    about = [t(paragraph) for paragraph in split_docstring(run.__doc__ or "")[0]]
    command = commands.add_parser(
        name,
        parents=[language_option],
        aliases=ALIASES.get(name, ()),
        help=about[0],
        description="\n\n".join(about),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(command, run)
    for action in command._actions:  # values go by their names in the reader's language
        if action.metavar is None and action.choices is None and action.nargs != 0:
            action.metavar = t(action.dest.upper())
    command.set_defaults(run=partial(call_with_arguments, run))
    if actions := getattr(run, "actions", ()):
        inner = command.add_subparsers(title=t("actions"), metavar=t("ACTION"))
        for each in actions:
            _add_command(inner, each, language_option)


ARGPARSE_WORDS = mark_all(
    "usage: ", "positional arguments", "options", "show this help message and exit",
    "argument %(argument_name)s: %(message)s", "ambiguous option: %(option)s could match %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)", "expected one argument", "expected at most one argument",
    "expected at least one argument", "expected %s argument", "expected %s arguments",
    "invalid %(type)s value: %(value)r", "the following arguments are required: %s",
    "one of the arguments %s is required", "not allowed with argument %s", "ignored explicit argument %r",
)  # fmt: skip


@contextmanager
def argparse_in_language() -> Iterator[None]:
    """Translate argparse's own messages by Seize's catalogues while the block runs."""
    if language() == SOURCE:
        yield
        return
    words: Any = argparse
    before = words._, words.ngettext
    words._, words.ngettext = t, lambda one, many, n: t(one if n == 1 else many)
    try:
        yield
    finally:
        words._, words.ngettext = before
