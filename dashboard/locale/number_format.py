"""Numbers in a format of Python's with the marks of the language: signs, powers of ten, digits that count.

`pipeline.core.translation` writes counts and shares; lessons also show what an error is of.
"""

from pipeline.core.translation import SOURCE, language

_MARKS = str.maketrans({",": "\u202f", ".": ","})


def format_number(value: float, form: str) -> str:
    """Write a number in a format of Python's.

    >>> format_number(0.00012, ".1e"), format_number(-0.5, "+.2f"), format_number(0.123, ".0%")
    ('1.2e-04', '-0.50', '12%')
    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"): format_number(1234.5, ",.1f"), format_number(0.123, ".1%")
    ('1\\u202f234,5', '12,3\\u202f%')
    """
    text = format(value, form)
    return text if language() == SOURCE else text.translate(_MARKS).replace("%", "\u202f%")
