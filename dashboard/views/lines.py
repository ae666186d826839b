"""Which line comes next? The model proposes, the visitor decides."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components import controls, drafts, edit_history, page_layout, writing_sheet
from dashboard.components.bar_icon import bars
from dashboard.components.callback_errors import keep_error, show_kept_error
from dashboard.components.copy import copy_button
from dashboard.components.pages import marked_line, paper
from dashboard.components.style_controls import memory, style
from dashboard.components.word_by_word import word_by_word
from dashboard.locale.escaping import escape_html
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.style import Style
from pipeline.generation.violations import violation_text
from pipeline.language.tokens import tokenise
from pipeline.translation import language, t, t_count
from pipeline.writers.requests import ProposalRequest

OFFERS = 5
LONGEST = 4000  # characters that an address carries


class Settings(NamedTuple):
    """What every line is asked for."""

    run: str
    constraints: Constraints
    daring: float
    style: Style
    memory: float

    def request(self, text: str, turn: int, count: int, answer: str | None = None) -> ProposalRequest:
        """What to ask the writers for: next lines for a text."""
        return ProposalRequest(self.run, text, turn, self.written(), count, answer)

    def written(self, lines: int = 1) -> WriteSettings:
        """The same as the settings of a text of so many lines."""
        return WriteSettings(
            lines=lines,
            sampling=SamplingSettings(temperature=self.daring),
            style=self.style,
            memory=self.memory,
            constraints=self.constraints,
        )


def book() -> edit_history.EditHistory:
    """The text of this visitor."""
    return st.session_state.setdefault(drafts.HISTORY, edit_history.EditHistory())


def from_notebook() -> None:
    """The text that was being written here when the browser or the server went, unless the address has another."""
    if drafts.HISTORY not in st.session_state:
        saved = next((draft for draft in drafts.store().drafts() if draft.id == drafts.LINES), None)
        book().lines = saved.lyric.lines if saved else ()


def from_address(run: str) -> None:
    """A text that was shared opens as the visitor's own lines, unless there is one already."""
    text = str(st.query_params.get("text") or "")[:LONGEST]
    if drafts.HISTORY not in st.session_state and text.strip():
        sounds = cache.visitor_pronunciations(cache.open_writer(run).corpus)
        lines = [edit_history.read_line(line, sounds) for line in text.split("\n")]
        book().lines = tuple(line for line in lines if line)[: edit_history.MOST_LINES]


def to_address() -> None:
    """The address opens the text as it stands."""
    text = book().text.rstrip("\n")
    if not text or len(text) > LONGEST:
        st.query_params.pop("text", None)
    else:
        st.query_params["text"] = text
    if len(text) > LONGEST:
        page_layout.remark(t("The text is too long for an address: keep it in the notebook to share it as a file."))
    elif text:
        page_layout.remark(t("The address of this page opens this text."))


def settings(runs: list[str]) -> Settings:
    constraints = controls.measure()
    run, daring = controls.model(runs), controls.daring()
    with st.expander(t("Words")):
        wished = controls.words()
    with st.expander(t("Style")):
        manner, remembered = style(run), memory()
    return Settings(run, replace(constraints, **wished._asdict()), daring, manner, remembered)


def offers(chosen: Settings) -> list[GeneratedLine]:
    """Five next lines; asked for once for the same text, settings and turn."""
    turn = st.session_state.get("turn", 0)
    key = (chosen, turn, book().text)
    if st.session_state.get("offers", (None,))[0] != key:
        with st.spinner(t("Listening for five lines…")):
            reply = writing_sheet.wait_for(chosen.request(book().text, turn, OFFERS))
        st.session_state["offers"] = (key, writing_sheet.proposed_lines(reply))
    return st.session_state["offers"][1]


