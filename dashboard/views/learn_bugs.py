"""Learn 11: would you notice if backpropagation were wrong?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components import lesson, marks, page_layout
from dashboard.components.bound import pick
from dashboard.components.figure_card import card
from dashboard.lessons import breaking
from dashboard.lessons.study import CELLS
from pipeline.cells.activations import Array
from pipeline.cells.bugs import BUGS, Bug

NONE = "none"
CHOICES = {NONE: "Nothing: as it is"} | {bug.name: f"{bug.name} · {CELLS[bug.cell]}" for bug in BUGS}


@page_layout.fragment
def lab(text: str) -> None:
    left, right = lesson.two_columns()
    with left:
        name = pick("Break it", CHOICES, key="bug", look="radio")
    bug = breaking.bug_named(name)
    cell = bug.cell if bug else "rnn"
    with right:
        verdict_of(bug, cache.call(breaking.verdict, name))
        right_curve = cache.call(breaking.training_curve, text, NONE, cell)
        curves = {"right": right_curve}
        if bug:
            broken = np.nan_to_num(cache.call(breaking.training_curve, text, name, cell), nan=30)
            curves["broken"] = broken.clip(max=3 * right_curve[0])
        at = np.arange(breaking.STEPS)
        card(
            finding(curves),
            learn_curves.line_chart(
                {k: (at, ys) for k, ys in curves.items()}, x="step", y="nats a character", hover="%{y:.3f}"
            ),
            key="broken",
            note=f"{CELLS[cell]} of 16 units, plain descent on your line, two copies of it as a batch.",
        )


def verdict_of(bug: Bug | None, seen: breaking.Verdict) -> None:
    """What the gradient check says, and the line that was changed."""
    if bug is None:
        st.html(
            f'<div class="empty" role="status"><p><b>The check is green.</b> Relative error {seen.error:.1g}.</p></div>'
        )
        st.markdown("Choose a mistake. Each is one line of this very program, changed.")
        return
    st.html(
        f'<div class="problem" role="status"><p><b>The check is red.</b> Relative error {seen.error:.2g}, '
        f"above {breaking.SEEN:g}.</p></div>"
        if seen.caught
        else f'<div class="empty"><p>Not caught: error {seen.error:.2g}.</p></div>'
    )
    st.markdown(f"*{bug.belief}*")
    st.code(f"# {bug.module.__name__.rpartition('.')[2]}.py\n- {bug.right}\n+ {bug.wrong}", language="diff")


def finding(curves: dict[str, Array]) -> str:
    """What the two curves show, in a sentence."""
    start, end = curves["right"][0], curves["right"][-1]
    if "broken" not in curves:
        return f"It learns: {start:.2f} nats fall to {end:.2f}"
    broken = curves["broken"][-1]
    if broken > start:
        return f"It climbs instead of falling: {broken:.2f} nats"
    if broken > end + 0.02:
        return f"It still learns, only worse: {broken:.2f} nats instead of {end:.2f}"
    return f"The curve looks just as good, {broken:.2f} nats: only the check knows"


def verdicts() -> list[tuple[Bug, breaking.Verdict]]:
    """Every bug and what the check says of it, the subtlest first."""
    pairs = [(bug, cache.call(breaking.verdict, bug.name)) for bug in BUGS]
    return sorted(pairs, key=lambda pair: pair[1].error)


def catalogue(_: str) -> None:
    found = verdicts()
    subtle = ", ".join(f"*{bug.name}*" for bug, seen in found if seen.error < 0.03)
    matters = (
        f"The tolerance matters. The subtlest here, {subtle}, errs by less than 0.03; with the threshold of 0.01 "
        "that some tutorials use, it can pass. "
    )
    st.markdown(f"{matters if subtle else ''}The line is drawn at 0.001.")
    marks.draw_table(
        ["Bug", "Cell", "Relative error", "Caught"],
        [[bug.name, CELLS[bug.cell], f"{v.error:.2g}", "yes" if v.caught else "NO"] for bug, v in found],
    )


caught = sum(seen.caught for _, seen in verdicts())
lesson.show("learn_bugs", lab, catalogue, caught=str(caught), bugs=str(len(BUGS)))
