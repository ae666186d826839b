"""Learn 11: would you notice if backpropagation were wrong?"""

from collections import Counter

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks
from dashboard.lessons import descent
from dashboard.lessons.study import CELL_LABELS
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.cells.bugs import BUGS, LEAST_ERROR_OF_A_BUG, Bug
from pipeline.core.translation import format_decimal, mark, t, t_count

NO_BUG = "none"
OUTCOMES = {"climbs": mark("it rises"), "worse": mark("it falls, but less"), "same": mark("it looks just as good")}


def visitor_guesses() -> dict[str, str]:
    """Return what this visitor predicted for each bug: name -> key of `OUTCOMES`."""
    return st.session_state.setdefault("guesses-of-bugs", {})


@page_layout.fragment
def draw_bug_choice(text: str) -> None:
    """Draw a list of bugs, a question about the chosen bug or its answer, and a table of the bugs answered so far."""
    left, right = lesson.two_columns()
    with left:
        named = descent.bug_named(st.query_params.get("bug", ""))
        if named and named.name != st.session_state.get("bug"):  # a link to a bug opens the list of its cell
            st.session_state["bug_cell"] = named.cell
        cells = {
            cell: t_count("{cell}, {n} bug", "{cell}, {n} bugs", n, cell=CELL_LABELS[cell])
            for cell, n in Counter(bug.cell for bug in BUGS).items()
        }
        cell = pick(t("Cell"), cells, named.cell if named else None, key="bug_cell")
        own = {bug.name: t(bug.name) for bug in BUGS if bug.cell == cell}
        name = pick(t("Introduce a bug"), {NO_BUG: t("No bug"), **own}, next(iter(own)), key="bug", look="radio")
        if (bug := descent.bug_named(name)) and name not in visitor_guesses():
            ask_outcome(bug)
        else:
            draw_verdict(bug, cache.call(descent.check_bug, name))
    with right:
        draw_losses(text, bug, cell)
    draw_answered_bugs()


def ask_outcome(bug: Bug) -> None:
    """Draw the question what the loss will do with this bug, and its three answers."""
    st.markdown(f"*{t(bug.belief)}*")
    heading(
        t("Before you look: what will the loss do?"),
        t("Press one of the three answers: the chart then adds the curve with the bug."),
    )
    with st.container(horizontal=True):
        for outcome, label in OUTCOMES.items():
            st.button(t(label), key=f"guess-{outcome}", on_click=visitor_guesses().update, args=({bug.name: outcome},))


def draw_losses(text: str, bug: Bug | None, cell: str) -> None:
    """Draw the loss of the right gradient, and beside it, once the visitor has predicted it, the loss with the bug."""
    right = cache.call(descent.training_curve, text, NO_BUG, cell)
    curves = {t("without the bug"): right}
    if bug and (guess := visitor_guesses().get(bug.name)):
        broken = np.nan_to_num(cache.call(descent.training_curve, text, bug.name, cell), nan=30).clip(max=3 * right[0])
        curves[t("with the bug")] = broken
        label = t(OUTCOMES[guess])
        st.markdown(
            t("Your prediction: {guess}. Correct.", guess=label)
            if guess == curve_outcome(right, broken)
            else t("Your prediction: {guess}. Not quite.", guess=label)
        )
    at = np.arange(len(right))
    card(
        loss_sentence(*curves.values()),
        learn_curves.line_chart(
            {k: (at, ys) for k, ys in curves.items()}, x=t("step"), y=t("nats per character"), hover="%{y:.3f}"
        ),
        key="broken",
        note=t(
            "{cell} of 16 units, plain gradient descent on your line, two copies of it as a batch. Losses above three "
            "times the first are cut.",
            cell=CELL_LABELS[cell],
        ),
    )


def draw_verdict(bug: Bug | None, error: float) -> None:
    """Draw the verdict of the gradient check, and the line of code that the bug changes."""
    if bug is None:
        sentence = t("<b>The check passes.</b> Relative error {error}.", error=format_number(error, ".1g"))
        st.html(f'<div class="empty" role="status"><p>{sentence}</p></div>')
        st.markdown(t("Choose a bug. Each changes one line of this very program."))
        return
    limit = format_number(LEAST_ERROR_OF_A_BUG, "g")
    sentence = t(
        "<b>The check fails.</b> Relative error {error}, above {limit}.",
        error=format_number(error, ".2g"), limit=limit,
    )  # fmt: skip
    st.html(f'<div class="problem" role="status"><p>{sentence}</p></div>')
    st.markdown(f"*{t(bug.belief)}*")
    st.code(f"# {bug.module.__name__.rpartition('.')[2]}.py\n- {bug.right}\n+ {bug.wrong}", language="diff")


def curve_outcome(right: Array, broken: Array) -> str:
    """Return what a bug does to the losses of each step: a key of `OUTCOMES`."""
    if broken[-1] > right[0]:
        return "climbs"
    return "worse" if broken[-1] > right[-1] + 0.02 else "same"


def loss_sentence(right: Array, broken: Array | None = None) -> str:
    """Return a sentence on the losses of each step, without a bug and with one."""
    end = format_decimal(right[-1], 2)
    if broken is None:
        return t("Without a bug the loss falls from {start} to {end} nats", start=format_decimal(right[0], 2), end=end)
    nats = format_decimal(broken[-1], 2)
    return {
        "climbs": t("The loss rises from {nats} nats instead of falling", nats=format_decimal(right[0], 2)),
        "worse": t("It still learns, but less well: {nats} nats instead of {end}", nats=nats, end=end),
        "same": t("The curve looks just as good, {nats} nats: only the check finds it", nats=nats),
    }[curve_outcome(right, broken)]


def draw_answered_bugs() -> None:
    """Tabulate what the gradient check measures of each bug whose outcome the visitor has predicted."""
    rows = [
        [t(bug.name), CELL_LABELS[bug.cell], format_number(cache.call(descent.check_bug, bug.name), ".2g")]
        for bug in BUGS
        if bug.name in visitor_guesses()
    ]
    if rows:
        marks.draw_table([t("Bug"), t("Cell"), t("Relative error")], rows)


lesson.draw_lesson("learn_bugs", draw_bug_choice)
