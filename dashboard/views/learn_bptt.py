"""Learn 5: how does an error travel back through time?"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import scenes, shapes, through_time
from dashboard.lessons.study import NetworkSetting, encode_line, visible_symbol
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array, softmax, softmax_jacobian
from pipeline.core.translation import format_decimal, format_percentage, t, t_count

LOG_SCALE_DECADES = 6


@page_layout.fragment
def draw_softmax_slope(_: str) -> None:
    """Draw the Jacobian of the softmax of three logits, and the gradient that it gives, with the right sign or a wrong one."""
    left, right = lesson.two_columns()
    with left:
        meaning = t("A logit: what the softmax turns into a probability.")
        z = bound.logit_sliders((1.0, 0.0, -1.0), 4.0, key="j", help=meaning)
        target = pick(t("The right class"), {k: str(k) for k in (1, 2, 3)}, key="target")
        wrong = toggle(t("With a plus sign off the diagonal"), key="article_sign")
    y_hat, names = softmax(z), ["1", "2", "3"]
    matrix = through_time.misprinted_softmax_jacobian(y_hat) if wrong else softmax_jacobian(y_hat)
    sums = matrix.sum(axis=0)
    with right:
        title = (
            t("With the plus sign the columns sum to {total}, not 0", total=format_decimal(sums.max(), 3))
            if wrong
            else t("Diagonal up, the rest down: every column sums to 0")
        )
        figure = learn_heat.heat_map(
            matrix, columns=[f"∂z{i}" for i in names], rows=[f"∂ŷ{i}" for i in names], diverging=True, limit=0.25,
            numbers="+.3f", height=250, hover="%{y}/%{x} = %{z:+.4f}",
        )  # fmt: skip
        card(title, figure, key="jacobian", note=t("Blue is below 0, vermilion above."))
    gradient = through_time.logit_gradient(matrix, y_hat, target - 1)
    rising = [str(i) for i in (1, 2, 3) if i != target and gradient[i - 1] < 0]
    title = (
        t_count(
            "Descent would also raise the wrong class {classes}: the gradient is wrong",
            "Descent would also raise the wrong classes {classes}: the gradient is wrong",
            len(rising),
            classes=t("{one} and {other}", one=rising[0], other=rising[1]) if rising[1:] else rising[0],
        )
        if rising
        else t("∂E/∂z = ŷ − y: the right class rises, the wrong ones fall")
    )
    figure = learn_curves.signed_bars([f"z{i}" for i in names], gradient, y="∂E/∂z", height=230)
    card(title, figure, key="logit-gradient", note=t("Descent goes against the bar: up where it is below 0."))


@page_layout.fragment
def draw_output_gradient(text: str) -> None:
    """Draw the gradient of the output layer summed up to one step, and, folded, its factors at that step."""
    line, setting, place = encode_line(text), NetworkSetting("rnn", 8, trained=20), st.container()
    which = t("Which character of the line was just read.")
    step = lesson.step_slider(t("Step t"), text, 5, key="factor_step", help=which)
    gradient, symbols = (
        cache.call(through_time.output_gradient, text, setting, step),
        [*map(visible_symbol, line.alphabet)],
    )
    figure = learn_heat.heat_map(
        gradient, rows=symbols, columns=[f"a{i}" for i in range(1, 9)], diverging=True, height=90 + 21 * len(symbols),
        x=t("unit of the state"), y=t("letter predicted"), hover="%{y}, %{x}: %{z:+.3f}", colour_key="∂J/∂V",
    )  # fmt: skip
    strongest = np.argsort(-np.linalg.norm(gradient, axis=1), kind="stable")[:3]
    title = t(
        "After step {step} of {last}, V has most to learn about {rows}",
        step=step, last=len(text), rows=", ".join(symbols[row] for row in strongest),
    )  # fmt: skip
    note = t(
        "V leads from the state to the scores of the letters: ∂J/∂V has a row per letter and a column per unit. Descent "
        "raises the weights in blue and lowers those in vermilion."
    )
    with place:
        card(title, learn_heat.label_ticks_with_symbols(figure, rows=symbols), key="dv", note=note)
    with st.expander(t("The factors of this step, multiplied by the chain rule")):
        draw_output_factors(
            cache.call(through_time.step_factors, text, setting, step - 1), int(line.ids[step]), symbols
        )


def draw_output_factors(factors: through_time.StepFactors, target: int, symbols: Sequence[str]) -> None:
    """Tabulate the factors of the gradient of the output layer at a step whose actual next symbol is number `target`."""
    came, shape = symbols[target], " × ".join(map(str, factors.product.shape))
    marks.draw_table(
        [t("Factor"), t("Formula"), t("At this step")],
        [
            ["1", "∂E/∂ŷ = −y/ŷ", t("{value} for {came}, 0 for the others", value=format_decimal(factors.first[target], 3), came=came)],
            ["2", "∂ŷ/∂z = diag(ŷ) − ŷŷᵀ", t("{value} on the diagonal for {came}", value=format_number(factors.jacobian[target, target], "+.4f"), came=came)],
            ["1 × 2", "ŷ − y", t("{value} for {came}; the sum of all is 0", value=format_number(factors.error[target], "+.4f"), came=came)],
            ["3", t("∂z/∂V: the state a"), "[" + " ".join(format_number(v, "+.2f") for v in factors.state) + "]"],
            [t("product"), "(ŷ − y)aᵀ", t("{shape}, norm {norm}", shape=shape, norm=format_decimal(float(np.linalg.norm(factors.product)), 3))],
        ],
    )  # fmt: skip


@page_layout.fragment
def draw_walk_back(text: str) -> None:
    """Draw the error of one prediction as it goes back, step by step."""
    followed = t("The step of the line whose loss is traced back.")
    at = lesson.step_slider(t("Prediction at step"), text, key="walk_step", help=followed, first=2)
    left, right = lesson.two_columns()
    with left:
        marks.draw_svg(shapes.shape_svg(shapes.SHAPES[0]))
    right.caption(t("The same cell at each step: the line is read to the right, an error goes back to the left."))
    player.play_scene(cache.call(scenes.backprop_scene, text, NetworkSetting("rnn", 8, trained=20), at), key="walk")


@page_layout.fragment
def draw_truncation(text: str) -> None:
    """Draw what each error adds to the gradient at each earlier step, and what truncation after τ steps loses."""
    T = len(text)
    cut = t("An error goes back τ steps and no further; 0 treats the past as constant.")
    tau = slider(t("Truncate after τ steps back"), 0, T - 1, min(4, T - 1), key="tau", help=cut)
    effect = cache.call(through_time.measure_truncation, text, NetworkSetting("rnn", 32))
    left, right = lesson.two_columns(3, 2)
    with left:
        draw_gradient_terms(effect.norms, encode_line(text).step_labels, tau)
    with right:
        curves = {t("lost"): (np.arange(T), 100 * effect.lost)}
        figure = learn_curves.line_chart(curves, x="τ", y=t("gradient lost, %"), hover="%{y:.1f}%", height=460)
        learn_curves.add_straight_line(figure, x=tau, dotted=True)
        card(
            t("τ = {tau} loses {part} of the gradient", tau=tau, part=format_percentage(effect.lost[tau])),
            figure,
            key="lost",
        )


def draw_gradient_terms(norms: Array, steps: list[str], tau: int) -> None:
    """Draw the norms `(T, T)` of what each error adds to the gradient at each earlier step, dimmed if truncated."""
    T, strongest = len(steps), float(np.nanmax(norms)) or 1.0
    depth = np.maximum(np.log10(np.maximum(norms / strongest, 1e-30)), -LOG_SCALE_DECADES) + LOG_SCALE_DECADES
    figure = learn_heat.heat_map(
        depth, columns=steps, rows=steps, x=t("step k whose weights learn"), y=t("error at step t"), height=120 + 14 * T,
        hover=t("error at %{y} through %{x}: 10^(%{z:.1f} − 6) of the strongest"),
    )  # fmt: skip
    learn_heat.fade_cells(figure, ~np.triu(np.ones((T, T), bool), -tau))
    card(
        t("What each error adds to ∂J/∂Waa: {kept} of {all} diagonals kept", kept=tau + 1, all=T),
        learn_heat.label_ticks_with_symbols(figure, steps, steps),
        key="triangle",
        note=t(
            "Lighter is stronger (log scale, six decades); what truncation cuts is dimmed. Each row is one error going back; "
            "their sum is the gradient. The first column adds nothing: before the first letter the state is 0."
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


lesson.draw_lesson(
    "learn_bptt", draw_output_gradient, draw_softmax_slope, draw_walk_back, draw_truncation, draw_gradient_check
)
