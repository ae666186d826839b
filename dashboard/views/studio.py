"""What are the next sixteen bars? One text: a model writes it, it is typed or pasted, and every line can be changed."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import button, draw_fold, progress_bars_html, show_stored_error, store_error
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
from dashboard.components.writing.writer_controls import FIRST_WRITER
from dashboard.components.writing.written_lines import author, finished_seed_lines, human_line, lines_html, listbox_html
from dashboard.locale.escaping import escape_html, escape_markdown
from dashboard.queries.cards import ShareCard
from pipeline.core.errors import SeizeError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, t, t_count
from pipeline.generation.lyric import GeneratedLine, Lyric
from pipeline.generation.partner import server
from pipeline.generation.partner.server import describe_accepted_lines
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS

AS_TEXT, BOX = "as-text", "whole-text"  # keys: whether the text is edited as a whole, and the box for it
LONGEST_ADDRESS = 4000  # characters of a text that an address carries
SHIPPED_CORPORA = (DEMO_NAME, "verses", "seize-lignes")
QUOTED_CARD_LINES = 4  # of songs that are somebody else's


def load_initial_text(text: EditedText, chosen: Choices, asked: bool, sounds: Pronunciations) -> None:
    """Put the first text of a visit on the page: that of the address, one that the address asks for, the one being
    edited, the latest draft, or a new one."""
    shared = str(st.query_params.get("text", ""))[: 2 * LONGEST_ADDRESS]
    draft = None if text.lines else drafts.latest_draft()
    if shared.strip():
        if draft and draft.lyric.text.strip() == shared.strip():  # a reload: its lines say who wrote them
            drafts.open_draft(draft)
        elif (lines := edited_text.read_text(shared, sounds, text.lines)) and edited_text.text_of(lines) != text.text:
            text.replace_text(lines)
            text.before.clear()
    elif draft and not asked:
        drafts.open_draft(draft)
    elif is_writer_ready(chosen) and (asked or not text.lines):
        begin_text(text, chosen)


def is_writer_ready(chosen: Choices) -> bool:
    """Return whether the chosen writer can write: not a person, nor a local model that is yet to be chosen."""
    return chosen.writer != "person" and not needs_local_model(chosen)


def needs_local_model(chosen: Choices) -> bool:
    """Return whether a local model is to write and none was chosen."""
    return chosen.writer == "partner" and not server.is_server_configured() and server.chosen_server() is None


def begin_text(text: EditedText, chosen: Choices) -> None:
    """Begin to write the text of these choices, with a draft of its own; undo brings back the text before."""
    request = chosen.request()
    st.session_state[writing_sheet.LATEST_TEXT_KEY] = writing_sheet.start_text(request)
    line_panel.select_line(None)
    text.replace_text(written_by=(request.run, request.random_seed))


def rewrite_unlocked_lines(text: EditedText, chosen: Choices) -> None:
    """Write the lines that are not locked anew, one after the other; the first words stay."""
    given, opening = finished_seed_lines(chosen.seed), chosen.seed.split("\n")[-1].strip()
    kept = text.locked | {line.text for line in given}
    new = EditedText(tuple(line if line.text in kept else replace(line, text="") for line in text.lines))
    with st.spinner(t("Rewriting unlocked lines…")):
        for at, line in enumerate(new.lines):
            if line.text:
                continue
            begins = at == len(given) and bool(opening)
            if begins:
                new.change_line(at, human_line(f"{opening} …"))
            request = line_panel.line_request("fill" if begins else "instead", at, new, chosen, chosen.take, count=1)
            if proposed := writing_sheet.proposed_lines(request, "rewritten"):
                new.change_line(at, proposed[0])
    text.replace_lines([line for line in new.lines if line.text])
    text.written_by = (chosen.run, chosen.take)


def continue_writing(
    page: writing_sheet.TextInProgress, text: EditedText, slot: DeltaGenerator, sounds: Pronunciations
) -> None:
    """Write a text to its end. After an error the text so far stays, with the error and the way to resume.

    A text that could not begin is none: the problem stands in its place, and the next run tries again.
    """

    def show() -> None:
        text.lines = page.lines(sounds)
        sheet = lines_html(text.lines, sounds)
        slot.html(f'<div class="paper">{line_progress_html(text, page)}{sheet}</div>')

    try:
        writing_sheet.show_until_done(page.writing, show)
    except SeizeError:
        if not page.writing.written:
            del st.session_state[writing_sheet.LATEST_TEXT_KEY]
            raise
        page.stopped = True
        with store_error("writing"):
            raise


def line_progress_html(text: EditedText, page: writing_sheet.TextInProgress | None) -> str:
    """Return the HTML of a meter with a bar for each line of a text; the bars of the written lines are filled."""
    total = len(text.lines)
    if page is not None and not page.writing.done:
        settings = page.request.settings
        total = sum(part.lines for part in settings.plan) or settings.lines
    label = t_count("{n} line", "{n} lines", len(text.lines))
    return progress_bars_html(min(len(text.lines), total), max(total, 1), large=total <= 32, label=label)


def draw_sheet(text: EditedText, chosen: Choices, slot: DeltaGenerator, sounds: Pronunciations) -> list[GeneratedLine]:
    """Draw the text with selectable lines. Return its lines with their current syllables, rhymes and violations."""
    lines = edited_text.measure_lines(text.lines, chosen.constraints, chosen.sections, sounds)
    label = escape_html(t("Lines of the text: use the arrow keys, Enter to select"))
    html = f'<div role="listbox" aria-label="{label}">{listbox_html(lines, sounds, text.locked)}</div>'
    over = f'{line_progress_html(text, writing_sheet.latest_text())}<span class="beats">{t("syllables")}</span>'
    slot.html(f'<div class="paper">{over}{html}</div>')
    move = partial(line_panel.move_line, text)
    line_picker.mount_line_picker(line_panel.selected_line(text), line_panel.select_line, move, text.undo, text.redo)
    return lines


def draw_tools(text: EditedText, lyric: Lyric, sounds: Pronunciations) -> None:
    """Draw the buttons for the whole text."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="text-tools"):
        button(t("Undo"), "undo", text.undo, disabled=not text.before, key="undo")
        button(t("Redo"), "redo", text.redo, disabled=not text.undone, key="redo")
        st.toggle(t("Edit as text"), key=AS_TEXT)
        copy_button(t("Copy"), lyric.text, key="copy")
        drafts.draw_save_button(lyric, draft=text.draft)
        lines = tuple(line.text for line in text.lines)
        source = t("Written with Seize")
        shown, by = lines[: shareable_line_count(text.lines)], share_card_authors(text.lines, lyric.run)
        card = ShareCard(by=by, lines=shown, source=source, address=page_address("studio"))
        share_verse(card, DEMO_NAME, key="written", name=lines[0] if lines else source)
        with st.popover(t("More"), icon=":material/more_horiz:"):
            print_button(t("Print or PDF"), key="print")
            for label, kind in ((t("Download text"), "txt"), (t("Download with settings"), "json")):
                content = text_with_authors(text.lines) if kind == "txt" else drafts.to_json_text(lyric)
                st.download_button(label, content, f"seize.{kind}", on_click="ignore", key=f"save-{kind}")
            button(t("Write new words in this form"), "edit_note", request_same_form, text, key="refit")
            button(t("Start over"), "delete_sweep", start_over, text, key="over")
    if st.session_state.get(AS_TEXT):
        st.session_state[BOX] = text.text.rstrip("\n")  # whatever became of it since
        hint = t("One line per row. An empty row starts a new section.")
        help = t("Saved when you leave the box or press Ctrl + Enter.")
        st.text_area(
            t("Your text"), key=BOX, height=340, max_chars=MAX_TEXT_CHARACTERS, placeholder=hint, help=help,
            on_change=replace_text_from_box, args=(text, sounds),
        )  # fmt: skip


