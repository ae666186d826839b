"""A line of the visitor's own as words, and holes to be filled: "je … la nuit ___". Knows nothing of who fills them."""

import re

from pipeline.core.errors import SettingError
from pipeline.language.tokens import tokenise

HOLE = re.compile(r"…|\.{3,}|_+")
MOST_HOLES = 6
Template = tuple[str | None, ...]  # words, None for a hole


def read_template(text: str) -> Template:
    """Return the words of a line with holes, written as … or ___. Raises SettingError without one, or with too many.

    >>> read_template("Je … la nuit ___")
    ('je', None, 'la', 'nuit', None)
    """
    parts = [tokenise(part) for part in HOLE.split(text)]
    items: list[str | None] = [item for part in parts for item in (*part, None)][:-1]
    holes = [at for at, item in enumerate(items) if item is None]
    closed = [item for at, item in enumerate(items) if item is not None or not at or items[at - 1] is not None]
    if not 1 <= len(holes) <= MOST_HOLES:
        raise SettingError("A line to fill has 1 to {most} holes: write each as … between its words.", most=MOST_HOLES)
    return tuple(closed)


def own_words(line: str) -> list[str]:
    """Return the words of a line to revise. Raises SettingError where there are none."""
    words = tokenise(line)
    if not words:
        raise SettingError("There is no word in the line to revise: write one first.")
    return words
