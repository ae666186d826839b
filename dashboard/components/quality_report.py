"""What reading and cleaning did to a source, as a page says it."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import page_layout
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading
from dashboard.locale.phrasing import count
from pipeline.corpus.report import told
from pipeline.corpus.report_page import report_page
from pipeline.translation import number

RULES = {"what": "Rule", "songs": "Songs", "lines": "Lines", "characters": "Characters"}
COUNTED = (
    "Everything that was read: ad-libs, lines without a word, every language. The sidebar counts less: the words of "
    "its layer, the lines that hold one, in the languages that it takes in."
)
LISTS = {
    "skipped": ("Could not be read", {"file": "File", "reason": "Reason"}),
    "unmatched": ("Rows without a file, files without a row", {"file": "File", "reason": "Reason"}),
    "duplicates": (
        "Merged as duplicates",
        {"dropped": "Left out", "kept": "Kept", "kind": "Kind", "containment": "Shared"},
    ),
}


def quality_report(report: Mapping[str, Any], key: str) -> None:
    """Draw sizes, the rules that touched something, what was merged and what could not be read; one `key` a report."""
    if not report:
        page_layout.empty_state("This corpus has no report: prepare it again to have one.")
        return
    page_layout.key_figures(
        {name.capitalize(): number(report.get(name, 0)) for name in ("files", "songs", "lines", "words")}
    )
    page_layout.remark(COUNTED)
    if "account" in report:
        _account(report["account"])
        if known := [count(n, what.removesuffix("s")) for what, n in report.get("inferred", {}).items() if n]:
            page_layout.remark(f"Inferred, and marked as such: {', '.join(known)}.")
        st.download_button(
            "Save as a page",
            partial(_page, report),
            file_name=f"seize-report-{report['name']}.html",
            mime="text/html",
            key=f"save-report-{key}-html",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    rules = pd.DataFrame(report.get("rules", []))
    if len(rules):
        heading("What cleaning touched")
        columns = {name: title for name, title in RULES.items() if name in rules}
        named_table(rules, columns, alt="Cleaning rules and what each touched")
        nested = [name for name in rules if rules[name].dtype == object]  # examples
        exports(rules.astype(dict.fromkeys(nested, "str")), "cleaning-rules", f"rules-{key}")
    for name, (title, columns) in LISTS.items():
        rows = pd.DataFrame(told(report.get(name, [])))
        if len(rows):
            with st.expander(f"{title}: {len(rows):,}"):
                named_table(rows, columns, alt=title)
                exports(rows, name, f"{name}-{key}")


def _account(account: Mapping[str, Any]) -> None:
    """Draw what was read, what each rule dropped and what was kept: rows that add up."""
    rows = [("Read", account["read"], 1)]
    rows += [(f"− {entry['what']}", entry, -1) for entry in account["dropped"]]
    if any(account["unexplained"].values()):
        rows.append(("− unexplained", account["unexplained"], -1))
    rows.append(("= Kept", account["kept"], 1))
    body = "".join(
        f"<tr{' class=sum' if sign > 0 else ''}><td>{escape(what)}</td><td>{number(sign * size['lines'])}</td>"
        f"<td>{number(sign * size['words'])}</td></tr>"
        for what, size, sign in rows
    )
    heading("Read, dropped, kept", "Lines that hold more than blanks, and what stands between blanks.")
    st.html(f'<table class="account"><tr><td></td><th>Lines</th><th>Words</th></tr>{body}</table>')


def _page(report: Mapping[str, Any]) -> bytes:
    return report_page(report).encode()
