"""Which line comes next? The model proposes, the visitor decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import bars, keep_error, show_kept_error
from dashboard.components.frame.share import copy_button, print_button
from dashboard.components.writing import controls, drafts, edit_history, line_tools, style_controls, writing_sheet
from dashboard.components.writing.pages import marked_line, own_line, paper, word_by_word
from dashboard.components.writing.style_controls import keep_person, memory, style
from dashboard.components.writing.typing_marks import line_order, typing_marks
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.rhyming_dictionary import replaceable_words, word_alternatives
from pipeline.core.translation import t, t_count
from pipeline.generation.constraints import Constraints
from pipeline.generation.form import Part, Slot
from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings
from pipeline.generation.style import Style, Theme
from pipeline.language.tokens import tokenise
from pipeline.writers.requests import ProposalRequest, Task

OFFERS = 5
LONGEST = 4000  # characters that an address carries


class Settings(NamedTuple):
    """What every line is asked for."""

    run: str
    constraints: Constraints
    daring: float
    style: Style
    memory: float
    theme: Theme | None = None
    plan: tuple[Part, ...] = ()
    keep_person: bool = False

    def request(self, lines: Sequence[GeneratedLine], turn: int, count: int, answer: str | None) -> ProposalRequest:
        """What to ask the writers for: next lines for a text."""
        text = edit_history.sectioned_text(lines, self.constraints, self.plan)
        slot = edit_history.line_slots(len(lines) + 1, self.constraints, self.plan)[-1]
        return ProposalRequest(self.run, text, turn, self.at(slot).written(), count, answer)

    def at(self, slot: Slot) -> "Settings":
        """The same for one line of the plan, which has a scheme of its own."""
        return self._replace(constraints=slot.constraints, plan=())

    def written(self, lines: int = 1) -> WriteSettings:
        """The same as the settings of a text of so many lines."""
        return WriteSettings(
            lines=lines,
            sampling=replace(cache.run_sampling(self.run), temperature=self.daring),
            style=self.style,
            memory=self.memory,
            keep_person=self.keep_person,
            theme=self.theme,
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
    about = style_controls.theme_text()
    constraints = controls.measure()
    plan = controls.own_plan()
    run = controls.model(runs)
    daring = controls.daring(run)
    with st.expander(t("Words")):
        wished, worth = controls.words(), style_controls.strength()
    with st.expander(t("Style")):
        manner, remembered, same_person = style(run), memory(), keep_person()
    wanted = replace(constraints, **wished._asdict())
    theme = style_controls.theme_of(about, run, worth)
    return Settings(run, wanted, daring, manner, remembered, theme, plan, same_person)


def offers(chosen: Settings) -> list[GeneratedLine]:
    """Five next lines; asked for once for the same text, settings and turn."""
    turn = st.session_state.get("turn", 0)
    lines = book().lines
    placed = [*lines, own_line("")]
    answer = edit_history.line_to_answer(placed, len(lines), chosen.constraints, chosen.plan) if chosen.plan else None
    key = (chosen, turn, book().text)
    if st.session_state.get("offers", (None,))[0] != key:
        with st.spinner(t("Listening for five lines…")):
            reply = writing_sheet.wait_for(chosen.request(lines, turn, OFFERS, answer))
        st.session_state["offers"] = (key, writing_sheet.proposed_lines(reply))
    return st.session_state["offers"][1]


def turn() -> None:
    """Other random numbers from here on."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1


def again(at: int, chosen: Settings) -> None:
    """Another line in the place of one, with its rhyme; the lines before it are what the model reads."""
    turn()
    constraints, lines = chosen.constraints, book().lines
    answer = edit_history.line_to_answer(lines, at, constraints, chosen.plan)
    with page_layout.show_errors():
        if not answer:
            avoid = (*constraints.avoid, *tokenise(lines[at].text)[-1:])
            chosen = chosen._replace(constraints=replace(constraints, avoid=avoid))
        reply = cache.ask_writers(chosen.request(lines[:at], st.session_state["turn"], 2, answer)).wait()
        proposed = writing_sheet.proposed_lines(reply)
        new = next((line for line in proposed if line.text != lines[at].text), None)
        if new:
            book().change(at, new)


