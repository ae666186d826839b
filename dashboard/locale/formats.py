"""Numbers and counts as the pages say them: 22,769 lines, 41.2%, 4,812 [4,640 – 4,990]."""


def number(value: float, decimals: int = 0) -> str:
    """With thousands marked.

    >>> number(22769), number(8.449, 1)
    ('22,769', '8.4')
    """
    return f"{value:,.{decimals}f}"


def share(value: float) -> str:
    """A share of one as a percentage with one decimal.

    >>> share(0.4119)
    '41.2%'
    """
    return f"{100 * value:.1f}%"


def interval(value: float, low: float, high: float, decimals: int = 0) -> str:
    """A value with its interval.

    >>> interval(4812, 4640, 4990)
    '4,812 [4,640 – 4,990]'
    """
    return f"{number(value, decimals)} [{number(low, decimals)} – {number(high, decimals)}]"


def against(difference: float) -> str:
    """A difference in percent as what stands before the other's name.

    >>> f"{against(-10.78)} the n-gram", f"{against(12.1)} the n-gram"
    ('10.8% below the n-gram', '12.1% above the n-gram')
    """
    return f"{number(abs(difference), 1)}% {'below' if difference < 0 else 'above'}"


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "song"), count(480, "song")
    ('1 song', '480 songs')
    """
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def span(first: int, last: int) -> str:
    """Years from first to last.

    >>> span(1994, 2024), span(2001, 2001)
    ('1994–2024', '2001')
    """
    return f"{first}" if first == last else f"{first}–{last}"
