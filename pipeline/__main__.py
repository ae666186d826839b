"""The command line: `python -m pipeline COMMAND …`. Parses, calls, prints.

Exit status: 0 done; 1 a problem with the data, in one line on stderr; 2 a usage error; 130 interrupted.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from pipeline.errors import SeizeError
from pipeline.jobs import Reporter

COMMANDS = (
    "prepare",
    "stats",
    "train",
    "learn",
    "runs",
    "vectors",
    "evaluate",
    "generate",
    "phones",
    "scan",
    "rhyme",
    "verify",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; as a job, also report how it ended."""
    reporter = Reporter()
    if reporter.in_job:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a cancelled job stops as Ctrl-C stops it
        reporter.step(0, "Starting")
    args = _parser().parse_args(argv)
    try:
        args.run(args)
    except SeizeError as error:
        print(f"seize: {error}", file=sys.stderr)
        reporter.end("failed", str(error))
        return error.status
    except KeyboardInterrupt:
        print("seize: interrupted.", file=sys.stderr)
        reporter.end("cancelled")
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    reporter.end("done")
    return 0


def _parser() -> argparse.ArgumentParser:
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


if __name__ == "__main__":
    sys.exit(main())
