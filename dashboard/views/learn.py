"""The way of a line through a network, on one page with its numbers, and the lessons that explain its parts."""

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.share import print_button
from dashboard.components.lesson import exercise, lesson, marks, player, trained_networks
from dashboard.lessons import scenes
from dashboard.lessons.course import COURSE, LESSON_NUMBERS
from dashboard.lessons.document import MINUTES_OF, WORDS_PER_MINUTE, estimate_minutes, parse
from dashboard.lessons.exercises import progress_sheet, read_progress, write_progress
from dashboard.lessons.named_units import NamedUnit
from dashboard.lessons.overrides import INPUT_LETTER_NAME, Override
from dashboard.locale.escaping import escape_markdown
from dashboard.navigation import LESSONS, PLACES, link
from pipeline.cells.replay import Network
from pipeline.core.translation import format_decimal, mark, t
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.run import Run

CLASS_PAGES = {
    "plan": mark("For a class: plans for twenty minutes and two hours, and a worksheet"),
    "answers": mark("For teachers: the answers"),
}  # at ?class=
SHIPPED_NETWORK_KEY = ""  # the network that the map begins with; others are runs, by their name


def can_show_run_on_map(run: Run) -> bool:
    """Return whether the map can show a run: an LSTM of one layer that reads characters."""
    return run.kind != "ngram" and run.unit_level == "char" and (run.spec.cell, run.spec.layers) == ("lstm", 1)


def open_network_for_map(name: str) -> tuple[Network, Vocabulary]:
    """Return the shipped LSTM of 96 units, or the network of a run, with its vocabulary."""
    if name == SHIPPED_NETWORK_KEY:
        model = trained_networks.open_architecture("classic")
        return model.networks["lstm"], model.vocabulary
    run = cache.open_network(name)
    return run.network(), run.vocabulary


def trace_line_through_network(
    name: str, version: int, line: str, overrides: tuple[Override, ...] = ()
) -> tuple[scenes.NetworkTrace, tuple[str, ...]]:
    """Return all numbers that the network `name` computes as it reads a line, with `overrides`, and its symbols."""
    network, vocabulary = open_network_for_map(name)
    units = [each.unit for each in named_units_of_map_network(name).values()]
    return scenes.trace_line(network, vocabulary, line, overrides, units), tuple(vocabulary.index2word)


def named_units_of_map_network(name: str) -> dict[str, NamedUnit]:
    """Return the units of the map's network that track something nameable; empty for a visitor's own network."""
    return trained_networks.named_units_of_cell("lstm") if name == SHIPPED_NETWORK_KEY else {}


@page_layout.fragment
def draw_map(line: str) -> None:
    """Draw the map of a line through a network; a changed number redraws the map alone."""
    place = st.container()
    runs = [name for name in cache.network_names() if cache.cached_result_of_run(can_show_run_on_map, name)]
    networks = {SHIPPED_NETWORK_KEY: t("Lesson network"), **{name: name for name in runs}}
    name = pick(t("Network"), networks, SHIPPED_NETWORK_KEY, key="map_run", look="list", width=320)
    overrides, version = player.number_overrides_in_address(), cache.run_version(name) if name else 0
    with place, st.spinner(t("Reading…")):
        base, alphabet = cache.call(trace_line_through_network, name, version, line)
    there_and_back = tuple(each for each in overrides if each.name == INPUT_LETTER_NAME or each.step == 0)
    trace = cache.call(trace_line_through_network, name, version, line, there_and_back)[0] if there_and_back else base
    if len(there_and_back) < len(overrides):
        trace = scenes.apply_overrides(trace, open_network_for_map(name)[0], overrides)
    roles = [t(unit.label) for unit in named_units_of_map_network(name).values()]
    scene = scenes.network_map_scene(trace, alphabet, base, roles)
    with place:
        player.play_scene(scene, key="map", at=min(6, len(trace.ids)), overrides=overrides)
    page_layout.remark(
        t(
            "An LSTM of {units} units, trained on songs. Every number is computed live on your line. A one-layer "
            "character LSTM that you trained can take its place.",
            units=base.units,
        )
    )


