"""Numbers, spans, moments and places in the queue as the pages word them.

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
    text = localise_numbers(format(value, form))
    return text if language() == SOURCE else text.replace("%", "\u202f%")


def localise_numbers(formula: str) -> str:
    """Return a formula with its numbers as the visitor's language writes them.

    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"): localise_numbers("a1 = tanh(+0.50) = +0.462")
    'a1 = tanh(+0,50) = +0,462'
    """
    return formula if language() == SOURCE else formula.translate(_FRENCH_NUMBER_SIGNS)


_SECTION_NAMES = {
    "couplet": mark("verse"), "refrain": mark("chorus"), "pré-refrain": mark("pre-chorus"), "pont": mark("bridge"),
    "intro": mark("intro"), "outro": mark("outro"), "interlude": mark("interlude"),
}  # fmt: skip


def section_name(kind: str) -> str:
    """Return what a type of section, which data name in French, is called in the visitor's language.

    >>> section_name("couplet"), section_name("pont")
    ('verse', 'bridge')
    """
    return t(_SECTION_NAMES[kind]) if kind in _SECTION_NAMES else kind


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
