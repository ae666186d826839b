"""What commands print: aligned figures for people, JSON lines for programs, progress on stderr.

Lyrics, titles and file names are anybody's text: whatever a command prints, no control character of it reaches a
terminal. JSON escapes them, so a program reads them back; in text they become U+FFFD.
"""

import io
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

from pipeline.core.translation import localise_number, t, translate_sentence
from pipeline.processes.jobs import Reporter

# What steers a terminal or turns the direction of what follows: C0, DEL, C1, bidirectional marks, line separators.
_CONTROL_CHARACTERS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_CONTROL = re.compile(rf"[{_CONTROL_CHARACTERS}]")
_CONTROL_IN_LINES = re.compile(rf"(?![\n\t])[{_CONTROL_CHARACTERS}]")


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on one line of stdout, accents readable, control characters escaped."""
    text = json.dumps(data, ensure_ascii=False, default=float)
    print(_CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def print_named_values(figures: Mapping[str, Any]) -> None:
    """Print names and values in two aligned columns, names and numbers in the display language."""
    width = max((len(t(name)) for name in figures), default=0)
    for name, value in figures.items():
        print(f"{t(name):<{width}}  {format_value(value)}")


def format_value(value: object) -> str:
    """Return a value as pages write it: thousands separators, four decimals, – for None.

    >>> format_value(22769), format_value(0.12345), format_value("demo")
    ('22,769', '0.1235', 'demo')
    """
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{t(str(name))} {format_value(part)}" for name, part in value.items())
    if isinstance(value, tuple):  # from, to
        return "–".join(map(str, value))
    if isinstance(value, int):
        return localise_number(f"{value:,}")
    return localise_number(f"{value:,.4f}") if isinstance(value, float) else str(value)


def replace_control_codes(text: str) -> str:
    r"""Return a text for one line of a terminal, with control characters replaced.

    >>> replace_control_codes("la \x1b[31mrue"), replace_control_codes("la\nrue \u202eeur")
    ('la �[31mrue', 'la�rue �eur')
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


class TerminalSafeStream(io.TextIOBase):
    """A text stream that writes to another stream. It replaces control characters except newlines and tabs."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(_CONTROL_IN_LINES.sub("\N{REPLACEMENT CHARACTER}", text))
        return len(text)

    def flush(self) -> None:
        self.stream.flush()

    def fileno(self) -> int:
        return self.stream.fileno()

    def isatty(self) -> bool:
        return self.stream.isatty()


@contextmanager
def protect_terminal() -> Iterator[None]:
    """Replace control characters in all that is printed to stdout and stderr while the block runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and TerminalSafeStream(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class Progress:
    """Reports the progress of a command: a line on stderr that rewrites itself, and the status of its job, if any.

    Nothing is written when `quiet`; where stderr is no terminal, milestones alone, a line each.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._logged = not sys.stderr.isatty() and not quiet
        self._reporter = Reporter()
        self._last = 0.0

    def report_milestone(self, share: float, message: str, **figures: Any) -> None:
        """Report a message that should also be logged, such as the result of a validation."""
        self(share, message, **figures)
        if self._logged:
            print(f"{share:4.0%}  {replace_control_codes(translate_sentence(message))}", file=sys.stderr, flush=True)

    def __call__(self, share: float, message: str, **figures: Any) -> None:
        """Report `message`, a `Sentence`, at `share` (0 to 1) done; `figures`, such as a loss, go to progress.jsonl."""
        self._reporter.report_progress(share, message, **figures)
        now = time.monotonic()
        if self._shown and (now - self._last > 0.1 or share >= 1):
            self._last = now
            terminal = sys.stderr.stream if isinstance(sys.stderr, TerminalSafeStream) else sys.stderr
            line = f"\r\x1b[K{share:4.0%}  {replace_control_codes(translate_sentence(message))}"
            print(line, end="\n" if share >= 1 else "", file=terminal, flush=True)
