"""Numbers, spans, moments and places in the queue as the pages word them.

`pipeline.core.translation` writes counts and shares; lessons also show what an error is of: signs, powers of ten and
digits that count, with the marks of the language.
"""

from datetime import datetime

from pipeline.core.translation import SOURCE, format_decimal, format_local_date, language, t

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


def queue_place_text(place: int) -> str:
    """Return a sentence on a place in the queue: 1 is next, 0 is being served.

    >>> queue_place_text(1), queue_place_text(3)
    ('You are next in the queue.', 'You are number 3 in the queue.')
    """
    if place > 1:
        return t("You are number {place} in the queue.", place=format_decimal(place))
    return t("You are next in the queue.") if place else t("Writing…")
