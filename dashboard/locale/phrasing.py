"""Counts, spans and differences as the pages word them; `pipeline.translation` writes their numbers."""

from pipeline.translation import mark, number, t

_PLACES = (
    mark("The writer is at it."),
    mark("You are next in line."),
    mark("You are second in line."),
    mark("You are third in line."),
    mark("You are fourth in line."),
    mark("You are fifth in line."),
    mark("You are sixth in line."),
)


def against(difference: float) -> str:
    """Word a difference in percent, before the name of the other.

    >>> f"{against(-10.78)} the n-gram", f"{against(12.1)} the n-gram"
    ('10.8% below the n-gram', '12.1% above the n-gram')
    """
    return f"{number(abs(difference), 1)}% {'below' if difference < 0 else 'above'}"


def count(n: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    >>> count(1, "song"), count(480, "song")
    ('1 song', '480 songs')
    """
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def span(first: int, last: int) -> str:
    """Write the years from first to last.

    >>> span(1994, 2024), span(2001, 2001)
    ('1994–2024', '2001')
    """
    return f"{first}" if first == last else f"{first}–{last}"


def place_in_line(place: int) -> str:
    """Say where a visitor stands in line: 1 is next, 0 is whose turn it is.

    >>> place_in_line(3), place_in_line(12)
    ('You are third in line.', 'You are number 12 in line.')
    """
    return t(_PLACES[place]) if place < len(_PLACES) else t("You are number {place} in line.", place=number(place))
