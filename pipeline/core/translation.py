"""Translate sentences by gettext catalogues (.po), and write numbers and dates, in the language of the reader."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pipeline.core.errors import SeizeError, Sentence, SentenceFormatter

_PO_LINE = re.compile(r'(msgid_plural|msgid|msgstr(?:\[(\d)\])?)? ?"(.*)"')
_ESCAPED = re.compile(r"\\(.)")
_ESCAPED_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}


def read_translations(path: Path) -> dict[str, str]:
    """Return the translations in a .po file: sentence -> translation, or "" if untranslated. Return {} without a file.

    Plural forms have one entry each, under singular, plural and the number of the form, with \\0 between.
    """
    translations: dict[str, str] = {}
    for entry in path.read_text("utf-8").split("\n\n") if path.is_file() else ():
        parts = _read_entry(entry)
        one, many = parts.pop("msgid", ""), parts.pop("msgid_plural", None)
        for name, text in parts.items() if one else ():
            translations[one if many is None else "\0".join((one, many, name))] = text
    return translations


def _read_entry(entry: str) -> dict[str, str]:
    """Return the texts of a .po entry by keyword: msgid, msgid_plural, msgstr, or the number of a plural form."""
    parts: dict[str, str] = {}
    name = ""
    for line in entry.split("\n"):
        if match := _PO_LINE.fullmatch(line):
            name = match[2] or match[1] or name
            parts[name] = parts.get(name, "") + _ESCAPED.sub(
                lambda sign: _ESCAPED_CHARACTERS.get(sign[1], sign[1]), match[3]
            )
    return parts


K = TypeVar("K")
Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: dict[Language, str] = {"en": "English", "fr": "Français"}
SOURCE: Language = "en"
_PACKAGES = Path(__file__).resolve().parents[2]
_CATALOGUE_FOLDERS = (_PACKAGES / "pipeline" / "locale", _PACKAGES / "dashboard" / "locale")
_LANGUAGE: ContextVar[Language | None] = ContextVar("language", default=None)
_MONTHS: dict[Language, list[str]] = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
}
_ASKED: list[Callable[[], Language]] = [lambda: SOURCE]


def language() -> Language:
    """Return the display language: set by `use_language`, or by default returned by the language source."""
    return _LANGUAGE.get() or _ASKED[-1]()


def set_language_source(answer: Callable[[], Language]) -> None:
    """Set the function that returns the default language, such as the visitor's, if `use_language` sets none."""
    _ASKED[:] = [answer]


def language_of_locale(tag: str) -> Language:
    """Return the language of a locale, such as fr for fr-CA. It is English if Seize has no such language.

    >>> [language_of_locale(wanted) for wanted in ("fr-CA", "fr_FR.UTF-8", "de_DE", "C")]
    ['fr', 'fr', 'en', 'en']
    """
    code = tag.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return next((language for language in LANGUAGES if language == code), SOURCE)


def use_language(code: str) -> None:
    """Set the language of this thread or task, given as a locale such as fr-CA."""
    _LANGUAGE.set(language_of_locale(code))


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Use another language while the block runs, given as a locale."""
    before = _LANGUAGE.get()
    use_language(code)
    try:
        yield
    finally:
        _LANGUAGE.set(before)


def t(sentence: str, /, **values: Any) -> str:
    """Translate a sentence (an English `str.format` template) into the display language, and fill in its values.

    Numbers among the values are written as they are: use `format_decimal` and its neighbours for those that people
    read.
    """
    return _fill_template(sentence if language() == SOURCE else _find_translation(language(), sentence), values)


def t_count(one: str, many: str, n: float, /, **values: Any) -> str:
    """Translate a sentence in its singular or plural form, as a number `n` requires. Both forms contain {n}.

    >>> t_count("{n} song", "{n} songs", 1), t_count("{n} song", "{n} songs", 1480)
    ('1 song', '1,480 songs')
    """
    if language() == SOURCE:
        template = one if n == 1 else many
    else:
        template = _find_translation(language(), one if abs(n) < 2 else many, (one, many), plural=abs(n) >= 2)
    return _fill_template(template, {"n": format_decimal(n), **values})


def mark(sentence: str) -> str:
    """Return a sentence unchanged. The call lists it in the catalogues, for translation when it is shown."""
    return sentence


def mark_all(*sentences: str) -> tuple[str, ...]:
    """Return several sentences unchanged, marked for the catalogues."""
    return sentences


def translate_labels(sentences: Mapping[K, str]) -> dict[K, str]:
    """Return a mapping key -> label with its labels translated."""
    return {key: t(sentence) for key, sentence in sentences.items()}


def error_text(error: SeizeError) -> str:
    """Return the message of an error, translated."""
    return translate_sentence(error.as_sentence)


def translate_sentence(text: str) -> str:
    """Translate a `Sentence`, with the sentences among its values. Return any other text unchanged.

    What the system, SQLite and `regex` give as a reason is translated where it is known.
    """
    if language() == SOURCE or not isinstance(text, Sentence):
        return str(text)
    values = {name: _translate_value(name, value) for name, value in text.values.items()}
    template = _find_translation(language(), text.template)
    return _FRENCH_FORMATTER.vformat(template, (), values) if values else template


def _translate_value(name: str, value: Any) -> Any:
    if isinstance(value, Sentence):
        return Sentence(translate_sentence(value))
    return t(value) if name == "reason" and type(value) is str else value


mark_all(
    "No such file or directory", "Permission denied", "No space left on device", "File too large",
    "Read-only file system", "Is a directory", "Not a directory", "File exists", "File name too long",
    "Input/output error", "Too many open files", "Cannot allocate memory", "Disk quota exceeded",
    "Operation not permitted", "Address already in use", "Cannot assign requested address",
    "database or disk is full", "disk I/O error", "attempt to write a readonly database", "database is locked",
    "unable to open database file", "missing )", "missing ]", "unbalanced parenthesis", "unterminated character set",
    "nothing to repeat", "multiple repeat", "repeat count too big", "min repeat greater than max repeat",
    "bad character range", "bad escape (end of pattern)", "missing group name", "bad character in group name",
    "unknown group", "invalid group reference", "unknown property", "unknown extension",
)  # fmt: skip


class _FrenchTypographyFormatter(SentenceFormatter):
    """Fills templates with numbers ({count:,}, {share:.0%}) and quotations ({name!r}) in French typography."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        text = super().convert_field(value, conversion)
        return f"«\u202f{text[1:-1]}\u202f»" if conversion == "r" and isinstance(value, str) else text

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return localise_number(text) if isinstance(value, int | float) else text


