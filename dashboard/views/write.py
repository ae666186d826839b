"""What are the next sixteen bars?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import keep_error, show_kept_error
from dashboard.components.frame.share import copy_button, page_address, share_verse
from dashboard.components.writing import controls, drafts, style_controls, writing_sheet
from dashboard.components.writing.pages import word_by_word
from dashboard.locale.escaping import escape_html
from pipeline.core.errors import SeizeError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import language, number, share, t, t_count
from pipeline.corpus.song import shown_song
from pipeline.generation.lyric import Copied, GeneratedLine
from pipeline.publish.cards import VerseCard
from pipeline.writers.requests import OriginalityRequest, WriteRequest

UNDER_WAY = "text-under-way"  # key: whether a text was being written when the last run of the page ended


def remarks(page: writing_sheet.Page) -> None:
    request = page.request
    if unknown := page.writing.unknown:
        page_layout.remark(
            t("The model has never seen: {words}. It reads on as best it can.", words=", ".join(unknown[:20]))
        )
    if request.settings.measured and page.writing.lines:
        page_layout.remark(draw_verdict(page.writing.lines))
    if st.session_state.get("fit", "").strip():
        plan = ", ".join(map(str, request.settings.plan))
        page_layout.remark(t("The measure of your verse, as a plan: {plan}.", plan=plan))
    new = len(page.writing.written)
    seconds = page.writing.seconds
    values = {"run": request.run, "take": request.random_seed, "n": number(new)}
    if new and seconds > 0.01:
        page_layout.remark(
            t(
                "{run}, take {take}: {n} characters, {speed} characters a second. "
                "The address of this page writes it again.",
                **values,
                speed=number(new / seconds),
            )
        )
    else:  # it was there
        page_layout.remark(t("{run}, take {take}: {n} characters. The address of this page writes it again.", **values))


def draw_verdict(lines: Sequence[GeneratedLine]) -> str:
    """How many lines do all that was asked of them, and how much is the corpus's."""
    short = sum(bool(line.violations) for line in lines)
    verdict = (
        t_count("{n} of {all} lines lacks something.", "{n} of {all} lines lack something.", short, all=len(lines))
        if short
        else t("Every line does what was asked.")
    )
    longest = max((line.copied for line in lines if line.copied), key=lambda copied: copied.words, default=None)
    return f"{verdict} {copy_of(longest)}"


def copy_of(copied: Copied | None) -> str:
    if copied is None:
        return t("No word is from the corpus.")
    return t(
        "Longest run of words as in the corpus: {n} (“{text}”, {source}).",
        n=copied.words,
        text=copied.text,
        source=shown_song(copied.source),
    )


def originality(page: writing_sheet.Page) -> None:
    """Lines with a run of words that the corpus holds too."""
    lines = page.writing.lines
    with st.expander(t("How new is it?")):
        text = "\n".join(line.text for line in lines)
        report = writing_sheet.wait_for(OriginalityRequest(page.request.run, text))
        page_layout.remark(
            t("{share} of runs of four words are also in the corpus.", share=share(report["seen_4grams"]))
        )
        for line, copied in zip(lines, report["lines"], strict=True):
            if copied and copied["words"] >= 4:
                sentence = t(
                    '<b lang="fr">{same}</b> · {n} words as in {source}',
                    same=escape_html(copied["text"]),
                    n=copied["words"],
                    source=escape_html(shown_song(copied["source"])),
                )
                st.html(f'<p class="quiet">{sentence}<br><span lang=fr>{escape_html(line.text)}</span></p>')


def keep(page: writing_sheet.Page) -> None:
    with st.container(horizontal=True, gap="small"):
        copy_button(t("Copy"), page.writing.text, key="copy")
        drafts.save_button(page.writing.lyric())
        lines = tuple(line.text for line in page.writing.lines)
        source = t("Written with Seize")
        card = VerseCard(lines, by=page.request.run, source=source, address=page_address("write"))
        share_verse(card, DEMO_NAME, key="written", name=lines[0] if lines else source)
        st.download_button(t("Save as text"), page.writing.text, "seize.txt", "text/plain", on_click="ignore")
        st.download_button(
            t("Save with its settings"),
            lambda: drafts.to_json_text(page.writing.lyric()),
            "seize.json",
            "application/json",
            on_click="ignore",
        )


def requested_page(request: WriteRequest) -> tuple[writing_sheet.Page, bool]:
    """The page of this request, and whether to write on now: a new one, or one that a switch of language cut short."""
    page, spoken = st.session_state.get("written"), st.session_state.get("written-in")
    st.session_state["written-in"] = language()
    cut_short = st.session_state.pop(UNDER_WAY, False) and not st.session_state.get("stop")
    if page is None or page.request != request:
        page = st.session_state["written"] = writing_sheet.begin(request)
        return page, True
    return page, cut_short and spoken != language()


def read(page: writing_sheet.Page, go: bool) -> None:
    """The text, and the button that stops it or goes on."""
    with st.container(key="stop-place"):  # beside the bars of the sheet, which stays where it is when the button goes
        button = st.empty()
    if not go and not page.done:
        go = button.button(t("Resume"), icon=":material/play_arrow:", key="resume", type="primary")
    if go:
        button.button(t("Stop"), icon=":material/stop:", key="stop")
        st.session_state[UNDER_WAY] = True  # until it is done: whatever is clicked meanwhile ends this run
        write_on(page)
        st.session_state[UNDER_WAY] = False
        button.empty()
        drafts.save_by_itself(page.writing.lyric(), drafts.WRITTEN)
        return
    st.html(writing_sheet.sheet(page.writing))
    show_kept_error("writing")
    if not page.done:
        page_layout.remark(
            t_count(
                "Stopped after {n} bar. Resume goes on from there.",
                "Stopped after {n} bars. Resume goes on from there.",
                len(page.writing.lines),
            )
        )


def write_on(page: writing_sheet.Page) -> None:
    """Write to the end. When a problem ends it before, what stands is kept, with the problem and the way on.

    A text that could not begin is none: the problem stands in its place, and the next run tries again.
    """
    try:
        writing_sheet.stream(page)
    except SeizeError:
        if not page.writing.written:
            del st.session_state["written"]
            raise
        with keep_error("writing"):
            raise
        st.rerun()


def take_idea(what: str, text: str) -> None:
    """Put an idea into the control that it is for."""
    key = {"use": "use", "rhyme": "rhyme_with", "opening": "seed"}[what]
    before = str(st.session_state.get("use", "")).strip() if what == "use" else ""
    st.session_state[key] = f"{before}, {text}" if before else text


def draw_write() -> None:
    """What are the next sixteen bars?"""
    page_layout.question(t("What are the next sixteen bars?"))
    runs = cache.writer_names()
    if not runs:
        page_layout.no_model()
        return
    page_layout.answer(
        t("Give the first words and a measure. A small network, trained on the corpus, writes on from there.")
    )
    controls.examples()
    first, verse, choices = controls.layout()
    request = None
    with page_layout.show_errors(verse):
        request = controls.request(runs, first, choices)
    if request is None:
        return
    with verse:
        page, go = requested_page(request)
        read(page, go)
        remarks(page)
        keep(page)
        word_by_word(page.writing.lines)
        if request.settings.measured and page.writing.lines:
            originality(page)
        if about := st.session_state.get("theme", "").strip():
            with st.expander(t("Ideas from the theme"), on_change="rerun") as opened, page_layout.show_errors():
                if opened.open:  # lines are proposed for who asks for them
                    style_controls.ideas(about, request.run, request.settings, take_idea)
    page_layout.how_to_read("write")
