"""What are the next sixteen bars? One text: a model writes it, it is typed or pasted, and every line can be changed."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import bar_meter_html, button, draw_fold, keep_error, show_kept_error
from dashboard.components.frame.share import copy_button, page_address, print_button, share_verse
from dashboard.components.writing import (
    controls,
    drafts,
    edited_text,
    line_panel,
    line_picker,
    text_report,
    themes,
    writing_sheet,
)
from dashboard.components.writing.controls import Choices
from dashboard.components.writing.edited_text import MAX_TEXT_CHARACTERS, EditedText
from dashboard.components.writing.pages import author, human_line, lines_html, listbox_html
from dashboard.locale.escaping import escape_html, escape_markdown
from pipeline.core.errors import SeizeError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, t, t_count
from pipeline.generation.lyric import GeneratedLine, Lyric
from pipeline.generation.partner.server import report_text
from pipeline.language.pronunciations import Pronunciations
from pipeline.publish.cards import VerseCard

AS_TEXT, BOX = "as-text", "whole-text"  # keys: whether the text is edited as a whole, and the box for it
LONGEST_ADDRESS = 4000  # characters of a text that an address carries
SHIPPED_CORPORA = (DEMO_NAME, "verses", "seize-lignes")
QUOTED_CARD_LINES = 4  # of songs that are somebody else's


def load_initial_text(text: EditedText, chosen: Choices, asked: bool, sounds: Pronunciations) -> None:
    """What the page opens with: the text of the address, one that the address asks for, the text that stood here, the
    one that was saved by itself; for who is new, one that is being written.
    """
    shared = str(st.query_params.get("text", ""))[: 2 * LONGEST_ADDRESS]
    lines: Sequence[GeneratedLine] = ()
    if shared.strip():
        lines = edited_text.read_text(shared, sounds)
    elif not text.lines and not asked and (saved := drafts.autosaved_text()):
        lines = saved.lines
    elif chosen.writer != "person" and (asked or not text.lines):
        begin_text(text, chosen)
    if lines and edited_text.text_of(lines) != text.text:
        text.replace_lines(lines)
        text.before.clear()


def begin_text(text: EditedText, chosen: Choices) -> None:
    """Begin to write the text of these choices, in the place of what stands: a step that can be taken back."""
    st.session_state[writing_sheet.LATEST_TEXT_KEY] = writing_sheet.start_text(chosen.request())
    line_panel.select_line(None)
    if text.lines:
        text.replace_lines(())


def rewrite(text: EditedText, chosen: Choices) -> None:
    """Write the lines that are not locked anew, one after the other, each to its measure and rhyme."""
    blank = human_line("")
    new = EditedText(
        tuple(
            line if line.text in text.locked else replace(blank, section=line.section, kind=line.kind)
            for line in text.lines
        )
    )
    with st.spinner(t("Rewriting unlocked lines…")):
        for at, line in enumerate(new.lines):
            if not line.text:
                request = line_panel.line_request("instead", at, new, chosen, chosen.take, count=1)
                if proposed := writing_sheet.proposed_lines(request, "rewritten"):
                    new.change(at, proposed[0])
    text.replace_lines([line for line in new.lines if line.text])


def continue_writing(
    page: writing_sheet.TextInProgress, text: EditedText, slot: DeltaGenerator, sounds: Pronunciations
) -> None:
    """Write to the end. When a problem ends it before, what stands is kept, with the problem and the way on.

    A text that could not begin is none: the problem stands in its place, and the next run tries again.
    """

    def show() -> None:
        text.lines = page.lines(sounds)
        sheet = lines_html(text.lines, sounds)
        slot.html(f'<div class="paper">{bar_count(text, page)}{sheet}</div>')

    try:
        writing_sheet.stream(page.writing, show)
    except SeizeError:
        if not page.writing.written:
            del st.session_state[writing_sheet.LATEST_TEXT_KEY]
            raise
        page.stopped = True
        with keep_error("writing"):
            raise


def bar_count(text: EditedText, page: writing_sheet.TextInProgress | None) -> str:
    """The bars filled so far."""
    total = len(text.lines)
    if page is not None and not page.writing.done:
        settings = page.request.settings
        total = sum(part.lines for part in settings.plan) or settings.lines
    label = t_count("{n} line", "{n} lines", len(text.lines))
    return bar_meter_html(min(len(text.lines), total), max(total, 1), large=total <= 32, label=label)


def draw_sheet(text: EditedText, chosen: Choices, slot: DeltaGenerator, sounds: Pronunciations) -> list[GeneratedLine]:
    """The text, each line of it to be picked; return the lines with what is known of them now."""
    lines = edited_text.measure_lines(text.lines, chosen.constraints, chosen.plan, sounds)
    label = escape_html(t("Lines of the text: use the arrow keys, Enter to select"))
    html = f'<div role="listbox" aria-label="{label}">{listbox_html(lines, sounds, text.locked)}</div>'
    slot.html(f'<div class="paper">{bar_count(text, writing_sheet.latest_text())}{html}</div>')
    move = partial(line_panel.move, text)
    line_picker.mount_script(line_panel.selected_line(text), line_panel.select_line, move, text.undo, text.redo)
    return lines


def draw_tools(text: EditedText, lyric: Lyric, sounds: Pronunciations) -> None:
    """What can be done with the whole text."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="text-tools"):
        button(t("Undo"), "undo", text.undo, disabled=not text.before, key="undo")
        button(t("Redo"), "redo", text.redo, disabled=not text.undone, key="redo")
        st.toggle(t("Edit as text"), key=AS_TEXT)
        copy_button(t("Copy"), lyric.text, key="copy")
        drafts.save_button(lyric)
        lines = tuple(line.text for line in text.lines)
        source = t("Written with Seize")
        card = VerseCard(
            lines[: card_limit(text.lines)], by=authors(text.lines, lyric.run), source=source,
            address=page_address("studio"),
        )  # fmt: skip
        share_verse(card, DEMO_NAME, key="written", name=lines[0] if lines else source)
        with st.popover(t("More"), icon=":material/more_horiz:"):
            print_button(t("Print or PDF"), key="print")
            for label, kind in ((t("Download text"), "txt"), (t("Download with settings"), "json")):
                content = text_with_authors(text.lines) if kind == "txt" else drafts.to_json_text(lyric)
                st.download_button(label, content, f"seize.{kind}", on_click="ignore", key=f"save-{kind}")
            button(t("Write new words in this form"), "edit_note", request_same_measure, text, key="refit")
            button(t("Start over"), "delete_sweep", start_over, text, key="over")
    if st.session_state.get(AS_TEXT):
        st.session_state[BOX] = text.text.rstrip("\n")  # whatever became of it since
        hint = t("One line per row. An empty row starts a new section.")
        help = t("Saved when you leave the box or press Ctrl + Enter.")
        st.text_area(
            t("Your text"), key=BOX, height=340, max_chars=MAX_TEXT_CHARACTERS, placeholder=hint, help=help,
            on_change=read_box, args=(text, sounds),
        )  # fmt: skip


