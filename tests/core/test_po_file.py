"""Catalogues are read, and numbers and dates written, as Babel does it, which is not installed with Seize."""

from datetime import date
from pathlib import Path

import pytest
from babel import numbers
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.translation import (
    LANGUAGES,
    Language,
    format_decimal,
    format_interval,
    format_local_date,
    format_percentage,
    in_language,
    read_translations,
)
from pipeline.locale.gather import PACKAGES, read_catalogue

NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: abs(value) > 1e-9)
)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_entry_is_read_as_babel_reads_it(package: str) -> None:
    path = PACKAGES[package] / "locale" / "fr.po"
    wanted: dict[str, str] = {}
    for message in read_catalogue(path):
        if isinstance(message.id, tuple):
            wanted |= {"\0".join((*message.id, str(at))): form for at, form in enumerate(message.string)}
        elif message.id:
            wanted[message.id] = message.string
    assert read_translations(path) == wanted


def test_signs_are_unescaped_and_what_is_no_entry_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr "Language: fr\\n"\n\n#: a.py\nmsgid "a \\"b\\"\\n"\n"c\\\\"\nmsgstr ""\n"d"\n\n'
        '#~ msgid "gone"\n#~ msgstr "parti"\n',
        "utf-8",
    )
    assert read_translations(tmp_path / "fr.po") == {'a "b"\nc\\': "d"}
    assert read_translations(tmp_path / "de.po") == {}


@pytest.mark.parametrize("code", LANGUAGES)
@given(value=NUMBERS, decimals=st.integers(0, 4))
def test_numbers_and_shares(code: Language, value: float, decimals: int) -> None:
    places, space = f".{'0' * decimals}" if decimals else "", "\u202f" if code == "fr" else ""
    with in_language(code):
        assert format_decimal(value, decimals) == numbers.format_decimal(value, f"#,##0{places}", code)
        assert format_percentage(value, decimals) == numbers.format_percent(value, f"#,##0{places}{space}%", code)
        number = format_decimal(value, decimals)
        assert format_interval(value, value, value, decimals) == f"{number} [{number} – {number}]"


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_dates(code: Language, month: int) -> None:
    with in_language(code):
        assert format_local_date(date(2026, month, 6)) == format_date(date(2026, month, 6), "medium", code)
