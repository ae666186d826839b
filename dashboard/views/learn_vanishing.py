"""Learn 6: how far does an error reach?"""

from math import floor, log10

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import cell_scenes, descent, through_time
from dashboard.lessons.cell_scenes import CellTrainingSetting
from dashboard.lessons.study import CELL_LABELS, NetworkSetting
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.cells.bptt import LagNorms
from pipeline.core.translation import format_decimal, format_percentage, mark, t, translate_labels

TRAINED_STEP_LABELS = {
    0: mark("random"),
    30: mark("trained 30 steps on the line"),
    100: mark("trained 100 steps on the line"),
}
FORGET_BIAS_LABELS = {1: mark("starts at 1"), 0: mark("starts at 0")}


@page_layout.fragment
def draw_error_reach(text: str) -> None:
    """Draw for each cell how much of an error is left, by the number of steps back."""
    place, T = st.container(), 3
    columns = st.columns(3, gap="large")
    with columns[0]:
        turned = t("Multiplies all recurrent weights after training. At 1, random weights are a rotation.")
        scale = slider(t("Scale of the state weights"), 0.2, 4.0, 1.0, 0.1, key="scale", help=turned)
    with columns[1]:
        moved = t("The bias of Γf in the LSTM and of Γz in the GRU. Keras starts the first at 1, the second at 0.")
        bias = slider(t("Bias of the gate"), -2.0, 5.0, 1.0, 0.5, key="forget_bias", help=moved)
    if len(text) > T:
        with columns[2]:
            T = slider(t("Steps, T"), T, len(text), len(text), key="reach_T", help=t("How many characters of the line are read."))  # fmt: skip
    trained = pick(t("Weights"), translate_labels(TRAINED_STEP_LABELS), key="reach_trained")
    biases = {"rnn": 1.0, "lstm": bias, "gru": 1.0 + bias}
    settings = {cell: NetworkSetting(cell, 32, scale, biases[cell], trained) for cell in CELL_LABELS}
    reaches = {cell: cache.call(through_time.state_jacobian_norms, text, each, T) for cell, each in settings.items()}
    with place:
        draw_norms_by_lag(reaches, through_time.rnn_norm_bound(text, settings["rnn"], T))
    forget = float(np.asarray(reaches["lstm"].forget_path)[-1])
    about = [
        t(
            "One random seed, 32 units each. On this line Γf keeps {forget} of the cell at each step, on average, and Γz "
            "{update} of the state.",
            forget=format_decimal(reaches["lstm"].mean_gate, 2), update=format_decimal(reaches["gru"].mean_gate, 2),
        ),
        t(
            "Through Γf alone {share} is left after {steps} steps, in the unit that keeps most: {each} a step.",
            share=remaining_share_text(forget), steps=T, each=format_decimal(forget ** (1 / T), 2),
        ),
        t("The LSTM's curve can lie higher, as an error also comes back through its gates."),
    ]  # fmt: skip
    if trained:
        about.append(t("A trained gate keeps what lowers the loss; on one short line that may be little."))
    elif scale == 1 and reaches["rnn"].norms[-1] > reaches["gru"].norms[-1]:
        about.append(
            t(
                "Untrained gates wear the state down by about as much at every letter, whereas the RNN starts as a "
                "rotation, which neither shrinks nor stretches: before training it reaches further than the GRU."
            )
        )
    page_layout.remark(" ".join(about))


def remaining_share_text(norm: float) -> str:
    """Return the norm as a percentage with one significant digit, or above 1 as a factor."""
    if norm > 1000:
        return t("over ×{n}", n=format_decimal(1000))
    if norm >= 1:
        return f"×{format_number(norm, '.2g' if norm < 100 else '.0f')}"
    if norm < 1e-5:
        return t("under {share}", share=format_percentage(1e-5, 3))
    return format_percentage(norm, max(0, -floor(log10(norm)) - 2))


def draw_norms_by_lag(reaches: dict[str, LagNorms], rnn_bound: Array) -> None:
    """Draw the norms of the Jacobians of all cells by lag, with the LSTM's gates alone and the bound of the RNN."""
    T = len(rnn_bound) - 1
    lags = np.arange(T + 1)
    curves: dict[str, tuple[Array, Array | None]] = {
        CELL_LABELS[cell]: (lags, reached.norms) for cell, reached in reaches.items()
    }
    gates, bound = t("LSTM, Γf alone"), t("RNN, at most")
    curves |= {gates: (lags, reaches["lstm"].forget_path), bound: (lags, rnn_bound)}
    figure = learn_curves.line_chart(
        curves, x=t("steps back"), y=t("share of the error left"), log=True, dashed=(gates, bound),
        inks=("blue", "vermilion", "green", "orange", "grey"), hover="%{y:.1e}", height=430,
    )  # fmt: skip
    card(
        t(
            "What remains of an error after {steps} steps: {kept}",
            steps=T,
            kept=", ".join(
                f"{CELL_LABELS[cell]} {remaining_share_text(reached.norms[-1])}" for cell, reached in reaches.items()
            ),
        ),
        figure,
        key="reach",
        note=t(
            "Exact norm of how the last state (of the LSTM: its cell c) depends on the one so many steps before. “LSTM, Γf "
            "alone”: only what its forget gates let through. “RNN, at most”: {largest}, the largest singular value of its "
            "matrix, at each step.",
            largest=format_decimal(float(rnn_bound[1]), 2),
        ),
    )


