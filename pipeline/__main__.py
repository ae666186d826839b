"""The command line: `python -m pipeline COMMAND …`. Parses, calls, prints.

Exit status: 0 done; 1 a problem with the data, in one line on stderr; 2 a usage error; 130 interrupted.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from pipeline.commands.output import safe_output
from pipeline.commands.parser import build_parser
from pipeline.errors import SeizeError
from pipeline.jobs import Reporter, keep_lock_here


def main(argv: Sequence[str] | None = None, parser: argparse.ArgumentParser | None = None) -> int:
    """Run one command and return its exit status; as a job, also report how it ended."""
    with safe_output():
        return _run(argv, parser or build_parser(), Reporter())


def _run(argv: Sequence[str] | None, parser: argparse.ArgumentParser, reporter: Reporter) -> int:
    try:
        if reporter.in_job:
            _begin_job(reporter)
        args = parser.parse_args(argv)
        args.run(args)
        _flush()  # here, where what goes wrong is told, and not while Python ends
    except SeizeError as error:
        return _failed(str(error), error.status, reporter)
    except KeyboardInterrupt:
        print("seize: interrupted.", file=sys.stderr)
        reporter.end("cancelled")
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _drop_output()
    except OSError as error:  # a full disk, a folder that may not be written
        try:
            _flush()
        except OSError:
            _drop_output()
        where = f"{error.filename}: " if error.filename else ""
        return _failed(f"{where}{error.strerror or error}.", 1, reporter)
    reporter.end("done")
    return 0


def _begin_job(reporter: Reporter) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a cancelled job stops as Ctrl-C stops it
    keep_lock_here()
    reporter.step(0, "Starting")
    if reporter.is_cancelled:
        raise KeyboardInterrupt


def _failed(why: str, status: int, reporter: Reporter) -> int:
    print(f"seize: {why}", file=sys.stderr)
    reporter.end("failed", why)
    return status


def _flush() -> None:
    if sys.stdout is not None:  # as when it is closed from the start: >&-
        sys.stdout.flush()


def _drop_output() -> None:
    """What is still to be written to stdout goes nowhere, so that Python does not stumble over it as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
