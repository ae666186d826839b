"""What the standard library and the system say, so that it is said in the reader's language.

    with argparse_in_language(): parser.parse_args()

argparse asks gettext for its words; while a command runs in another language than English they come from our
catalogues. What the system, SQLite and `regex` give as the reason of an error is looked up by `translation.say`.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.core.translation import SOURCE, language, mark, t

OF_ARGPARSE = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
    mark("expected %s argument"),
    mark("expected %s arguments"),
    mark("invalid %(type)s value: %(value)r"),
    mark("the following arguments are required: %s"),
    mark("one of the arguments %s is required"),
    mark("not allowed with argument %s"),
    mark("ignored explicit argument %r"),
)
OF_THE_SYSTEM = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("No space left on device"),
    mark("File too large"),
    mark("Read-only file system"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("File name too long"),
    mark("Input/output error"),
    mark("Too many open files"),
    mark("Cannot allocate memory"),
    mark("Disk quota exceeded"),
    mark("Operation not permitted"),
    mark("Address already in use"),
    mark("Cannot assign requested address"),
    mark("database or disk is full"),
    mark("disk I/O error"),
    mark("attempt to write a readonly database"),
    mark("database is locked"),
    mark("unable to open database file"),
)

OF_REGEX = (
    mark("missing )"),
    mark("missing ]"),
    mark("unbalanced parenthesis"),
    mark("unterminated character set"),
    mark("nothing to repeat"),
    mark("multiple repeat"),
    mark("repeat count too big"),
    mark("min repeat greater than max repeat"),
    mark("bad character range"),
    mark("bad escape (end of pattern)"),
    mark("missing group name"),
    mark("bad character in group name"),
    mark("unknown group"),
    mark("invalid group reference"),
    mark("unknown property"),
    mark("unknown extension"),
)


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