def share_card_authors(lines: Sequence[GeneratedLine], run: str) -> str:
    """Return who wrote the lines of a card: songs, local models, the run; "" for the visitor's own."""
    shown = lines[: shareable_line_count(lines)]
    names = (author(line) if line.by else run for line in shown if line.tokens)
    return ", ".join(dict.fromkeys(names))


def shareable_line_count(lines: Sequence[GeneratedLine]) -> int:
    """Return how many lines a card may show: all, or four if the text quotes songs that did not come with Seize."""
    is_of_others = any(line.quotation and line.quotation.corpus not in SHIPPED_CORPORA for line in lines)
    return QUOTED_CARD_LINES if is_of_others else len(lines)


def text_with_authors(lines: Sequence[GeneratedLine]) -> str:
    """Return a text to save, with the songs of its quoted lines below."""
    quoted = (f"{line.text}\n    {author(line)}" for line in lines if line.quotation)
    sources = "\n".join(dict.fromkeys(quoted))
    text = edited_text.text_of(lines).rstrip("\n") + "\n"
    return f"{text}\n{t('Quoted lines')}\n\n{sources}\n" if sources else text


def stop_to_edit(page: writing_sheet.TextInProgress) -> None:
    """Stop the writing and open the box in which the text is edited."""
    page.stopped = st.session_state[AS_TEXT] = True


