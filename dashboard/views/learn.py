"""Where in the twelve lessons is what you look for? For each its aim, its minutes, and the lessons that it needs."""

from html import escape

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.navigation import LESSONS, PLACES, address
from pipeline.core.translation import number, t

# lesson -> (minutes for who reads it all and tries its figures, numbers of the lessons that it builds upon)
STUDY: dict[str, tuple[int, tuple[int, ...]]] = {
    "learn_story": (15, ()), "learn_functions": (20, ()), "learn_rnn": (20, (2,)), "learn_architectures": (20, (3,)),
    "learn_bptt": (30, (2, 3)), "learn_vanishing": (20, (5,)), "learn_lstm": (25, (3, 6)), "learn_cost": (20, (2,)),
    "learn_series": (20, (3,)), "learn_words": (25, (1,)), "learn_bugs": (20, (5,)), "learn_verify": (10, (5, 7)),
}  # fmt: skip


def lesson_row(file: str) -> str:
    """Return a lesson as an item of the list, as HTML."""
    minutes, needs = STUDY[file]
    _, part = PLACES[file]
    before = t("after {lessons}", lessons=", ".join(map(number, needs))) if needs else t("needs nothing before it")
    about = f'{escape(t(part.about))} <span class="quiet">{t("{n} minutes", n=number(minutes))} · {before}</span>'
    return f'<li><a href="{escape(address(file))}" target="_self"><b>{escape(t(part.title))}</b></a> {about}</li>'


page_layout.question(t("How does a network write?"))
page_layout.answer(
    t(
        "<b>{n} lessons</b>, one idea each, about <b>{hours} hours</b> in all. Every figure works on a line of yours.",
        n=number(len(LESSONS)),
        hours=number(sum(minutes for minutes, _ in STUDY.values()) / 60),
    )
)
st.html(f'<ul class="lessons">{"".join(map(lesson_row, LESSONS))}</ul>')
