"""Learn 4: which shapes can sequences take?"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import pick, pick_or_none
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks, shape_plays, trained_networks
from dashboard.components.lesson.shape_plays import show_reply, show_reversal
from dashboard.lessons import shapes
from pipeline.cells.registry import LABELS
from pipeline.core.translation import format_decimal, mark, t, translate_labels
from pipeline.learn import known_answers as known
from pipeline.learn.architecture import is_trained

BY_ROW = {shape.row: shape for shape in shapes.SHAPES}
SHOW: dict[str, Callable[[str], None]] = {
    "classic": shape_plays.show_classic,
    "cloze": shape_plays.show_cloze,
    "many-to-one": shape_plays.show_many_to_one,
    "one-to-many": shape_plays.show_one_to_many,
    "reversal": show_reversal,
}
BY_HEART_TASK = "by_heart"
# what the columns of a task's table are, and what stands in them
COLUMNS = {
    "network": mark("Network"), "accuracy": mark("Accuracy"), "cell": mark("Cell"), "length": mark("Length"),
    "label": mark("Label"), "wanted": mark("Expected"), "written": mark("Output"),
}  # fmt: skip
CELLS_OF_TABLES = {**LABELS, "left to right": mark("left to right"), "bidirectional": mark("bidirectional")}
TASKS = {
    BY_HEART_TASK: mark("Classic: one line memorised"),
    "next_symbol": mark("Bidirectional: the next symbol"),
    "first_token": mark("Many to one: the first symbol"),
    "fixed_strings": mark("One to many: one string per label"),
}


@page_layout.fragment
def draw_shape(shape: shapes.SequenceShape, text: str) -> None:
    """The shape at work on the line."""
    introduce(shape)
    trained = [name for name in shape.runs if is_trained(name)]
    for name in trained:
        if name == "reply":
            show_reply(text, "attention" if shape.kind == "attention" else "vector", shape.row)
        else:
            SHOW[name](text)


def introduce(shape: shapes.SequenceShape) -> None:
    """Its drawing, its task, what is known of it, its scores."""
    left, right = lesson.two_columns()
    with left:
        marks.draw_svg(shapes.drawing(shape))
    with right:
        st.markdown(t("**Task.** {task}  \n**Known answer.** {known}", task=t(shape.task), known=t(shape.sanity)))
        for name in shape.runs:
            if is_trained(name):
                trained_networks.scores(name)
            else:
                page_layout.empty_state(
                    t(
                        "“{name}” is not trained on this computer yet: use the button at the end of this page.",
                        name=t(trained_networks.NAMES[name]),
                    )
                )


@page_layout.fragment
def sanity(text: str) -> None:
    task = pick_or_none(t("Train now"), translate_labels(TASKS), key="task")
    if task is None:
        return
    with st.spinner(t("Training…")):
        table = cache.call(solved_task, task, text)
    if task != BY_HEART_TASK:
        rows = [[cell_text(value) for value in row] for row in table.itertuples(index=False)]
        marks.draw_table([t(COLUMNS[name]) for name in table.columns], rows)
        return
    nats, symbols = table["nats"], len(set(text))
    figure = learn_curves.line_chart(
        {"RNN": (table["step"], nats)}, x=t("step"), y=t("nats per character"), hover="%{y:.3f}"
    )
    title = t(
        "From {start} nats, about ln {symbols} = {blind}, to {end}",
        start=format_decimal(nats.iloc[0], 2),
        symbols=symbols,
        blind=format_decimal(float(np.log(symbols)), 2),
        end=format_decimal(nats.iloc[-1], 3),
    )
    card(title, figure, key="by-heart")


def cell_text(value: object) -> str:
    """What stands in a cell of a task's table."""
    if isinstance(value, float):
        return format_decimal(value, 3)
    return t(CELLS_OF_TABLES.get(str(value), str(value)))


def solved_task(task: str, text: str) -> pd.DataFrame:
    """The task learnt from a fixed random seed."""
    rng = np.random.default_rng(0)
    return known.overfit("rnn", text, rng) if task == BY_HEART_TASK else getattr(known, task)(rng)


def retrain() -> None:
    names = translate_labels(trained_networks.NAMES)
    name = st.selectbox(t("Train again"), list(names), format_func=names.__getitem__, key="retrain")
    job_card.draw(
        job_card.latest_job("learn"),
        t("Train “{name}”, five minutes", name=names[name]),
        "learn",
        ["learn", name, "--replace", "--minutes", "5"],
        in_tensorflow=True,
    )


def shape_part(line: str) -> None:
    """The shape that is chosen; the part names the rows of the others too, a click away."""
    shape = BY_ROW[
        pick(t("Shape of the sequences"), {row: t(shape.name) for row, shape in BY_ROW.items()}, key="shape")
    ]
    rows = " ".join([shape.row, *(row for row in BY_ROW if row != shape.row)])
    lesson.draw_heading(t(shape.name), rows)
    draw_shape(shape, line)


lesson.show("learn_architectures", shape_part, sanity, job_card.polled_block("learn", retrain))
