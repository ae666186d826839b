"""Learn 8: how does it learn?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import descent, scenes
from dashboard.lessons.study import NetworkSetting, run_network
from dashboard.locale.phrasing import format_number
from pipeline.cells.output_layer import bits_per_symbol, perplexity
from pipeline.core.translation import format_decimal, mark, t

SMALL, STEPS = NetworkSetting("rnn", 16), 60
INITIAL_LEARNING_RATES = {"SGD": 0.03, "Momentum": 0.002, "RMSprop": 0.01, "Adam": 0.02}
OPTIMISER_LABELS = {"SGD": "SGD", "Momentum": mark("Momentum"), "RMSprop": "RMSprop", "Adam": "Adam"}


@page_layout.fragment
def draw_cost_conventions(text: str) -> None:
    """Draw the loss of each letter of the line for an untrained network, and its cost as libraries average it."""
    T, surprisal = len(text), cache.call(run_network, text, NetworkSetting("rnn", 32)).surprisal
    padded = t("In a batch, short lines are padded to the longest. Padding must not count.")
    real_steps = slider(t("Real steps; the rest counts as padding"), 1, T, max(1, 2 * T // 3), key="real", help=padded)
    total, mean = float(surprisal[:real_steps].sum()), float(surprisal[:real_steps].mean())
    counted = np.where(np.arange(T) < real_steps, surprisal / surprisal.max(), 0.0)
    st.html(marks.tinted_text(list(text), counted.tolist(), hints=[format_decimal(nats, 2) for nats in surprisal]))
    st.caption(t("Strong colour: a high loss. Letters without colour count as padding."))
    marks.draw_table(
        [t("How it is averaged"), t("Here")],
        [
            [t("Course: sum over the letters, mean over the lines (here one)"), t("{value} nats", value=format_decimal(total, 2))],
            [t("Keras: mean over the real letters"), t("{value} nats", value=format_decimal(mean, 3))],
            [t("Mean over all letters, padding counted by mistake"), t("{value} nats", value=format_decimal(total / T, 3))],
            [t("Perplexity: e to the power of the Keras mean"), format_decimal(perplexity(mean), 2)],
            [t("Bits per character: the Keras mean divided by ln 2"), format_decimal(bits_per_symbol(mean), 3)],
        ],
    )  # fmt: skip


@page_layout.fragment
def draw_optimiser_race(text: str) -> None:
    """Draw the losses of four optimisers that train on the visitor's line, each with a slider for its learning rate."""
    left, right = lesson.two_columns(3, 2)
    with right:
        alpha = t("−2 is α = 0.01, −1 is 0.1.")
        rates = {
            name: 10.0 ** slider(
                t("{optimiser}: rate α, as a power of ten", optimiser=t(OPTIMISER_LABELS[name])), -4.0, 1.0, round(float(np.log10(start)), 1), 0.1, key=f"rate_{name}", help=alpha
            )
            for name, start in INITIAL_LEARNING_RATES.items()
        }  # fmt: skip
    courses = {
        name: cache.call(descent.train_with_optimiser, text, SMALL, name, rate, STEPS) for name, rate in rates.items()
    }
    winner = min(courses, key=lambda name: np.nan_to_num(courses[name].loss[-1], nan=np.inf))
    burst = [
        t(OPTIMISER_LABELS[name]) for name, c in courses.items() if descent.first_explosion(c.loss.tolist()) is not None
    ]
    with left:
        heading(
            t(
                "{winner} is ahead after {steps} steps, at {nats} nats",
                winner=t(OPTIMISER_LABELS[winner]),
                steps=STEPS,
                nats=format_number(courses[winner].loss[-1], ".3f"),
            ),
            t("Diverged: {optimisers}.", optimisers=", ".join(burst)) if burst else t("None diverged."),
        )
        named = {t(OPTIMISER_LABELS[name]): course for name, course in courses.items()}
        player.play_scene(scenes.compare_optimisers(named), key="race", at=STEPS + 1)


@page_layout.fragment
def draw_early_stopping(text: str) -> None:
    """Draw the losses on the two halves of the visitor's line, the best checkpoint, and where patience runs out."""
    left, right = lesson.two_columns()
    with left:
        ends = t("Training stops after this many steps without improvement on the validation half.")
        patience = slider(t("Patience, in steps"), 1, 40, 10, key="patience", help=ends)
        rings = t("−2 is α = 0.01. Near 1 the loss explodes and the alarm goes off.")
        rate = 10.0 ** slider(
            t("Adam's learning rate, as a power of ten"), -3.0, 1.0, -1.5, 0.25, key="watch_rate", help=rings
        )
        training = cache.call(descent.train_with_patience, text, patience, rate)
        exploded = (
            t(
                "The alarm went off at step **{step}**: the loss was {times} times its best.",
                step=training.exploded,
                times=f"{descent.EXPLOSION_FACTOR:g}",
            )
            if training.exploded is not None
            else t("The loss never exploded.")
        )
        st.markdown(
            t(
                "Best checkpoint at step **{best}** ({nats} nats), stopped at step **{stopped}**. {exploded}",
                best=training.best,
                nats=format_number(training.valid[training.best], ".3f"),
                stopped=training.stopped,
                exploded=exploded,
            )
        )
    steps = np.arange(len(training.train))
    curves = {
        t("training half"): (steps, training.train.clip(max=20)),
        t("validation half"): (steps, training.valid.clip(max=20)),
    }
    figure = learn_curves.line_chart(curves, x=t("step"), y=t("nats per character"), hover="%{y:.3f}")
    learn_curves.add_straight_line(figure, x=training.best, dotted=True)
    learn_curves.add_straight_line(figure, x=training.stopped)
    with right:
        note = t("Dotted: the checkpoint kept. Solid: where patience ran out.")
        title = t(
            "On the second half the loss is lowest at step {best}, {nats} nats; at step {last} it is {end}",
            best=training.best,
            nats=format_number(training.valid[training.best], ".2f"),
            last=len(training.valid) - 1,
            end=format_number(training.valid[-1], ".2f"),
        )
        card(title, figure, key="watched", note=note)


lesson.draw_lesson("learn_cost", draw_optimiser_race, draw_early_stopping, draw_cost_conventions)