def authors(lines: Sequence[GeneratedLine], run: str) -> str:
    """Who wrote the lines of a card: the songs that it quotes, partners, the run; "" where they are one's own."""
    shown = lines[: card_limit(lines)]
    names = (author(line) if line.by else run for line in shown if line.tokens)
    return ", ".join(dict.fromkeys(names))


def card_limit(lines: Sequence[GeneratedLine]) -> int:
    """How many lines a card shows: of songs that did not come with Seize, four."""
    is_of_others = any(line.quotation and line.quotation.corpus not in SHIPPED_CORPORA for line in lines)
    return QUOTED_CARD_LINES if is_of_others else len(lines)


def text_with_authors(lines: Sequence[GeneratedLine]) -> str:
    """Return a text to save; below it whose each quoted line is."""
    quoted = (f"{line.text}\n    {author(line)}" for line in lines if line.quotation)
    sources = "\n".join(dict.fromkeys(quoted))
    text = edited_text.text_of(lines).rstrip("\n") + "\n"
    return f"{text}\n{t('Quoted lines')}\n\n{sources}\n" if sources else text


def stop_to_edit(page: writing_sheet.TextInProgress) -> None:
    """Stop what is written, for a text of one's own."""
    page.stopped = st.session_state[AS_TEXT] = True


def read_box(text: EditedText, sounds: Pronunciations) -> None:
    """Take what stands in the box for the text."""
    text.replace_lines(edited_text.read_text(str(st.session_state[BOX] or ""), sounds, text.lines))


def request_same_measure(text: EditedText) -> None:
    """Let new words be written to the measure of the text."""
    st.session_state["fit"], st.session_state[controls.WRITE_ASKED_KEY] = text.text.strip(), True


def start_over(text: EditedText) -> None:
    """Begin with an empty page: what stood is a draft of its own in the notebook."""
    with keep_error("writing"):
        drafts.keep_autosaved_text()
    text.replace_lines(())
    text.locked.clear()
    line_panel.select_line(0)


def lyric_of(text: EditedText, chosen: Choices, lines: list[GeneratedLine]) -> Lyric:
    """The text as a draft: as it was written, with what writes it again, or as it stands."""
    page = writing_sheet.latest_text()
    if page is not None and page.matches_lines(text.lines):
        return page.writing.lyric()
    run, words = chosen.run if any(line.tokens for line in lines) else "", text.text.rstrip("\n")
    settings = replace(chosen.settings, lines=max(1, len(lines)), stop_at_song_end=False)
    return Lyric(run=run, seed="", text=words, lines=tuple(lines), settings=settings, random_seed=0)


