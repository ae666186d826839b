"""When is a word said?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import comparisons
from dashboard.components import filters, page_layout
from dashboard.components.bound import BIND, pick
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading, pick_card
from dashboard.components.line_list import line_list
from dashboard.components.many_groups import no_group, say_ungrouped
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import count
from dashboard.queries.phrase_search import matches_in_year
from pipeline.analysis.timeline import first_uses, spread_by_artist, timeline

MOST = 6  # queries in one figure: as many as there are colours
SCALES = {"share": "Share of songs", "per_million": "Per million words"}
SPREAD = {"artist": "Artist", "first_year": "First year", "title": "First song", "songs": "Songs", "count": "Times"}
FIRST = {"word": "Word", "first_year": "First year", "artists": "Artists", "songs": "Songs", "count": "Times"}

selection = filters.current_selection()
page_layout.question("When is a word said?")
slot = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    typed = st.text_input(
        "Words or phrases, with commas between", "nuit, téléphone", key="said", bind=BIND, width=420, max_chars=200
    )
    scale = pick("Count", SCALES, key="said_as")
queries = tuple(dict.fromkeys(query.strip() for query in typed.split(",") if query.strip()))[:MOST]
if not queries:
    page_layout.empty_state("Type a word, or several with commas between.")
    st.stop()
table = cache.query(timeline, selection, queries, layer=selection.layer)
if table.empty:
    no_group(selection, "year")
    st.stop()
say_ungrouped(selection, "year")
totals = table.groupby("query", sort=False)["songs_with"].sum()
with slot:
    parts = [f"<b>{escape_html(query)}</b> is in {count(int(n), 'song')}" for query, n in totals.items()]
    page_layout.answer("; ".join(parts) + ".")
share = scale == "share"
figure = comparisons.over_time(table, share=share)
note = "Upright lines: Wilson's 95% intervals for the year's songs." if share else "A year of few songs jumps about."
title, note = f"{', '.join(queries)} over the years", note + " Click a point to read the lines of its year."
pick_card(title, figure, key="time", picks="said_in", note=note, at="x")
present = table.groupby("year")["count"].sum()
years = [str(year) for year in present.index[present > 0]]
year = st.selectbox("Read the lines of", years, None, key="said_in", bind=BIND, placeholder="Click a point, or choose")
if year is not None:
    lines = cache.query(matches_in_year, selection, queries, int(year), selection.layer)
    line_list(lines, key="said-in", title=f"{', '.join(queries)} in {year}: {count(len(lines), 'line')}")
exports(table, "timeline")
left, right = st.columns([5, 4], gap="medium")
with left:
    heading(f"Who says {queries[0]}, and since when")
    users = cache.query(spread_by_artist, selection, queries[0], layer=selection.layer)
    named_table(users, SPREAD, alt=f"Artists who say {queries[0]}")
    exports(users, "spread")
with right:
    heading(
        "Words by first year", "Words of two artists or more, the newest on top; of one year, those that spread most."
    )
    news = cache.query(first_uses, selection, layer=selection.layer)
    named_table(news, FIRST, alt="Words by the year of their first use")
    exports(news, "first-uses")
page_layout.how_to_read("timeline")
