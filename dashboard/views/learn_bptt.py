"""Learn 5: how does an error travel back through time?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import bound, lesson, marks, page_layout
from dashboard.components.bound import pick, slider, toggle
from dashboard.components.figure_card import card
from dashboard.lessons import time
from dashboard.lessons.study import CELLS, END, Setting, line_of, visible
from pipeline.cells.activations import softmax, softmax_jacobian
from pipeline.translation import number, share

DECADES = 6


@page_layout.fragment
def jacobian(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        meaning = "A logit: what the softmax turns into a probability."
        z = bound.logits((1.0, 0.0, -1.0), 4.0, key="j", help=meaning)
        target = pick("The right class", {k: str(k) for k in (1, 2, 3)}, key="target")
        wrong = toggle("The article's sign", key="article_sign")
    y_hat, names = softmax(z), ["1", "2", "3"]
    matrix = time.article_jacobian(y_hat) if wrong else softmax_jacobian(y_hat)
    sums = matrix.sum(axis=0)
    with right:
        title = (
            f"With the article's sign the columns sum to {sums.max():.3f}, not 0"
            if wrong
            else "Diagonal up, the rest down: every column sums to 0"
        )
        figure = learn_heat.heat_map(
            matrix, columns=[f"∂z{i}" for i in names], rows=[f"∂ŷ{i}" for i in names], diverging=True, limit=0.25,
            numbers="+.3f", height=250, hover="%{y}/%{x} = %{z:+.4f}",
        )  # fmt: skip
        note = f"Largest column sum: {np.abs(sums).max():.1e}. Blue is below 0, vermilion above."
        card(title, figure, key="jacobian", note=note)
    gradient = time.logit_gradient(matrix, y_hat, target - 1)
    rising = [str(i) for i in (1, 2, 3) if i != target and gradient[i - 1] < 0]
    title = (
        f"Descent would raise the wrong classes {' and '.join(rising)} too: the gradient is wrong"
        if rising
        else "∂E/∂z = ŷ − y: the right class rises, the wrong ones fall"
    )
    figure = learn_curves.signed_bars([f"z{i}" for i in names], gradient, y="∂E/∂z", height=230)
    card(title, figure, key="logit-gradient", note="Descent moves against the bar: up where it is below 0.")


@page_layout.fragment
def factors(text: str) -> None:
    line, setting = line_of(text), Setting("rnn", 8, trained=20)
    t = lesson.step_slider("Step t", text, 5, key="factor_step", help="Which character of the line has just been read.")
    found = cache.call(time.factors, text, setting, t - 1)
    target = int(line.ids[t])
    y_hat, came = found.error + line.y[:, 0, t - 1], visible((*text[1:], END)[t - 1])
    marks.draw_table(
        ["Factor", "Formula", "At this step"],
        [
            ["1", "∂E/∂ŷ = −y/ŷ", f"−1/{y_hat[target]:.4f} = {found.first[target]:.3f} for {came}, 0 for the others"],
            ["2", "∂ŷ/∂z = diag(ŷ) − ŷŷᵀ", f"{found.jacobian.shape[0]} × {found.jacobian.shape[1]}; its row of {came}: {found.jacobian[target, target]:+.4f} on the diagonal"],
            ["1 × 2", "ŷ − y", f"{found.error[target]:+.4f} for {came}, sum of all {found.error.sum():+.0e}"],
            ["3", "∂z/∂V: the state a", "[" + " ".join(f"{v:+.2f}" for v in found.state) + "]"],
            ["product", "(ŷ − y)aᵀ", f"{found.product.shape[0]} × {found.product.shape[1]}, norm {np.linalg.norm(found.product):.3f}"],
        ],
    )  # fmt: skip
    figure = learn_heat.heat_map(
        cache.call(time.output_gradient, text, setting, t), rows=[visible(s) for s in line.alphabet],
        columns=[f"a{i}" for i in range(1, 9)], diverging=True, height=120 + 17 * len(line.alphabet),
        x="unit", y="symbol", hover="%{y}, %{x}: %{z:+.3f}",
    )  # fmt: skip
    title = f"∂J/∂V after adding {t} of {len(text)} outer products"
    card(title, figure, key="dv", note="Move the step: each adds its own.")


@page_layout.fragment
def truncation(text: str) -> None:
    T = len(text)
    left, right = st.columns(2, gap="large")
    with left:
        cell = pick("Cell", CELLS, key="triangle_cell")
    with right:
        turned = "Multiplies the weights that meet the state. Below 1 errors die out, above they may grow."
        scale = slider("Scale of the state weights", 0.2, 3.0, 1.0, 0.1, key="triangle_scale", help=turned)
    cut = "An error goes back τ steps and no further; 0 holds the past for constant."
    tau = slider("Truncate after τ steps back", 0, T - 1, min(4, T - 1), key="tau", help=cut)
    found = cache.call(time.contribution_norms, text, Setting(cell, 32, scale=scale))
    left, right = lesson.two_columns(3, 2)
    with left:
        triangle(found, line_of(text).steps, cell, tau)
    with right:
        curves = {"lost": (np.arange(T), 100 * found.lost)}
        figure = learn_curves.line_chart(curves, x="τ", y="gradient lost, %", hover="%{y:.1f}%", height=460)
        learn_curves.add_rule(figure, x=tau, dotted=True)
        card(f"τ = {tau} loses {share(found.lost[tau])} of the gradient", figure, key="lost")


def triangle(found: time.Contributions, steps: list[str], cell: str, tau: int) -> None:
    """What each error teaches at each step before it, the truncated part under a veil."""
    T = len(steps)
    strongest = float(np.nanmax(found.norms)) or 1.0
    depth = np.maximum(np.log10(np.maximum(found.norms / strongest, 1e-30)), -DECADES) + DECADES
    figure = learn_heat.heat_map(
        depth, columns=steps, rows=steps, x="step k that is taught", y="error at step t", height=460,
        hover="the error at %{y} teaches through %{x}: 10^(%{z:.1f} − 6) of the strongest",
    )  # fmt: skip
    learn_heat.veil_cells(figure, ~np.triu(np.ones((T, T), bool), -tau))
    card(
        f"‖C(t, k)‖ of {time.WEIGHTS[cell]}: {tau + 1} of {T} diagonals kept",
        learn_heat.label_letters(figure, steps, steps),
        key="triangle",
        note="Light is strong, on a log scale of six decades; what truncation cuts is under a veil. Each row is one error on its way back; the sum of all is the gradient.",
    )


@page_layout.fragment
def columns(text: str) -> None:
    alphabet = line_of(text).alphabet
    gradient = np.abs(cache.call(time.input_gradient, text, Setting("rnn", 16)))
    unused = [c for c in "kwxyzqjvbh" if c not in alphabet][:3]
    figure = learn_heat.heat_map(
        gradient, columns=[visible(s) for s in alphabet] + [f"({c})" for c in unused],
        rows=[f"a{i}" for i in range(1, 17)], height=340, hover="∂J/∂Wax at %{x}, %{y}: %{z:.4f}",
    )  # fmt: skip
    card(
        f"{int((gradient.max(axis=0) == 0).sum())} columns are exactly 0: their symbols are never read",
        figure,
        key="columns",
        note=f"Three letters that the line lacks, in brackets, and {END}, which is guessed but never read.",
    )


def check(text: str) -> None:
    if st.button("Check every gradient on this line", icon=":material/fact_check:", key="check", type="primary"):
        st.session_state["checked"] = text
    setting = Setting("rnn", 6, trained=10)
    if st.session_state.get("checked") == text:
        checks = cache.call(time.check_gradients, text, setting)
        checks += cache.call(time.check_gradients, text[:16], Setting("lstm", 3, trained=10))
        marks.draw_table(
            ["Gradient", "Numbers", "Complex step (≤ 1e-12)", "Central differences (≤ 1e-8)"],
            [[f"d{c.name}", number(c.entries), f"{c.complex_step:.1e}", f"{c.central:.1e}"] for c in checks],
        )
    hs, central, stepped = cache.call(time.error_curve, text, setting)
    curves = {"central": (hs, central), "complex step": (hs, stepped)}
    figure = learn_curves.line_chart(curves, x="h", y="relative error", log=True, hover="%{y:.1e}", markers=True)
    card(
        f"Central differences err least near h = {hs[int(np.argmin(central))]:.0e}; the complex step does not care",
        learn_curves.set_log_x(figure, -0.8, -14.2),
        key="h-curve",
        note="Too large an h and the curve shows; too small and the rounding does.",
    )


lesson.show("learn_bptt", factors, jacobian, truncation, columns, check)