def replace_text_from_box(text: EditedText, sounds: Pronunciations) -> None:
    """Replace the text by that of the box of the whole text."""
    text.replace_lines(edited_text.read_text(str(st.session_state[BOX] or ""), sounds, text.lines))


def request_same_form(text: EditedText) -> None:
    """Ask for new words in the form of the text."""
    st.session_state["fit"], st.session_state[controls.WRITE_ASKED_KEY] = text.text.strip(), True


def start_over(text: EditedText) -> None:
    """Begin an empty text; the one before stays a draft in the notebook."""
    text.replace_text()
    line_panel.select_line(0)


def lyric_of(text: EditedText, chosen: Choices, lines: list[GeneratedLine]) -> Lyric:
    """Return the text as a draft. An unedited text keeps the settings that wrote it; an edited text keeps its lines."""
    if page := writing_sheet.unedited_text(text.lines):
        return page.writing.as_lyric()
    run, take = (text.written_by or (chosen.run, 0)) if any(line.tokens for line in lines) else ("", 0)
    settings = replace(chosen.settings, lines=max(1, len(lines)), stop_at_song_end=False)
    words = text.text.rstrip("\n")
    return Lyric(run=run, seed="", text=words, lines=tuple(lines), settings=settings, random_seed=take)


def update_address(text: EditedText, chosen: Choices) -> str:
    """Make the address open the text as it is now, and return a sentence on what it opens."""
    page, words = writing_sheet.unedited_text(text.lines), text.text.rstrip("\n")
    is_as_asked = page is not None and page.request == chosen.request()
    is_rewritten = is_as_asked and chosen.writer != "partner"  # who does not propose the same twice
    if words and not is_rewritten and len(words) <= LONGEST_ADDRESS:
        if st.query_params.get("text") != words:
            st.query_params["text"] = words
        return t("The address of this page opens the text.")
    st.query_params.pop("text", None)
    if is_rewritten and words and page is not None and not page.writing.done:
        return t("The address of this page writes the text to its end.")
    if is_rewritten or not words:
        return t("The address of this page reproduces the text.") if words else ""
    return t("The text is too long for a link. Save it in the notebook and share the file.")


def is_worth_saving(text: EditedText) -> bool:
    """Return whether the address cannot write the text again: somebody edited it, or a local model wrote it."""
    if page := writing_sheet.unedited_text(text.lines):
        return page.request.writer == "partner" and page.writing.done
    return bool(text.before)


