"""The way of a line through a network, on one page with its numbers, and the lessons that explain its parts."""

from html import escape

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, toggle
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.share import print_button
from dashboard.components.lesson import exercise, lesson, marks, player, trained_networks
from dashboard.lessons import scenes
from dashboard.lessons.course import COURSE, LESSON_NUMBERS
from dashboard.lessons.document import fill, parse
from dashboard.lessons.exercises import progress_sheet, read_progress, write_progress
from dashboard.lessons.touches import INPUT_LETTER_NAME, Touch
from dashboard.navigation import LESSONS, PLACES, link
from pipeline.cells.replay import Network
from pipeline.core.translation import format_decimal, t
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.run import Run

SHIPPED_NETWORK_KEY = ""  # the network that the map begins with; others are runs, by their name


def fits_map(run: Run) -> bool:
    """Whether the map can show a run: an LSTM of one layer that reads characters."""
    return run.kind != "ngram" and run.level == "char" and (run.spec.cell, run.spec.layers) == ("lstm", 1)


def network_of(name: str) -> tuple[Network, Vocabulary]:
    """The shipped LSTM of 96 units, or that of a run, and its vocabulary."""
    if name == SHIPPED_NETWORK_KEY:
        model = trained_networks.open_architecture("classic")
        return model.networks["lstm"], model.vocabulary
    run = cache.open_network(name)
    return run.network(), run.vocabulary


def trace_through(
    name: str, version: int, line: str, touches: tuple[Touch, ...] = ()
) -> tuple[scenes.LineTrace, tuple[str, ...]]:
    """The way of a line through the network of this name and version, with letters and weights that were touched, and
    the symbols that it knows."""
    network, vocabulary = network_of(name)
    return scenes.trace_line(network, vocabulary, line, touches), tuple(vocabulary.index2word)


def lesson_outcome_html(file: str) -> str:
    """What one can do after a lesson: the end of its text, as HTML without formulas."""
    summary = next(block for block in parse(page_layout.read_text(file)) if block.kind == "summary")
    return escape(fill(summary.text, {}).replace("$", ""))


def lesson_row(file: str) -> str:
    """Return a lesson as a row of the table, as HTML."""
    study = COURSE[file]
    needs = ", ".join(format_decimal(LESSON_NUMBERS[need]) for need in study.needs) or "–"
    about, strip = escape(t(PLACES[file][1].about)), player.course_strip_html(study.parts)
    aim = f"<b>{escape(t(LESSONS[file]))}</b><br>{about}{strip}"
    facts = {t("Minutes"): format_decimal(study.minutes), t("Needs"): needs}
    numbers = "".join(f'<td class="number" data-name="{name}">{text}</td>' for name, text in facts.items())
    return f"<tr><td>{aim}</td>{numbers}<td>{lesson_outcome_html(file)}</td></tr>"


page_layout.draw_question(t("How does a network write?"))
page_layout.draw_answer(t("Character by character. Here is the whole way of your line, in nine parts: press Play."))


@page_layout.fragment
def draw_map(line: str) -> None:
    """Draw the map; a number that is touched is computed anew, and no more of the page."""
    names = {name: name for name in cache.network_names() if cache.query_run(fits_map, name)}
    name = pick(
        t("Network"),
        {SHIPPED_NETWORK_KEY: t("the one of the lessons"), **names},
        SHIPPED_NETWORK_KEY,
        key="map_run",
        look="list",
        width=320,
    )
    touches, version = player.touches_in_address(), cache.run_version(name) if name else 0
    with st.spinner(t("Reading…")):
        base, alphabet = cache.call(trace_through, name, version, line)
    there_and_back = tuple(touch for touch in touches if touch.name == INPUT_LETTER_NAME or touch.step == 0)
    trace = cache.call(trace_through, name, version, line, there_and_back)[0] if there_and_back else base
    if len(there_and_back) < len(touches):
        trace = scenes.touch_trace(trace, network_of(name)[0], touches)
    player.play(scenes.map_scene(trace, alphabet, base), key="map", at=min(6, len(trace.ids)), touches=touches)
    page_layout.remark(
        t(
            "An LSTM of {units} units, trained on songs, reads the line in the sidebar. All is computed now: forward, "
            "back, and one step of descent on this line. A character LSTM of one layer that you train can stand here "
            "too.",
            units=base.units,
        )
    )


draw_map(lesson.line())
hours = format_decimal(sum(each.minutes for each in COURSE.values()) / 60)
title = t("{n} lessons, about {hours} hours", n=format_decimal(len(LESSONS)), hours=hours)
head = "".join(f"<th>{name}</th>" for name in (t("Lesson"), t("Minutes"), t("Needs"), t("After it")))
table = f'<table class="terms course"><thead><tr>{head}</tr></thead><tbody>{"".join(map(lesson_row, LESSONS))}</tbody>'
st.html(f'<h2>{title}</h2><div class="scroll">{table}</table></div>')
with st.container(horizontal=True, key="ways-to-lessons"):
    for file in LESSONS:
        link(file)


def draw_progress() -> None:
    """Draw how many exercises are solved, and the ways to take that along or bring it."""
    done, all_of_them = exercise.progress(), exercise.all_exercises()
    solved = sum(attempt.solved for attempt in done.values())
    heading(
        t("{solved} of {all} exercises solved", solved=format_decimal(solved), all=format_decimal(len(all_of_them))),
        t("What you solved stays in this session. Take it along as a file, or hand the sheet to a teacher."),
    )
    titles = {file: t(name) for file, name in LESSONS.items()}
    with st.container(horizontal=True):
        files = (
            (t("Progress"), "seize-progress.json", "application/json", write_progress(done)),
            (t("Sheet for a teacher"), "seize-exercises.csv", "text/csv", progress_sheet(done, titles, all_of_them)),
        )
        for label, name, mime, content in files:
            st.download_button(label, content, name, mime, on_click="ignore", icon=":material/download:")
    brought = st.file_uploader(t("Bring your progress"), type="json", max_upload_size=1)
    if brought and st.session_state.get("brought-progress") != brought.file_id:
        text = brought.getvalue().decode("utf-8", errors="replace")
        done.update(read_progress(text, all_of_them))
        st.session_state["brought-progress"] = brought.file_id
        st.rerun()


def draw_class() -> None:
    """Draw a class of twenty minutes, one of two hours, a sheet, and the key, with the answers of the exercises."""
    if not toggle(t("For a class: twenty minutes, two hours, a sheet and its key"), key="class"):
        return
    with st.container(key="whole-class"):
        for place, part in enumerate(page_layout.read_text("class").removeprefix("## ").split("\n## ")):
            with st.container(key=f"class-part-{place}"):
                st.markdown(f"## {part}")
        rows = [
            [f"{format_decimal(LESSON_NUMBERS[file])}.{place}", each.question, each.solution]
            for name, each in exercise.all_exercises().items()
            for file, _, place in [name.partition("-")]
        ]
        marks.draw_table([t("Exercise"), t("Question"), t("Answer")], rows)
        print_button(t("Print"), key="print-class")


draw_progress()
draw_class()
