"""Learn 12: is every number right?"""

import pandas as pd
import streamlit as st

from dashboard.components import job_card, lesson, page_layout
from dashboard.lessons import references
from dashboard.locale.formats import count
from pipeline.verify import Check, run_checks

BIND = "query-params"


def checks_now() -> list[Check]:
    """All checks but those with TensorFlow, run in this process."""
    return run_checks(with_tensorflow=False)


def table(rows: list[dict]) -> None:
    groups = sorted({row["group"] for row in rows})
    left, right = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    group = left.selectbox("Show", ["Everything", *groups], key="check_group", bind=BIND)
    failing = right.toggle("Only what fails", key="failing", bind=BIND)
    shown = [row for row in rows if group in ("Everything", row["group"]) and not (failing and row["passed"])]
    if not shown:
        page_layout.empty_state("Nothing fails here.")
        return
    frame_ = pd.DataFrame(
        {
            "Group": [r["group"] for r in shown],
            "Check": [r["name"] for r in shown],
            "Observed": [f"{r['observed']:.2e}" for r in shown],
            "Bound": [f"{'≥' if r['at_least'] else '≤'} {r['tolerance']:.0e}" for r in shown],
            "Holds": ["yes" if r["passed"] else "NO" for r in shown],
            "Milliseconds": [round(1000 * r["seconds"], 1) for r in shown],
        }
    )
    st.dataframe(frame_, hide_index=True, height=430, alt=f"{len(shown)} checks with bounds and observed errors")


@page_layout.fragment
def live() -> None:
    if (
        st.button("Run them now", type="primary", icon=":material/play_arrow:", key="verify-now")
        or "checks" not in st.session_state
    ):
        with st.spinner("Two seconds, more on a busy machine…"):
            st.session_state["checks"] = checks_now()
    checks = st.session_state["checks"]
    held = sum(check.passed for check in checks)
    page_layout.answer(
        f"<b>{held} of {len(checks)}</b> checks hold, in <b>{sum(c.seconds for c in checks):.1f}</b> seconds."
    )
    table([{**vars(check), "passed": check.passed} for check in checks])


def with_tensorflow() -> None:
    job = job_card.latest("verify")
    status = job_card.draw(job, "Compare with TensorFlow and Keras", "verify", ["verify", "--json"])
    if job is None or status is None:
        return
    rows = [
        step["check"] for step in job.progress() if "check" in step and step["check"]["group"].startswith("TensorFlow")
    ]
    if rows:
        held = sum(row["passed"] for row in rows)
        st.markdown(f"**{held} of {count(len(rows), 'comparison')}** with Keras and its tape hold.")
        lesson.plain_table(
            ["Comparison", "Observed", "Bound", "Holds"],
            [
                [
                    r["name"],
                    f"{r['observed']:.1e}",
                    f"{'≥' if r['at_least'] else '≤'} {r['tolerance']:.0e}",
                    "yes" if r["passed"] else "NO",
                ]
                for r in rows
            ],
        )


text = lesson.line()
lesson.opening(
    12,
    "Is every number right?",
    "No figure here asks to be believed. Each claim about the cells is a number that could refute it: an error, the largest that is allowed, and what was observed, now, on this machine. "
    "Some are negative controls: deliberate mistakes whose error has to be *large*.",
)
lesson.formula(
    r"\text{error}=\frac{\max|\,\text{ours}-\text{reference}\,|}{\max|\,\text{reference}\,|}\;\le\;\text{tolerance}",
    key="error",
)
lesson.part("verify", "Without TensorFlow: complex step, published numbers, invariants, bugs")
live()
lesson.part(
    "tape",
    "With TensorFlow: Keras's layers, the tape, the optimisers",
    "These need TensorFlow, which is never loaded beside the pages: they run as a job of their own.",
)
job_card.polled("verify", with_tensorflow)
lesson.part("errata", "Errata of the article", "Said openly, with the page that shows each.")
lesson.plain_table(["#", "The article", "Right", "Page"], [list(row) for row in references.ERRATA])
lesson.part("L13", "Sources: what is implemented, and where it differs")
lesson.plain_table(["Source", "Implemented here", "Where it differs"], [list(r) for r in references.REFERENCES])
lesson.ask(
    "Why compare with published numbers at all, if the complex step is exact?",
    "The complex step proves that the gradient is that of *our* function. The published numbers show that our function is the one everybody else means: the same gates, the same order, the same transposes.",
)
lesson.closing(12)
