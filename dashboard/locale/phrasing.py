"""Numbers, spans, moments and places in line as the pages word them.

`pipeline.core.translation` writes counts and shares; lessons also show what an error is of: signs, powers of ten and
digits that count, with the marks of the language.
"""

from datetime import datetime

from pipeline.core.translation import SOURCE, format_decimal, format_local_date, language, mark, t

_FRENCH_NUMBER_SIGNS = str.maketrans({",": "\u202f", ".": ","})


def format_number(value: float, form: str) -> str:
    """Return a number in a format of Python's, with the signs of the language.

    >>> format_number(0.00012, ".1e"), format_number(-0.5, "+.2f"), format_number(0.123, ".0%")
    ('1.2e-04', '-0.50', '12%')
    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"): format_number(1234.5, ",.1f"), format_number(0.123, ".1%")
    ('1\\u202f234,5', '12,3\\u202f%')
    """
    text = format(value, form)
    return text if language() == SOURCE else text.translate(_FRENCH_NUMBER_SIGNS).replace("%", "\u202f%")


_QUEUE_PLACE_LABELS = (
    mark("Writing…"), mark("You are next in the queue."), mark("You are second in the queue."),
    mark("You are third in the queue."), mark("You are fourth in the queue."), mark("You are fifth in the queue."),
    mark("You are sixth in the queue."),
)  # fmt: skip


def year_span(first: int, last: int) -> str:
    """Return the years from first to last as a text.

    >>> year_span(1994, 2024), year_span(2001, 2001)
    ('1994–2024', '2001')
    """
    return f"{first}" if first == last else f"{first}–{last}"


def format_timestamp(seconds: float) -> str:
    """Return seconds since 1970 as a day and an hour."""
    when = datetime.fromtimestamp(seconds)
    return f"{format_local_date(when)}, {when:%H:%M}"


def place_in_line(place: int) -> str:
    """Say where a visitor stands in line: 1 is next, 0 is whose turn it is.

    >>> place_in_line(3), place_in_line(12)
    ('You are third in line.', 'You are number 12 in line.')
    """
    return (
        t(_QUEUE_PLACE_LABELS[place])
        if place < len(_QUEUE_PLACE_LABELS)
        else t("You are number {place} in the queue.", place=format_decimal(place))
    )
