"""A Learn page: the line under study, and its text, a Markdown document, with the figures of its view in their places.

    lesson.draw_lesson("learn_rnn", draw_rnn_cell, draw_surprisals, draw_dimensions, parameters="1,618,100")

A lesson of three parts or more is read a part at a time. All lessons work on one short line, above them and in the
address. A figure is a function that is given that line; the document, in `texts/`, names it without its `draw_` as
[[rnn_cell]], and a value as [[parameters]]: `lessons.document` says how.
"""

import re
import secrets
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from itertools import groupby

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick, slider
from dashboard.components.lesson import exercise
from dashboard.components.lesson.marks import draw_table
from dashboard.lessons import glossary
from dashboard.lessons.course import COURSE, MAP_PARTS
from dashboard.lessons.document import Block, fill_slots, parse, slot_names, split_parts
from dashboard.lessons.exercises import exercises_of
from dashboard.lessons.lesson_scripts import numpy_script_of_lesson
from dashboard.lessons.study import LONGEST, SHORTEST, clean_line
from dashboard.locale.escaping import escape_markdown
from dashboard.navigation import LESSONS, PART_KEY, link
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import language, t
from pipeline.corpus.table import Corpus

LINE_KEY = "line"
DEFAULT = "Je compte les mesures, j'en veux seize"


def draw_lesson_line_box() -> None:
    """Draw the text box of the visitor's line; called by the router, so that all pages keep the line."""
    cache.corpus_names()  # prepares the embedded corpus when a lesson is the first page that is opened
    with st.container(key="line-box", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("Your line"),
            DEFAULT,
            key=LINE_KEY,
            bind=BIND,
            max_chars=LONGEST,
            help=t("Every lesson works on this line. Write your own; it is saved in the link."),
            width=460,
        )
        st.button(
            t("Another line of the corpus"), on_click=_choose_random_line, icon=":material/casino:", key="another-line"
        )
    if len(clean_line(st.session_state[LINE_KEY] or "")) < SHORTEST:
        page_layout.remark(
            t("Too short: at least {least} characters. Until then the pages use their own line.", least=SHORTEST)
        )


def study_line() -> str:
    """Return the line that all lessons work on, cleaned, or the default where it is too short."""
    text = clean_line(st.session_state.get(LINE_KEY) or "")
    return text if len(text) >= SHORTEST else DEFAULT


def short_lines_of_corpus(corpus: Corpus) -> list[str]:
    """Return those lines of a corpus that have 24 to 40 characters and no ad-libs."""
    texts = corpus.texts
    fits = texts.str.len().between(24, 40) & ~texts.str.contains("(", regex=False)
    return texts[fits].tolist()


def _choose_random_line() -> None:
    st.session_state[LINE_KEY] = secrets.choice(short_lines_of_corpus(cache.open_corpus(DEMO_NAME)))


LESSON_NAMES = list(LESSONS)
WHOLE = "whole"  # in the place of a part
FEWEST_PARTS = 3  # of a lesson whose parts stand one at a time
Figure = Callable[[str], None]


def draw_lesson(page: str, *figures: Figure, **values: str) -> None:
    """Draw the lesson of a page with its figures and values. Raise ValueError when its document names others."""
    blocks, by_name = (
        parse(page_layout.load_page_text(page)),
        {figure.__name__.removeprefix("draw_"): figure for figure in figures},
    )
    if unmatched := slot_names(blocks) ^ {*by_name, *values}:
        raise ValueError(f"The text of {page} and its view do not agree on {', '.join(sorted(unmatched))}.")
    number = LESSON_NAMES.index(page) + 1
    explained = ", ".join(t(MAP_PARTS[part][0]) for part in COURSE[page].parts)
    place = t(
        "Lesson {number} of {last} · on the map: {parts}",
        number=number, last=len(LESSON_NAMES), parts=explained,
    )  # fmt: skip
    st.html(f'<p class="lesson-number">{place}</p>')
    chosen = WHOLE
    exercises = dict(zip((b for b in blocks if b.kind == "exercise"), exercises_of(blocks, page).items(), strict=True))

    def draw_one(block: Block) -> None:
        if block.kind == "figure":
            by_name[block.text](study_line())
        elif block.kind == "exercise":
            name, own = exercises[block]
            exercise.draw_exercise(own, name)
        elif block.kind == "part":
            draw_heading(fill_slots(block.text, values), block.more, unseen=chosen != WHOLE)
        elif block.kind not in ("summary", "footnote"):
            draw_block(block, values)

    def draw(shown: Sequence[Block]) -> None:
        for _, group in groupby(shown, lambda block: block.kind in ("prose", "try", "exercise")):
            run = list(group)
            beside = run[0].kind != "exercise" and run[-1].kind == "exercise"  # an exercise stands beside its words
            words, asked = two_columns(1, 1) if beside else (st.container(),) * 2
            for block in run:
                with asked if block.kind == "exercise" else words:
                    draw_one(block)

    intro, parts = split_parts(blocks)
    draw(intro)
    by_part = {f"{number}.{at}": part for at, part in enumerate(parts, 1)}
    titles = {key: fill_slots(part[0].text, values) for key, part in by_part.items()}
    if len(parts) >= FEWEST_PARTS:  # what is not open is not drawn, and keeps nobody waiting
        chosen = pick(t("Parts of the lesson"), {**titles, WHOLE: t("All parts")}, key=PART_KEY)
    body = by_part.get(chosen, blocks[len(intro) :])
    draw(body)
    text = "".join(f"{block.text}{block.more}{block.cells}" for block in (*intro, *body) if block.kind != "footnote")
    if terms := glossary.lesson_terms(number):
        draw_terms(terms)
    for block in blocks:
        if block.kind == "footnote" and block.text[:4] in text:
            st.caption(fill_slots(block.text, values))
    if body[-1] == blocks[-1]:
        draw_end(number, next(fill_slots(block.text, values) for block in blocks if block.kind == "summary"))
    else:
        _draw_next_part_button(titles, chosen)