def _fill_template(template: str, values: Mapping[str, Any]) -> str:
    """Fill the values into a translated template, with the quotation marks of its language."""
    if values and "!r}" in template and language() != SOURCE:
        return _FRENCH_FORMATTER.vformat(template, (), values)
    return template.format(**values) if values else template


_FRENCH_MARKS = str.maketrans({",": "\u202f", ".": ",", "%": "\u202f%"})
_FRENCH_FORMATTER = _FrenchTypographyFormatter()


def localise_number(text: str) -> str:
    """Return a formatted number with its separators replaced by those of the display language.

    >>> with in_language("fr"): localise_number(f"{12345.678:+,.1f}"), localise_number(f"{0.5:.0%}")
    ('+12\\u202f345,7', '50\\u202f%')
    """
    return text if language() == SOURCE else text.translate(_FRENCH_MARKS)


def format_decimal(value: float, decimals: int = 0) -> str:
    """Return a number with thousands separators.

    >>> format_decimal(22769), format_decimal(8.449, 1)
    ('22,769', '8.4')
    >>> with in_language("fr"): format_decimal(22769.5, 1)
    '22\\u202f769,5'
    """
    return localise_number(f"{Decimal(str(value)):,.{decimals}f}")


def format_percentage(value: float, decimals: int = 1) -> str:
    """Return a share from 0 to 1 as a percentage.

    >>> format_percentage(0.4119)
    '41.2%'
    >>> with in_language("fr"): format_percentage(0.955)
    '95,5\\u202f%'
    """
    return localise_number(f"{Decimal(str(value)):,.{decimals}%}")


def format_interval(value: float, low: float, high: float, decimals: int = 0) -> str:
    """Return a value with its interval, as in "4,812 [4,640 – 4,990]". A value without limits (nan) stands alone.

    >>> format_interval(4812, 4640, 4990), format_interval(4812, math.nan, math.nan)
    ('4,812 [4,640 – 4,990]', '4,812')
    """
    if math.isnan(low) or math.isnan(high):
        return format_decimal(value, decimals)
    return f"{format_decimal(value, decimals)} [{format_decimal(low, decimals)} – {format_decimal(high, decimals)}]"


def format_local_date(value: date) -> str:
    """Return a date with its month abbreviated in the present language.

    >>> format_local_date(date(2026, 11, 6))
    'Nov 6, 2026'
    >>> with in_language("fr"): format_local_date(date(2026, 11, 6))
    '6 nov. 2026'
    """
    month = _MONTHS[language()][value.month - 1]
    return f"{month} {value.day}, {value.year}" if language() == SOURCE else f"{value.day} {month} {value.year}"


def _find_translation(
    code: Language, sentence: str, forms: tuple[str, str] | None = None, *, plural: bool = False
) -> str:
    """Return the translation of a sentence or plural form; the sentence itself where there is none."""
    entries = _catalogue(code)
    if forms is None:
        return entries.get(sentence) or sentence
    return entries.get("\0".join((*forms, str(int(plural))))) or sentence


@cache
def _catalogue(code: Language) -> dict[str, str]:
    """Return all translations into a language: sentence -> translation, plural forms as in `read_translations`."""
    entries: dict[str, str] = {}
    for folder in _CATALOGUE_FOLDERS:
        entries |= read_translations(folder / f"{code}.po")
    return entries