def take(line: GeneratedLine) -> None:
    book().add(line)


def write_own(chosen: Settings) -> None:
    text = st.session_state["own"]
    if line_tools.has_hole(text):
        ask("fill", len(book().lines), text, chosen)
        return
    line = edit_history.read_line(text, cache.visitor_pronunciations(cache.open_writer(chosen.run).corpus))
    if line:
        book().add(line)


def edit(at: int, chosen: Settings) -> None:
    text = st.session_state["edit"]
    if line_tools.has_hole(text):
        ask("fill", at, text, chosen)
        return
    line = edit_history.read_line(text, cache.visitor_pronunciations(cache.open_writer(chosen.run).corpus))
    if line and line.text != book().lines[at].text:
        book().change(at, line)


def ask(task: Task, at: int, line: str, chosen: Settings, demand: WriteSettings | None = None, rhyme: str = "") -> None:
    """Ask for other words for a line; without a rhyme of its own it keeps to the scheme."""
    lines = book().lines
    placed = [*lines[:at], own_line(line), *lines[at + (task != "between") :]]
    answer = rhyme or edit_history.line_to_answer(placed, at, chosen.constraints, chosen.plan)
    slot = edit_history.line_slots(at + 1, chosen.constraints, chosen.plan)[at]
    line_tools.ask(task, at, line, lines, chosen.run, demand or chosen.at(slot).written(), answer)


def take_other(asked: line_tools.Asked, line: GeneratedLine) -> None:
    """Put a proposed line where it was asked for."""
    lines = book().lines
    if asked.request.task == "between" or asked.at == len(lines):
        book().insert(asked.at, line)
    else:
        book().change(asked.at, line)
    line_tools.put_away()


def start_over() -> None:
    """Begin again: what stood is a draft of its own in the notebook."""
    with keep_error("lines"):
        drafts.keep_rolling(drafts.LINES)
    book().put(())


def sheet(chosen: Settings) -> None:
    """The text so far, and what can be done to it."""
    lines = edit_history.with_letters(book().lines, chosen.constraints, chosen.plan)
    counted = bars(min(len(lines), 16), 16, large=True, label=t_count("{n} bar", "{n} bars", len(lines)))
    st.html(
        f'<div class="paper">{counted}{paper(lines, cache.writer_pronunciations(chosen.run)) if lines else ""}</div>'
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Undo"), icon=":material/undo:", on_click=lambda: book().undo(), disabled=not book().before, key="undo"
        )
        st.button(
            t("Redo"), icon=":material/redo:", on_click=lambda: book().redo(), disabled=not book().undone, key="redo"
        )
        st.button(t("Start over"), on_click=start_over, disabled=not lines, key="over")
        if lines:
            copy_button(t("Copy"), book().text, key="copy")
            drafts.save_button(lyric(chosen))
            print_button(t("Print or PDF"), key="print")
            st.download_button(t("Save as text"), book().text, "seize.txt", "text/plain", on_click="ignore")
            st.download_button(
                t("Save with its settings"),
                lambda: drafts.to_json_text(lyric(chosen)),
                "seize.json",
                "application/json",
                on_click="ignore",
            )
    to_address()
    if lines:
        drafts.save_by_itself(lyric(chosen), drafts.LINES)
        change(lines, chosen)
        if len(lines) > 1:
            with st.expander(t("Reorder lines")):
                page_layout.remark(t("Drag a line by its handle, or move it with the arrow keys."))
                line_order([line.text for line in lines], book().move, key="order")
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
            args=(at, chosen),
            max_chars=edit_history.LONGEST_LINE,
        )
        marks("edit", at, chosen)
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Another line, same rhyme"), icon=":material/casino:", on_click=again, args=(at, chosen), key="again"
            )
            st.button(
                t("A line before it"),
                icon=":material/add_row_above:",
                on_click=ask,
                args=("between", at, lines[at].text, chosen),
                key="between",
            )
            st.button(
                t("Up"), icon=":material/arrow_upward:", on_click=book().move, args=(at, -1), key="up", disabled=not at
            )
            st.button(
                t("Down"),
                icon=":material/arrow_downward:",
                on_click=book().move,
                args=(at, 1),
                key="down",
                disabled=at == len(lines) - 1,
            )
            st.button(t("Drop it"), icon=":material/delete:", on_click=book().drop, args=(at,), key="drop")
        other_words(at, lines[at].text, chosen)
        wanted, rhyme, pressed = line_tools.demand(chosen.written(), at)
        if pressed:
            ask("revise", at, lines[at].text, chosen, wanted, rhyme)


