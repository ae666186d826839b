"""Search in the lyrics: concordance, collocations, and words over the years."""

from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import distributions, word_charts
from dashboard.components.corpus import filters, line_list
from dashboard.components.corpus.choices import explain_missing_groups, note_ungrouped_songs, pick_bar_or_dot
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import integer_box, pick, text_box, toggle
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import clickable_card, heading
from dashboard.locale.escaping import escape_html
from dashboard.navigation import draw_open_tab
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import (
    LEAST_YEAR_SONGS,
    halves_of_timeline,
    lines_with_both,
    matches_in_year,
    smooth_over_years,
)
from pipeline.analysis.findings import commonest_word
from pipeline.analysis.words.collocations import LEAST_SONGS
from pipeline.analysis.words.concordance import Concordance, Side, concordance
from pipeline.analysis.words.timeline import adoption_by_artist, query_timeline, words_whose_share_moved
from pipeline.analysis.words.word_sketch import SIDES, SPAN, WIDEST, sketch_difference, word_sketch
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_name

MAX_WORDS_PER_SIDE = 14  # words a side
MIN_NEAR = 3  # times that a word has to occur near the matches, the default of `word_sketch`
COLLOCATE_KEY = "near-word"


@page_layout.fragment
def draw_collocations(selection: Selection, query: str, slot: DeltaGenerator, found: str) -> None:
    """Draw the words that occur near the matches of a query, with their lines. Draw the sentence `found` in `slot`,
    followed by the three closest words."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        left = integer_box(t("Words before"), 0, WIDEST, SPAN, key="before-span", width=140)
        right = integer_box(t("Words after"), 0, WIDEST, SPAN, key="after-span", width=140)
        second = text_box(t("Compare with another word"), key="beside", longest=80, width=220).strip()
        functional = toggle(t("Include function words"), key="functional")
    spans = (left, right, selection.layer)
    if second:
        table = cache.query(sketch_difference, selection, query, second, *spans, with_function_words=functional)
    else:
        table = cache.query(word_sketch, selection, query, *spans, with_function_words=functional, only_spread=True)
    if table.empty:
        page_layout.empty_state(t("Too few matches to find collocations."))
        return
    if not second:
        closest = table.sort_values("log_dice", ascending=False, kind="stable")["word"].unique()[:3]
        words = ", ".join(f"<b lang=fr>{escape_html(word)}</b>" for word in closest)
        page_layout.draw_answer(f"{found} {t('Closest: {words}', words=words)}.", slot)
    draw = _draw_sketch_difference if second else _draw_collocates
    names = {word: word for word in draw(table, query, second)}
    picked = pick(t("Show lines with"), names, key=COLLOCATE_KEY, look="list")
    ids = cache.query(lines_with_both, selection, query, picked, selection.layer)
    lines = line_list.shuffled_lines(selection, ids, (query, picked))
    title = line_list.line_list_title(t("{word} with {other}", word=query, other=picked), lines)
    line_list.draw_line_list(lines, key=f"near-{picked}", title=title)


def _draw_collocates(table: pd.DataFrame, query: str, _: str) -> list[str]:
    shown = table.groupby("side", sort=False).head(MAX_WORDS_PER_SIDE)
    best = {side: part["word"].iloc[0] for side, part in shown.groupby("side")}
    shown = shown.sort_values(["side", "observed"], ascending=[True, False], kind="stable")
    title = t("Closest: {words}", words=", ".join(best.values()))
    if len(best) == len(SIDES):
        title = t("Closest to {word}: {left} before it, {right} after it", word=query, **best)
    note = t(
        "Bars: how many times, for the {most} words of each side that are most exclusive to it (logDice). Words that "
        "occur there at least {n} times and, if possible, in {songs} songs and in different lines. Click a bar to read "
        "the lines with both words.",
        most=MAX_WORDS_PER_SIDE,
        n=MIN_NEAR,
        songs=LEAST_SONGS,
    )
    figure = word_charts.collocate_bars(shown, query, int(shown["side"].value_counts().max()))
    clickable_card(title, figure, key="sketch", picks=COLLOCATE_KEY, note=note, table=table, file="sketch")
    return shown["word"].tolist()


def _draw_sketch_difference(table: pd.DataFrame, first: str, second: str) -> list[str]:
    shown = table.drop(table.index[MAX_WORDS_PER_SIDE:-MAX_WORDS_PER_SIDE])
    title = t("{first} compared with {second}", first=first, second=second)
    note = t("Left: words used with the first word. Right: with the second. Near 0: with both.")
    figure = word_charts.collocate_difference_bars(shown)
    clickable_card(
        title, figure, key="difference", picks=COLLOCATE_KEY, note=note, table=table, file="sketch-difference"
    )
    return shown["word"].tolist()


SORTS = {"turns": mark("Artists in turn"), "after": mark("By next word"), "before": mark("By previous word")}
CONTEXTS: dict[str, tuple[tuple[Side, int], ...] | Literal["artists"]] = {
    "turns": "artists",
    "after": (("right", 1), ("right", 2), ("right", 3)),
    "before": (("left", 1), ("left", 2), ("left", 3)),
}
MATCHES_PER_PAGE = 25
MAX_QUERY_CHARACTERS = 1000  # characters of a query
MAX_EXPORTED_MATCHES = 10_000
SOUGHT_QUERY_KEY = "sought-word"  # what the other parts of the page look for, with which the timeline begins


def pick_query() -> str:
    """Draw the text field of the query, which the tabs of the page share, and return the query."""
    example = 'nuit, meu*, meuf|nana, lemma:être, [lemma="être"] [] "nuit"'
    label = t("Word or pattern, such as nui\\*, meuf|nana, lemma:être")
    query = text_box(label, "nuit", key="q", hint=example, width=380, longest=MAX_QUERY_CHARACTERS)
    st.session_state[SOUGHT_QUERY_KEY] = query
    return query


def find_and_report(
    slot: DeltaGenerator, query: str, sort: str = "turns", accents: bool = True
) -> tuple[Concordance, str]:
    """Return the matches of a query in the selection, and their number as a sentence; write that, or what to try
    instead, in `slot`."""
    selection = filters.current_selection()
    result = cache.resource(concordance, selection, query, selection.layer, CONTEXTS[sort], accents)
    message = t("No match. Try fewer letters and a star, such as <b>nui*</b>, or widen the filters.")
    if result.total:
        matches = t_count("{n} match", "{n} matches", result.total)
        songs = t_count("{n} song", "{n} songs", result.songs)
        word = escape_html(query)
        of = format_decimal(len(cache.subcorpus(selection).songs))
        message = t(
            "<b>{word}</b>: {matches} in <b>{songs}</b> of {of}.", word=word, matches=matches, songs=songs, of=of
        )
    page_layout.draw_answer(message, slot)
    return result, message


def draw_concordance() -> None:
    """Draw the matches of a query with the words before and after, in pages."""
    slot = page_layout.draw_question(t("Where does a word appear?"), 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query = pick_query()
        sort = pick(t("Sort"), translate_labels(SORTS), key="sort")
        accents = toggle(t("Accents matter"), True, key="accents")
    result, _ = find_and_report(slot, query, sort, accents)
    if result.total:
        page_layout.draw_paginated(
            result.total,
            MATCHES_PER_PAGE,
            "matches-page",
            lambda which: st.html(line_list.concordance_html(result.rows(which.start, which.stop))),
        )
        if sort == "turns":
            page_layout.remark(t(line_list.DRAWN_NOTE))
        exports(lambda: result.rows(0, MAX_EXPORTED_MATCHES), "concordance")
        if result.total > MAX_EXPORTED_MATCHES:
            st.caption(t("The file contains the first {n} matches.", n=format_decimal(MAX_EXPORTED_MATCHES)))


def draw_collocations_tab() -> None:
    """Draw the tab of collocations."""
    slot = page_layout.draw_question(t("Which words go with a word?"), 1)
    query = pick_query()
    result, found = find_and_report(slot, query)
    if result.total:
        draw_collocations(filters.current_selection(), query, slot, found)


MAX_QUERIES = 6  # queries in one figure: as many as there are colours
CERTAIN_Z = 1.96  # of a change: by chance one word in twenty has as much
SCALES = {"share": mark("Share of songs"), "per_million": mark("Per million words")}
SPREAD_COLUMN_LABELS = {
    "artist": mark("Artist"), "first_year": mark("First year"), "title": mark("First song"), "songs": mark("Songs"),
    "count": mark("Times"),
}  # fmt: skip


def _changes_of_words(table: pd.DataFrame, drawn: pd.DataFrame, moved: bool) -> str:
    """Return a sentence on the words of a timeline: how their share of songs changed from the earlier to the later
    half; how many songs have them where years are too few to be smoothed. `moved`: whether the page chose them for
    their change."""
    parts, periods = [], dict[str, str]()
    for word, years in table.groupby("query", sort=False):
        if drawn is table:
            songs = t_count("{n} song", "{n} songs", int(years["songs_with"].sum()))
            parts.append(t("<b>{word}</b> is in {songs}", word=escape_html(word), songs=songs))
            continue
        halves = halves_of_timeline(years)
        text = mark("<b>{word}</b>: no clear change, {before} and {after}")
        if abs(halves["z"].iloc[0]) > CERTAIN_Z:
            text = mark("<b>{word}</b>: from {before} to {after}")
        before, after = map(format_percentage, halves["share"])
        parts.append(t(text, word=escape_html(word), before=before, after=after))
        early, late = (f"{first}–{last}" for first, last in halves[["first", "last"]].to_numpy())
        periods = {"early": early, "late": late}
    changes = t("; ").join(parts)
    if not periods:
        return f"{changes}."
    if moved:
        return t(
            "Among the words that changed most, share of songs in {early} and in {late}. {changes}.",
            changes=changes,
            **periods,
        )
    return t("Share of songs in {early} and in {late}. {changes}.", changes=changes, **periods)


def _change_title(word: str, halves: pd.DataFrame) -> str:
    """Return a title on the change of a word's share of songs between the two `halves_of_timeline`."""
    (before, after), year = halves["share"], str(halves["first"].iloc[-1])
    if abs(halves["z"].iloc[0]) <= CERTAIN_Z:
        return t("{word}: no clear change since {year}", word=word, year=year)
    if not before or not after:
        text = mark("{word}: in no song before {year}") if after else mark("{word}: in no song since {year}")
        return t(text, word=word, year=year)
    text = mark("{word}: about {times} times more widespread since {year}")
    if after < before:
        text = mark("{word}: about {times} times less widespread since {year}")
    low, high = sorted(round(share, 3) or share for share in (before, after))  # as the answer shows them
    return t(text, word=word, year=year, times=format_decimal(high / low, 0 if high > 3 * low else 1))


