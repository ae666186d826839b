"""How is each number made?"""

from html import escape
from itertools import groupby

import streamlit as st

from dashboard.components import page_layout
from pipeline.analysis.methods import METHODS, Method, MethodCheck


def entry(method: Method, check: MethodCheck) -> str:
    """Return HTML of a definition, and of what it gave now beside what was published."""
    formula = f" <code>{escape(method.formula)}</code>" if method.formula else ""
    source = f"{escape(method.source)} · " if method.source != "—" else ""
    mark = "✓ agrees" if check.passed else "<b>✗ does not agree</b>"
    case = f"{escape(method.case)} ({escape(method.reference)})"
    return (
        f"<p><b>{escape(method.name)}</b> {escape(method.definition)}{formula}<br>"
        f'<span class="quiet">{source}{case}: {check.expected:.10g}, computed '
        f"{check.observed:.10g} {mark}</span></p>"
    )


page_layout.question("How is each number made?")
checks = [method.check() for method in METHODS]
page_layout.answer(
    "From the definitions below. Each was tried just now on a published or hand-made example: "
    f"<b>{sum(check.passed for check in checks)} of {len(checks)}</b> agree."
)
for family, members in groupby(zip(METHODS, checks, strict=True), key=lambda pair: pair[0].family):
    with st.container(key=f"card-{family.lower()}", gap="small"):
        st.html(f"<h2>{family}</h2>" + "".join(entry(method, check) for method, check in members))