def other_words(at: int, line: str, chosen: Settings) -> None:
    """Words that may stand in the place of one of a line, each a tap away."""
    corpus = cache.open_writer(chosen.run).corpus
    vectors = style_controls.vectors(chosen.run)
    words = replaceable_words(line, vectors)
    if not words:
        return
    numbers: list[int] = list(words)
    place = st.selectbox(
        t("Another word for"), numbers, len(words) - 1, format_func=words.__getitem__, key=f"word-{at}-{line}"
    )
    alternatives = word_alternatives(
        line, numbers[-1] if place is None else place, vectors, cache.visitor_pronunciations(corpus)
    )
    with st.container(horizontal=True, gap="small"):
        for word, text in alternatives:
            label = escape_markdown(word)
            st.button(label, on_click=set_words, args=(at, text, chosen), key=f"word-{word}", type="tertiary")
    if not alternatives:
        page_layout.remark(t("No word near it has the same syllables and the same rhyme."))


def set_words(at: int, text: str, chosen: Settings) -> None:
    """Put a line of other words in the place of one."""
    line = edit_history.read_line(text, cache.visitor_pronunciations(cache.open_writer(chosen.run).corpus))
    if line:
        book().change(at, line)


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
            t("Or write your own"),
            key="own",
            max_chars=edit_history.LONGEST_LINE,
            placeholder=t("Your line here, … for a gap"),
        )
        st.form_submit_button(t("Add my line"), on_click=write_own, args=(chosen,))
    marks("own", len(book().lines), chosen)


def marks(box: str, at: int, chosen: Settings) -> None:
    """Syllables and rhyme of the line of a number, while it is typed into a text box."""
    lines = book().lines
    placed = [*lines[:at], own_line(""), *lines[at + 1 :]]
    answer = edit_history.line_to_answer(placed, at, chosen.constraints, chosen.plan)
    slot = edit_history.line_slots(at + 1, chosen.constraints, chosen.plan)[at]
    corpus = cache.open_writer(chosen.run).corpus
    state = f"{box}-{at}-{len(lines)}-{len(book().before)}"
    typing_marks(
        box, answer, slot.constraints.syllable_range, lambda: cache.visitor_pronunciations(corpus), key=f"typed-{state}"
    )


def offer(line: GeneratedLine) -> str:
    """HTML of one proposal."""
    return f'<div class="paper offer" lang="fr">{marked_line(line)}{line_tools.about(line)}</div>'


def lyric(chosen: Settings) -> Lyric:
    """The text as a draft: it has no seed, and no one random seed writes it again."""
    lines = tuple(edit_history.with_letters(book().lines, chosen.constraints, chosen.plan))
    settings = replace(chosen.written(max(1, len(lines))), plan=chosen.plan)
    return Lyric(run=chosen.run, seed="", text=book().text.rstrip("\n"), lines=lines, settings=settings, random_seed=0)


def draw_lines() -> None:
    """Which line comes next? The model proposes, the visitor decides."""
    page_layout.question(t("Which line comes next?"))
    runs = cache.writer_names()
    if not runs:
        page_layout.no_model()
        return
    page_layout.answer(t("Five lines are proposed. Take one, or write your own: the next five answer it."))
    with st.container(key="writer"):
        paper_place, choices = st.container(key="card-paper"), st.container(key="choices")
    chosen = None
    with choices, page_layout.show_errors(paper_place):
        chosen = settings(runs)
        from_address(chosen.run)
        from_notebook()
        show_kept_error("lines")
    if chosen is None:
        return
    with paper_place:
        sheet(chosen)
        line_tools.proposals(book(), take_other)
        propose(chosen)
    page_layout.how_to_read("lines")
