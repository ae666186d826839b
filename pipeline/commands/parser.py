"""The parser of `python -m pipeline`: which commands there are. Knows nothing of what they do."""

import argparse
import importlib

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


def build_parser() -> argparse.ArgumentParser:
    """Return a parser whose result has `run`, the function of the command that was given."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="French rap lyrics: prepare, count, train, write."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"pipeline.commands.{name}")
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