@page_layout.fragment
def draw_letter_influence(text: str) -> None:
    """Draw how strongly each letter read moves the loss of one prediction, for each cell."""
    followed = t("The step of the line whose loss is traced back.")
    step = lesson.step_slider(t("Prediction at step"), text, key="hang_t", help=followed, first=2)
    st.caption(t("‖∂E_t/∂x_k‖ for each character read, the strongest set to 1, all trained 100 steps on the line."))
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
def draw_clipped_gradient(text: str) -> None:
    """Draw the entries of the gradient of the line before and after clipping, and how far its direction turns."""
    how = pick(t("Clip"), translate_labels(descent.CLIPPING_NAMES), key="clip")
    left, right = lesson.two_columns()
    with left:
        limits = t("−1 is θ = 0.1: the largest entry, or norm, allowed.")
        limit = slider(t("Limit θ, as a power of ten"), -3.0, 2.0, -1.0, 0.25, key="clip_limit", help=limits)
        clipped = cache.call(descent.clip_gradient, text, NetworkSetting("rnn", 32, scale=1.8), how, 10.0**limit)
        st.markdown(
            t(
                "Norm before **{before}**, after **{after}**.  \nAngle between the two: **{angle}°** (cosine {cosine}).",
                before=format_number(clipped.norm_before, ".3g"),
                after=format_number(clipped.norm_after, ".3g"),
                angle=format_decimal(float(np.degrees(np.arccos(min(1.0, clipped.cosine)))), 1),
                cosine=format_decimal(clipped.cosine, 4),
            )
        )
    with right:
        edges = np.linspace(-1, 1, 42) * np.abs(clipped.before).max()
        middle = (edges[1:] + edges[:-1]) / 2
        figure = learn_curves.line_chart(
            {name: (middle, np.histogram(values, edges)[0] + 0.5) for name, values in ((t("before"), clipped.before), (t("after"), clipped.after))},
            x=t("entry of the gradient"), y=t("how many (log)"), log=True, hover="%{y:.0f}", height=320,
        )  # fmt: skip
        cosine = format_decimal(clipped.cosine, 3)
        title = (
            t("Clipping by value changes the direction: cosine {cosine}", cosine=cosine)
            if clipped.cosine < 0.9999
            else t("The direction is kept: cosine {cosine}", cosine=cosine)
        )
        card(title, figure, key="clip")


@page_layout.fragment
def draw_two_cells(text: str) -> None:
    """Draw two small networks trained on the line, chosen in two columns, in a scene that steps through both at once."""
    sides = []
    for column, clipped, name in zip(lesson.two_columns(1, 1), (True, False), ("left", "right"), strict=True):
        with column:
            sides.append(choose_cell_training(clipped, name))
    named = [(label_cell_training(side), side) for side in sides]
    player.play_scene(cache.call(cell_scenes.compared_trainings_scene, text, named), key="two-runs", at=len(text))
    st.caption(t("24 units, 40 steps of descent with momentum on your line only, one random seed."))


def choose_cell_training(clipped: bool, name: str) -> CellTrainingSetting:
    """Draw the controls of one training and return its setting. `name` is their prefix in the address."""
    cell = pick(t("Model"), CELL_LABELS, key=f"{name}_cell")
    clipped = toggle(t("Gradient clipped"), clipped, key=f"{name}_clip")
    if cell != "lstm":
        return CellTrainingSetting(cell, clipped)
    bias = pick(t("Forget bias"), translate_labels(FORGET_BIAS_LABELS), key=f"{name}_bias")
    return CellTrainingSetting(cell, clipped, float(bias))


def label_cell_training(run: CellTrainingSetting) -> str:
    """Return a label for a training: its cell, and its settings that are unusual."""
    notes = [
        "" if run.clipped else t("not clipped"),
        t("forget bias 0") if run.cell == "lstm" and not run.forget_bias else "",
    ]
    return ", ".join([CELL_LABELS[run.cell], *filter(None, notes)])


lesson.draw_lesson("learn_vanishing", draw_error_reach, draw_letter_influence, draw_clipped_gradient, draw_two_cells)
