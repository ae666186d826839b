"""The command `seize`: the dashboard, and every command of the pipeline. Without arguments it opens the dashboard."""

import sys
from collections.abc import Sequence

from pipeline.__main__ import main as run_command
from pipeline.commands.parser import build_parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, `serve` when none is given, and return its exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    return run_command(arguments or ["serve"], lambda: build_parser("seize", more={"serve": "dashboard.serve"}))


if __name__ == "__main__":
    sys.exit(main())
