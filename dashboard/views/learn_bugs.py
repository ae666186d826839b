"""Learn 11: would you notice if backpropagation were wrong?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components import lesson, page_layout
from dashboard.components.figure_card import card
from dashboard.lessons import breaking
from dashboard.lessons.study import CELLS
from pipeline.cells.bugs import BUGS

BIND, NONE = "query-params", "none"


@page_layout.fragment
def lab(text: str) -> None:
    names = [bug.name for bug in BUGS]
    left, right = st.columns([2, 3], gap="large")
    with left:
        name = st.radio(
            "Break it",
            [NONE, *names],
            format_func=lambda n: "Nothing: as it is" if n == NONE else f"{n} · {CELLS[breaking.bug_named(n).cell]}",
            key="bug",
            bind=BIND,
        )
    bug = breaking.bug_named(name)
    seen = cache.call(breaking.verdict, name)
    cell = bug.cell if bug else "rnn"
    with right:
        if bug:
            st.html(
                f'<div class="problem" role="status"><p><b>The check is red.</b> Relative error {seen.error:.2g}, '
                f"above {breaking.SEEN:g}.</p></div>"
                if seen.caught
                else f'<div class="empty"><p>Not caught: error {seen.error:.2g}.</p></div>'
            )
            st.markdown(f"*{bug.belief}*")
            st.code(f"# {bug.module.__name__.rpartition('.')[2]}.py\n- {bug.right}\n+ {bug.wrong}", language="diff")
        else:
            st.html(
                f'<div class="empty" role="status"><p><b>The check is green.</b> Relative error {seen.error:.1g}.</p></div>'
            )
            st.markdown("Choose a mistake. Each is one line of this very program, changed.")
        right_curve = cache.call(breaking.training, text, NONE, cell)
        curves = {"right": (np.arange(breaking.STEPS), right_curve)}
        if bug:
            curves["broken"] = (
                np.arange(breaking.STEPS),
                np.nan_to_num(cache.call(breaking.training, text, name, cell), nan=30).clip(max=3 * right_curve[0]),
            )
        figure = learn_curves.lines(curves, x="step", y="nats a character", hover="%{y:.3f}")
        card(
            _told(curves),
            figure,
            key="broken",
            note=f"{CELLS[cell]} of 16 units, plain descent on your line, two copies of it as a batch.",
        )


def _told(curves: dict) -> str:
    end = curves["right"][1][-1]
    if "broken" not in curves:
        return f"It learns: {curves['right'][1][0]:.2f} nats fall to {end:.2f}"
    broken = curves["broken"][1][-1]
    if broken > curves["right"][1][0]:
        return f"It climbs instead of falling: {broken:.2f} nats"
    if broken > end + 0.02:
        return f"It still learns, only worse: {broken:.2f} nats instead of {end:.2f}"
    return f"The curve looks just as good, {broken:.2f} nats: only the check knows"


def catalogue() -> None:
    verdicts = [(bug, cache.call(breaking.verdict, bug.name)) for bug in BUGS]
    caught = sum(v.caught for _, v in verdicts)
    loose = [bug.name for bug, v in verdicts if v.error < 0.03]
    lesson.part("G9", f"{caught} of {len(BUGS)} caught")
    st.markdown(
        f"The tolerance matters. The subtlest here, {', '.join(f'*{n}*' for n in loose)}, errs by less than 0.03; with the threshold of 0.01 "
        "that some tutorials use, it can pass. The line is drawn at 0.001."
        if loose
        else "The line is drawn at 0.001."
    )
    lesson.plain_table(
        ["Bug", "Cell", "Relative error", "Caught"],
        [
            [b.name, CELLS[b.cell], f"{v.error:.2g}", "yes" if v.caught else "NO"]
            for b, v in sorted(verdicts, key=lambda p: p[1].error)
        ],
    )


text = lesson.line()
lesson.opening(
    11,
    "Would you notice if backpropagation were wrong?",
    "*Casse la rétropropagation.* A wrong gradient seldom crashes. Shapes agree, the loss falls, and the network is a little "
    "worse than it could be, for ever. Break it yourself in eighteen classic ways and see which the curve shows, and which only the gradient check does.",
)
lesson.formula(
    r"\frac{\partial J}{\partial w}=\frac{\operatorname{Im}\,J(w+ih)}{h}+O(h^2),\qquad h=10^{-30}", key="complex-step"
)
lab(text)
catalogue()
lesson.ask(
    "Why must the check run before clipping, and without dropout?",
    "The numeric derivative knows the loss, not what is done to its gradient afterwards. A clipped gradient is wrong by design; "
    "a widely copied NumPy LSTM clips the *numeric* one too, to make them match, and so checks nothing. With dropout the loss itself changes from call to call.",
)
lesson.closing(11)
