"""The parser of `python -m pipeline`: which commands there are, and what arguments may be. Knows nothing of what they
do. argparse asks gettext for its words, which come from our catalogues in another language than English.
"""

import argparse
import importlib
import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from pipeline.core.errors import SourceError
from pipeline.core.translation import LANGUAGES, SOURCE, language, mark_all, t

_MAX_INTEGER_DIGITS = 18  # of a whole number: any of so many goes into the 64 bits that NumPy counts with


def parse_address(text: str) -> Path | str:
    """A path, also as file:///songs, or an address with another scheme, such as s3://bucket/songs."""
    from pipeline.corpus.arrow_files import is_remote, local_path

    return text if is_remote(text) else local_path(text) if text else parse_path(text)


def parse_path(text: str) -> Path:
    """A path as typed. An empty one, such as an unset variable of a script, is no way to say "this folder"."""
    if not text:
        raise argparse.ArgumentTypeError(t("it is empty: give a folder or a file"))
    return Path(text)


def parse_count(text: str) -> int:
    """A number of things, 0 or more. Raises ArgumentTypeError for anything else."""
    if not text.strip().isdecimal() or len(text) > _MAX_INTEGER_DIGITS:
        raise argparse.ArgumentTypeError(t("{text!r} is no number of things: give 0 or more", text=text))
    return int(text)


def _integer(text: str) -> int:
    with suppress(ValueError):
        if len(text) <= _MAX_INTEGER_DIGITS:
            return int(text)
    raise argparse.ArgumentTypeError(t("{text!r} is no whole number", text=text))


def _number(text: str) -> float:
    with suppress(ValueError):
        if isfinite(value := float(text)):
            return value
    raise argparse.ArgumentTypeError(t("{text!r} is no number", text=text))


def read_text(path: Path) -> str:
    """The UTF-8 text of a file. Raises SourceError when it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            "{path} is not UTF-8 text (byte {byte}): convert it first.", path=path, byte=error.start
        ) from error
    except OSError as error:
        raise SourceError("{path} cannot be read: {reason}.", path=path, reason=error.strerror or str(error)) from error


class Choices:
    """Names looked up when an argument is checked or help is printed: building the parser imports no registry.

    >>> "lstm" in Choices("pipeline.cells.registry", "CELLS")
    True
    """

    def __init__(self, module: str, names: str) -> None:
        self.module, self.names = module, names

    def __iter__(self) -> Iterator[str]:
        return iter(getattr(importlib.import_module(self.module), self.names))

    def __contains__(self, name: object) -> bool:
        return name in list(self)


# Command -> module that holds its function and, named after it, what adds its arguments (`stats`, `stats_arguments`).
_MODULES = {
    "prepare": "prepare", "stats": "words", "export": "files", "report": "files", "diversity": "groups",
    "keyness": "groups", "concordance": "words", "collocations": "words", "sketch": "words", "ngrams": "words",
    "names": "words", "timeline": "groups", "tone": "groups", "classes": "groups", "reuse": "groups", "delta": "groups",
    "periods": "groups", "switching": "words", "similitude": "words",
    "train": "train", "sweep": "train",
    "learn": "train", "runs": "runs", "vectors": "runs", "evaluate": "runs", "generate": "generate",
    "centon": "generate", "revise": "generate", "phones": "words", "scan": "words", "card": "files",
    "rhyme": "words", "rhymes": "words",
    "verify": "check", "check": "check", "mcp": "mcp",
}  # fmt: skip
COMMANDS = {name: f"pipeline.commands.{module}" for name, module in _MODULES.items()}
# What stands for the value of an argument that has no name for it: `--units UNITS`.
mark_all(
    "NAME", "FORMAT", "N", "K", "MINUTES", "UNITS", "LAYERS", "EMBEDDING", "DROPOUT", "SEED", "CORPUS", "LINES",
    "TEMPERATURE", "TOP_K", "TOP_P", "MIN_P", "REPETITION_PENALTY", "MEMORY", "SHARE", "YEAR", "RICHNESS",
    "SYLLABLES", "TOLERANCE", "RANDOM_SEED", "TITLE", "BY", "MEASURE", "ADDRESS", "PORT",
)  # fmt: skip
ALIASES = {"generate": ("write",)}


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what a line that was typed lacks, where argparse would print all that it takes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register("type", int, _integer)  # argparse would name Python's types, and take nan
        self.register("type", float, _number)

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # the overloads of argparse
        """Refuse what is not known here, where the command that was given has its name."""
        namespace, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(t("unrecognized arguments: {names}", names=" ".join(unknown)))
        return namespace, unknown

    def error(self, message: str) -> NoReturn:
        """Exit with status 2, the sentence on stderr."""
        hint = t("`{command} --help` says what there is", command=self.prog)
        self.exit(2, f"seize: {message} ({hint}).\n")


def build_parser(prog: str = "python -m pipeline", *, more: Mapping[str, str] | None = None) -> argparse.ArgumentParser:
    """Return a parser whose result has `run`, the function of the command that was given.

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
        module = importlib.import_module(path)
        run = getattr(module, name)
        about = [t(paragraph) for paragraph in (inspect.getdoc(run) or "").split("\n\n")]
        description = "\n\n".join(about)
        command = commands.add_parser(
            name, parents=[language_option], aliases=ALIASES.get(name, ()), help=about[0], description=description
        )
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        getattr(module, f"{name}_arguments")(command)
        for action in command._actions:  # values go by their names in the reader's language
            if action.metavar is None and action.choices is None and action.nargs != 0:
                action.metavar = t(action.dest.upper())
        command.set_defaults(run=run)
    return parser


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
    """Let argparse take its words from our catalogues while the block runs; in English nothing is changed."""
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
