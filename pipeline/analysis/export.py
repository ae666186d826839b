"""Tables as files that are safe to open: a spreadsheet runs a cell that begins with = + - or @ as a formula."""

import io
import re

import pandas as pd

# The signs of OWASP's CSV injection page; full-width forms are read as the plain ones by some spreadsheets.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


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
    safe = table.rename(columns=_safe)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_bool_dtype(safe[column]):
            safe[column] = safe[column].astype(object).map(_safe)
    return safe


def _safe(cell: object) -> object:
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell
