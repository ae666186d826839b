"""Learn 3: what does one cell compute?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider
from dashboard.components.frame.figure_card import heading
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import cell_scenes, steps
from dashboard.lessons.study import CELL_LABELS, END, NetworkSetting, encode_line, likeliest, run_network
from pipeline.cells.bptt import parameter_count
from pipeline.core.translation import format_decimal, mark, t, translate_labels

TRAINED_STEP_LABELS = {
    0: mark("not at all"),
    5: mark("5 steps"),
    10: mark("10 steps"),
    20: mark("20 steps"),
    50: mark("50 steps"),
}


@page_layout.fragment
def draw_dimensions(_: str) -> None:
    """Tabulate the shapes of the tensors of a cell of a chosen size, and count its parameters."""
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
        marks.draw_table([t("Tensor"), t("Format"), t("Here"), t("Numbers")], rows, label=t("Dimensions"))
        st.markdown(
            t(
                "**{count} parameters** to learn, biases included. Steps and examples add none: the same matrices are "
                "used at every step.",
                count=format_decimal(parameter_count(cell, n_x, n_a, n_x)),
            )
        )


@page_layout.fragment
def draw_rnn_cell(text: str) -> None:
    """Draw a playable scene of the RNN cell as it reads the line."""
    overrides = player.number_overrides_in_address()
    player.play_scene(cache.call(cell_scenes.rnn_scene, text, overrides), key="step", at=4, overrides=overrides)


@page_layout.fragment
def draw_surprisals(text: str) -> None:
    """Draw how surprising each character was and the best predictions before it, and say the sum over the line."""
    alphabet = encode_line(text).alphabet
    trained = pick(t("Trained on this line for"), translate_labels(TRAINED_STEP_LABELS), 10, key="trained")
    reading = cache.call(run_network, text, NetworkSetting("rnn", 32, trained=trained))
    mean, blind = float(reading.surprisal.mean()), float(np.log(len(alphabet)))
    heading(
        t(
            "{mean} nats per character; guessing blindly costs ln {symbols} = {blind}",
            mean=format_decimal(mean, 2),
            symbols=len(alphabet),
            blind=format_decimal(blind, 2),
        ),
        t(
            "The stronger the colour of a character, the more surprising it was (its surprisal); below it, the five best "
            "predictions before it."
        ),
    )
    st.html(steps.guess_list([*text[1:], END], reading.surprisal, *likeliest(reading.y_hat.T, alphabet)))
    total = float(reading.surprisal.sum())
    st.markdown(
        t(
            "Sum of the {steps} losses: {nats} nats, so P(line) = e^−{nats} ≈ 10^−{decades}.",
            steps=len(text),
            nats=format_decimal(total, 1),
            decades=format_decimal(total / np.log(10), 1),
        )
    )


lesson.draw_lesson("learn_rnn", draw_rnn_cell, draw_surprisals, draw_dimensions)