def update_address(text: EditedText, chosen: Choices) -> str:
    """Let the address open the text as it stands, and return what it does: writes it again, holds it, or neither."""
    page, words = writing_sheet.latest_text(), text.text.rstrip("\n")
    is_as_asked = page is not None and page.request == chosen.request() and page.matches_lines(text.lines)
    is_rewritten = is_as_asked and chosen.writer != "partner"  # who does not propose the same twice
    if words and not is_rewritten and len(words) <= LONGEST_ADDRESS:
        if st.query_params.get("text") != words:
            st.query_params["text"] = words
        return t("This link opens the text.")
    st.query_params.pop("text", None)
    if is_rewritten or not words:
        return t("This link reproduces the text.") if words else ""
    return t("The text is too long for a link. Save it in the notebook and share the file.")


def draw_remarks(text: EditedText, chosen: Choices, lines: list[GeneratedLine]) -> None:
    """What is true of the text, and where it comes from."""
    page, sentences = writing_sheet.latest_text(), list[str]()
    if chosen.settings.is_constrained and lines:
        sentences.append(text_report.constraint_summary(lines))
    if lines:
        sentences.append(text_report.authors_sentence(lines, chosen.run))
    if page is not None and page.matches_lines(text.lines):
        if page.writing.unknown:
            unknown = ", ".join(page.writing.unknown[:20])
            sentences.append(t("The model has never seen: {words}. It will do its best.", words=unknown))
        values = {
            "run": page.request.run,
            "take": page.request.random_seed,
            "n": format_decimal(len(page.writing.written)),
        }
        sentences.append(t("{run}, version {take}: {n} characters.", **values))
        if page.writing.partner:
            sentences.append(report_text(page.writing.partner))
    if st.session_state.get("fit", "").strip():
        sentences.append(t("The form of your verse: {plan}.", plan=", ".join(map(str, chosen.plan))))
    sentences.append(update_address(text, chosen))
    for remark in filter(None, sentences):
        page_layout.remark(remark)


def draw_text(text: EditedText, chosen: Choices, sounds: Pronunciations) -> None:
    """The text, as it is written or as it stands, with all that can be done to it and is said of it."""
    page = writing_sheet.latest_text()
    with st.container(key="stop-place"):  # beside the bars of the sheet, which stays where it is when the button goes
        place = st.empty()
    with st.container(key="sheet"):
        slot = st.empty()
    if page is not None and page.under_way:
        with place.container(horizontal=True, gap="small"):
            button(t("Stop"), "stop", setattr, page, "stopped", True, key="stop")
            button(t("Edit as text"), "edit", stop_to_edit, page, key="stop-to-edit", type="tertiary")
        try:
            continue_writing(page, text, slot, sounds)
        except SeizeError:
            place.empty()
            raise
        place.empty()
    if is_cut := page is not None and not page.writing.done and page.matches_lines(text.lines):
        with place:
            button(t("Resume"), "play_arrow", setattr, page, "stopped", False, key="resume", type="primary")
    lines = draw_sheet(text, chosen, slot, sounds)
    show_kept_error("writing")
    if is_cut:
        message = t_count(
            "Stopped after {n} line. Press “Resume” to continue.",
            "Stopped after {n} lines. Press “Resume” to continue.",
            len(lines),
        )
        page_layout.remark(message)
    lyric = lyric_of(text, chosen, lines)
    draw_tools(text, lyric, sounds)
    draw_remarks(text, chosen, lines)
    if text.before and lines:
        drafts.autosave(lyric)
    if lines:
        text_report.draw(lines, chosen.run, sounds)
    if about := st.session_state.get("theme", "").strip():
        draw_fold(t("Ideas on the theme"), themes.ideas, about, chosen.run, chosen.settings, key="ideas")


def draw_studio() -> None:
    """What are the next sixteen bars?"""
    about = t("The model drafts; you edit. Click a line to rewrite it, a word to see rhymes.")
    if not (runs := controls.introduce_writers(t("What are the next sixteen bars?"), about)):
        return
    is_arrival, is_asked = "seed" not in st.session_state, controls.is_text_requested()
    with st.container(key="writer"):  # in this order for keys and readers too; on a desk the text has its own column
        first, paper_place, panel, choices = (
            st.container(key=key) for key in ("first", "card-paper", "line-panel", "choices")
        )
    with page_layout.show_errors(paper_place):
        chosen = controls.draw_choices(runs, first, choices)
        cache.corpus_names()  # which prepares the embedded corpus where it is not
        corpus = cache.open_writer(chosen.run).corpus
        once = t(
            "Preparing the lyrics used by {run}: about a minute, only once.",
            run=escape_markdown(chosen.run),
        )
        with paper_place, nullcontext() if cache.corpus_version(corpus) else st.spinner(once, show_time=True):
            sounds = cache.visitor_pronunciations(corpus)
        text = drafts.studio_text()
        with paper_place:
            if is_arrival:
                load_initial_text(text, chosen, is_asked, sounds)
            if st.session_state.pop(controls.WRITE_ASKED_KEY, False) and chosen.writer != "person":
                if any(line.text in text.locked for line in text.lines):
                    rewrite(text, chosen)
                else:
                    begin_text(text, chosen)
            draw_text(text, chosen, sounds)
        with panel:
            line_panel.draw(text, chosen, sounds)


draw_studio()
