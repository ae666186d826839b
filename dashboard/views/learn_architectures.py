"""Learn 4: which shapes can sequences take?"""

from collections.abc import Callable

import streamlit as st

from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.lesson import lesson, marks, shape_plays, trained_networks
from dashboard.components.lesson.shape_plays import show_reply, show_reversal
from dashboard.lessons import shapes
from pipeline.core.translation import t, translate_labels
from pipeline.learn.architecture import is_trained

BY_ROW = {shape.row: shape for shape in shapes.SHAPES}
SHOW: dict[str, Callable[[str], None]] = {
    "classic": shape_plays.show_classic,
    "cloze": shape_plays.show_cloze,
    "many-to-one": shape_plays.show_many_to_one,
    "one-to-many": shape_plays.show_one_to_many,
    "reversal": show_reversal,
}


@page_layout.fragment
def draw_shape(shape: shapes.SequenceShape, text: str) -> None:
    """The shape: its drawing and its task, at work on the line, and its scores."""
    left, right = lesson.two_columns()
    with left:
        marks.draw_svg(shapes.drawing(shape))
    with right:
        st.markdown(t(shape.task))
    for name in shape.runs:
        if not is_trained(name):
            page_layout.empty_state(
                t(
                    "“{name}” is not trained on this computer yet: use the button at the end of this page.",
                    name=t(trained_networks.NAMES[name]),
                )
            )
            continue
        if name == "reply":
            show_reply(text, "attention" if shape.kind == "attention" else "vector", shape.row)
        else:
            SHOW[name](text)
        trained_networks.scores(name)


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


lesson.show("learn_architectures", shape_part, job_card.polled_block("learn", retrain))
