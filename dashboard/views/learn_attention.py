"""Learn 12: what if every letter could look back?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks, player
from dashboard.lessons import brackets, self_attention
from dashboard.lessons.study import CELL_LABELS
from pipeline.core.translation import format_decimal, format_interval, format_percentage, mark, t, translate_labels

NETWORK_LABELS = {"LSTM, gates open": "LSTM", "minGRU": "minGRU", "self-attention": mark("one head")}
COSTS = {"read": mark("to read a line"), "write": mark("to predict one more letter")}


def has_enough_letters(text: str) -> bool:
    """Return whether a line has three letters that the head knows, and draw a remark where it has not."""
    if len(brackets.normalise_letters(text)) >= 3:
        return True
    page_layout.empty_state(t("Your line has none of the letters that these networks know: a to z."))
    return False


@page_layout.fragment
def draw_attention_head(text: str) -> None:
    """Draw a playable scene of the trained attention head as it reads a bracket and the line."""
    if has_enough_letters(text):
        scene = cache.call(self_attention.head_scene, text)
        player.play_scene(scene, key="head", at=min(6, len(scene.symbols)))


def draw_position_effect(text: str) -> None:
    """Say how far the prediction moves when the line is reversed, with positions and without."""
    if not has_enough_letters(text):
        return
    ordered, unordered = self_attention.order_effect(text)
    st.markdown(
        t(
            "Reverse your line, all but its last letter. With positions the next prediction changes by **{ordered}**; "
            "without, by **{unordered}**: the head sees a set, not a sequence.",
            ordered=format_percentage(ordered),
            unordered=format_percentage(unordered),
        )
    )


@page_layout.fragment
def draw_cost_by_length(_: str) -> None:
    """Draw the processor time of the attention head divided by that of each cell, by the length of the line."""
    what = pick(t("Cost"), translate_labels(COSTS), key="attention_cost")
    table = pd.read_csv(brackets.FOLDER / "lengths.csv").pivot(index="T", columns="cell", values=what)
    ratios = {CELL_LABELS.get(cell, "minGRU"): table["attention"] / table[cell] for cell in ("rnn", "lstm", "mingru")}
    powers = np.log2(table.index)
    figure = learn_curves.line_chart(
        {name: (powers, values) for name, values in ratios.items()}, x=t("letters of the line"),
        y=t("cost of the head ÷ cost of the cell"), hover="%{y:.2f}", markers=True, log=True, level=1,
    )  # fmt: skip
    figure.update_xaxes(tickvals=powers, ticktext=[format_decimal(letters) for letters in table.index])
    near, far = ratios["LSTM"].iloc[0], ratios["LSTM"].iloc[-1]
    card(
        t(
            "Compared with an LSTM, an attention head costs {near} times as much at {first} letters, {far} times at {last}",
            near=format_decimal(near, 2),
            far=format_decimal(far, 2),
            first=format_decimal(table.index[0]),
            last=format_decimal(table.index[-1]),
        ),
        figure,
        key="lengths",
        note=t("64 units each, NumPy on one core, processor time, best of five runs. Dotted: equal cost."),
    )


def draw_equal_budget_scores(_: str) -> None:
    """Draw how well three networks of one size close brackets and count quotes."""
    table, quotes = pd.read_csv(brackets.SCORES), pd.read_csv(brackets.QUOTE_SCORES_PATH)
    names = {name: t(label) for name, label in NETWORK_LABELS.items()}
    left, right = st.columns(2, gap="large")
    with left:
        closed = table.groupby(["model", "length"])["closed_right"].mean()
        far = closed.xs(brackets.MAX_LETTERS_BETWEEN, level="length")
        figure = learn_curves.line_chart(
            {label: (closed[name].index, 100 * closed[name]) for name, label in names.items()},
            x=t("letters in between"), y=t("closed correctly, %"), hover="%{y:.0f}%", markers=True, level=25,
        )  # fmt: skip
        title = t(
            "A bracket after {n} letters: {shares}", n=brackets.MAX_LETTERS_BETWEEN, shares=_list_shares(names, far)
        )
        card(title, figure, key="equal-brackets", note=t("The task of lesson 1. Dotted: chance."))
    with right:
        inside = quotes.groupby(["model", "letters"])["right"].mean()
        far = inside.xs(quotes["letters"].max(), level="letters")
        figure = learn_curves.line_chart(
            {label: (inside[name].index, 100 * inside[name]) for name, label in names.items()},
            x=t("letters read"), y=t("inside or outside, correct, %"), hover="%{y:.0f}%", markers=True, level=50,
        )  # fmt: skip
        learn_curves.add_straight_line(figure, x=brackets.MAX_LETTERS_BETWEEN, dotted=True)
        title = t(
            "Inside a quotation after {n} letters: {shares}", n=quotes["letters"].max(), shares=_list_shares(names, far)
        )
        note = t(
            "The same sign opens and closes. Vertical line: the {n} letters used in training.",
            n=brackets.MAX_LETTERS_BETWEEN,
        )
        card(title, figure, key="equal-quotes", note=note)
    nats = table.groupby(["model", "seed"])["nats_inside"].mean()
    marks.draw_table(
        [t("Model"), t("Nats per letter, three seeds")],
        [[label, format_interval(float(nats[name].mean()), float(nats[name].min()), float(nats[name].max()), 3)] for name, label in names.items()],
    )  # fmt: skip


def _list_shares(names: dict[str, str], shares: pd.Series) -> str:
    return ", ".join(f"{label} {format_percentage(shares[name], 0)}" for name, label in names.items())


lesson.draw_lesson(
    "learn_attention",
    draw_attention_head,
    draw_position_effect,
    draw_cost_by_length,
    draw_equal_budget_scores,
)
