"""Any table as CSV or Parquet, built when it is asked for."""

import io
import re
from collections.abc import Callable

import pandas as pd
import streamlit as st

# A spreadsheet takes a cell that begins so for a formula (CWE-1236); an apostrophe makes it text.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def exports(table: Callable[[], pd.DataFrame] | pd.DataFrame, name: str) -> None:
    """Two buttons that save the table as `name`.csv and `name`.parquet."""
    make = table if callable(table) else lambda: table
    with st.container(horizontal=True, gap="small"):
        for suffix, write, mime in (
            ("csv", to_csv, "text/csv"),
            ("parquet", to_parquet, "application/vnd.apache.parquet"),
        ):
            st.download_button(
                f"Save as {'CSV' if suffix == 'csv' else 'Parquet'}",
                lambda write=write: write(make()),
                file_name=f"{name}.{suffix}",
                mime=mime,
                key=f"save-{name}-{suffix}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to read accents; no cell is taken for a formula."""
    return safe_cells(table).to_csv(index=False).encode("utf-8-sig")


def to_parquet(table: pd.DataFrame) -> bytes:
    """Parquet as pandas writes it."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before texts that begin like a formula."""
    texts = table.select_dtypes(include=["object", "string", "str"]).columns
    return table.assign(**{column: table[column].map(_safe) for column in texts})


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
