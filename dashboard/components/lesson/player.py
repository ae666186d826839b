"""A scene of a lesson, played in the browser by buttons and keys: one component, without a frame or a request."""

from functools import cache

import streamlit as st

from dashboard.components.frame.page_layout import STATIC, VIEWS
from dashboard.lessons.course import PARTS
from dashboard.lessons.scenes import Scene
from dashboard.navigation import LESSONS
from pipeline.core.translation import language, mark, t, t_each

WORDS = {
    "play": mark("Play"), "pause": mark("Pause"), "step": mark("Step"), "back": mark("Back"), "slower": mark("Slower"),
    "faster": mark("Faster"), "clock": mark("Step of the scene"), "step_of": mark("step {step} of {last}"),
    "table": mark("All numbers as a table"), "more": mark("What happens here"),
    "keys": mark("A scene. Keys: space plays, arrows step, plus and minus change the speed."),
}  # fmt: skip


def play(scene: Scene, *, key: str, at: int = 1) -> None:
    """Draw a scene, which stands at step `at` until it is played; its parts lead to their lessons."""
    parts = [{**part._asdict(), "link": t(LESSONS[part.lesson]) if part.lesson else ""} for part in scene.parts]
    data = {
        "parts": parts, "symbols": list(scene.symbols), "seconds": scene.seconds, "at": at - 1,
        "words": t_each(WORDS), "language": language(),
    }  # fmt: skip
    component = st.components.v2.component("seize_player", html='<div class="player"></div>', css=_css(), js=_script())
    to = component(data=data, key=key, on_go_change=_note_way).get("go")
    if to in LESSONS:
        st.switch_page(VIEWS / f"{to}.py", query_params={})  # without it, what a widget is bound to would have to go


def _note_way() -> None:
    """Where to go is in the component's state by now."""


@cache
def _script() -> str:
    return (STATIC / "player.js").read_text("utf-8")


@cache
def _css() -> str:
    return (STATIC / "player.css").read_text("utf-8")


def place_strip(parts: tuple[str, ...]) -> str:
    """Return the nine parts of the way as a strip, those of a lesson lit, as HTML."""
    label = t("On the way of a line: {parts}", parts=", ".join(t(PARTS[part][0]) for part in parts))
    cells = "".join(f"<i{' class=on' if part in parts else ''}>{t(name)}</i>" for part, (name, *_) in PARTS.items())
    return f'<p class="way" role="img" aria-label="{label}">{cells}</p>'
