"""Learn 2: which functions and letters does a network need?"""

from html import escape

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import lesson, page_layout
from dashboard.components.figure_card import card
from dashboard.lessons import calculator, glossary
from dashboard.lessons.study import CELLS, Setting, last_logits, leaves, line_of, pre_activations, visible
from pipeline.cells.activations import sigmoid, sigmoid_derivative, softmax, tanh_derivative
from pipeline.errors import SeizeError

BIND = "query-params"
OPERATIONS = {
    "np.multiply(A, B)": ("Same shapes, or one of them stretched: entry by entry", "gates.forget * c_prev, in lstm.py: Γf ⊙ c⟨t−1⟩"),
    "np.matmul(A, B)": ("Columns of A = rows of B", "np.matmul(Waa, a_prev) + np.matmul(Wax, xt) + ba, in rnn.py"),
    "np.zeros((2, 3))": ("A shape in brackets", "np.zeros((n_a, m)), in initial.py: nothing has been read yet"),
    "np.concatenate([A, B])": ("Equal everywhere but along the axis (0: below each other)", "np.concatenate([a_prev, xt]), in lstm.py: one input for four gates"),
    "np.clip(A, -1, 1)": ("Any shape, then the lowest and the highest value", "np.clip(g, -limit, limit), in clipping.py"),
}  # fmt: skip


@page_layout.fragment
def curve(name: str, text: str) -> None:
    z = st.slider(
        "Move the point: z",
        -8.0,
        8.0,
        1.0,
        0.1,
        key=f"z_{name}",
        bind=BIND,
        help="What comes in: a sum of products, without a unit.",
    )
    zs = np.linspace(-8, 8, 321)
    if name == "sigmoid":
        value, slope = float(sigmoid(np.float64(z))), float(sigmoid_derivative(sigmoid(np.float64(z))))
        ys, received = sigmoid(zs), cache.call(pre_activations, text, Setting("lstm", 32, trained=30))
        histogram = np.concatenate([received[g] for g in ("Γf", "Γi", "Γo")])
        slopes, label, whose = sigmoid_derivative(ys), "σ(z)", "gate pre-activations of an LSTM"
    else:
        value, slope = float(np.tanh(z)), float(tanh_derivative(np.tanh(z)))
        ys = np.tanh(zs)
        histogram = cache.call(pre_activations, text, Setting("rnn", 32, trained=30))["a"]
        slopes, label, whose = tanh_derivative(ys), "tanh(z)", "state pre-activations of an RNN"
    figure = learn_curves.function(zs, ys, slopes, (z, value, slope), name=label, histogram=histogram)
    flat = float((np.abs(histogram) > 3).mean())
    card(
        f"At z = {z:.1f} the value is {value:.4f} and the slope {slope:.4f}",
        figure,
        key=f"curve-{name}",
        note=f"Grey: {histogram.size:,} {whose} that has read your line after 30 steps of training; {flat:.0%} lie in the flat parts.",
    )
    if name == "tanh":
        st.markdown(f"tanh(z) = 2σ(2z) − 1: {np.tanh(z):.15f} and {2 * sigmoid(np.float64(2 * z)) - 1:.15f}.")


