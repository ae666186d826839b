"""How is each number computed?"""

from html import escape
from itertools import groupby

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick_or_none
from pipeline.analysis.measures import Measure, MethodCheck
from pipeline.analysis.methods import METHODS
from pipeline.core.translation import format_decimal, t


def entry(method: Measure, check: MethodCheck) -> str:
    """Return HTML of a definition, and of what it gave now beside what was published."""
    formula = f" <code>{escape(t(method.formula))}</code>" if method.formula else ""
    source = f"{escape(t(method.source))} · " if method.source != "—" else ""
    values = {
        "case": escape(t(method.reference.case)),
        "reference": escape(t(method.reference.authority)),
        "expected": significant(check.expected),
        "observed": significant(check.observed),
    }
    if check.passed:
        proof = t("{case} ({reference}): {expected}, computed {observed} ✓ agrees", **values)
    else:
        proof = t("{case} ({reference}): {expected}, computed {observed} <b>✗ does not agree</b>", **values)
    return (
        f"<p><b>{escape(t(method.name))}</b> {escape(t(method.definition))}{formula}<br>"
        f'<span class="quiet">{source}{proof}</span></p>'
    )


def significant(value: float) -> str:
    """Write a number with up to ten digits, as many as it needs."""
    decimals = len(f"{value:.10g}".partition(".")[2])
    return format_decimal(value, decimals)


page_layout.draw_question(t("How is each number computed?"))
checks = [method.reference.check() for method in METHODS]
text = t(
    "The definitions are below. Each was just checked on a published or hand-made example: <b>{passed} of {all}</b> "
    "agree.",
    passed=sum(check.passed for check in checks),
    all=len(checks),
)
page_layout.draw_answer(text)
families = list(dict.fromkeys(method.family for method in METHODS))
asked = pick_or_none(t("Family"), {family: t(family) for family in families}, key="of")
for family, members in groupby(zip(METHODS, checks, strict=True), key=lambda pair: pair[0].family):
    if asked in (None, family):
        with st.container(key=f"card-{family.lower()}", gap="small"):
            st.html(f"<h2>{t(family)}</h2>" + "".join(entry(method, check) for method, check in members))
