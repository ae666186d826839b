"""A sheet on which excerpts are rated one by one, blind: whose they are is told in the results alone."""

import time
from collections.abc import Sequence

import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.callback_errors import keep_error, show_kept_error
from dashboard.components.data_table import named_table
from dashboard.components.drafts import session_store
from dashboard.components.exports import exports
from dashboard.components.verse import verse
from dashboard.locale.escaping import escape_html
from dashboard.queries.ratings import (
    CRITERIA,
    HIGHEST,
    LOWEST,
    PEOPLE,
    Excerpt,
    Rating,
    RatingStore,
    ratings_table,
    summary,
    to_json_text,
)
from pipeline.core.translation import mark, t, t_count, t_each

LABELS = {
    "grammar": mark("Grammar"),
    "sense": mark("Sense"),
    "rhyme": mark("Rhyme"),
    "flow": mark("Flow"),
    "originality": mark("Originality"),
}
HELP = {
    "grammar": mark("Is it French as people say or rap it?"),
    "sense": mark("Does it mean something, and hold together?"),
    "rhyme": mark("Do the ends answer each other?"),
    "flow": mark("Can it be said on a beat?"),
    "originality": mark("Does it surprise, in a good way?"),
}
COLUMNS = {
    "source": mark("Written by"),
    "criterion": mark("Criterion"),
    "n": mark("Ratings"),
    "mean": mark("Mean"),
    "low": mark("95% from"),
    "high": mark("to"),
}


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
        _grades(left[0], len(ratings))
    else:
        page_layout.empty_state(t("All of these are rated. Another take, other first words or more bars bring others."))
    _results(ratings)


def _grades(excerpt: Excerpt, number: int) -> None:
    with st.container(key="card-rating"):
        lines = [escape_html(line) for line in excerpt.text.split("\n")]
        st.html(f'<div class="paper">{verse(lines)}</div>')
        with st.form("rating", border=False):
            grades = {
                criterion: st.segmented_control(
                    t(LABELS[criterion]),
                    range(LOWEST, HIGHEST + 1),
                    key=f"grade-{criterion}-{number}",
                    help=t(HELP[criterion]),
                )
                for criterion in CRITERIA
            }
            pressed = st.form_submit_button(t("Keep and go on"), type="primary")
    if not pressed:
        return
    if not all(grades.values()):
        page_layout.show_error(t("Give all five a grade from 1 (no) to 5 (yes)."))
        return
    with keep_error("rating"):
        whole = {criterion: int(grade or LOWEST) for criterion, grade in grades.items()}
        rating_store().add(Rating(excerpt.source, excerpt.text, whole, time.time()))
    st.rerun()


def _results(ratings: Sequence[Rating]) -> None:
    if not ratings:
        return
    with st.expander(t("What your ratings say"), icon=":material/visibility:"):
        table = summary(ratings)
        names = {PEOPLE: t("people")}
        shown = table.assign(
            source=[names.get(source, source) for source in table["source"]],
            criterion=[t(LABELS[criterion]) for criterion in table["criterion"]],
        )
        page_layout.remark(
            t(
                "Means with 95% intervals over your ratings. They say how steady you are, not what people in general "
                "find; opening this tells whose the rest may be."
            )
        )
        named_table(shown, t_each(COLUMNS), alt=t("Mean grade of each writer by criterion, with its interval"))
        exports(lambda: table, "rating-means")
        exports(lambda: ratings_table(ratings), "ratings")
        st.download_button(
            t("Save as {format}", format="JSON"),
            lambda: to_json_text(ratings),
            "seize-ratings.json",
            "application/json",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
