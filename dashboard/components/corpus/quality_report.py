"""What reading and cleaning did to a source, as a page says it."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import heading
from pipeline.core.translation import mark, number, t, t_each
from pipeline.corpus.account import rule_text
from pipeline.corpus.report import named_kinds, rows_for_people
from pipeline.corpus.report_page import MINUS, inferred_text, report_page

SIZES = {"files": mark("Files"), "songs": mark("Songs"), "lines": mark("Lines"), "words": mark("Words")}
RULES = {
    "what": mark("Rule"), "songs": mark("Songs"), "lines": mark("Lines of text"), "characters": mark("Characters"),
}  # fmt: skip
COUNTED = mark(
    "Everything that was read: ad-libs, lines without a word, every language. The sidebar counts less: the words of "
    "its layer, the lines that hold one, in the languages that it takes in."
)
LISTS = {
    "skipped": (mark("Could not be read"), {"file": mark("File"), "reason": mark("Reason")}),
    "unmatched": (
        mark("Rows without a file, files without a row"),
        {"file": mark("File"), "reason": mark("Reason")},
    ),
    "duplicates": (
        mark("Merged as duplicates"),
        {"dropped": mark("Left out"), "kept": mark("Kept"), "kind": mark("Kind"), "containment": mark("Shared")},
    ),
}


def quality_report(report: Mapping[str, Any], key: str) -> None:
    """Draw sizes, the rules that touched something, what was merged and what could not be read; one `key` a report."""
    if not report:
        page_layout.empty_state(t("This corpus has no report: prepare it again to have one."))
        return
    page_layout.key_figures({t(name): number(report.get(size, 0)) for size, name in SIZES.items()})
    page_layout.remark(t(COUNTED))
    if "account" in report:
        _account(report["account"])
        if inferred := inferred_text(report.get("inferred", {})):
            page_layout.remark(inferred)
        st.download_button(
            t("Save as a page"),
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
        heading(t("What cleaning touched"))
        columns = {name: title for name, title in t_each(RULES).items() if name in rules}
        shown = rules.assign(what=[rule_text(row) for row in report["rules"]])
        named_table(shown, columns, alt=t("Cleaning rules and what each touched"))
        nested = [name for name in rules if rules[name].dtype == object]  # examples
        exports(rules.astype(dict.fromkeys(nested, "str")), "cleaning-rules", f"rules-{key}")
    for name, (title, columns) in LISTS.items():
        entries = rows_for_people(report.get(name, []))
        if rows := named_kinds(entries) if name == "duplicates" else entries:
            with st.expander(t("{list}: {n}", list=t(title), n=number(len(rows)))):
                named_table(pd.DataFrame(rows), t_each(columns), alt=t(title))
                exports(pd.DataFrame(entries), name, f"{name}-{key}")


def _account(account: Mapping[str, Any]) -> None:
    """Draw what was read, what each rule dropped and what was kept: rows that add up."""
    rows = [(t("Read"), account["read"], 1)]
    rows += [(f"{MINUS} {rule_text(entry)}", entry, -1) for entry in account["dropped"]]
    if any(account["unexplained"].values()):
        rows.append((f"{MINUS} {t('Unexplained')}", account["unexplained"], -1))
    rows.append((f"= {t('Kept')}", account["kept"], 1))
    body = "".join(
        f"<tr{' class=sum' if sign > 0 else ''}><td>{escape(what)}</td><td>{number(sign * size['lines'])}</td>"
        f"<td>{number(sign * size['words'])}</td></tr>"
        for what, size, sign in rows
    )
    heading(t("Read, dropped, kept"), t("Lines that hold more than blanks, and what stands between blanks."))
    lines, words = escape(t("Lines of text")), escape(t("Words"))
    st.html(f'<table class="account"><tr><td></td><th>{lines}</th><th>{words}</th></tr>{body}</table>')


def _page(report: Mapping[str, Any]) -> bytes:
    return report_page(report).encode()
