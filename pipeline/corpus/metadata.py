"""Metadata as scraped -> typed: years from dates, featured artists from lists. Knows nothing of lyrics."""

import ast
import re
from datetime import date

FIRST_YEAR = 1900

_FULL_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"^\s*\d{1,2}[-/. ](?:\w{3,9}|\d{1,2})[-/. ](\d\d)\s*$")
_LIST = re.compile(r"\s*(?:,|;|&|\bet\b|\band\b)\s*")


def read_year(text: str) -> int | None:
    """The year in a date as scrapes write them; None when there is none.

    >>> [read_year(text) for text in ("2010", "1-Jan-98", "DateMarch 15, 2010", "2004-05-01", "0", "")]
    [2010, 1998, 2010, 2004, None, None]
    """
    latest = date.today().year + 1
    for year in map(int, _FULL_YEAR.findall(text)):
        if FIRST_YEAR <= year <= latest:
            return year
    short = _SHORT_YEAR.match(text)
    if short is None:
        return None
    year = int(short[1])
    return 2000 + year if 2000 + year <= latest else 1900 + year


def read_names(text: str) -> tuple[str, ...]:
    """The names in a list of artists: "A, B & C", or a Python or JSON list.

    >>> read_names("A, B & C"), read_names("['A', 'B']"), read_names("[]")
    (('A', 'B', 'C'), ('A', 'B'), ())
    """
    text = text.strip()
    if text.startswith("["):
        try:
            items = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            items = text.strip("[]").split(",")
        parts = [str(item.get("name", "") if isinstance(item, dict) else item) for item in items]
    else:
        parts = _LIST.split(text)
    return tuple(dict.fromkeys(name for part in parts if (name := part.strip(" '\"")) and name.lower() != "nan"))