def turn() -> None:
    """Other random numbers from here on."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1


def again(at: int, chosen: Settings) -> None:
    """Another line in the place of one, with its rhyme; the lines before it are what the model reads."""
    turn()
    constraints, lines = chosen.constraints, book().lines
    before = edit_history.EditHistory(lines[:at]).text
    answer = edit_history.line_to_answer(lines, at, constraints)
    with page_layout.show_errors():
        if not answer:
            avoid = (*constraints.avoid, *tokenise(lines[at].text)[-1:])
            chosen = chosen._replace(constraints=replace(constraints, avoid=avoid))
        reply = cache.ask_writers(chosen.request(before, st.session_state["turn"], 2, answer)).wait()
        found = writing_sheet.proposed_lines(reply)
        new = next((line for line in found if line.text != lines[at].text), None)
        if new:
            book().change(at, new)


def take(line: GeneratedLine) -> None:
    book().add(line)


def write_own(sounds_of: str) -> None:
    line = edit_history.read_line(
        st.session_state["own"], cache.visitor_pronunciations(cache.open_writer(sounds_of).corpus)
    )
    if line:
        book().add(line)


def edit(at: int, sounds_of: str) -> None:
    text = st.session_state["edit"]
    line = edit_history.read_line(text, cache.visitor_pronunciations(cache.open_writer(sounds_of).corpus))
    if line and line.text != book().lines[at].text:
        book().change(at, line)


def start_over() -> None:
    """Begin again: what stood is a draft of its own in the notebook."""
    with keep_error("lines"):
        drafts.keep_rolling(drafts.LINES)
    book().put(())


def sheet(chosen: Settings) -> None:
    """The text so far, and what can be done to it."""
    lines = edit_history.with_letters(book().lines, chosen.constraints)
    counted = bars(min(len(lines), 16), 16, large=True, label=t_count("{n} bar", "{n} bars", len(lines)))
    st.html(
        f'<div class="paper">{counted}{paper(lines, cache.writer_pronunciations(chosen.run)) if lines else ""}</div>'
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Undo"), icon=":material/undo:", on_click=lambda: book().undo(), disabled=not book().before, key="undo"
        )
        st.button(t("Start over"), on_click=start_over, disabled=not lines, key="over")
        if lines:
            copy_button(t("Copy"), book().text, key="copy")
            drafts.save_button(lyric(chosen))
    to_address()
    if lines:
        drafts.save_by_itself(lyric(chosen), drafts.LINES)
        change(lines, chosen)
        word_by_word(lines)


def change(lines: list[GeneratedLine], chosen: Settings) -> None:
    """Edit, re-roll or drop one line."""
    with st.expander(t("Change a line")):
        names = {at: f"{at + 1}. {line.text}" for at, line in enumerate(lines)}
        at = st.selectbox(
            t("Line to change"),
            list(names),
            len(names) - 1,
            format_func=lambda at: names.get(at, ""),
            key=f"which-{len(names)}",
        )
        st.session_state["edit"] = lines[at].text  # whatever became of the line since
        st.text_input(
            t("In your words"),
            key="edit",
            on_change=edit,
            args=(at, chosen.run),
            max_chars=edit_history.LONGEST_LINE,
        )
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Another line, same rhyme"), icon=":material/casino:", on_click=again, args=(at, chosen), key="again"
            )
            st.button(t("Drop it"), icon=":material/delete:", on_click=book().drop, args=(at,), key="drop")


def propose(chosen: Settings) -> None:
    """The five lines, and the visitor's own."""
    if len(book().lines) >= edit_history.MOST_LINES:
        page_layout.remark(t("A text holds {n} lines at most.", n=edit_history.MOST_LINES))
        return
    st.html(f"<h2>{t('The next line')}</h2>")
    for number, line in enumerate(offers(chosen), 1):
        with st.container(horizontal=True, gap="small", vertical_alignment="top", key=f"offer-{number}"):
            # the shortcut, shown beside the word, is the number
            st.button(t("Take"), key=f"take-{number}", on_click=take, args=(line,), shortcut=str(number), width=96)
            st.html(offer(line))
    st.button(t("Five others"), icon=":material/casino:", on_click=turn, key="others")
    with st.form("own-line", border=False, clear_on_submit=True):
        st.text_input(
            t("Or write your own"), key="own", max_chars=edit_history.LONGEST_LINE, placeholder="Ton vers ici"
        )
        st.form_submit_button(t("Add my line"), on_click=write_own, args=(chosen.run,))


def offer(line: GeneratedLine) -> str:
    """HTML of one proposal."""
    about = [t_count("{n} syllable", "{n} syllables", line.syllables or 0)]
    about += [t("rime {kind}", kind=line.rhyme_kind)] if line.rhyme_kind else []
    about += map(violation_text, line.violations)
    said = escape_html(" · ".join(about))
    about_line = f'<span class="about" lang="{language()}">{said}</span>'
    return f'<div class="paper offer" lang="fr">{marked_line(line)}{about_line}</div>'


def lyric(chosen: Settings) -> Lyric:
    """The text as a draft: it has no seed, and no one random seed writes it again."""
    lines = tuple(edit_history.with_letters(book().lines, chosen.constraints))
    settings = chosen.written(max(1, len(lines)))
    return Lyric(run=chosen.run, seed="", text=book().text.rstrip("\n"), lines=lines, settings=settings, random_seed=0)


page_layout.question(t("Which line comes next?"))
runs = cache.writer_names()
if not runs:
    page_layout.no_model()
    st.stop()
page_layout.answer(t("Five lines are proposed. Take one, or write your own: the next five answer it."))
with st.container(key="writer"):
    left, right = st.columns([2, 3], gap="large")
chosen = None
with left, st.container(key="choices"), page_layout.show_errors(right):
    chosen = settings(runs)
    from_address(chosen.run)
    from_notebook()
    show_kept_error("lines")
if chosen is None:
    st.stop()
with right, st.container(key="card-paper"):
    sheet(chosen)
    propose(chosen)
page_layout.how_to_read("lines")