def draw_remarks(text: EditedText, chosen: Choices, lines: list[GeneratedLine]) -> None:
    """Draw remarks on the constraints and authors of the text, and on the link that shares it."""
    sentences = list[str]()
    if chosen.settings.is_constrained and lines:
        wanted = text_report.constraint_summary(lines)
        if (asked := chosen.settings.constraints) and asked.scheme != "free":
            kind = t(RHYME_KINDS[asked.richness].description)
            wanted += " " + t("Rhymes from “{kind}” up; é and è, o and au count as one.", kind=kind)
        sentences.append(wanted)
    if lines:
        sentences.append(text_report.authors_sentence(lines, text.written_by[0] if text.written_by else chosen.run))
    if page := writing_sheet.unedited_text(text.lines):
        if page.writing.unknown:
            unknown = ", ".join(page.writing.unknown[:20])
            sentences.append(t("The model has never seen: {words}. It will do its best.", words=unknown))
        if page.writing.partner:
            sentences.append(describe_accepted_lines(page.writing.partner))
    if text.written_by and any(line.tokens and not line.by for line in lines):
        run, take = text.written_by
        sentences.append(
            t("{run}, version {take}: {n} characters.", run=run, take=take, n=format_decimal(len(text.text)))
        )
    if st.session_state.get("fit", "").strip():
        sentences.append(t("The form of your verse: {plan}.", plan=", ".join(map(str, chosen.sections))))
    sentences.append(update_address(text, chosen))
    for remark in filter(None, sentences):
        page_layout.remark(remark)


def draw_text(text: EditedText, chosen: Choices, sounds: Pronunciations) -> None:
    """Draw the text, while it is written or afterwards, with its tools and reports."""
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
    if is_cut := page is not None and not page.writing.done and page is writing_sheet.unedited_text(text.lines):
        with place:
            button(t("Resume"), "play_arrow", setattr, page, "stopped", False, key="resume", type="primary")
    lines = draw_sheet(text, chosen, slot, sounds)
    show_stored_error("writing")
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
    if lines and is_worth_saving(text):
        drafts.autosave(lyric)
    if lines:
        text_report.draw(lines, lyric.run if lyric.run in cache.writer_names() else chosen.run, sounds)
    if about := st.session_state.get("theme", "").strip():
        draw_fold(t("Ideas on the theme"), themes.draw_ideas, about, chosen.run, chosen.settings, key="ideas")


def draw_studio() -> None:
    """Draw the page on which a model and the visitor write a text together."""
    about = t("Seize drafts; you edit. Click a line to rewrite it, a word to see rhymes.")
    if not (runs := controls.draw_writer_page_head(t("What are the next sixteen bars?"), about)):
        return
    is_arrival, is_asked = "seed" not in st.session_state, controls.is_text_requested()
    with st.container(key="writer"):  # in this order for keys and readers too; on a desk the text has its own column
        first, paper_place, panel, choices = (
            st.container(key=key) for key in ("first", "card-paper", "line-panel", "choices")
        )
    with page_layout.show_errors(paper_place):
        is_shared = is_asked or "text" in st.query_params
        if is_arrival and not is_shared and not drafts.studio_text().lines:
            if draft := drafts.latest_draft():
                controls.restore_settings(draft.lyric)
            else:
                st.session_state.setdefault("by", FIRST_WRITER)
        chosen = controls.draw_choices(runs, first, choices)
        cache.corpus_names()  # which prepares the embedded corpus where it is not
        corpus = cache.load_writer_vocabulary(chosen.run).corpus
        once = t("Preparing the lyrics used by {run}: about a minute, only once.", run=escape_markdown(chosen.run))
        with paper_place, nullcontext() if cache.corpus_version(corpus) else st.spinner(once, show_time=True):
            sounds = cache.visitor_pronunciations(corpus)
        text = drafts.studio_text()
        with paper_place:
            if is_arrival:
                load_initial_text(text, chosen, is_asked, sounds)
            if st.session_state.pop(controls.WRITE_ASKED_KEY, False) and is_writer_ready(chosen):
                if any(line.text in text.locked for line in text.lines):
                    rewrite_unlocked_lines(text, chosen)
                else:
                    begin_text(text, chosen)
            if needs_local_model(chosen) and not text.lines:
                page_layout.empty_state(
                    t("No local model is chosen yet. Look for one on this computer, choose it, then press Write.")
                )
                return
            draw_text(text, chosen, sounds)
        with panel:
            line_panel.draw(text, chosen, sounds)


draw_studio()
