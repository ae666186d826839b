"""Learn 12: is every number right?"""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import job_card, lesson, marks, page_layout
from dashboard.components.bound import pick, toggle
from dashboard.locale.phrasing import count
from pipeline.verify import Check, run_checks

EVERYTHING = "all"


def checks_now() -> list[Check]:
    """All checks but those with TensorFlow, run in this process."""
    return run_checks(with_tensorflow=False)


def bound_of(row: dict[str, Any]) -> str:
    """The error that a check allows, or the least that it wants to see."""
    return f"{'≥' if row['at_least'] else '≤'} {row['tolerance']:.0e}"


def holds(row: dict[str, Any]) -> str:
    """Whether a check holds, in a word."""
    return "yes" if row["passed"] else "NO"


def table(rows: list[dict[str, Any]]) -> None:
    left, right = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with left:
        groups = {group: group for group in sorted({row["group"] for row in rows})}
        group = pick("Show", {EVERYTHING: "Everything"} | groups, key="check_group", look="list")
    with right:
        failing = toggle("Only what fails", key="failing")
    shown = [row for row in rows if group in (EVERYTHING, row["group"]) and not (failing and row["passed"])]
    if not shown:
        page_layout.empty_state("Nothing fails here.")
        return
    columns = {
        "Group": [row["group"] for row in shown],
        "Check": [row["name"] for row in shown],
        "Observed": [f"{row['observed']:.2e}" for row in shown],
        "Bound": list(map(bound_of, shown)),
        "Holds": list(map(holds, shown)),
        "Milliseconds": [round(1000 * row["seconds"], 1) for row in shown],
    }
    alt = f"{len(shown)} checks with bounds and observed errors"
    st.dataframe(pd.DataFrame(columns), hide_index=True, height=430, alt=alt)


@page_layout.fragment
def live(_: str) -> None:
    asked = st.button("Run them now", type="primary", icon=":material/play_arrow:", key="verify-now")
    if asked or "checks" not in st.session_state:
        with st.spinner("Two seconds, more on a busy machine…"):
            st.session_state["checks"] = checks_now()
    checks = st.session_state["checks"]
    held = sum(check.passed for check in checks)
    page_layout.answer(
        f"<b>{held} of {len(checks)}</b> checks hold, in <b>{sum(c.seconds for c in checks):.1f}</b> seconds."
    )
    table([{**vars(check), "passed": check.passed} for check in checks])


def with_tensorflow() -> None:
    job = job_card.latest_job("verify")
    job_card.draw(job, "Compare with TensorFlow and Keras", "verify", ["verify", "--json"], in_tensorflow=True)
    steps = job.progress() if job else []
    rows = [step["check"] for step in steps if step.get("check", {}).get("group", "").startswith("TensorFlow")]
    if rows:
        held = sum(row["passed"] for row in rows)
        st.markdown(f"**{held} of {count(len(rows), 'comparison')}** with Keras and its tape hold.")
        marks.draw_table(
            ["Comparison", "Observed", "Bound", "Holds"],
            [[row["name"], f"{row['observed']:.1e}", bound_of(row), holds(row)] for row in rows],
        )


lesson.show("learn_verify", live, job_card.polled_block("verify", with_tensorflow))
