"""The parser of `python -m pipeline`: which commands there are. Knows nothing of what they do."""

import argparse
import importlib
from collections.abc import Sequence
from typing import NoReturn

from pipeline.core.translation import LANGUAGES, mark, t

COMMANDS = (
    "prepare",
    "stats",
    "export",
    "report",
    "diversity",
    "keyness",
    "concordance",
    "collocations",
    "sketch",
    "ngrams",
    "timeline",
    "tone",
    "classes",
    "reuse",
    "train",
    "sweep",
    "learn",
    "runs",
    "vectors",
    "evaluate",
    "generate",
    "revise",
    "phones",
    "scan",
    "card",
    "rhyme",
    "verify",
    "check",
)
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


def build_parser(prog: str = "python -m pipeline", *, more: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return a parser whose result has `run`, the function of the command that was given.

    `more` names modules of further commands, which come first: `seize` has `dashboard.serve` among its own.
    """
    spoken = _Parser(add_help=False)  # before the command or after it
    spoken.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=t("language of the output (default: that of LANG)")
    )
    parser = _Parser(prog=prog, parents=[spoken], description=t("French rap lyrics: prepare, count, train, write."))
    commands = parser.add_subparsers(title=t("commands"), required=True, metavar=t("COMMAND"))
    for path in (*more, *(f"pipeline.commands.{name}" for name in COMMANDS)):
        module, name = importlib.import_module(path), path.rpartition(".")[2]
        about = [t(paragraph) for paragraph in (module.__doc__ or "").strip().split("\n\n")]
        command = commands.add_parser(
            name,
            parents=[spoken],
            aliases=ALIASES.get(name, ()),
            help=about[0].split("\n")[0],
            description="\n\n".join(about),
        )
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(command)
        _name_values(command)
        command.set_defaults(run=module.run)
    return parser


def _name_values(parser: argparse.ArgumentParser) -> None:
    """Let the values of arguments go by their names in the reader's language."""
    for action in parser._actions:
        if action.metavar is None and action.choices is None and action.nargs != 0:
            action.metavar = t(action.dest.upper())
