"""Learn 3: what does one cell compute?"""

from html import escape

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import lesson, page_layout
from dashboard.components.figure_card import card, heading
from dashboard.lessons import steps
from dashboard.lessons.study import CELLS, END, Setting, line_of, read, top, visible
from dashboard.locale.formats import number
from pipeline.cells.initial import parameter_count
from pipeline.cells.loss import bits, perplexity

TRAINED = (0, 20, 50, 100)


@page_layout.fragment
def dimensions() -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        cell = st.segmented_control(
            "Cell",
            list(CELLS),
            default="rnn",
            required=True,
            format_func=CELLS.get,
            key="size_cell",
            bind="query-params",
        )
        n_x = st.slider(
            "Symbols, n_x = n_y",
            2,
            10_000,
            113,
            key="n_x",
            bind="query-params",
            help="How many different characters or words.",
        )
        n_a = st.slider(
            "Units, n_a", 2, 512, 32, key="n_a", bind="query-params", help="How many numbers the state holds."
        )
        m = st.slider(
            "Examples, m", 1, 256, 32, key="m", bind="query-params", help="How many lines are read side by side."
        )
        T = st.slider(
            "Steps, T", 1, 200, 40, key="T", bind="query-params", help="How many characters or words a line has."
        )
    with right:
        lesson.plain_table(
            ["Tensor", "Shape", "Here", "Numbers"], steps.dimension_table(cell, n_x, n_a, n_x, m, T), label="Dimensions"
        )
        total = parameter_count(cell, n_x, n_a, n_x)
        st.markdown(
            f"**{number(total)} parameters** to learn, biases included. Steps and examples add none: "
            "the same matrices serve at every step."
        )


@page_layout.fragment
def step_through(text: str) -> None:
    line = line_of(text)
    left, right = st.columns([2, 3], gap="large")
    with left:
        n_a = st.slider(
            "Units, n_a",
            2,
            8,
            3,
            key="step_units",
            bind="query-params",
            help="How many numbers the state holds: few, so that they can be read.",
        )
        t = lesson.step("Step t", text, 1, key="step", help="Which character of the line is being read.")
        with st.container(horizontal=True):
            st.button("Back", on_click=_move, args=(-1, len(text)), icon=":material/arrow_back:", disabled=t == 1)
            st.button(
                "Next step",
                on_click=_move,
                args=(1, len(text)),
                icon=":material/play_arrow:",
                type="primary",
                disabled=t == len(text),
            )
        st.html(lesson.tinted(list(text), [0.0] * len(text), picked=t - 1))
        lesson.drawing(steps.unrolled(text, t))
    with right:
        seen = cache.call(steps.one_step, text, Setting("rnn", n_a, trained=50), t - 1)
        st.html(f'<pre class="numbers" tabindex="0">{escape(seen.text)}</pre>')
        best = int(np.argmax(seen.y_hat))
        st.markdown(
            f"It reads **{page_layout.escape_markdown(visible(text[t - 1]))}** and bets on **{page_layout.escape_markdown(visible(line.alphabet[best]))}** "
            f"({seen.y_hat[best]:.0%}); what comes is **{page_layout.escape_markdown(visible(seen.target))}** ({seen.y_hat[seen.target_id]:.0%})."
        )
    states = cache.call(read, text, Setting("rnn", n_a, trained=50)).a
    figure = learn_heat.heat(
        np.where(np.arange(len(text)) < t, states, np.nan),
        columns=line.steps,
        rows=[f"a{i}" for i in range(1, n_a + 1)],
        diverging=True,
        limit=1,
        hover="after %{x}, unit %{y}: %{z:.3f}",
        height=90 + 26 * n_a,
    )
    card(
        f"After {t} of {len(text)} steps the state holds {n_a} numbers: all that is left of the past",
        learn_heat.letters(figure, line.steps),
        key="states",
        note="Each column is one more turn of the same cell. Blue is −1, vermilion +1.",
    )


