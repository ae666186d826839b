"""The parser of `python -m pipeline`: which commands there are. Knows nothing of what they do."""

import argparse
import importlib
import inspect
from collections.abc import Mapping
from typing import NoReturn

from pipeline.core.translation import LANGUAGES, mark, t

# Command -> module that holds its function and, named after it, that of its arguments (`stats`, `stats_arguments`).
COMMANDS = {
    name: f"pipeline.commands.{module}"
    for name, module in {
        "prepare": "prepare",
        "stats": "words",
        "export": "files",
        "report": "files",
        "diversity": "groups",
        "keyness": "groups",
        "concordance": "words",
        "collocations": "words",
        "sketch": "words",
        "ngrams": "words",
        "timeline": "groups",
        "tone": "groups",
        "classes": "groups",
        "reuse": "groups",
        "train": "train",
        "sweep": "sweep",
        "learn": "train",
        "runs": "runs",
        "vectors": "runs",
        "evaluate": "runs",
        "generate": "generate",
        "revise": "generate",
        "phones": "sounds",
        "scan": "sounds",
        "card": "files",
        "rhyme": "sounds",
        "rhymes": "sounds",
        "verify": "check",
        "check": "check",
    }.items()
}
# What stands for the value of an argument that has no name for it: `--units UNITS`.
_VALUES = (
    *(mark("NAME"), mark("FORMAT"), mark("N"), mark("K"), mark("MINUTES"), mark("UNITS"), mark("LAYERS")),
    *(mark("EMBEDDING"), mark("DROPOUT"), mark("SEED"), mark("CORPUS"), mark("LINES"), mark("TEMPERATURE")),
    *(mark("TOP_K"), mark("TOP_P"), mark("MIN_P"), mark("REPETITION_PENALTY"), mark("MEMORY"), mark("SHARE")),
    *(mark("YEAR"), mark("RICHNESS"), mark("SYLLABLES"), mark("TOLERANCE"), mark("RANDOM_SEED"), mark("TITLE")),
    *(mark("BY"), mark("MEASURE"), mark("ADDRESS"), mark("PORT")),
)
ALIASES = {"generate": ("write",)}


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what a line that was typed lacks, where argparse would print all that it takes."""

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # the overloads of argparse
        """Refuse what is not known here, where the command that was given has its name."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(t("unrecognized arguments: {names}", names=" ".join(unknown)))
        return known, unknown

    def error(self, message: str) -> NoReturn:
        """Exit with status 2, the sentence on stderr."""
        hint = t("`{command} --help` says what there is", command=self.prog)
        self.exit(2, f"seize: {message} ({hint}).\n")


def build_parser(prog: str = "python -m pipeline", *, more: Mapping[str, str] | None = None) -> argparse.ArgumentParser:
    """Return a parser whose result has `run`, the function of the command that was given.

    `more` are further commands and their modules, which come first: `seize` has `serve` among its own.
    """
    spoken = _Parser(add_help=False)  # before the command or after it
    spoken.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=t("language of the output (default: that of LANG)")
    )
    parser = _Parser(prog=prog, parents=[spoken], description=t("French rap lyrics: prepare, count, train, write."))
    commands = parser.add_subparsers(title=t("commands"), required=True, metavar=t("COMMAND"))
    for name, path in {**(more or {}), **COMMANDS}.items():
        module = importlib.import_module(path)
        run = getattr(module, name)
        about = [t(paragraph) for paragraph in (inspect.getdoc(run) or "").split("\n\n")]
        command = commands.add_parser(
            name,
            parents=[spoken],
            aliases=ALIASES.get(name, ()),
            help=about[0],
            description="\n\n".join(about),
        )
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        getattr(module, f"{name}_arguments")(command)
        _name_values(command)
        command.set_defaults(run=run)
    return parser


def _name_values(parser: argparse.ArgumentParser) -> None:
    """Let the values of arguments go by their names in the reader's language."""
    for action in parser._actions:
        if action.metavar is None and action.choices is None and action.nargs != 0:
            action.metavar = t(action.dest.upper())
