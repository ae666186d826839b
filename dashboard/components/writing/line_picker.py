"""A line of the text on paper, and a word of it, picked: with a pointer, a finger or keys.

The sheet is HTML that `written_lines.listbox_html` makes: a list box; a script beside it listens to clicks and keys.
Up and down go from line to line, Enter picks one, Alt with an arrow moves it, Ctrl+Z takes a step back.
"""

from collections.abc import Callable

import streamlit as st

_JS = """
let shown = null;  // the line whose panel is open
export default function ({ data, parentElement, setTriggerValue }) {
  const options = () => [...document.querySelectorAll(".st-key-sheet [role=option]")];
  const line = (option) => Number(option.dataset.line);
  const apply = () => options().forEach((option) => {
    const picked = String(line(option) === data.at), tab = line(option) === (data.at ?? 0) ? "0" : "-1";
    if (option.getAttribute("aria-selected") !== picked) option.setAttribute("aria-selected", picked);
    if (option.getAttribute("tabindex") !== tab) option.setAttribute("tabindex", tab);
  });
  const offset = (event, words) => {  // of the character under the pointer
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = place ?? document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const node = range?.offsetNode ?? range?.startContainer, at = range?.offset ?? range?.startOffset;
    if (!node || !words?.contains(node)) return -1;
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    let before = 0;
    while (walker.nextNode() && walker.currentNode !== node) before += walker.currentNode.length;
    return before + at;
  };
  const clicked = (event) => {
    const option = event.target.closest?.(".st-key-sheet [role=option]");
    if (!option) return;
    const words = event.target.closest(".words");
    if (innerWidth <= 640) option.scrollIntoView({ block: "start" });  // the panel takes the lower half
    setTriggerValue("pick", [line(option), words ? offset(event, words) : -1]);
  };
  const focusPanel = (tries) => {
    const box = document.querySelector(".st-key-line-panel input");
    if (box) box.focus(); else if (tries) setTimeout(focusPanel, 100, tries - 1);
  };
  const pressed = (event) => {
    const typing = event.target.closest?.("input, textarea, [contenteditable=true]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      setTriggerValue(event.shiftKey ? "redo" : "undo", true);
    }
    const option = event.target.closest?.(".st-key-sheet [role=option]");
    if (!option) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key], all = options();
    if (by && event.altKey) setTriggerValue("move", [line(option), by]);
    else if (by) all[all.indexOf(option) + by]?.focus();
    else if (event.key === "Enter" || event.key === " ") {
      setTriggerValue("pick", [line(option), -1]);
      setTimeout(focusPanel, 300, 20);
    } else return;
    event.preventDefault();
  };
  const watch = new MutationObserver(apply), sheet = document.querySelector(".st-key-sheet");
  if (sheet) watch.observe(sheet, { childList: true, subtree: true });
  apply();
  if (data.at !== null && data.at !== shown && innerWidth > 640) setTimeout(() => {  // once the panel has its place
    document.querySelector(".st-key-line-panel")?.scrollIntoView({ block: "nearest" });
    options()[data.at]?.scrollIntoView({ block: "nearest" });
  }, 200);
  shown = data.at;
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  return () => {
    watch.disconnect();
    document.removeEventListener("click", clicked);
    document.removeEventListener("keydown", pressed);
  };
}
"""


def mount_line_picker(
    at: int | None,
    pick: Callable[[int, int], None],
    move: Callable[[int, int], None],
    undo: Callable[[], None],
    redo: Callable[[], None],
) -> None:
    """Add the script that selects lines to the page; `at` is the selected line.

    pick  is called with a line and the character of it that was clicked, -1 for none
    move  with a line and how many places it goes down
    """

    def handle_event(event: str, function: Callable[[int, int], None]) -> None:
        values = st.session_state["line-picker"].get(event)
        if isinstance(values, list) and len(values) == 2 and all(type(value) is int for value in values):
            function(*values)

    st.components.v2.component("seize_lines", html="<span></span>", js=_JS)(
        data={"at": at},
        key="line-picker",
        on_pick_change=lambda: handle_event("pick", pick),
        on_move_change=lambda: handle_event("move", move),
        on_undo_change=undo,
        on_redo_change=redo,
    )
