"""Learn 2: which functions and letters does a network need?"""

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, pick, slider
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks
from dashboard.lessons import calculator, glossary
from dashboard.lessons.study import (
    CELL_LABELS,
    NetworkSetting,
    encode_line,
    last_logits,
    network_arrays,
    pre_activations,
    visible_symbol,
)
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array, sigmoid, sigmoid_derivative, softmax, tanh_derivative
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text, format_decimal, format_percentage, mark, t

RULES = {
    "np.multiply(A, B)": mark("Same shapes, or one broadcast: entry by entry"),
    "np.matmul(A, B)": mark("Columns of A = rows of B"),
    "np.zeros((2, 3))": mark("A shape in brackets"),
    "np.concatenate([A, B])": mark("Equal except along the axis (0: stacked vertically)"),
    "np.clip(A, -1, 1)": mark("Any shape, then the lowest and highest value"),
}
ArrayFunction = Callable[[Array], Array]
CURVE_Z_VALUES = np.linspace(-8, 8, 321)
GATE_HISTOGRAM_NOTE = mark(
    "Below the curve: {count} gate pre-activations of an LSTM that read your line after 30 steps of training; {flat} "
    "are in the flat parts, where the slope is under 5% of its highest."
)
STATE_HISTOGRAM_NOTE = mark(
    "Below the curve: {count} state pre-activations of an RNN that read your line after 30 steps of training; {flat} "
    "are in the flat parts, where the slope is under 5% of its highest."
)


def draw_curve(
    z: Array, function: ArrayFunction, slope_of: ArrayFunction, received: Array, names: tuple[str, str], note: str
) -> None:
    """Draw a function with its point at `z` `(1,)` over a histogram of its arguments in a trained cell. `names` are its
    name and sign, `note` describes the histogram, and `slope_of` gives the slope from the value."""
    ys, value = function(CURVE_Z_VALUES), function(z)
    point = float(z[0]), float(value[0]), float(slope_of(value)[0])
    flat = float((slope_of(function(received)) < learn_curves.FLAT * slope_of(ys).max()).mean())
    card(
        t(
            "{function} at z = {z}: {value}, slope {slope}",
            function=names[0],
            z=format_decimal(point[0], 1),
            value=format_decimal(point[1], 4),
            slope=format_decimal(point[2], 4),
        ),
        learn_curves.function_curve(CURVE_Z_VALUES, ys, slope_of(ys), point, name=f"{names[1]}(z)", histogram=received),
        key=f"curve-{names[1]}",
    )
    page_layout.remark(t(note, count=format_decimal(received.size), flat=format_percentage(flat, 0)))


@page_layout.fragment
def draw_sigmoid_and_tanh(text: str) -> None:
    """Draw the sigmoid over the arguments of an LSTM's gates on the line, and tanh over those of an RNN's state."""
    left, right = st.columns(2, gap="large")
    unit = t("The input: a sum of products, without a unit.")
    z = np.array([slider(t("Move both points: z"), -8.0, 8.0, 1.0, 0.1, key="z", help=unit)])
    gates = cache.call(pre_activations, text, NetworkSetting("lstm", 32, trained=30))
    received = np.concatenate([gates[g] for g in ("Γf", "Γi", "Γo")])
    with left:
        draw_curve(z, sigmoid, sigmoid_derivative, received, (t("Sigmoid"), "σ"), GATE_HISTOGRAM_NOTE)
    received = cache.call(pre_activations, text, NetworkSetting("rnn", 32, trained=30))["a"]
    with right:
        draw_curve(z, np.tanh, tanh_derivative, received, ("tanh", "tanh"), STATE_HISTOGRAM_NOTE)


