"""Learn 6: how far does an error reach?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import cell_scenes, through_time
from dashboard.lessons.cell_scenes import CellTrainingSetting
from dashboard.lessons.study import CELL_LABELS, NetworkSetting, network_arrays
from dashboard.lessons.through_time import remaining_share_text
from dashboard.locale.phrasing import format_number
from pipeline.cells.bptt import jacobian_norm_bound
from pipeline.core.translation import format_decimal, t


@page_layout.fragment
def draw_rnn_reach(text: str) -> None:
    """Draw how much of an error is left after so many steps back through an RNN, and the most that can be."""
    place, lags = st.container(), np.arange(len(text) + 1)
    turned = t("Multiplies all recurrent weights. At 1 they are a rotation, which neither shrinks nor stretches.")
    scale = slider(t("Scale of the state weights"), 0.2, 4.0, 1.0, 0.1, key="scale", help=turned)
    setting = NetworkSetting("rnn", 32, scale)
    norms = cache.call(through_time.state_jacobian_norms, text, setting).norms
    last = float(norms[-1])
    measured, bound = t("measured"), t("at most")
    figure = learn_curves.line_chart(
        {measured: (lags, norms), bound: (lags, jacobian_norm_bound(network_arrays(text, setting)["Waa"], len(text)))}, x=t("steps back"), y=t("share of the error left"),
        log=True, dashed=(bound,), inks=("blue", "grey"), hover="%{y:.1e}", height=300,
    )  # fmt: skip
    title = (
        t("{steps} steps back, {share} of the error is left", steps=len(text), share=remaining_share_text(last))
        if last < 1
        else t("{steps} steps back, the error has grown: {factor}", steps=len(text), factor=remaining_share_text(last))
    )
    note = t(
        "An untrained RNN of 32 units reads your line. “At most”: multiplied by {scale} at each step, as if the slope of tanh were 1.",
        scale=format_decimal(scale, 1),
    )
    with place:
        card(title, figure, key="reach", note=note)


@page_layout.fragment
def draw_gated_reach(text: str) -> None:
    """Draw how much of an error is left after so many steps back along the state of each cell."""
    place, lags = st.container(), np.arange(len(text) + 1)
    moved = t("Of Γf in the LSTM and of Γz in the GRU. Keras starts the first at 1, the second at 0.")
    bias = slider(t("Bias of the gate"), -2.0, 5.0, 3.0, 0.5, key="forget_bias", help=moved)
    biases = {"rnn": 1.0, "lstm": bias, "gru": 1.0 + bias}  # 1 moves nothing: Γf starts at 1, Γz at 0
    reached = {
        cell: cache.call(through_time.state_jacobian_norms, text, NetworkSetting(cell, 32, forget_bias=biases[cell]))
        for cell in CELL_LABELS
    }
    ways = {"rnn": t("RNN through Waa"), "lstm": t("LSTM along c"), "gru": t("GRU along a")}
    left = {ways[cell]: each.norms if each.gate_path is None else each.gate_path for cell, each in reached.items()}
    figure = learn_curves.line_chart(
        {name: (lags, norms) for name, norms in left.items()}, x=t("steps back"), y=t("share of the error left"),
        log=True, hover="%{y:.1e}", height=300,
    )  # fmt: skip
    kept = ", ".join(f"{name} {remaining_share_text(float(norms[-1]))}" for name, norms in left.items())
    note = t(
        "Untrained, 32 units each. Along c and a: through the gate alone, in the unit that keeps most; on average Γf is "
        "{forget}, Γz {update}.",
        forget=format_decimal(reached["lstm"].mean_gate, 2), update=format_decimal(reached["gru"].mean_gate, 2),
    )  # fmt: skip
    with place:
        card(
            t("{steps} steps back: {kept}", steps=len(text), kept=kept),
            figure,
            key="gates",
            note=note,
        )


@page_layout.fragment
def draw_letter_influence(text: str) -> None:
    """Draw how strongly each letter read moves the loss of one prediction, for each cell."""
    followed = t("The step of the line whose loss is traced back.")
    step = lesson.step_slider(t("Prediction at step"), text, key="hang_t", help=followed, first=2)
    after = len(text) - step
    for cell, name in CELL_LABELS.items():
        norms = cache.call(through_time.input_gradient, text, NetworkSetting(cell, 32, trained=100), step - 1)
        shares = norms / max(float(norms.max()), 1e-300)
        back = float((np.arange(len(norms))[::-1] * norms).sum() / max(float(norms.sum()), 1e-300))
        hints = [format_number(v, ".1e") for v in norms] + [""] * after
        title = t("{cell}: {steps} steps back on average", cell=name, steps=format_decimal(back, 1))
        st.html(
            f"<h3>{title}</h3>" + marks.tinted_text(list(text), [*shares, *[0.0] * after], picked=step - 1, hints=hints)
        )


@page_layout.fragment
def draw_two_cells(text: str) -> None:
    """Draw two small networks trained on the line, chosen in two columns, in a scene that steps through both at once."""
    sides, place = [], st.container()
    for column, clipped, name in zip(lesson.two_columns(1, 1), (True, False), ("left", "right"), strict=True):
        with column:
            cell = pick(t("Model"), CELL_LABELS, key=f"{name}_cell")
            clips = toggle(t("Gradient clipped"), clipped, key=f"{name}_clip")
        label = f"{CELL_LABELS[cell]}, {t('clipped') if clips else t('not clipped')}"
        sides.append((label, CellTrainingSetting(cell, clips)))
    with place:
        player.play_scene(cache.call(cell_scenes.compared_trainings_scene, text, sides), key="two-runs", at=len(text))
    st.caption(t("24 units, 40 steps of descent with momentum on your line only, one random seed."))


lesson.draw_lesson("learn_vanishing", draw_rnn_reach, draw_gated_reach, draw_letter_influence, draw_two_cells)
