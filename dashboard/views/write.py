"""What are the next sixteen bars?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import cache
from dashboard.components import controls, drafts, page_layout, writing_sheet
from dashboard.components.callback_errors import keep_error, show_kept_error
from dashboard.components.copy import copy_button
from dashboard.components.word_by_word import word_by_word
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import count
from pipeline.errors import SeizeError
from pipeline.generation.lyric import Copied, GeneratedLine
from pipeline.translation import number, share
from pipeline.writers.requests import OriginalityRequest, WriteRequest


def remarks(page: writing_sheet.Page) -> None:
    request = page.request
    if unknown := page.writing.unknown:
        page_layout.remark(f"The model has never seen: {', '.join(unknown[:20])}. It reads on as best it can.")
    if request.settings.measured and page.writing.lines:
        page_layout.remark(met(page.writing.lines))
    new = len(page.writing.written)
    seconds = page.writing.seconds
    speed = f", {number(new / seconds)} characters a second" if new and seconds > 0.01 else ""  # or it was there
    page_layout.remark(
        f"{request.run}, take {request.random_seed}: {number(new)} characters{speed}. "
        "The address of this page writes it again."
    )


def met(lines: Sequence[GeneratedLine]) -> str:
    """How many lines do all that was asked of them, and how much is the corpus's."""
    short = sum(bool(line.violations) for line in lines)
    lack = "lacks" if short == 1 else "lack"
    verdict = f"{short} of {len(lines)} lines {lack} something" if short else "Every line does what was asked"
    longest = max((line.copied for line in lines if line.copied), key=lambda copied: copied.words, default=None)
    return f"{verdict}. {copy_of(longest)}"


def copy_of(copied: Copied | None) -> str:
    if copied is None:
        return "No word is from the corpus."
    return f"Longest run of words as in the corpus: {copied.words} (“{copied.text}”, {copied.source})."


def originality(page: writing_sheet.Page) -> None:
    """Lines with a run of words that the corpus holds too."""
    lines = page.writing.lines
    with st.expander("How new is it?"):
        text = "\n".join(line.text for line in lines)
        report = writing_sheet.wait_for(OriginalityRequest(page.request.run, text))
        page_layout.remark(f"{share(report['seen_4grams'])} of runs of four words are also in the corpus.")
        for line, copied in zip(lines, report["lines"], strict=True):
            if copied and copied["words"] >= 4:
                same, words, source = escape_html(copied["text"]), copied["words"], escape_html(copied["source"])
                st.html(
                    f'<p class="quiet"><b lang="fr">{same}</b> · {words} words as in {source}'
                    f"<br><span lang=fr>{escape_html(line.text)}</span></p>"
                )


def keep(page: writing_sheet.Page) -> None:
    with st.container(horizontal=True, gap="small"):
        copy_button("Copy", page.writing.text, key="copy")
        drafts.save_button(page.writing.lyric())
        st.download_button("Save as text", page.writing.text, "seize.txt", "text/plain", on_click="ignore")
        st.download_button(
            "Save with its settings",
            lambda: drafts.to_json_text(page.writing.lyric()),
            "seize.json",
            "application/json",
            on_click="ignore",
        )


def wanted(request: WriteRequest) -> tuple[writing_sheet.Page, bool]:
    """The page of this request, and whether to write on now."""
    page = st.session_state.get("written")
    if page is None or page.request != request:
        page = st.session_state["written"] = writing_sheet.begin(request)
        return page, True
    return page, False


def read(page: writing_sheet.Page, go: bool) -> None:
    """The text, and the button that stops it or goes on."""
    button = st.empty()
    if not go and not page.done:
        go = button.button("Resume", icon=":material/play_arrow:", key="resume", type="primary")
    if go:
        button.button("Stop", icon=":material/stop:", key="stop")
        write_on(page)
        button.empty()
        return
    st.html(writing_sheet.sheet(page.writing))
    show_kept_error("writing")
    if not page.done:
        page_layout.remark(f"Stopped after {count(len(page.writing.lines), 'bar')}. Resume goes on from there.")


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


page_layout.question("What are the next sixteen bars?")
runs = cache.writer_names()
if not runs:
    page_layout.no_model()
    st.stop()
page_layout.answer("Give the first words and a measure. A small network, trained on the corpus, writes on from there.")
controls.examples()
with st.container(key="writer"):
    left, right = st.columns([2, 3], gap="large")
request = None
with left, page_layout.show_errors(right):
    request = controls.request(runs)
if request is None:
    st.stop()
with right, st.container(key="card-paper"):
    page, go = wanted(request)
    read(page, go)
    remarks(page)
    keep(page)
    word_by_word(page.writing.lines)
    if request.settings.measured and page.writing.lines:
        originality(page)
page_layout.how_to_read("write")
