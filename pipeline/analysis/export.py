"""Tables as files that are safe to open: a spreadsheet runs a cell that begins with = + - or @ as a formula."""

import io
import re

import pandas as pd

# What a spreadsheet skips or does not show in front of a formula: spaces of any width, controls, zero-width characters,
# marks of direction, variation selectors, a byte order mark.
_UNSEEN = (
    r"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
# The signs of OWASP's CSV injection page; full-width and small forms are read as the plain ones by some spreadsheets.
_FORMULA = re.compile(rf"[{_UNSEEN}]*[=+\-@\u2212＝＋－＠﹦﹢﹣﹫]|[\t\r]")


def to_csv(table: pd.DataFrame) -> bytes:
    """Return UTF-8 with a BOM (so that a spreadsheet reads accents); text that could run gets an apostrophe in front.

    Numbers are left alone, negative ones too; words such as -le come out as '-le.
    """
    return escape_formulas(table).to_csv(index=False).encode("utf-8-sig")


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as it is, types kept: nothing in Parquet runs. Lists of spans become lists of [start, stop]."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def escape_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells, and column names, no spreadsheet takes for a formula."""
    safe = table.rename(columns=escape_formula)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_bool_dtype(safe[column]):
            safe[column] = safe[column].astype(object).map(escape_formula)
    return safe


def escape_formula(cell: object) -> object:
    r"""Return the cell, with an apostrophe in front where a spreadsheet would take it for a formula.

    >>> escape_formula("=1+1"), escape_formula("la rue"), escape_formula(-1)
    ("'=1+1", 'la rue', -1)
    """
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell
