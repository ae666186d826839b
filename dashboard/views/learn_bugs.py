"""Learn 11: would you notice if backpropagation were wrong?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks
from dashboard.lessons import descent
from dashboard.lessons.study import CELLS
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.cells.bugs import BUGS, Bug
from pipeline.core.translation import number, t

NONE = "none"


def choices() -> dict[str, str]:
    """What can be broken, as it is shown."""
    return {NONE: t("Nothing: as it is")} | {bug.name: f"{t(bug.name)} · {CELLS[bug.cell]}" for bug in BUGS}


@page_layout.fragment
def lab(text: str) -> None:
    left, right = lesson.two_columns()
    with left:
        name = pick(t("Break it"), choices(), key="bug", look="radio")
    bug = descent.bug_named(name)
    cell = bug.cell if bug else "rnn"
    with right:
        verdict_of(bug, cache.call(descent.verdict, name))
        right_curve = cache.call(descent.training_curve, text, NONE, cell)
        curves = {t("correct"): right_curve}
        if bug:
            broken = np.nan_to_num(cache.call(descent.training_curve, text, name, cell), nan=30)
            curves[t("broken")] = broken.clip(max=3 * right_curve[0])
        at = np.arange(descent.STEPS)
        card(
            finding(*curves.values()),
            learn_curves.line_chart(
                {k: (at, ys) for k, ys in curves.items()}, x=t("step"), y=t("nats a character"), hover="%{y:.3f}"
            ),
            key="broken",
            note=t("{cell} of 16 units, plain descent on your line, two copies of it as a batch.", cell=CELLS[cell]),
        )


def verdict_of(bug: Bug | None, seen: descent.Verdict) -> None:
    """What the gradient check says, and the line that was changed."""
    if bug is None:
        sentence = t("<b>The check is green.</b> Relative error {error}.", error=format_number(seen.error, ".1g"))
        st.html(f'<div class="empty" role="status"><p>{sentence}</p></div>')
        st.markdown(t("Choose a mistake. Each is one line of this very program, changed."))
        return
    error = format_number(seen.error, ".2g")
    if seen.caught:
        limit = format_number(descent.SEEN, "g")
        sentence = t("<b>The check is red.</b> Relative error {error}, above {limit}.", error=error, limit=limit)
        st.html(f'<div class="problem" role="status"><p>{sentence}</p></div>')
    else:
        sentence = t("Not caught: error {error}.", error=error)
        st.html(f'<div class="empty"><p>{sentence}</p></div>')
    st.markdown(f"*{t(bug.belief)}*")
    st.code(f"# {bug.module.__name__.rpartition('.')[2]}.py\n- {bug.right}\n+ {bug.wrong}", language="diff")


def finding(right: Array, broken: Array | None = None) -> str:
    """What the two curves show, in a sentence."""
    end = number(right[-1], 2)
    if broken is None:
        return t("It learns: {start} nats fall to {end}", start=number(right[0], 2), end=end)
    nats = number(broken[-1], 2)
    if broken[-1] > right[0]:
        return t("It climbs instead of falling: {nats} nats", nats=nats)
    if broken[-1] > right[-1] + 0.02:
        return t("It still learns, only worse: {nats} nats instead of {end}", nats=nats, end=end)
    return t("The curve looks just as good, {nats} nats: only the check knows", nats=nats)


def verdicts() -> list[tuple[Bug, descent.Verdict]]:
    """Every bug and what the check says of it, the subtlest first."""
    pairs = [(bug, cache.call(descent.verdict, bug.name)) for bug in BUGS]
    return sorted(pairs, key=lambda pair: pair[1].error)


def catalogue(_: str) -> None:
    pairs = verdicts()
    subtle = ", ".join(f"*{t(bug.name)}*" for bug, seen in pairs if seen.error < 0.03)
    if subtle:
        st.markdown(
            t(
                "The tolerance matters. The subtlest here, {subtle}, errs by less than 0.03; with the threshold of "
                "0.01 that some tutorials use, it can pass.",
                subtle=subtle,
            )
        )
    st.markdown(t("The line is drawn at 0.001."))
    marks.draw_table(
        [t("Bug"), t("Cell"), t("Relative error"), t("Caught")],
        [
            [t(bug.name), CELLS[bug.cell], format_number(v.error, ".2g"), t("yes") if v.caught else t("NO")]
            for bug, v in pairs
        ],
    )


caught = sum(seen.caught for _, seen in verdicts())
lesson.show("learn_bugs", lab, catalogue, caught=str(caught), bugs=str(len(BUGS)))