def _move(by: int, longest: int) -> None:
    st.session_state["step"] = min(max(1, st.session_state["step"] + by), longest)


@page_layout.fragment
def surprises(text: str) -> None:
    line = line_of(text)
    trained = st.segmented_control(
        "Trained on this line for",
        TRAINED,
        default=0,
        required=True,
        format_func=lambda n: f"{n} steps" if n else "not at all",
        key="trained",
        bind="query-params",
    )
    seen = cache.call(read, text, Setting("rnn", 32, trained=trained))
    guesses = top(seen.y_hat, line.alphabet)
    targets = [*text[1:], END]
    heading(
        f"{seen.surprise.mean():.2f} nats a character; knowing nothing costs ln {len(line.alphabet)} = "
        f"{np.log(len(line.alphabet)):.2f}",
        "Each character on a ground as strong as the surprise it caused; below it the five best guesses made before it came.",
    )
    st.html(steps.guess_list(targets, seen.surprise, guesses))
    total = np.cumsum(seen.surprise)
    figure = learn_curves.lines(
        {
            "this network": (np.arange(1, len(text) + 1), total),
            "knowing nothing": (np.arange(1, len(text) + 1), np.arange(1, len(text) + 1) * np.log(len(line.alphabet))),
        },
        x="step",
        y="E₁ + … + E_t, nats",
        dashed=("knowing nothing",),
        hover="%{y:.2f} nats",
    )
    mean = float(seen.surprise.mean())
    card(
        f"P(line) = e^−{total[-1]:.1f} ≈ 10^−{total[-1] / np.log(10):.1f}",
        figure,
        key="total",
        note=f"Perplexity {perplexity(mean):.2f}, {bits(mean):.2f} bits a character. "
        f"Keras reports the mean over steps, {mean:.3f}: the sum divided by T = {len(text)}.",
    )


text = lesson.line()
lesson.opening(
    3,
    "What does one cell compute?",
    "A recurrent cell is a small machine with a memory. At each step it takes one character and its own last state, "
    "multiplies both by matrices that never change along the line, bends the sum with tanh, and keeps the result. "
    "From that state it bets on the next character.",
)
lesson.formula(
    r"a^{\langle t\rangle}=\tanh\big(W_{aa}\,a^{\langle t-1\rangle}+W_{ax}\,x^{\langle t\rangle}+b_a\big),\qquad "
    r"\hat y^{\langle t\rangle}=\operatorname{softmax}\big(W_{ya}\,a^{\langle t\rangle}+b_y\big)",
    key="cell",
)
lesson.part(
    "E2",
    "Step through your line",
    "The article writes $s_t=\\tanh(Ux_t+Ws_{t-1})$ without biases; here $U=W_{ax}$, $W=W_{aa}$, $V=W_{ya}$. "
    "A one-hot $x$ makes $W_{ax}x$ a *column* of $W_{ax}$: reading is looking up.",
)
step_through(text)
lesson.part(
    "E3 E4",
    "How surprised was it?",
    "The loss of one step is the surprise, $E_t=-\\log\\hat y_t[\\text{what came}]$; the loss of the line is their sum, "
    "which is $-\\log P(\\text{line})$.",
)
surprises(text)
lesson.part("E1", "How many numbers is that?")
dimensions()
lesson.ask(
    "Why is the first character guessed so badly even after training?",
    "Nothing can be known of the second character but from the first: $a^{\\langle 0\\rangle}=0$. The network only sees "
    "the first letter, so if that letter occurs twice in the line it must share its bet between what follows each.",
)
lesson.ask(
    "Without biases WildML counts 1,610,000 parameters for 8,000 words and 100 units. And with them?",
    f"$2\\cdot 100\\cdot 8000+100^2=1{{,}}610{{,}}000$; the biases add $100+8000$: "
    f"**{number(parameter_count('rnn', 8000, 100, 8000))}**.",
)
lesson.closing(3)
