"""A scene of a lesson, played in the browser by buttons and keys: one component, without a frame or a request."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard.components.frame.page_layout import VIEWS, read_static
from dashboard.lessons.overrides import INPUT_LETTER_NAME, Override, parse_number_overrides, write_overrides
from dashboard.lessons.scenes import Scene
from dashboard.navigation import LESSONS
from pipeline.core.translation import format_decimal, language, mark, t, translate_labels

WORDS = {
    "play": mark("Play"), "pause": mark("Pause"), "step": mark("Step"), "back": mark("Back"), "slower": mark("Slower"),
    "faster": mark("Faster"), "clock": mark("Step in the figure"), "step_of": mark("step {step} of {last}"),
    "letter_of": mark("letter {step} of {last} · part {part} of {parts}"),
    "word_of": mark("word {step} of {last} · part {part} of {parts}"),
    "table": mark("All numbers as a table"), "open": mark("Show its formula"),
    "change": mark("Change this number"), "letter": mark("The letter that is read"), "changed": mark("Changed:"),
    "reset": mark("Reset all"),
    "touch": mark("Click a box to see its numbers. Those underlined with dots can be changed."),
    "keys": mark("A scene. Keys: space plays, arrows step, plus and minus change the speed."),
}  # fmt: skip


OVERRIDES_KEY = "touch"  # in the address
RESET = "reset"


def play_scene(scene: Scene, *, key: str, at: int = 1, overrides: Sequence[Override] | None = None) -> None:
    """Draw a scene in the player, paused at step `at`. Its parts link to their lessons.

    With `overrides`, those that the scene was computed with, a visitor can change more numbers: the address holds them.
    """
    parts = [{**part._asdict(), "link": t(LESSONS[part.lesson]) if part.lesson else ""} for part in scene.parts]
    data = {
        "parts": parts, "symbols": list(scene.symbols), "seconds": scene.seconds, "at": at - 1,
        "moved": list(scene.moved), "words": translate_labels(WORDS), "language": language(),
        "touches": None if overrides is None else list(map(_describe_changed_number, overrides)),
        "captions": scene.captions, "diagram": scene.diagram, "part": scene.part, "backwards": scene.backwards,
        "foot": list(scene.foot),
    }  # fmt: skip
    css, js = read_static("player.css"), read_static("player.js")
    component = st.components.v2.component("seize_player", html='<div class="player"></div>', css=css, js=js)
    key = f"scene-{key}"
    with st.container(key=f"place-{key}"):  # there at once, and as high as a screen until the scene is drawn
        answer = component(
            data=data, key=key, on_go_change=_ignore_page_change, on_touch_change=partial(_write_to_address, key)
        )
    to = answer.get("go")
    if to in LESSONS:
        st.switch_page(VIEWS / f"{to}.py", query_params={})  # without it, what a widget is bound to would have to go


def _ignore_page_change() -> None:
    """Do nothing: `play_scene` reads the page to go to from the component's state."""


def number_overrides_in_address() -> tuple[Override, ...]:
    """Return the overrides in the address of this page."""
    return parse_number_overrides(st.query_params.get(OVERRIDES_KEY, ""))


def _write_to_address(key: str) -> None:
    """Add the number that a visitor changed in the scene to the overrides in the address, or reset them all."""
    asked = str(st.session_state[key].get("touch") or "")
    if asked == RESET:
        st.query_params.pop(OVERRIDES_KEY, None)
    elif text := write_overrides(parse_number_overrides(f"{write_overrides(number_overrides_in_address())} {asked}")):
        st.query_params[OVERRIDES_KEY] = text


def _describe_changed_number(override: Override) -> str:
    """Return which number was changed to what, in words."""
    name, step, row, column = override.number_location
    if name == INPUT_LETTER_NAME:
        return t("the letter of step {step}", step=format_decimal(step))
    digits = format_decimal(override.value, 2)
    if step:
        return t("{name}{row} at step {step} = {value}", name=name, row=row + 1, step=step, value=digits)
    return t("{name} {row}, {column} = {value}", name=name, row=row + 1, column=column + 1, value=digits)
