"""What can be done with the line that is picked: its words typed, other lines for it or after it, its place.

What was asked of the writers stands in the session until it is taken, put away, or the text before it changes.
"""

from dataclasses import replace
from typing import Literal, NamedTuple

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import button
from dashboard.components.writing import edited_text, word_panel, writing_sheet
from dashboard.components.writing.controls import Choices, split_words
from dashboard.components.writing.edited_text import MAX_LINE_CHARACTERS, MOST_LINES, EditedText
from dashboard.components.writing.written_lines import human_line, marked_line, origin_html
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import language, mark, t, t_count
from pipeline.generation.constraints import violation_text
from pipeline.generation.lyric import GeneratedLine
from pipeline.generation.own_line import HOLE, word_changes
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS
from pipeline.language.tokens import tokenise
from pipeline.writers.requests import LineRequest, LineTask

LINE, CHARACTER = "line", "character"  # keys: which line is picked, and where in it
ASKED, REPLY, TURN = "line-tool", "line-tool-lines", "turn"
PROPOSAL_COUNT = 5
Tool = Literal["instead", "after", "revise", "fill", "between"]
TOOLS: dict[Tool, tuple[str, str, str]] = {  # button, icon, heading
    "fill": (mark("Fill in the gaps"), "format_ink_highlighter", mark("Line {n}, filled")),
    "instead": (mark("Five alternatives"), "casino", mark("Instead of line {n}")),
    "after": (mark("Five next lines"), "add_row_below", mark("After line {n}")),
    "between": (mark("Add a line before"), "add_row_above", mark("A line before line {n}")),
    "revise": (mark("Rephrase"), "edit_attributes", mark("Line {n}, rephrased")),
}
TASKS: dict[Tool, LineTask] = {"revise": "revise", "fill": "fill", "between": "between"}  # others: the next line


class ToolRequest(NamedTuple):
    """A request for lines: the tool that was clicked, and the number of the line that it was clicked for."""

    tool: Tool
    at: int
    request: LineRequest


class RevisionConstraints(NamedTuple):
    """Constraints on a rephrased line: syllables (0: as now, plus or minus one), a word to rhyme with, words to
    avoid."""

    syllables: int = 0
    rhyme: str = ""
    without: tuple[str, ...] = ()


def select_line(at: int | None, character: int = -1) -> None:
    """Open the panel of a line, at the word of a clicked character; None closes it."""
    st.session_state[LINE], st.session_state[CHARACTER] = at, character
    dismiss_proposals()


def dismiss_proposals() -> None:
    """Remove the proposals from the panel."""
    st.session_state.pop(ASKED, None)


def selected_line(text: EditedText) -> int | None:
    """Return the number of the selected line (that of the next line is the number of lines), or None."""
    at = st.session_state.get(LINE)
    return at if isinstance(at, int) and 0 <= at <= min(len(text.lines), MOST_LINES - 1) else None


def draw(text: EditedText, chosen: Choices, sounds: Pronunciations) -> None:
    """Draw the panel of the selected line; draw nothing without one."""
    at = selected_line(text)
    if at is None:
        return
    is_new = at == len(text.lines)
    with st.container(horizontal=True, vertical_alignment="center", key="line-panel-head"):
        st.html(f"<h2>{escape_html(t('The next line') if is_new else t('Line {n}', n=at + 1))}</h2>")
        button(t("Close"), "close", select_line, None, key="line-close", type="tertiary")
    _draw_line_box(text, at, chosen, sounds)
    if is_new:
        request_lines("after", at - 1, text, chosen, again=False)
        _draw_proposals(text, chosen)
        return
    character = st.session_state.get(CHARACTER, -1)
    words = (
        word_panel.draw_expander(text, at, character) if character >= 0 else None
    )  # who clicks a word asks for it first
    _draw_tools(text, at, chosen)
    _draw_proposals(text, chosen)
    _draw_revision_form(text, at, chosen)
    words = words or word_panel.draw_expander(text, at, character)
    if words and words.open:  # filled last, since it takes a while: the rest can be clicked meanwhile
        with words, page_layout.show_errors():
            word_panel.draw(text, at, character, chosen.run, sounds)


def _draw_line_box(text: EditedText, at: int, chosen: Choices, sounds: Pronunciations) -> None:
    """Draw the box for the words of the line, which are measured while they are typed."""
    key = f"words-{at}-{text.version}"
    line = text.lines[at].text if at < len(text.lines) else ""
    st.session_state.setdefault(key, line)
    values, hint = (key, text, at, chosen, sounds), t("Your line, with … for gaps")
    st.text_input(
        t("Write it yourself"),
        key=key,
        live=True,
        max_chars=MAX_LINE_CHARACTERS,
        placeholder=hint,
        on_change=_take_typed_line,
        args=values,
    )
    if line:
        measured_line = edited_text.measure_lines(text.lines, chosen.constraints, chosen.sections, sounds)[at]
        st.html(f'<div class="paper offer" lang="fr" aria-live="polite">{line_facts_html(measured_line)}</div>')
        if measured_line.quotation:
            st.html(origin_html(measured_line, [measured_line]))


