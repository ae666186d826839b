"""Lines under the visitor's hands: what is typed is measured, what is dragged changes its place.

A text box of Streamlit's sends what is in it when it is left. A script beside it listens to its keys and sends what
stands there to a fragment, which measures as the rest of the page does: there is no second way to count, and only the
marks are drawn again. Lines are put in another order by their handles, with a pointer, a finger or arrow keys.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from dashboard.components.writing.edit_history import LONGEST_LINE, read_line
from dashboard.components.writing.pages import RhymeMark, marked_line
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import language, t, t_count
from pipeline.generation.lyric import GeneratedLine
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare

# One text is sent at a time, and what stands there by then once it is measured: a slow server answers less often, but
# to what is typed. What is lost on its way holds up the next for a quarter of a second.
_TYPING_JS = """
export default function ({ data, parentElement, setStateValue }) {
  const keys = (parentElement.keys ??= { sent: null, latest: null });  // this function runs again after each answer
  const send = () => {
    if (keys.sent !== null || keys.latest === null) return;
    keys.sent = keys.latest;
    keys.latest = null;
    keys.timer = setTimeout(keys.answered, 250);
    setStateValue("typed", keys.sent);
  };
  keys.answered = () => {
    clearTimeout(keys.timer);
    keys.sent = null;
    send();
  };
  if (keys.sent !== null && data.measured === keys.sent) keys.answered();
  const heard = (event) => {
    if (!event.target.closest?.(".st-key-BOX")) return;
    keys.latest = event.target.value;
    send();
  };
  document.addEventListener("input", heard);
  return () => document.removeEventListener("input", heard);
}
"""


@st.fragment
def typing_marks(
    box: str, answer: str, wanted: tuple[int, int] | None, sounds: Callable[[], Pronunciations], *, key: str
) -> None:
    """Draw what is known of the line that is typed into the text box of the key `box`; nothing while it is empty.

    answer  the line to rhyme with, "" for none
    wanted  fewest and most syllables
    sounds  gives pronunciations that may learn words
    key     another one for another state of the text: what was typed then is forgotten
    """
    typed = st.session_state.get(key, {}).get("typed")
    component = st.components.v2.component(
        f"seize_typed_{box}", html="<span></span>", js=_TYPING_JS.replace("BOX", box)
    )
    component(data={"measured": typed}, key=key, on_typed_change=_heard)
    if isinstance(typed, str) and (line := measure_line(typed[:LONGEST_LINE], answer, sounds())):
        st.html(typed_line(line, answer, wanted))


def measure_line(text: str, answer: str, sounds: Pronunciations) -> GeneratedLine | None:
    """Return a line as typed with its syllables and its rhyme with the answer, None when there is no word in it."""
    line = read_line(text, sounds)
    return replace(line, rhyme_kind=compare(answer, line.text, sounds).kind) if line and answer else line


def typed_line(line: GeneratedLine, answer: str, wanted: tuple[int, int] | None) -> str:
    """Return the HTML of a line under way: its rhyme in colour once it rhymes, its syllables, those that are wanted."""
    count = line.syllables or 0
    parts = [t_count("{n} syllable", "{n} syllables", count)]
    if wanted and not wanted[0] <= count <= wanted[1]:
        parts = [t("{n} of {least} to {most} syllables", n=count, least=wanted[0], most=wanted[1])]
    rhymes = line.rhyme_kind not in (None, "none")
    if rhymes:
        parts.append(t("rime {kind}", kind=line.rhyme_kind))
    elif answer:
        parts.append(t("no rhyme with “{line}” yet", line=answer))
    about = f'<span class="about" lang="{language()}">{escape_html(" · ".join(parts))}</span>'
    words = marked_line(line, RhymeMark("A", 0) if rhymes else None)
    return f'<div class="paper offer" lang="fr" aria-live="polite">{words}{about}</div>'


def _heard() -> None:
    """What was typed is in the session by now."""


_ORDER_HTML = "<ol></ol>"
_ORDER_CSS = """
ol { list-style: none; margin: 0; padding: 0; font-family: inherit; }
li { display: flex; align-items: baseline; gap: 0.6rem; padding: 0.15rem 0; border-top: 2px solid transparent; }
li.over { border-top-color: var(--st-primary-color); }
li.dragged { opacity: 0.45; }
button { font: inherit; color: var(--st-text-color); background: transparent; border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); min-width: 2.5rem; min-height: 2.5rem; cursor: grab; touch-action: none; }
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
"""
_ORDER_JS = """
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

    st.components.v2.component("seize_order", html=_ORDER_HTML, css=_ORDER_CSS, js=_ORDER_JS)(
        data={"lines": list(lines), "label": t("Move line")}, key=key, on_move_change=moved
    )