def draw_timeline() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("How has a word's use changed?"), 1)
    if (span := cache.subcorpus(selection).year_span) and span[0] == span[1]:
        page_layout.empty_state(t("All songs are of {year}. A timeline needs songs of two years.", year=str(span[0])))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = t("Words or phrases, comma-separated")
        sought = st.session_state.pop(SOUGHT_QUERY_KEY, "") or st.query_params.get("q", "")
        if sought and "said" not in st.query_params:
            st.session_state["said"] = sought  # no default of the box: so the address holds it
        start = moved = ", ".join(cache.query(words_whose_share_moved, selection)["word"])
        if not start and (common := cache.query(commonest_word, selection)):
            start = common.values["word"]
        typed = text_box(label, start, key="said", width=420, longest=200)
        scale = pick(t("Count"), translate_labels(SCALES), key="said_as")
    queries = tuple(dict.fromkeys(query.strip() for query in typed.split(",") if query.strip()))[:MAX_QUERIES]
    if not queries:
        page_layout.empty_state(t("Type one or more words, separated by commas."))
        return
    table = cache.query(query_timeline, selection, queries, layer=selection.layer)
    if table.empty:
        explain_missing_groups(selection, "year")
        return
    note_ungrouped_songs(selection, "year")
    drawn, place = smooth_over_years(table), st.container()  # the mark that is picked below is lit above
    page_layout.draw_answer(_changes_of_words(table, drawn, typed == moved), slot)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word, year = queries[0], ""
        if len(queries) > 1:
            word = pick(t("Word"), {query: query for query in queries}, key="said_word", look="list")
        present, curve = (own[own["query"] == word].set_index("year") for own in (table[table["count"] > 0], drawn))
        top = curve[scale].fillna(0).idxmax()
        if len(present):
            start = top if top in present.index else present["count"].idxmax()
            year = pick_bar_or_dot(t("Show lines"), map(str, present.index), str(start), key="said_in")
    if year:
        ids = cache.query(matches_in_year, selection, word, int(year), selection.layer)
        lines = line_list.shuffled_lines(selection, ids, (word,))
        title = t("{words} in {year}", words=word, year=year)
        line_list.draw_line_list(lines, key="said-in", title=line_list.line_list_title(title, lines))
    note, title = t("Years with few songs vary a lot."), t("{words} over the years", words=word)
    if drawn is not table:
        note = t("Five-year averages; years with fewer than {n} songs are left out.", n=LEAST_YEAR_SONGS)
        title = _change_title(word, halves_of_timeline(table[table["query"] == word]))
    if scale == "share":
        note += " " + t("Bands: 95% intervals.")
    with place:
        note += " " + t("Click a point to read the lines of its year.")
        figure = distributions.query_timeline(drawn, with_shares=scale == "share")
        clickable_card(title, figure, key="time", picks="said_in", note=note, at="x", table=table, file="timeline")
    users = cache.query(adoption_by_artist, selection, word, layer=selection.layer)
    if len(users):
        first, year = display_name(users["artist"].iloc[0]), str(users["first_year"].iloc[0])
        title = t_count(
            "{n} artist uses {word}: {artist}, in {year}", "{n} artists use {word}, {artist} first, in {year}",
            len(users), word=word, artist=first, year=year,
        )  # fmt: skip
        heading(title)
        alt = t("Artists who use {word}", word=word)
        named_table(users, translate_labels(SPREAD_COLUMN_LABELS), alt=alt, file="spread")


draw_open_tab(concordance=draw_concordance, company=draw_collocations_tab, timeline=draw_timeline)
