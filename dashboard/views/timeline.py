"""When is a word said?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import comparisons
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import no_group, pick_mark, say_ungrouped
from dashboard.components.corpus.line_list import line_list, lines_of
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import heading, pick_card
from dashboard.locale.escaping import escape_html
from dashboard.queries.words import matches_in_year
from pipeline.analysis.words.timeline import first_uses, spread_by_artist, timeline
from pipeline.core.translation import mark, t, t_count, t_each

MOST = 6  # queries in one figure: as many as there are colours
SCALES = {"share": mark("Share of songs"), "per_million": mark("Per million words")}
SPREAD = {
    "artist": mark("Artist"), "first_year": mark("First year"), "title": mark("First song"), "songs": mark("Songs"),
    "count": mark("Times"),
}  # fmt: skip
FIRST = {
    "word": mark("Word"), "first_year": mark("First year"), "artists": mark("Artists"), "songs": mark("Songs"),
    "count": mark("Times"),
}  # fmt: skip

selection = filters.current_selection()
page_layout.question(t("When is a word said?"))
slot = page_layout.answer_place(1)
with st.container(horizontal=True, vertical_alignment="bottom"):
    typed = st.text_input(
        t("Words or phrases, with commas between"), "nuit, téléphone", key="said", bind=BIND, width=420, max_chars=200
    )
    scale = pick(t("Count"), t_each(SCALES), key="said_as")
queries = tuple(dict.fromkeys(query.strip() for query in typed.split(",") if query.strip()))[:MOST]
if not queries:
    page_layout.empty_state(t("Type a word, or several with commas between."))
    st.stop()
table = cache.query(timeline, selection, queries, layer=selection.layer)
if table.empty:
    no_group(selection, "year")
    st.stop()
say_ungrouped(selection, "year")
totals = table.groupby("query", sort=False)["songs_with"].sum()
with slot:
    parts = [
        t("<b>{word}</b> is in {songs}", word=escape_html(query), songs=t_count("{n} song", "{n} songs", int(n)))
        for query, n in totals.items()
    ]
    page_layout.answer(t("; ").join(parts) + ".")
share = scale == "share"
figure = comparisons.over_time(table, share=share)
note = t("A year of few songs jumps about. Click a point to read the lines of its year.")
if share:
    note = t("Upright lines: Wilson's 95% intervals for the year's songs. Click a point to read the lines of its year.")
title = t("{words} over the years", words=", ".join(queries))
place = st.container()  # the mark that is picked below is lit above
present = table.groupby("year")["count"].sum()
years = [str(year) for year in present.index[present > 0]]
if years:
    year = pick_mark(t("Read the lines of"), years, str(present.idxmax()), "said_in")
    lines = cache.query(matches_in_year, selection, queries, int(year), selection.layer)
    said = t("{words} in {year}", words=", ".join(queries), year=year)
    line_list(lines, key="said-in", title=lines_of(said, lines))
with place:
    pick_card(title, figure, key="time", picks="said_in", note=note, at="x")
    exports(table, "timeline")
left, right = st.columns([5, 4], gap="medium")
with left:
    heading(t("Who says {word}, and since when", word=queries[0]))
    users = cache.query(spread_by_artist, selection, queries[0], layer=selection.layer)
    named_table(users, t_each(SPREAD), alt=t("Artists who say {word}", word=queries[0]))
    exports(users, "spread")
with right:
    heading(
        t("Words by first year"),
        t("Words of two artists or more, the newest on top; of one year, those that spread most."),
    )
    news = cache.query(first_uses, selection, layer=selection.layer)
    if news.empty:
        page_layout.empty_state(t("No word here is said by two artists with a year. Widen the filters in the sidebar."))
    else:
        named_table(news, t_each(FIRST), alt=t("Words by the year of their first use"))
        exports(news, "first-uses")
page_layout.how_to_read("timeline")
