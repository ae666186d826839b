"""Two runs side by side over the line under study: chosen in two columns, played on one clock, kept in the address."""

import streamlit as st

from dashboard import cache
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.lesson import lesson, player
from dashboard.lessons import cell_scenes
from dashboard.lessons.cell_scenes import SIDE_MODEL_LABELS, SideSetting
from pipeline.core.translation import mark, t, translate_labels

BIASES = {1: mark("starts at 1"), 0: mark("starts at 0")}


def choose_side(text: str, start: SideSetting, name: str) -> SideSetting:
    """Draw the controls of one side; `name` is what they are called in the address."""
    kind = pick(t("Model"), translate_labels(SIDE_MODEL_LABELS), start.kind, key=f"{name}_model", look="list")
    if kind == "n-gram":
        return SideSetting(kind)
    clipped = toggle(t("Gradient clipped"), start.clipped, key=f"{name}_clip")
    bias = start.forget_bias
    if kind == "lstm":
        bias = float(pick(t("Forget bias"), translate_labels(BIASES), int(bias), key=f"{name}_bias"))
    frozen_help = t("From this step on the state does not change; 0: never.")
    first, last = min(start.frozen, len(text)), len(text)
    return SideSetting(
        kind, clipped, bias, slider(t("State frozen from step"), 0, last, first, key=f"{name}_frozen", help=frozen_help)
    )


def draw(text: str, left: SideSetting, right: SideSetting) -> None:
    """Draw two runs, which begin as `left` and `right`."""
    sides = []
    for column, start, name in zip(lesson.two_columns(1, 1), (left, right), ("left", "right"), strict=True):
        with column:
            sides.append(choose_side(text, start, name))
    named = [(_name(side), side) for side in sides]
    player.play(cache.call(cell_scenes.side_by_side, text, named), key="two-runs", at=len(text))
    st.caption(
        t(
            "24 units, 40 steps of descent with momentum on your line only, one random seed; the counts, too, are from "
            "your line."
        )
    )


def _name(side: SideSetting) -> str:
    """What a run is called: its model, and what is unusual about it."""
    notes = [
        "" if side.clipped else t("not clipped"),
        t("forget bias 0") if side.kind == "lstm" and not side.forget_bias else "",
        t("state frozen from step {step}", step=side.frozen) if side.frozen else "",
    ]
    return ", ".join([t(SIDE_MODEL_LABELS[side.kind]), *filter(None, notes)])
