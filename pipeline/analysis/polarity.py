"""Lexicons of polarity: words with a value each. One comes along, a reader may bring their own.

data/lexicons/polarity.tsv rates adjectives from -1 to 1; it is that of Pattern (De Smedt and Daelemans 2012, public
domain), made for reviews of books.
"""

import csv
import io
import math
from collections.abc import Sequence
from functools import cache

from pipeline.core.errors import SettingError
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import fold

Lexicon = tuple[tuple[str, float], ...]  # (word, value), hashable for caches

_MOST = 200_000  # words of a lexicon


@cache
def polarity_lexicon() -> Lexicon:
    """Return the lexicon that comes with Seize: 5,113 forms, most of them adjectives."""
    return tuple((word, float(value)) for word, value in read_word_table("polarity.tsv", 2))


def read_lexicon(content: bytes) -> Lexicon:
    """Return a lexicon from CSV of two columns, word and value; a first row that holds no number is a heading.

    Raise SettingError for what is not that, with the line.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingError("The lexicon is no CSV in UTF-8 with two columns, word and value.") from error
    read = [_entry(row, number) for number, row in enumerate(rows, 1)]
    found = tuple(entry for entry in read if entry is not None)
    if not found or len(found) > _MOST:
        raise SettingError("The lexicon is no CSV in UTF-8 with two columns, word and value.")
    return found


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(";,\t", key=first.count)


def _entry(row: Sequence[str], number: int) -> tuple[str, float] | None:
    """Return (word, value), None for a heading. Raise SettingError."""
    try:
        value = float(row[1].replace(",", "."))
    except (IndexError, ValueError):
        if number == 1:
            return None
        value = math.nan
    if not math.isfinite(value):
        raise SettingError("Line {line} of the lexicon has no number beside its word.", line=number)
    return fold(row[0]).strip(), value