def _draw_next_part_button(titles: dict[str, str], part: str) -> None:
    """Draw the button that leads to the part after this one."""
    following = list(titles)[list(titles).index(part) + 1]
    st.button(
        t("Next: {part}", part=escape_markdown(titles[following])), key="next-part", type="primary",
        icon=":material/arrow_forward:", on_click=partial(st.session_state.__setitem__, PART_KEY, following),
    )  # fmt: skip


def draw_end(number: int, summary: str) -> None:
    """Draw the summary of a lesson, its script, and links to the lessons before and after."""
    with st.container(key="lesson-end"):
        title = t("What you know now")
        st.html(f"<h2>{title}</h2>")
        st.markdown(summary)
        script, name = numpy_script_of_lesson(LESSON_NAMES[number - 1], number), f"seize_{LESSON_NAMES[number - 1]}.py"
        label, icon = t("This lesson as a script"), ":material/download:"
        st.download_button(label, script, name, "text/x-python", on_click="ignore", icon=icon)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            if number > 1:
                link(LESSON_NAMES[number - 2], icon="arrow_back")
            if number < len(LESSON_NAMES):
                link(LESSON_NAMES[number])


def draw_block(block: Block, values: dict[str, str]) -> None:
    """Draw a block of text, a formula or a table of a lesson, with `values` in place of its [[names]]."""
    text, key = fill_slots(block.text, values), zlib.crc32(block.text.encode())
    match block.kind:
        case "question":
            page_layout.draw_question(text)
        case "formula":
            draw_formula(text, key)
        case "table":
            draw_table(block.cells[0], block.cells[1:])
        case "try":
            with st.container(key=f"try-{key}"):
                st.markdown(f"**{t('Try it.')}** {text}")
        case "ask":
            with st.container(key=f"ask-{key}"), st.expander(text, icon=":material/help:"):
                if block.more.startswith("$$"):
                    draw_formula(block.more.strip("$"), key)
                else:
                    st.markdown(fill_slots(block.more, values))
        case _:
            with st.container(key="lead" if block.kind == "lead" else f"prose-{key}"):
                st.markdown(text)


def draw_heading(text: str, rows: str, *, unseen: bool) -> None:
    """Draw the heading of a part of a lesson. `rows` lists the numbers of its topics in the programme that the lessons
    follow. An `unseen` heading is for screen readers: the choice above shows the same text."""
    st.html(f'<h2 class="{"unseen" if unseen else "part"}" data-rows="{escape(rows)}">{escape(text)}</h2>')


def draw_formula(latex: str, key: int) -> None:
    r"""Draw formulas in the middle; they may break at each `\qquad` on a narrow screen, and one that is too wide
    scrolls."""
    with st.container(
        key=f"formula-{key}",
        gap="medium",
        horizontal=True,
        horizontal_alignment="center",
        vertical_alignment="center",
    ):
        for one in latex.split(r"\qquad"):
            st.latex(one, width="content")


def two_columns(left: int = 2, right: int = 3) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two columns, for controls and for what they change."""
    first, second = st.columns([left, right], gap="large")
    return first, second


def step_slider(
    label: str, text: str, at: int | None = None, *, key: str, help: str, first: int = 1, disabled: bool = False
) -> int:
    """Draw a slider over the steps of a line, from the first; it stands at step `at`, or at the last."""
    last = len(text)
    return slider(label, first, last, last if at is None else min(at, last), key=key, help=help, disabled=disabled)


def draw_terms(terms: Sequence[glossary.Term]) -> None:
    """Draw the terms of a page, each a button that shows its meaning, an analogy and its name in the other language.

    The browser opens them: widgets of Streamlit would be run at every move of a slider.
    """
    st.html(f"<h3>{t('Glossary of this page')}</h3><p class=terms-of-page>{''.join(map(_term_html, terms))}</p>")


def _term_html(term: glossary.Term) -> str:
    code = language()
    name, other = (term.french, term.english) if code == "fr" else (term.english, term.french)
    analogy, lang = t("Think of {analogy}.", analogy=term.analogy[code]), "en" if code == "fr" else "fr"
    place = f"term-{re.sub(r'[^a-z]+', '-', term.english.lower())}"
    return (
        f'<button type="button" class="term" popovertarget="{place}">{escape(name)}</button>'
        f'<span popover id="{place}" class="term-meaning"><b>{escape(name)}</b>, <span lang="{lang}">{escape(other)}'
        f'</span><br>{escape(term.meaning[code])}<br><span class="quiet">{escape(analogy)}</span></span>'
    )
