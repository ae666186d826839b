"""Learn 5: how does an error travel back through time?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import pick, slider
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, player
from dashboard.lessons import cell_scenes, through_time
from dashboard.lessons.study import NetworkSetting
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import softmax
from pipeline.core.translation import format_decimal, format_percentage, t


@page_layout.fragment
def draw_walk_back(text: str) -> None:
    """Draw the error of one prediction as it goes back, step by step."""
    place = st.container()
    followed = t("The step of the line whose loss is traced back.")
    at = lesson.step_slider(t("Prediction at step"), text, key="walk_step", help=followed, first=2)
    with place:
        player.play_scene(cache.call(cell_scenes.back_scene, text, at), key="walk")


@page_layout.fragment
def draw_output_error(_: str) -> None:
    """Draw the gradient of the loss over three scores, which are chosen, with the right class."""
    left, right = lesson.two_columns()
    with left:
        meaning = t("A logit: what the softmax turns into a probability.")
        z = bound.logit_sliders((1.0, 0.0, -1.0), 4.0, key="j", help=meaning)
        target = pick(t("The right class"), {k: str(k) for k in (1, 2, 3)}, key="target")
    y_hat, y = softmax(z), np.eye(3)[target - 1]
    numbers = [format_decimal(share, 2) for share in y_hat]
    figure = learn_curves.signed_bars(
        [f"z{k}: {number} − {here:.0f}" for k, (number, here) in enumerate(zip(numbers, y, strict=True), 1)],
        y_hat - y, y="∂E/∂z = ŷ − y", height=340,
    )  # fmt: skip
    with right:
        note = t("Descent moves each score against its bar: up where the bar is below 0.")
        card(t("The right class rises, the others fall"), figure, key="logit-gradient", note=note)


@page_layout.fragment
def draw_truncation(text: str) -> None:
    """Draw what a limit on how far errors go back loses of the gradient."""
    T, place = len(text), st.container()
    cut = t("An error goes back τ steps and no further; 0 treats the past as constant.")
    tau = slider(t("Truncate after τ steps back"), 0, T - 1, min(4, T - 1), key="tau", help=cut)
    lost = cache.call(through_time.measure_truncation, text, NetworkSetting("rnn", 32))
    curves = {t("lost"): (np.arange(T), 100 * lost)}
    figure = learn_curves.line_chart(
        curves, x=t("τ, steps back"), y=t("gradient lost, %"), hover="%{y:.1f}%", height=380
    )
    learn_curves.add_straight_line(figure, x=tau, dotted=True)
    with place:
        card(
            t("τ = {tau} loses {part} of the gradient", tau=tau, part=format_percentage(lost[tau])),
            figure,
            key="lost",
            note=t(
                "Of ∂J/∂Waa of an untrained RNN of 32 units: the norm of what is missing, of the norm of the whole."
            ),
        )


def draw_gradient_check(text: str) -> None:
    """Draw a button that checks every gradient on the line, and the error of two numeric derivatives by step size h."""
    if st.button(t("Check every gradient on this line"), icon=":material/fact_check:", key="check", type="primary"):
        st.session_state["checked"] = text
    setting = NetworkSetting("rnn", 6, trained=10)
    if st.session_state.get("checked") == text:
        checks = cache.call(through_time.check_gradients, text, setting)
        checks += cache.call(through_time.check_gradients, text[:16], NetworkSetting("lstm", 3, trained=10))
        st.markdown(
            t(
                "All {numbers} numbers of {gradients} gradients, of an RNN and an LSTM: the complex step differs by **{exact}** "
                "at most, central differences by **{central}**.",
                numbers=format_decimal(sum(c.entries for c in checks)), gradients=len(checks),
                exact=format_number(max(c.complex_step for c in checks), ".1e"), central=format_number(max(c.central for c in checks), ".1e"),
            )
        )  # fmt: skip
    hs, central, stepped = cache.call(through_time.error_curve, text, setting)
    curves = {t("central"): (hs, central), t("complex step"): (hs, stepped)}
    figure = learn_curves.line_chart(curves, x="h", y=t("relative error"), log=True, hover="%{y:.1e}", markers=True)
    card(
        t("Central differences get worse again when h is too small; the complex step does not"),
        learn_curves.set_log_x(figure, -0.8, -14.2),
        key="h-curve",
        note=t("When h is too large, curvature shows; when it is too small, rounding does."),
    )


lesson.draw_lesson("learn_bptt", draw_walk_back, draw_output_error, draw_truncation, draw_gradient_check)
