"""Learn 3: what does one cell compute?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import lesson, marks, page_layout
from dashboard.components.bound import pick, slider
from dashboard.components.figure_card import card, heading
from dashboard.lessons import steps
from dashboard.lessons.study import CELLS, END, Setting, likeliest_symbols, line_of, read_line, visible
from dashboard.locale.escaping import escape_markdown
from pipeline.cells.initial import parameter_count
from pipeline.cells.loss import bits, perplexity
from pipeline.translation import number

TRAINED = {0: "not at all", 20: "20 steps", 50: "50 steps", 100: "100 steps"}


@page_layout.fragment
def dimensions(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        cell = pick("Cell", CELLS, key="size_cell")
        n_x = slider("Symbols, n_x = n_y", 2, 10_000, 113, key="n_x", help="How many different characters or words.")
        n_a = slider("Units, n_a", 2, 512, 32, key="n_a", help="How many numbers the state holds.")
        m = slider("Examples, m", 1, 256, 32, key="m", help="How many lines are read side by side.")
        T = slider("Steps, T", 1, 200, 40, key="T", help="How many characters or words a line has.")
    with right:
        rows = steps.dimension_table(cell, n_x, n_a, n_x, m, T)
        marks.draw_table(["Tensor", "Shape", "Here", "Numbers"], rows, label="Dimensions")
        st.markdown(
            f"**{number(parameter_count(cell, n_x, n_a, n_x))} parameters** to learn, biases included. Steps and "
            "examples add none: the same matrices serve at every step."
        )


@page_layout.fragment
def step_through(text: str) -> None:
    line = line_of(text)
    left, right = lesson.two_columns()
    with left:
        few = "How many numbers the state holds: few, so that they can be read."
        n_a = slider("Units, n_a", 2, 8, 3, key="step_units", help=few)
        t = lesson.step_slider("Step t", text, 1, key="step", help="Which character of the line is being read.")
        step_buttons(t, len(text))
        marks.draw_line_at(text, t)
        marks.draw_svg(steps.unrolled_drawing(text, t))
    setting = Setting("rnn", n_a, trained=50)
    with right:
        seen = cache.call(steps.explain_step, text, setting, t - 1)
        marks.draw_numbers(seen.text)
        read_, bet, came = (
            escape_markdown(visible(c)) for c in (text[t - 1], line.alphabet[int(np.argmax(seen.y_hat))], seen.target)
        )
        st.markdown(
            f"It reads **{read_}** and bets on **{bet}** ({seen.y_hat.max():.0%}); "
            f"what comes is **{came}** ({seen.y_hat[seen.target_id]:.0%})."
        )
    states = np.where(np.arange(len(text)) < t, cache.call(read_line, text, setting).a, np.nan)
    figure = learn_heat.heat_map(
        states, columns=line.steps, rows=[f"a{i}" for i in range(1, n_a + 1)], diverging=True, limit=1,
        hover="after %{x}, unit %{y}: %{z:.3f}", height=90 + 26 * n_a,
    )  # fmt: skip
    card(
        f"After {t} of {len(text)} steps the state holds {n_a} numbers: all that is left of the past",
        learn_heat.label_letters(figure, line.steps),
        key="states",
        note="Each column is one more turn of the same cell. Blue is −1, vermilion +1.",
    )


def step_buttons(t: int, last: int) -> None:
    """Back and forth by one step."""
    with st.container(horizontal=True):
        st.button("Back", on_click=_move, args=(-1, last), icon=":material/arrow_back:", disabled=t == 1)
        icon = ":material/play_arrow:"
        st.button("Next step", on_click=_move, args=(1, last), icon=icon, type="primary", disabled=t == last)


def _move(by: int, longest: int) -> None:
    st.session_state["step"] = min(max(1, st.session_state["step"] + by), longest)


@page_layout.fragment
def surprisals(text: str) -> None:
    alphabet = line_of(text).alphabet
    seen = cache.call(
        read_line, text, Setting("rnn", 32, trained=pick("Trained on this line for", TRAINED, key="trained"))
    )
    mean, blind = float(seen.surprisal.mean()), float(np.log(len(alphabet)))
    heading(
        f"{mean:.2f} nats a character; knowing nothing costs ln {len(alphabet)} = {blind:.2f}",
        "Each character on a ground as strong as the surprise it caused (its surprisal); below it the five best guesses made before it came.",
    )
    st.html(steps.guess_list([*text[1:], END], seen.surprisal, likeliest_symbols(seen.y_hat, alphabet)))
    total, at = np.cumsum(seen.surprisal), np.arange(1, len(text) + 1)
    figure = learn_curves.line_chart(
        {"this network": (at, total), "knowing nothing": (at, at * blind)}, x="step", y="E₁ + … + E_t, nats",
        dashed=("knowing nothing",), hover="%{y:.2f} nats",
    )  # fmt: skip
    card(
        f"P(line) = e^−{total[-1]:.1f} ≈ 10^−{total[-1] / np.log(10):.1f}",
        figure,
        key="total",
        note=f"Perplexity {perplexity(mean):.2f}, {bits(mean):.2f} bits a character. "
        f"Keras reports the mean over steps, {mean:.3f}: the sum divided by T = {len(text)}.",
    )


lesson.show(
    "learn_rnn", step_through, surprisals, dimensions, parameters=number(parameter_count("rnn", 8000, 100, 8000))
)