@page_layout.fragment
def bars(text: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        z = lesson.logits((2.0, 1.0, 0.1), 5.0, key="s", help="A logit: any number; only differences count.")
        power = st.slider(
            "Temperature, as a power of ten",
            -2.0,
            2.0,
            0.0,
            0.1,
            key="soft_T",
            bind=BIND,
            help="−2 is T = 0.01, nearly the argmax; 2 is T = 100, nearly all the same.",
        )
        read_before = "How many characters the network has read before it bets."
        t = lesson.step("Step of your line", text, 4, key="soft_step", help=read_before)
    T = 10.0**power
    y_hat = softmax(z / T)
    with right:
        card(
            f"T = {T:.2g}: the shares sum to {y_hat.sum():.12g}",
            learn_curves.shares(["z1", "z2", "z3"], y_hat, marked=int(np.argmax(y_hat)), height=230),
            key="softmax",
            note=f"z + 100 gives the same within {np.abs(softmax(z / T) - softmax(z / T + 100)).max():.0e}; z · 1e4 does not overflow: {softmax(z * 1e4).round(3).tolist()}.",
        )
        alphabet = line_of(text).alphabet
        real = softmax(cache.call(last_logits, text, Setting("rnn", 32, trained=30))[:, t - 1] / T)
        order = np.argsort(-real, kind="stable")
        card(
            f"After “{text[:t][-12:]}” at this temperature: {visible(alphabet[order[0]])} with {real[order[0]]:.1%}",
            learn_curves.shares([visible(alphabet[i]) for i in order], real[order], height=230),
            key="softmax-line",
            note="A network trained 30 steps on your line, its logits divided by T.",
        )


@page_layout.fragment
def notation(text: str) -> None:
    cell = st.segmented_control(
        "Cell", ["rnn", "lstm"], default="rnn", required=True, format_func=CELLS.get, key="bound", bind=BIND
    )
    m = st.slider(
        "Examples in the batch, m",
        1,
        min(8, len(text)),
        1,
        key="bound_m",
        bind=BIND,
        help="Your line is cut into m examples of equal length, read side by side. No weight changes its shape.",
    )
    held, y = glossary.batch(cache.call(leaves, text, Setting(cell, 32, trained=30)), line_of(text).y, m)
    found = glossary.symbols(cell, held, y)
    lesson.plain_table(
        ["Size", "English", "Français", "Here"],
        [[name, english, french, f"{n}"] for name, (english, french, n) in glossary.sizes(cell, held).items()],
    )
    lesson.plain_table(
        ["Symbol", "Article", "English", "Français", "Shape", "Here", "Min … max"],
        [
            [
                s.name,
                s.letter,
                s.english,
                s.french,
                s.shape,
                str(s.value.shape),
                f"{s.value.min():+.2f} … {s.value.max():+.2f}",
            ]
            for s in found
        ],
    )
    name = st.selectbox(
        "Look inside", [s.name for s in found], index=[s.name for s in found].index("a"), key="inside", bind=BIND
    )
    chosen = next(s for s in found if s.name == name)
    flat = chosen.value[:, 0] if chosen.value.ndim == 3 else chosen.value
    figure = learn_heat.heat(
        flat,
        diverging=True,
        hover="row %{y}, column %{x}: %{z:+.3f}",
        height=360,
        x="step" if chosen.value.ndim == 3 else "column",
        y="row",
    )
    one = "The first example of the batch." if chosen.value.ndim == 3 and m > 1 else ""
    card(f"{name}, {chosen.english}: {chosen.shape} = {chosen.value.shape}", figure, key="inside", note=one)


@page_layout.fragment
def playground() -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        A = st.text_area("A", "1 2 3\n4 5 6", key="A", bind=BIND, max_chars=400, height=100)
        B = st.text_area("B", "1 0\n0 1\n2 2", key="B", bind=BIND, max_chars=400, height=120)
        example = st.selectbox("Examples", list(OPERATIONS), index=1, key="operation", bind=BIND)
    with right:
        typed = st.text_input(
            "Or your own expression",
            "",
            key="expression",
            bind=BIND,
            max_chars=calculator.LONGEST,
            placeholder="np.tanh(A @ B) * 2",
        )
        expression = typed.strip() or example
        try:
            names = {"A": calculator.read_matrix(A), "B": calculator.read_matrix(B)}
            st.code(expression, language="python")
            result = calculator.calculate(expression, names)
            with np.printoptions(precision=4, suppress=True, threshold=400):
                st.html(f'<pre class="numbers" tabindex="0">{escape(str(result))}</pre>')
            st.markdown(f"A is {names['A'].shape}, B is {names['B'].shape}, the result is **{result.shape}**.")
        except SeizeError as error:
            page_layout.empty_state(str(error))
        if not typed.strip():
            rule, line = OPERATIONS[example]
            st.markdown(f"**Rule.** {rule}.  \n**Where it works.** `{line}`")


text = lesson.line()
lesson.opening(
    2,
    "Which functions and letters does a network need?",
    "Three functions and a dozen letters are the whole alphabet of recurrent networks. σ makes a gate, between closed and open; tanh makes a state, "
    "between −1 and 1; softmax makes a bet, shares that sum to one.",
)
lesson.part("B1", "The sigmoid: a gate")
lesson.formula(r"\sigma(z)=\frac{1}{1+e^{-z}},\qquad\sigma'(z)=\sigma(z)\,(1-\sigma(z))\le\tfrac14", key="sigmoid")
curve("sigmoid", text)
lesson.part("B2", "tanh: a state")
lesson.formula(r"\tanh'(z)=1-\tanh^2(z)\le1,\qquad\tanh(z)=2\,\sigma(2z)-1", key="tanh")
curve("tanh", text)
lesson.part("B3", "The softmax: a bet")
lesson.formula(
    r"\hat y_j=\frac{e^{z_j/T}}{\sum_k e^{z_k/T}}=\frac{e^{(z_j-\max z)/T}}{\sum_k e^{(z_k-\max z)/T}}", key="softmax"
)
bars(text)
lesson.part(
    "C1",
    "Every letter, bound to its tensor",
    "The article announces $a$, $W_{\\cdot}$ and $n_a$, then writes $s,U,V,W$. Both are here, on a network that has just read your line.",
)
notation(text)
lesson.part(
    "D1",
    "Five NumPy functions are enough",
    "Change the matrices, or type an expression. It is parsed, not run: only numbers, A, B, arithmetic and a short list of functions.",
)
playground()
lesson.ask(
    "Where is the slope of σ largest, and what does that mean for ten gates in a row?",
    "At 0, where it is ¼. Ten in a row multiply to at most $4^{-10}\\approx 10^{-6}$: the first reason why gradients vanish (page 6).",
)
lesson.ask(
    "What does a softmax at T → 0 and T → ∞ become?",
    "The argmax: all on the largest. And the uniform distribution: every symbol the same. Try −2 and 2.",
)
lesson.closing(2)