def draw_course() -> None:
    """Draw the list of lessons: what each is about, how long it takes, what it needs."""
    minutes = {file: estimate_minutes(parse(page_layout.load_page_text(file))) for file in COURSE}
    hours = format_decimal(sum(minutes.values()) / 60)
    heading(
        t("{n} lessons, about {hours} hours", n=format_decimal(len(LESSONS)), hours=hours),
        t(
            "Minutes are estimates, not measured: {words} words a minute, {exercise} for each exercise, {attempt} for "
            "each thing to try, {drawing} for each figure and formula.",
            words=WORDS_PER_MINUTE,
            exercise=MINUTES_OF["exercise"],
            attempt=MINUTES_OF["try"],
            drawing=MINUTES_OF["figure"],
        ),
    )
    with st.container(key="course"):
        for file, each in COURSE.items():
            facts = [t("about {n} minutes", n=format_decimal(minutes[file]))]
            if each.needs:
                numbers = ", ".join(format_decimal(LESSON_NUMBERS[need]) for need in each.needs)
                facts.append(t("needs {lessons}", lessons=numbers))
            with st.container(gap=None):
                link(file)
                st.caption(f"{escape_markdown(t(PLACES[file][1].about))}  \n{escape_markdown(' · '.join(facts))}")


def draw_progress() -> None:
    """Draw how many exercises are solved, and buttons that save and load the progress."""
    done, all_of_them = exercise.progress(), exercise.all_exercises()
    solved = sum(attempt.solved for attempt in done.values())
    heading(
        t("{solved} of {all} exercises solved", solved=format_decimal(solved), all=format_decimal(len(all_of_them))),
        t("Your progress is kept until you close the page. Download it, or give the worksheet to a teacher."),
    )
    titles = {file: t(name) for file, name in LESSONS.items()}
    with st.container(horizontal=True):
        files = (
            (t("Progress"), "seize-progress.json", "application/json", write_progress(done)),
            (
                t("Worksheet for a teacher"),
                "seize-exercises.csv",
                "text/csv",
                progress_sheet(done, titles, all_of_them),
            ),
        )
        for label, name, mime, content in files:
            st.download_button(label, content, name, mime, on_click="ignore", icon=":material/download:")
    brought = st.file_uploader(t("Load progress"), type="json", max_upload_size=1)
    if brought and st.session_state.get("brought-progress") != brought.file_id:
        text = brought.getvalue().decode("utf-8", errors="replace")
        done.update(read_progress(text, all_of_them))
        st.session_state["brought-progress"] = brought.file_id
        st.rerun()


def draw_teaching_material(chosen: str) -> None:
    """Draw the lesson plans and the worksheet for a school class, or only the answers to its exercises."""
    with st.container(key="whole-class"):
        print_button(t("Print"), key="print-class")
        if chosen == "answers":
            st.markdown(page_layout.load_page_text("class_answers"))
            rows = [
                [f"{format_decimal(LESSON_NUMBERS[file])}.{place}", each.question, each.solution]
                for name, each in exercise.all_exercises().items()
                for file, _, place in [name.partition("-")]
            ]
            marks.draw_table([t("Exercise"), t("Question"), t("Answer")], rows)
            return
        for place, part in enumerate(page_layout.load_page_text("class").removeprefix("## ").split("\n## ")):
            with st.container(key=f"class-part-{place}"):
                st.markdown(f"## {part}")


if (chosen := st.query_params.get("class", "")) in CLASS_PAGES:
    page_layout.draw_question(t("How do I teach this?") if chosen == "plan" else t("What are the answers?"))
    link("learn", label=t("Back to the map"), icon="arrow_back")
    draw_teaching_material(chosen)
else:
    page_layout.draw_question(t("How does a network write?"))
    page_layout.draw_answer(t("Letter by letter. Follow your line through nine parts: press Play, or click one."))
    draw_map(lesson.study_line())
    draw_course()
    draw_progress()
    for name, label in CLASS_PAGES.items():
        link("learn", label=t(label), **{"class": name})
