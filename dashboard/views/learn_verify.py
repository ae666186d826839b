"""Learn 12: is every number right?"""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import pick, toggle
from dashboard.components.frame.data_table import localise_numbers
from dashboard.components.lesson import lesson, marks
from dashboard.locale.phrasing import format_number
from pipeline.core.translation import format_decimal, t, t_count
from pipeline.learn.verify import Check, check_text, run_checks

EVERYTHING = "all"


def checks_now() -> list[Check]:
    """All checks but those with TensorFlow, run in this process."""
    return run_checks()


def bound_of(row: dict[str, Any]) -> str:
    """The error that a check allows, or the least that it wants to see."""
    return f"{'≥' if row['at_least'] else '≤'} {format_number(row['tolerance'], '.0e')}"


def group_of(row: dict[str, Any]) -> str:
    """The group of a check, as it is shown."""
    group = row["group"]
    return t(group)


def holds(row: dict[str, Any]) -> str:
    """Whether a check holds, in a word."""
    return t("yes") if row["passed"] else t("NO")


def table(rows: list[dict[str, Any]]) -> None:
    left, right = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with left:
        groups = {group: t(group) for group in sorted({row["group"] for row in rows})}
        group = pick(t("Show"), {EVERYTHING: t("Everything")} | groups, key="check_group", look="list")
    with right:
        failing = toggle(t("Failures only"), key="failing")
    shown = [row for row in rows if group in (EVERYTHING, row["group"]) and not (failing and row["passed"])]
    if not shown:
        page_layout.empty_state(t("No failures."))
        return
    columns = {
        t("Group"): list(map(group_of, shown)),
        t("Check"): [check_text(row) for row in shown],
        t("Observed"): [format_number(row["observed"], ".2e") for row in shown],
        t("Bound"): list(map(bound_of, shown)),
        t("Passes"): list(map(holds, shown)),
        t("Milliseconds"): [round(1000 * row["seconds"], 1) for row in shown],
    }
    alt = t_count("{n} check with bound and observed error", "{n} checks with bounds and observed errors", len(shown))
    table = localise_numbers(pd.DataFrame(columns), {t("Milliseconds"): "{:.1f}"})
    st.dataframe(table, hide_index=True, height=430, alt=alt)


@page_layout.fragment
def live(_: str) -> None:
    asked = st.button(t("Run them now"), type="primary", icon=":material/play_arrow:", key="verify-now")
    if asked or "checks" not in st.session_state:
        with st.spinner(t("About two seconds…")):  # who comes first has them run for those who follow
            st.session_state["checks"] = checks_now() if asked else cache.call(checks_now)
    checks = st.session_state["checks"]
    held = sum(check.passed for check in checks)
    page_layout.draw_answer(
        t(
            "<b>{held} of {all}</b> checks pass, in <b>{seconds}</b> seconds.",
            held=held,
            all=len(checks),
            seconds=format_decimal(sum(c.seconds for c in checks), 1),
        )
    )
    table([{**vars(check), "passed": check.passed} for check in checks])


def with_tensorflow() -> None:
    job = job_card.latest_job("verify")
    job_card.draw(job, t("Compare with TensorFlow and Keras"), "verify", ["verify", "--json"], in_tensorflow=True)
    steps = job.progress() if job else []
    rows = [step["check"] for step in steps if step.get("check", {}).get("group", "").startswith("TensorFlow")]
    if rows:
        held = sum(row["passed"] for row in rows)
        st.markdown(
            t_count(
                "**{held} of {n} comparison** with Keras passes.",
                "**{held} of {n} comparisons** with Keras pass.",
                len(rows),
                held=format_decimal(held),
            )
        )
        marks.draw_table(
            [t("Comparison"), t("Observed"), t("Bound"), t("Passes")],
            [[check_text(row), format_number(row["observed"], ".1e"), bound_of(row), holds(row)] for row in rows],
        )


lesson.show("learn_verify", live, job_card.polled_block("verify", with_tensorflow))
