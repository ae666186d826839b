"""What reading and cleaning did to a source, as a page says it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import frame
from dashboard.components.card import heading
from dashboard.components.exports import exports
from dashboard.components.table import named_table
from dashboard.words import number

RULES = {"what": "Rule", "songs": "Songs", "lines": "Lines", "characters": "Characters"}


def quality_report(report: Mapping[str, Any]) -> None:
    """Sizes, the rules that touched something, what was merged and what could not be read."""
    if not report:
        frame.empty("This corpus has no report: prepare it again to have one.")
        return
    frame.figures({name.capitalize(): number(report.get(name, 0)) for name in ("files", "songs", "lines", "words")})
    rules = pd.DataFrame(report.get("rules", []))
    if len(rules):
        heading("What cleaning touched", "Nothing is dropped silently.")
        columns = {name: title for name, title in RULES.items() if name in rules}
        named_table(rules, columns, alt="Cleaning rules and what each touched")
        exports(rules.astype(dict.fromkeys(rules.select_dtypes("object"), "str")), "cleaning-rules")
    for key, title in (("skipped", "Could not be read"), ("duplicates", "Merged as duplicates")):
        rows = pd.DataFrame(report.get(key, []))
        if len(rows):
            with st.expander(f"{title}: {len(rows):,}"):
                st.dataframe(rows.astype("str").rename(columns=str.capitalize), hide_index=True, alt=title)
