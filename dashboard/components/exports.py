"""Any table as CSV or Parquet, built when it is asked for."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pipeline.core.translation import t
from pipeline.publish.tables import to_csv, to_parquet

Format = tuple[str, str, str, Callable[[pd.DataFrame], bytes]]  # name, ending, media type, what writes it
FORMATS: tuple[Format, ...] = (
    ("CSV", "csv", "text/csv", to_csv),
    ("Parquet", "parquet", "application/vnd.apache.parquet", to_parquet),
)


def exports(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, key: str = "", more: Sequence[Format] = ()
) -> None:
    """Draw buttons that save the table as `name`.csv, `name`.parquet and what `more` adds.

    `key` tells two of a name on a page apart.
    """
    with st.container(horizontal=True, gap="small"):
        for label, suffix, mime, write in (*FORMATS, *more):
            st.download_button(
                t("Save as {format}", format=label),
                partial(_write, write, table),
                file_name=f"seize-{name}.{suffix}",
                mime=mime,
                key=f"save-{key or name}-{suffix}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def _write(write: Callable[[pd.DataFrame], bytes], table: pd.DataFrame | Callable[[], pd.DataFrame]) -> bytes:
    return write(table() if callable(table) else table)
