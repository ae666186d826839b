"""Texts judged blind: votes between two, a clash in which two ways of writing take turns, excerpts rated one by one.

Whose a text is, the results alone tell. Votes last as long as the browser session.
"""

import csv
import io
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.marked_text import verse
from dashboard.components.frame.page_layout import keep_error, show_kept_error
from dashboard.components.writing.drafts import session_store
from dashboard.components.writing.pages import given_lines
from dashboard.components.writing.writing_sheet import write_whole
from dashboard.locale.escaping import escape_html
from dashboard.queries.ratings import (
    CRITERIA,
    HIGHEST,
    HUMAN_SOURCE,
    LOWEST,
    Excerpt,
    Rating,
    RatingStore,
    ratings_table,
    summary,
)
from pipeline.core.translation import format_decimal, mark, t, t_count, translate_labels
from pipeline.generation.lyric import GeneratedLine
from pipeline.publish.tables import escape_formula
from pipeline.writers.requests import WriteRequest

VOTES_KEY = "votes"
EQUAL = "equal"
RunAtTemperature = tuple[str, float]  # a model and a temperature


class Vote(NamedTuple):
    """Two ways of writing the same seed, and which was preferred; none of them when they were equally good."""

    seed: str
    first: RunAtTemperature
    second: RunAtTemperature
    better: RunAtTemperature | None


def votes() -> list[Vote]:
    """What this visitor preferred, in order."""
    return st.session_state.setdefault(VOTES_KEY, [])


def vote(ballot: Vote, number: int) -> None:
    """Count a vote, once: a second click on texts that were voted on already is none."""
    if number == len(votes()):
        votes().append(ballot)
        st.session_state["take"] = secrets.randbelow(10_000)


def run_temperature_key(way: RunAtTemperature) -> str:
    """Return the name of a way of writing, the same in every language: in files and keys.

    >>> run_temperature_key(("char-lstm", 0.6))
    'char-lstm at 0.6'
    """
    return f"{way[0]} at {way[1]:.1f}"


def run_temperature_label(way: RunAtTemperature) -> str:
    """Return the name of a way of writing, for people."""
    return t("{run} at {temperature}", run=way[0], temperature=format_decimal(way[1], 1))


def votes_to_csv(ballots: Sequence[Vote]) -> str:
    """One row a vote. A cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Vote._fields)
    for vote in ballots:
        better = run_temperature_key(vote.better) if vote.better else EQUAL
        writer.writerow(
            map(escape_formula, (vote.seed, run_temperature_key(vote.first), run_temperature_key(vote.second), better))
        )
    return out.getvalue()


def tally(ballots: Sequence[Vote]) -> dict[RunAtTemperature, tuple[int, int]]:
    """Wins of each way of writing and the times that it stood for election; the most preferred first."""
    wins = Counter(vote.better for vote in ballots)
    stood = Counter(way for vote in ballots for way in (vote.first, vote.second))
    return {way: (wins[way], stood[way]) for way in sorted(stood, key=lambda way: -wins[way] / stood[way])}


ROUNDS, LINES = 2, 4
TURNS_KEY = "clash-turns"  # not the key of the toggle


class ClashTurn(NamedTuple):
    """What one side wrote in its turn."""

    way: RunAtTemperature
    lines: tuple[GeneratedLine, ...]


def write_clash(
    pair: tuple[RunAtTemperature, RunAtTemperature],
    seed: str,
    request: Callable[[RunAtTemperature, str, int], WriteRequest],
) -> list[ClashTurn]:
    """Return the turns of two sides; written once. `request` asks for what a side adds to a text in which turn."""
    key = (pair, request(pair[0], seed, 0))
    if st.session_state.get(TURNS_KEY, (None,))[0] != key:
        text, turns = seed, list[ClashTurn]()
        for turn in range(2 * ROUNDS):
            way = pair[turn % 2]
            lyric = write_whole(request(way, text, turn))
            turns.append(ClashTurn(way, lyric.lines))
            text = f"{lyric.text}\n"
        st.session_state[TURNS_KEY] = (key, turns)
    return st.session_state[TURNS_KEY][1]


def draw_clash(turns: list[ClashTurn], seed: str) -> None:
    """Draw the turns under A and B, whose names the vote tells."""
    for at, turn in enumerate(turns):
        heading = t("{side}, round {n}", side="AB"[at % 2], n=at // 2 + 1)
        given = [line.text for line in given_lines(seed)] if not at else []
        with st.container(key=f"card-turn-{at}"):
            st.html(f"<h2>{heading}</h2>" + plain_verse([*given, *(line.text for line in turn.lines)]))


def plain_verse(lines: Sequence[str]) -> str:
    """Return lines on paper as HTML, words alone: marks of rhymes, sources and odds would tell who wrote them."""
    return f'<div class="paper small">{verse([escape_html(line) for line in lines])}</div>'


LABELS = {
    "grammar": mark("Grammar"), "sense": mark("Sense"), "rhyme": mark("Rhyme"), "flow": mark("Flow"),
    "originality": mark("Originality"),
}  # fmt: skip
HELP = {
    "grammar": mark("Is it French as people speak or rap it?"),
    "sense": mark("Does it mean something, and is it coherent?"),
    "rhyme": mark("Do the line ends rhyme?"),
    "flow": mark("Can it be rapped on a beat?"),
    "originality": mark("Does it surprise, in a good way?"),
}
COLUMNS = {
    "source": mark("Written by"), "criterion": mark("Criterion"), "n": mark("Ratings"), "mean": mark("Mean"),
    "low": mark("95% from"), "high": mark("to"),
}  # fmt: skip


def rating_store() -> RatingStore:
    """Return the visitor's ratings: on disk for who is known, else for as long as the browser tab lives."""
    return RatingStore(cache.current_visitor().name, session_store())


