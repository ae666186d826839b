"""French number words for digits. Knows nothing of sound."""

_UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_SCALES = ((10**9, "milliard"), (10**6, "million"))
LARGEST = 10**12 - 1


def number_words(number: int) -> str:
    """Return the cardinal of 0 ≤ number ≤ 10¹² - 1, traditional spelling; raises ValueError outside.

    >>> number_words(93), number_words(2016), number_words(21), number_words(80)
    ('quatre-vingt-treize', 'deux mille seize', 'vingt-et-un', 'quatre-vingts')
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is outside 0 to {LARGEST}.")
    return " ".join(_parts(number)) or _UNITS[0]


def _parts(number: int) -> list[str]:
    for scale, name in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            return [*_parts(count), name + "s" * (count > 1), *_parts(rest)]
    if number >= 1000:
        count, rest = divmod(number, 1000)
        return [*(_parts(count) if count > 1 else []), "mille", *_parts(rest)]
    if number >= 100:
        count, rest = divmod(number, 100)
        return [*(_parts(count) if count > 1 else []), "cent", *_parts(rest)]
    return [_below_hundred(number)] if number else []


def _below_hundred(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    if unit == 0:
        return _TENS[ten] + "s" * (ten == 8)
    joint = "-et-" if unit in (1, 11) and ten != 8 else "-"
    return f"{_TENS[ten]}{joint}{_UNITS[unit]}"
