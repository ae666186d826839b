"""Learn 4: which shapes can sequences take?"""

from collections.abc import Callable

import streamlit as st

from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.lesson import lesson, marks, shape_plays, trained_networks
from dashboard.lessons import shapes
from pipeline.core.translation import t, translate_labels
from pipeline.learn.architecture import is_trained

BY_ROW = {shape.row: shape for shape in shapes.SHAPES}
DRAW_BY_ARCHITECTURE: dict[str, Callable[[str], None]] = {
    "classic": shape_plays.draw_character_surprisal,
    "cloze": shape_plays.draw_cloze,
    "many-to-one": shape_plays.draw_many_to_one,
    "one-to-many": shape_plays.draw_one_to_many,
    "reversal": shape_plays.draw_reversal,
}


@page_layout.fragment
def draw_chosen_sequence_shape(shape: shapes.SequenceShape, text: str) -> None:
    """Draw a sequence shape (such as many to one), its task, its trained networks on the line, and their scores."""
    left, right = lesson.two_columns()
    with left:
        marks.draw_svg(shapes.shape_svg(shape))
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
            shape_plays.draw_seq2seq_reply(text, "attention" if shape.kind == "attention" else "vector", shape.row)
        else:
            DRAW_BY_ARCHITECTURE[name](text)
        trained_networks.draw_scores(name)


def draw_retrain_job() -> None:
    """Draw the choice of an architecture and the job that trains it again."""
    names = translate_labels(trained_networks.NAMES)
    name = st.selectbox(t("Train again"), list(names), format_func=names.__getitem__, key="retrain")
    job_card.draw(
        job_card.latest_job("learn"),
        t("Train “{name}”, five minutes", name=names[name]),
        "learn",
        ["learn", name, "--replace", "--minutes", "5"],
        in_tensorflow=True,
    )


def draw_sequence_shapes(line: str) -> None:
    """Draw the choice of a sequence shape (such as many to one) and the chosen one, under a heading for all shapes."""
    shape = BY_ROW[
        pick(t("Shape of the sequences"), {row: t(shape.name) for row, shape in BY_ROW.items()}, key="shape")
    ]
    rows = " ".join([shape.row, *(row for row in BY_ROW if row != shape.row)])
    lesson.draw_heading(t(shape.name), rows, unseen=True)
    draw_chosen_sequence_shape(shape, line)


def draw_attention_shape(_: str) -> None:
    """Draw the diagram of an encoder and a decoder with attention."""
    marks.draw_svg(shapes.shape_svg(BY_ROW["F6"]))


lesson.draw_lesson(
    "learn_architectures", draw_sequence_shapes, draw_attention_shape, job_card.polled_figure("learn", draw_retrain_job)
)
