"""A line while it is typed: its syllables, and how it rhymes with the line that it answers.

A text box of Streamlit's sends what is in it when it is left. A script beside it listens to its keys and sends what
stands there to a fragment, which measures as the rest of the page does: there is no second way to count, and only the
marks are drawn again.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.components.edit_history import LONGEST_LINE, read_line
from dashboard.components.pages import RhymeMark, marked_line
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import language, t, t_count
from pipeline.generation.lyric import GeneratedLine
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare

# One text is sent at a time, and what stands there by then once it is measured: a slow server answers less often, but
# to what is typed. What is lost on its way holds up the next for a quarter of a second.
_JS = """
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
    component = st.components.v2.component(f"seize_typed_{box}", html="<span></span>", js=_JS.replace("BOX", box))
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
    known = [t_count("{n} syllable", "{n} syllables", count)]
    if wanted and not wanted[0] <= count <= wanted[1]:
        known = [t("{n} of {least} to {most} syllables", n=count, least=wanted[0], most=wanted[1])]
    rhymes = line.rhyme_kind not in (None, "none")
    if rhymes:
        known.append(t("rime {kind}", kind=line.rhyme_kind))
    elif answer:
        known.append(t("no rhyme with “{line}” yet", line=answer))
    about = f'<span class="about" lang="{language()}">{escape_html(" · ".join(known))}</span>'
    words = marked_line(line, RhymeMark("A", 0) if rhymes else None)
    return f'<div class="paper offer" lang="fr" aria-live="polite">{words}{about}</div>'


def _heard() -> None:
    """What was typed is in the session by now."""
