"""Other words for one line of a text: revised to a demand, its holes filled, a line put before it.

What was asked last stands in the session until it is taken, put away, or the text before it changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.writing import writing_sheet
from dashboard.components.writing.edit_history import LONGEST_LINE, EditHistory
from dashboard.locale.escaping import escape_html, escape_markdown
from pipeline.core.translation import language, mark, t, t_count
from pipeline.generation.constraints import Constraints, violation_text
from pipeline.generation.lyric import GeneratedLine, WriteSettings
from pipeline.generation.own_line import HOLE, word_changes
from pipeline.writers.requests import LineRequest, Task

ASKED, FOUND = "line-tool", "line-tool-lines"
COUNT = 5
TITLES: dict[Task, str] = {
    "revise": mark("Line {n}, revised"),
    "fill": mark("Line {n}, filled"),
    "between": mark("A line before line {n}"),
}


class Asked(NamedTuple):
    """What was asked, for the line of which number."""

    at: int
    request: LineRequest


def has_hole(text: str) -> bool:
    """Whether a line is to be filled.

    >>> has_hole("je … la nuit"), has_hole("la nuit")
    (True, False)
    """
    return bool(HOLE.search(text))


def ask(
    task: Task, at: int, line: str, lines: Sequence[GeneratedLine], run: str, settings: WriteSettings, answer: str
) -> None:
    """Ask for other words for the line of a number, with the lines before it as what the model reads."""
    text = EditHistory(tuple(lines[:at])).text
    turn = st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    request = LineRequest(run, text, task, line[:LONGEST_LINE], turn, settings, COUNT, answer)
    st.session_state[ASKED] = Asked(at, request)


def demand(settings: WriteSettings, at: int) -> tuple[WriteSettings, str, bool]:
    """Draw what a line is to meet; return the settings with it, what it is to rhyme with, and whether it was asked."""
    asked = settings.constraints or Constraints()
    with st.form(f"revise-{at}", border=False):
        left, middle, right = st.columns(3)
        count = left.number_input(
            t("Syllables"), *(0, 30, 0), help=t("As spoken. 0: as many as now, give or take one.")
        )
        rhyme = middle.text_input(t("Rhymes with"), max_chars=60, help=t("Empty: as the scheme says."))
        without = right.text_input(t("Without the words"), max_chars=200)
        pressed = st.form_submit_button(t("Five revisions"), icon=":material/edit_attributes:")
    avoid = tuple(part.strip() for part in (without or "").lower().split(",") if part.strip())
    wanted = replace(
        asked, syllables=max(2, int(count)) if count else None, tolerance=0, use=(), avoid=(*asked.avoid, *avoid)
    )
    return replace(settings, constraints=wanted), (rhyme or "").strip(), pressed


def proposals(history: EditHistory, take: Callable[[Asked, GeneratedLine], None]) -> None:
    """Draw what was found for what was asked, while the text is what it was asked for."""
    asked: Asked | None = st.session_state.get(ASKED)
    if asked is None or EditHistory(history.lines[: asked.at]).text != asked.request.text:
        return
    st.html(f"<h2>{escape_html(t(TITLES[asked.request.task], n=asked.at + 1))}</h2>")
    with page_layout.show_errors():
        lines = _find_lines(asked.request)
        if not lines:
            page_layout.empty_state(t("No line does that. Ask for less, or ask again."))
        for number, line in enumerate(lines, 1):
            with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"offer-tool-{number}"):
                label = t("Take line {n}", n=number)
                st.button(
                    t("Take"), key=f"tool-{number}", on_click=take, args=(asked, line), help=escape_markdown(label)
                )
                st.html(proposal(asked.request, line))
    with st.container(horizontal=True, gap="small"):
        st.button(t("Five others"), icon=":material/casino:", on_click=_again, args=(asked,), key="tool-others")
        st.button(t("Put away"), icon=":material/close:", on_click=put_away, key="tool-away")


def put_away() -> None:
    """Let go what was asked."""
    st.session_state.pop(ASKED, None)


def proposal(request: LineRequest, line: GeneratedLine) -> str:
    """Return the HTML of a line; of a revision, with what changed."""
    words = escape_html(line.text) if request.task == "between" else marked_changes(request.line, line.text)
    return f'<div class="paper offer" lang="fr">{words}{about(line)}</div>'


def about(line: GeneratedLine) -> str:
    """Return the HTML of what is known of a proposed line: its syllables, its rhyme, what it lacks."""
    parts = [t_count("{n} syllable", "{n} syllables", line.syllables or 0)]
    parts += [t("rime {kind}", kind=line.rhyme_kind)] if line.rhyme_kind else []
    parts += map(violation_text, line.violations)
    return f'<span class="about" lang="{language()}">{escape_html(" · ".join(parts))}</span>'


def marked_changes(old: str, new: str) -> str:
    """Return a line as HTML with the words that changed: put in, and gone.

    >>> marked_changes("La nuit <tombe", "La pluie <tombe")
    'La <del>nuit</del> <ins>pluie</ins> &lt;tombe'
    """
    html, at = "", 0
    for change in word_changes(HOLE.sub(" ", old), new):
        if change.state == "gone":
            gone = escape_html(HOLE.sub(" ", old)[change.start : change.stop])
            html += escape_html(new[at : at + 1]) if new[at : at + 1] == " " else ""
            at += new[at : at + 1] == " "
            html += f"<del>{gone}</del> "
            continue
        word = escape_html(new[change.start : change.stop])
        html += escape_html(new[at : change.start]) + (word if change.state == "same" else f"<ins>{word}</ins>")
        at = change.stop
    return html.rstrip() + escape_html(new[at:])


def _again(asked: Asked) -> None:
    turn = st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    st.session_state[ASKED] = asked._replace(request=replace(asked.request, random_seed=turn))


def _find_lines(request: LineRequest) -> list[GeneratedLine]:
    """Return the lines that the writers found; asked for once."""
    if st.session_state.get(FOUND, (None,))[0] != request:
        with st.spinner(t("Listening for five lines…")):
            reply = writing_sheet.wait_for(request)
        st.session_state[FOUND] = (request, writing_sheet.proposed_lines(reply))
    return st.session_state[FOUND][1]
