"""Learn 3: what does one cell compute?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import cell_scenes, steps
from dashboard.lessons.study import CELL_LABELS, END, NetworkSetting, likeliest, line_of, read_line
from pipeline.cells.bptt import parameter_count
from pipeline.cells.output_layer import bits_per_symbol, perplexity
from pipeline.core.translation import format_decimal, mark, t, translate_labels

TRAINED_STEP_LABELS = {0: mark("not at all"), 20: mark("20 steps"), 50: mark("50 steps"), 100: mark("100 steps")}


@page_layout.fragment
def dimensions(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        cell = pick(t("Cell"), CELL_LABELS, key="size_cell")
        n_x = slider(
            t("Symbols, n_x = n_y"), 2, 10_000, 113, key="n_x", help=t("How many distinct characters or words.")
        )
        n_a = slider(t("Units, n_a"), 2, 512, 32, key="n_a", help=t("How many numbers the state has."))
        m = slider(t("Examples, m"), 1, 256, 32, key="m", help=t("How many lines are read side by side."))
        T = slider(t("Steps, T"), 1, 200, 40, key="T", help=t("How many characters or words a line has."))
    with right:
        rows = steps.dimension_table(cell, n_x, n_a, n_x, m, T)
        marks.draw_table([t("Tensor"), t("Format"), t("Count A"), t("Numbers")], rows, label=t("Dimensions"))
        st.markdown(
            t(
                "**{count} parameters** to learn, biases included. Steps and examples add none: the same matrices are "
                "used at every step.",
                count=format_decimal(parameter_count(cell, n_x, n_a, n_x)),
            )
        )


@page_layout.fragment
def step_through(text: str) -> None:
    touches = player.touches_in_address()
    player.play(cache.call(cell_scenes.rnn_scene, text, touches), key="step", at=4, touches=touches)


@page_layout.fragment
def surprisals(text: str) -> None:
    alphabet = line_of(text).alphabet
    trained = pick(t("Trained on this line for"), translate_labels(TRAINED_STEP_LABELS), 100, key="trained")
    reading = cache.call(read_line, text, NetworkSetting("rnn", 32, trained=trained))
    mean, blind = float(reading.surprisal.mean()), float(np.log(len(alphabet)))
    heading(
        t(
            "{mean} nats per character; guessing blindly costs ln {symbols} = {blind}",
            mean=format_decimal(mean, 2),
            symbols=len(alphabet),
            blind=format_decimal(blind, 2),
        ),
        t(
            "The darker a character, the more surprising it was (its surprisal); below it, the five best predictions "
            "before it."
        ),
    )
    st.html(steps.guess_list([*text[1:], END], reading.surprisal, *likeliest(reading.y_hat.T, alphabet)))
    total, at = np.cumsum(reading.surprisal), np.arange(1, len(text) + 1)
    figure = learn_curves.line_chart(
        {t("this network"): (at, total), t("guessing blindly"): (at, at * blind)}, x=t("step"),
        y=t("E₁ + … + E_t, nats"), dashed=(t("guessing blindly"),), hover=t("%{y:.2f} nats"),
    )  # fmt: skip
    card(
        t(
            "P(line) = e^−{nats} ≈ 10^−{decades}",
            nats=format_decimal(total[-1], 1),
            decades=format_decimal(total[-1] / np.log(10), 1),
        ),
        figure,
        key="total",
        note=t(
            "Perplexity {perplexity}, {bits} bits per character. Keras reports the mean over steps, {mean}: the sum "
            "divided by T = {last}.",
            perplexity=format_decimal(perplexity(mean), 2),
            bits=format_decimal(bits_per_symbol(mean), 2),
            mean=format_decimal(mean, 3),
            last=len(text),
        ),
    )


lesson.show("learn_rnn", step_through, surprisals, dimensions)