def _take_typed_line(key: str, text: EditedText, at: int, chosen: Choices, sounds: Pronunciations) -> None:
    """Put the words of the box into the text."""
    line = edited_text.read_line(str(st.session_state[key] or ""), sounds)
    if line and at < len(text.lines):
        old = text.lines[at]
        text.type_line(at, replace(line, section=old.section, kind=old.kind))
    elif line:
        text.type_line(at, edited_text.assign_section(line, text.lines, chosen.sections))


def _draw_tools(text: EditedText, at: int, chosen: Choices) -> None:
    """Draw the buttons that propose lines instead of this one or beside it, and that lock, move or delete it."""
    words = text.lines[at].text
    with st.container(horizontal=True, gap="small", key="line-tools"):
        for tool, (label, icon, _) in TOOLS.items():
            if tool != "revise" and (tool != "fill" or HOLE.search(words)):
                button(t(label), icon, request_lines, tool, at, text, chosen, key=f"tool-{tool}")
    with st.container(horizontal=True, gap="small", key="line-place"):
        label, icon = (t("Unlock"), "lock_open") if words in text.locked else (t("Lock"), "lock")
        button(label, icon, text.toggle_lock, at, key="lock", type="tertiary")
        button(t("Up"), "arrow_upward", move_line, text, at, -1, key="up", type="tertiary")
        button(t("Down"), "arrow_downward", move_line, text, at, 1, key="down", type="tertiary")
        button(t("Delete"), "delete", _remove_line, text, at, key="drop", type="tertiary")


def _draw_revision_form(text: EditedText, at: int, chosen: Choices) -> None:
    """Draw the form that rephrases a line: with so many syllables, a rhyme, without some words."""
    wanted_syllables = edited_text.line_plans(text.lines, chosen.constraints, chosen.sections)[at].constraints.syllables
    with st.form(f"revise-{at}", border=False):
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        help = t("As spoken. 0: the same as now, plus or minus one.")
        count = left.number_input(t("Syllables"), *(0, 30, wanted_syllables or 0), help=help)
        rhyme = middle.text_input(t("Rhymes with"), max_chars=60, help=t("Leave empty to follow the rhyme scheme."))
        without = right.text_input(t("Avoid these words"), max_chars=200)
        label, icon, _ = TOOLS["revise"]
        if st.form_submit_button(t(label), icon=f":material/{icon}:"):
            request_lines(
                "revise",
                at,
                text,
                chosen,
                RevisionConstraints(int(count), (rhyme or "").strip(), split_words(without or "")),
            )
            st.rerun()


def _remove_line(text: EditedText, at: int) -> None:
    """Remove a line and select the one that takes its place."""
    text.remove_line(at)
    select_line(min(at, len(text.lines) - 1) if text.lines else None)


def move_line(text: EditedText, at: int, by: int) -> None:
    """Move a line `by` places down and keep it selected."""
    if 0 <= at < len(text.lines) and 0 <= at + by < len(text.lines):
        text.move_line(at, by)
        select_line(at + by)


def request_lines(
    tool: Tool,
    at: int,
    text: EditedText,
    chosen: Choices,
    wish: RevisionConstraints | None = None,
    *,
    again: bool = True,
) -> None:
    """Ask for lines for a place in the text, other ones than before if `again`."""
    turn = st.session_state[TURN] = st.session_state.get(TURN, 0) + again
    st.session_state[CHARACTER] = -1  # the word that was clicked was asked for before
    st.session_state[ASKED] = ToolRequest(tool, at, line_request(tool, at, text, chosen, turn, wish))