def rating_sheet(excerpts: Sequence[Excerpt]) -> None:
    """Draw the next excerpt that is not rated yet with its grades, then what the ratings say."""
    ratings = rating_store().ratings()
    rated = {(rating.source, rating.text) for rating in ratings}
    left = [excerpt for excerpt in excerpts if (excerpt.source, excerpt.text) not in rated]
    show_kept_error("rating")
    if left:
        page_layout.remark(t_count("{n} excerpt to rate.", "{n} excerpts to rate.", len(left)))
        _draw_grades(left[0], len(ratings))
    else:
        page_layout.empty_state(
            t("All of these are rated. For more, change the version, the first words or the number of lines.")
        )
    _draw_results(ratings)


def _draw_grades(excerpt: Excerpt, number: int) -> None:
    with st.container(key="card-rating"):
        lines = [escape_html(line) for line in excerpt.text.split("\n")]
        st.html(f'<div class="paper">{verse(lines)}</div>')
        with st.form("rating", border=False):
            grades = {}
            for name in CRITERIA:
                key, help = f"grade-{name}-{number}", t(HELP[name])
                grades[name] = st.segmented_control(t(LABELS[name]), range(LOWEST, HIGHEST + 1), key=key, help=help)
            pressed = st.form_submit_button(t("Save and continue"), type="primary")
    if not pressed:
        return
    if not all(grades.values()):
        page_layout.show_error(t("Rate all five from 1 (no) to 5 (yes)."))
        return
    with keep_error("rating"):
        whole = {criterion: int(grade or LOWEST) for criterion, grade in grades.items()}
        rating_store().add(Rating(excerpt.source, excerpt.text, whole, time.time()))
    st.rerun()


def _draw_results(ratings: Sequence[Rating]) -> None:
    if not ratings:
        return
    with st.expander(t("Your ratings so far"), icon=":material/visibility:"):
        table = summary(ratings)
        criteria = table["criterion"].map(translate_labels(LABELS))
        shown = table.assign(source=table["source"].replace(HUMAN_SOURCE, t("humans")), criterion=criteria)
        message = t(
            "Means of your ratings, with 95% intervals. They show how consistent you are, not what people in general "
            "think; opening this may reveal who wrote the remaining excerpts."
        )
        page_layout.remark(message)
        named_table(
            shown, translate_labels(COLUMNS), alt=t("Mean rating of each author by criterion, with its interval")
        )
        exports(lambda: table, "rating-means")
        exports(lambda: ratings_table(ratings), "ratings")
