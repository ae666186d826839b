"""Spans, moments and places in line as the pages word them; `pipeline.core.translation` writes their numbers."""

from datetime import datetime

from pipeline.core.translation import day, mark, number, t

_PLACES = (
    mark("The writer is at it."),
    mark("You are next in line."),
    mark("You are second in line."),
    mark("You are third in line."),
    mark("You are fourth in line."),
    mark("You are fifth in line."),
    mark("You are sixth in line."),
)


def span(first: int, last: int) -> str:
    """Write the years from first to last.

    >>> span(1994, 2024), span(2001, 2001)
    ('1994–2024', '2001')
    """
    return f"{first}" if first == last else f"{first}–{last}"


def moment(seconds: float) -> str:
    """Write a day and an hour, given in seconds since 1970."""
    when = datetime.fromtimestamp(seconds)
    return f"{day(when)}, {when:%H:%M}"


def place_in_line(place: int) -> str:
    """Say where a visitor stands in line: 1 is next, 0 is whose turn it is.

    >>> place_in_line(3), place_in_line(12)
    ('You are third in line.', 'You are number 12 in line.')
    """
    return t(_PLACES[place]) if place < len(_PLACES) else t("You are number {place} in line.", place=number(place))