def line_request(
    tool: Tool,
    at: int,
    text: EditedText,
    chosen: Choices,
    turn: int,
    wish: RevisionConstraints | None = None,
    count: int = PROPOSAL_COUNT,
) -> LineRequest:
    """Return the request to the writers for lines in place of the line `at`, before it or after it."""
    lines, place = list(text.lines), at + (tool == "after")
    if tool in ("after", "between"):
        section = lines[min(place, len(lines) - 1)].section if lines else 0
        new = replace(human_line(""), section=section)
        lines.insert(place, edited_text.assign_section(new, lines, chosen.sections) if place == len(lines) else new)
    slot = edited_text.line_plans(lines, chosen.constraints, chosen.sections)[place]
    answer = edited_text.line_to_rhyme_with(lines, place, chosen.constraints, chosen.sections)
    settings, before = chosen.line_settings(slot), edited_text.context_before(lines, place)
    own = lines[place].text
    wished, task = settings.constraints, TASKS.get(tool, "next")
    answer = (wish.rhyme if wish else "") or answer
    if wished and wish:
        syllables = max(2, wish.syllables) if wish.syllables else None
        wished = replace(wished, syllables=syllables, tolerance=0, use=(), avoid=(*wished.avoid, *wish.without))
    elif wished and tool == "instead" and not answer and place >= len(wished.end_words):
        # nothing but its last word would be the same
        wished = replace(wished, avoid=(*wished.avoid, *tokenise(own)[-1:]))
    settings = replace(settings, constraints=wished)
    given = "" if task == "next" else text.lines[at].text[:MAX_LINE_CHARACTERS]
    quoted = chosen.quoted if task == "next" else None
    return LineRequest(chosen.run, before, task, given, turn, settings, count, answer, quoted)


def _draw_proposals(text: EditedText, chosen: Choices) -> None:
    """Draw the proposed lines, as long as the text before them is the one that they were asked for."""
    proposal_request: ToolRequest | None = st.session_state.get(ASKED)
    at = proposal_request.at + (proposal_request.tool == "after") if proposal_request else 0
    if (
        not proposal_request
        or at > len(text.lines)
        or not proposal_request.request.text.startswith(edited_text.context_before(text.lines, at))
    ):
        return
    is_next = proposal_request.at + 1 == len(text.lines) == selected_line(text)
    if not is_next:
        st.html(f"<h3>{escape_html(t(TOOLS[proposal_request.tool][2], n=proposal_request.at + 1))}</h3>")
    with page_layout.show_errors():
        with st.spinner(t("Looking for five lines…")):
            lines = writing_sheet.proposed_lines(proposal_request.request, REPLY)
        if not lines:
            page_layout.empty_state(t("No line matches all your settings. Relax one, or try again."))
        for number, line in enumerate(lines, 1):
            with st.container(horizontal=True, gap="small", vertical_alignment="top", key=f"offer-{number}"):
                key, shortcut = f"take-{number}", str(number)  # which is shown beside the word
                button(
                    t("Use"),
                    "",
                    accept_proposal,
                    proposal_request,
                    line,
                    text,
                    chosen,
                    key=key,
                    shortcut=shortcut,
                    width=96,
                )
                st.html(proposal_html(proposal_request, line))
    with st.container(horizontal=True, gap="small"):
        button(t("Five more"), "casino", _request_more_lines, proposal_request, key="tool-others")
        if not is_next:
            button(t("Dismiss"), "close", dismiss_proposals, key="tool-away")


def _request_more_lines(request: ToolRequest) -> None:
    turn = st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[ASKED] = request._replace(request=replace(request.request, random_seed=turn))


def accept_proposal(request: ToolRequest, line: GeneratedLine, text: EditedText, chosen: Choices) -> None:
    """Put a proposed line into the text, and select it; after the last line, select the line that would come next."""
    if request.tool == "after" and request.at + 1 == len(text.lines):
        text.replace_lines([*text.lines, edited_text.assign_section(line, text.lines, chosen.sections)])
        select_line(len(text.lines))
    elif request.tool in ("after", "between"):
        at = request.at + (request.tool == "after")
        text.insert(at, line)
        select_line(at)
    else:
        text.change_line(request.at, line)
        select_line(request.at)


def proposal_html(asked: ToolRequest, line: GeneratedLine) -> str:
    """Return the HTML of a proposed line. In a rephrased line, changes are marked."""
    request, words = asked.request, marked_line(line)
    if request.task in ("revise", "fill"):
        words = changes_html(request.line, line.text)
    return f'<div class="paper offer" lang="fr">{words}{line_facts_html(line)}</div>'


def line_facts_html(line: GeneratedLine) -> str:
    """Return the HTML of a line's syllables, kind of rhyme and violations."""
    says_count = any(violation.code == "syllables" for violation in line.violations)
    parts = [] if says_count else [t_count("{n} syllable", "{n} syllables", line.syllables or 0)]
    parts += [t("{kind} rhyme", kind=line.rhyme_kind)] if line.rhyme_kind in RHYME_KINDS else []
    parts += map(violation_text, line.violations)
    return f'<span class="about" lang="{language()}">{escape_html(" · ".join(parts))}</span>'


def changes_html(old: str, new: str) -> str:
    """Return a line as HTML with inserted words in <ins> and removed ones in <del>.

    >>> changes_html("La nuit <tombe", "La pluie <tombe")
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