@page_layout.fragment
def draw_softmax_bars(text: str) -> None:
    """Draw the softmax of three logits and that of the next letter, at a chosen temperature."""
    left, right = lesson.two_columns()
    with left:
        z = bound.logit_sliders((2.0, 1.0, 0.1), 5.0, key="s", help=t("A logit: any number; only differences count."))
        spread = t("−2 is T = 0.01, almost the argmax; 2 is T = 100, almost uniform.")
        T = 10.0 ** slider(t("Temperature, as a power of ten"), -2.0, 2.0, 0.0, 0.1, key="soft_T", help=spread)
        before = t("How many characters the network has read before it predicts.")
        step = lesson.step_slider(t("Step of your line"), text, 4, key="soft_step", help=before)
    y_hat, alphabet = softmax(z / T), encode_line(text).alphabet
    real = softmax(cache.call(last_logits, text, NetworkSetting("rnn", 32, trained=30))[:, step - 1] / T)
    order = np.argsort(-real, kind="stable")
    with right:
        card(
            t(
                "T = {T}: the probabilities sum to {total}",
                T=format_number(T, ".2g"),
                total=format_number(y_hat.sum(), ".12g"),
            ),
            learn_curves.share_bars(["z1", "z2", "z3"], y_hat, height=230),
            key="softmax",
        )
        card(
            t(
                "After “{text}” at this temperature: {symbol}, {share}",
                text=text[:step][-12:],
                symbol=visible_symbol(alphabet[order[0]]),
                share=format_percentage(real[order[0]]),
            ),
            learn_curves.share_bars([visible_symbol(alphabet[i]) for i in order], real[order], height=230),
            key="softmax-line",
            note=t("A network trained 30 steps on your line, its logits divided by T."),
        )


@page_layout.fragment
def draw_notation(text: str) -> None:
    """Tabulate every symbol with its shape, and draw the array of one of them."""
    cell = pick(t("Cell"), {cell: CELL_LABELS[cell] for cell in ("rnn", "lstm")}, key="bound")
    leaves = cache.call(network_arrays, text, NetworkSetting(cell, 32, trained=30))
    symbols = {symbol.name: symbol for symbol in glossary.symbols(cell, leaves, encode_line(text).targets)}
    marks.draw_table(
        [t("Symbol"), t("Also written"), t("Meaning"), t("Format"), t("Here")],
        [[*s[:4], str(s.value.shape)] for s in symbols.values()],
    )
    symbol = symbols[pick(t("Look inside"), {name: name for name in symbols}, "a", key="inside", look="list")]
    through_time = symbol.value.ndim == 3
    figure = learn_heat.heat_map(
        symbol.value[:, 0] if through_time else symbol.value, diverging=True, hover=t("row %{y}, column %{x}: %{z:+.3f}"),
        height=360, x=t("step") if through_time else t("column"), y=t("row"), colour_key=symbol.name,
    )  # fmt: skip
    title = t("{symbol}, {meaning}: {letters} = {shape}", symbol=symbol.name, meaning=symbol.meaning, letters=symbol.shape, shape=str(symbol.value.shape))  # fmt: skip
    card(title, figure, key="inside")


@page_layout.fragment
def draw_numpy_playground(_: str) -> None:
    """Draw two matrices to type, and the value of an expression of them."""
    left, right = lesson.two_columns()
    with left:
        A = st.text_area("A", "1 2 3\n4 5 6", key="A", bind=BIND, max_chars=400, height=100)
        B = st.text_area("B", "1 0\n0 1\n2 2", key="B", bind=BIND, max_chars=400, height=120)
        example = pick(t("Examples"), {name: name for name in RULES}, "np.matmul(A, B)", key="operation", look="list")
    with right:
        hint = "np.tanh(A @ B) * 2"
        typed = bound.text_box(
            t("Or your own expression"), key="expression", longest=calculator.LONGEST, hint=hint
        ).strip()
        draw_calculation(A, B, typed or example)
        if not typed:
            st.markdown(t("**Rule.** {rule}.", rule=t(RULES[example])))


def draw_calculation(A: str, B: str, expression: str) -> None:
    """Draw the value of an expression of two typed matrices, or why it has none."""
    try:
        names = {"A": calculator.read_matrix(A), "B": calculator.read_matrix(B)}
        st.code(expression, language="python")
        result = calculator.calculate(expression, names)
    except SeizeError as error:
        page_layout.empty_state(error_text(error))
        return
    with np.printoptions(precision=4, suppress=True, threshold=400):
        marks.draw_printed_array(str(result))
    shapes = {"A": str(names["A"].shape), "B": str(names["B"].shape), "result": str(result.shape)}
    st.markdown(t("A is {A}, B is {B}, the result is **{result}**.", **shapes))


lesson.draw_lesson("learn_functions", draw_sigmoid_and_tanh, draw_softmax_bars, draw_notation, draw_numpy_playground)
