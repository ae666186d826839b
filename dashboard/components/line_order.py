"""Lines put in another order: each is dragged by its handle, with a pointer or a finger, or moved by arrow keys."""

from collections.abc import Callable, Sequence

import streamlit as st

from pipeline.core.translation import t

_HTML = "<ol></ol>"
_CSS = """
ol { list-style: none; margin: 0; padding: 0; font-family: inherit; }
li { display: flex; align-items: baseline; gap: 0.6rem; padding: 0.15rem 0; border-top: 2px solid transparent; }
li.over { border-top-color: var(--st-primary-color); }
li.dragged { opacity: 0.45; }
button { font: inherit; color: var(--st-text-color); background: transparent; border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); min-width: 2.5rem; min-height: 2.5rem; cursor: grab; touch-action: none; }
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  const move = (from, to) => to !== from && to >= 0 && to < data.lines.length && setTriggerValue("move", [from, to]);
  list.replaceChildren(...data.lines.map((text, from) => {
    const item = document.createElement("li"), handle = document.createElement("button");
    handle.type = "button";
    handle.textContent = "⠿";
    handle.setAttribute("aria-label", `${data.label} ${from + 1}: ${text}`);
    const words = document.createElement("span");
    words.textContent = text;
    words.lang = "fr";
    item.append(handle, words);
    const place = (y) => [...list.children].filter((other) => {
      const box = other.getBoundingClientRect();
      return other !== item && y > box.top + box.height / 2;
    }).length;
    const show = (at) => [...list.children].filter((other) => other !== item)
      .forEach((other, number) => other.classList.toggle("over", number === at));
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      item.classList.add("dragged");
      handle.onpointermove = (moved) => show(place(moved.clientY));
    };
    const end = (event, dropped) => {
      if (!handle.onpointermove) return;
      handle.onpointermove = null;
      item.classList.remove("dragged");
      show(-1);
      if (dropped) move(from, place(event.clientY));
    };
    handle.onpointerup = (event) => end(event, true);
    handle.onpointercancel = (event) => end(event, false);
    handle.onkeydown = (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by) { event.preventDefault(); move(from, from + by); }
    };
    return item;
  }));
}
"""


def line_order(lines: Sequence[str], move: Callable[[int, int], None], *, key: str) -> None:
    """Draw lines with handles; `move` is called with the number of a line and how many places it goes down."""

    def moved() -> None:
        places = st.session_state[key].get("move")
        if isinstance(places, list) and len(places) == 2 and all(type(at) is int for at in places):
            at, to = places
            if 0 <= at < len(lines):
                move(at, to - at)

    st.components.v2.component("seize_order", html=_HTML, css=_CSS, js=_JS)(
        data={"lines": list(lines), "label": t("Move line")}, key=key, on_move_change=moved
    )
