"""What a line holds besides what is rapped: ad-libs in brackets, repeat marks, tags."""

import re

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?")
_REPEATS = re.compile(r"(?<!\w)(?:[x×]\s?\d{1,3}|\d{1,3}\s?×|\d{1,2}x|bis)\s*$", re.IGNORECASE)


def blank_adlibs(text: str) -> str:
    """Return `text` with ad-libs and repeat marks replaced by spaces, the same length so that offsets hold.

    >>> blank_adlibs("J'arrive (skrrt) x2")
    "J'arrive           "
    """
    if "(" in text or "[" in text or "{" in text:
        text = _BRACKETS.sub(_spaces, text)
    return _REPEATS.sub(_spaces, text)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())
