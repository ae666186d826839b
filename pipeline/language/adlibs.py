"""What a line holds besides what is rapped: ad-libs in brackets, repeat marks, tags, XXX for the inaudible."""

import re

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?")
_REPEATS = re.compile(r"(?<!\w)(?:[x×]\s?\d{1,3}|\d{1,3}\s?×|\d{1,2}x|bis)\s*$", re.IGNORECASE)

_INAUDIBLE = re.compile(r"(?<![\w'*-])x{3,}(?![\w'*-]| ?tentacion)", re.IGNORECASE)


def blank_adlibs(text: str) -> str:
    """Return `text` with ad-libs, repeat marks and the inaudible replaced by spaces, so that offsets hold.

    >>> blank_adlibs("J'arrive (skrrt) x2")
    "J'arrive           "
    """
    if "(" in text or "[" in text or "{" in text:
        text = _BRACKETS.sub(_spaces, text)
    if "xxx" in text or "XXX" in text:
        text = _INAUDIBLE.sub(_spaces, text)
    return _REPEATS.sub(_spaces, text)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())
