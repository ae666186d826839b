"""What commands print: aligned figures for people, JSON lines for programs, progress on stderr."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from pipeline.jobs import Reporter


def print_json(data: Mapping[str, Any]) -> None:
    """One JSON object on one line of stdout, accents readable."""
    print(json.dumps(data, ensure_ascii=False, default=float))


def print_figures(figures: Mapping[str, Any]) -> None:
    """Names and values in two aligned columns, counts with thousands separators."""
    width = max(map(len, figures), default=0)
    for name, value in figures.items():
        print(f"{name:<{width}}  {readable(value)}")


def readable(value: object) -> str:
    """A figure as the pages write it.

    >>> readable(22769), readable(0.12345), readable("demo")
    ('22,769', '0.1235', 'demo')
    """
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4f}" if isinstance(value, float) else str(value)


def printable(text: str) -> str:
    r"""Text of a file for a terminal, which no control character in it may steer.

    >>> printable("la \x1b[31mrue")
    'la �[31mrue'
    """
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


class Progress:
    """How far a command is: a line on stderr that rewrites itself, and the job's status when it runs as a job.

    The line is silent when `quiet` or when stderr is not a terminal.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._reporter = Reporter()
        self._last = 0.0

    def __call__(self, share: float, message: str, **figures: Any) -> None:
        """Show `message` at `share` (0 to 1) done; `figures`, such as a loss, go to the job's progress.jsonl."""
        self._reporter.step(share, message, **figures)
        now = time.monotonic()
        if self._shown and (now - self._last > 0.1 or share >= 1):
            self._last = now
            print(f"\r\x1b[K{share:4.0%}  {message}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)
