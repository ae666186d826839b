"""The parser of `python -m pipeline`: which commands there are. Knows nothing of what they do."""

import argparse
import importlib
from collections.abc import Sequence

from pipeline.translation import LANGUAGES, t

COMMANDS = (
    "prepare",
    "stats",
    "export",
    "diversity",
    "keyness",
    "concordance",
    "collocations",
    "ngrams",
    "timeline",
    "classes",
    "reuse",
    "train",
    "learn",
    "runs",
    "vectors",
    "evaluate",
    "generate",
    "phones",
    "scan",
    "card",
    "rhyme",
    "verify",
    "check",
)
ALIASES = {"generate": ("write",)}


def build_parser(prog: str = "python -m pipeline", *, more: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return a parser whose result has `run`, the function of the command that was given.

    `more` names modules of further commands, which come first: `seize` has `dashboard.serve` among its own.
    """
    spoken = argparse.ArgumentParser(add_help=False)  # before the command or after it
    spoken.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=t("language of the output (default: that of LANG)")
    )
    parser = argparse.ArgumentParser(
        prog=prog, parents=[spoken], description=t("French rap lyrics: prepare, count, train, write.")
    )
    commands = parser.add_subparsers(title=t("commands"), required=True, metavar="COMMAND")
    for path in (*more, *(f"pipeline.commands.{name}" for name in COMMANDS)):
        module, name = importlib.import_module(path), path.rpartition(".")[2]
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(
            name, parents=[spoken], aliases=ALIASES.get(name, ()), help=summary, description=module.__doc__
        )
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
