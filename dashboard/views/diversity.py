"""Who has the richest vocabulary?"""

from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import distributions
from dashboard.components import filters, page_layout
from dashboard.components.bound import pick
from dashboard.components.choices import grouping, variant
from dashboard.components.drill import group_lines
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.many_groups import no_group, say_ungrouped, shown_rows
from dashboard.locale.phrasing import count
from dashboard.queries.groups import ungrouped_songs
from pipeline.analysis.rankings import MEASURES, diversity_ranking
from pipeline.translation import interval, number


def label(measure: str) -> str:
    return MEASURES[measure].label


selection = filters.current_selection()
page_layout.question("Who has the richest vocabulary?")
slot = st.empty()
with st.container(horizontal=True, vertical_alignment="bottom"):
    measures = {name: measure.label for name, measure in MEASURES.items()}
    measure = pick("Measure", measures, key="measure", look="list", width=420)
    counted = selection._replace(variant=variant("version"))
    by = grouping("rank", selection, "Rank by")
with slot, st.spinner("Leaving out every song in turn…"):
    table = cache.query(diversity_ranking, counted, measure, by, selection.layer)
if table.empty:
    if cache.query(ungrouped_songs, selection, by) == len(cache.subcorpus(selection).songs):
        no_group(selection, by)
    else:
        page_layout.empty_state("No group has words enough for this measure: choose a smaller sample.")
    st.stop()
first, last = table.iloc[0], table.iloc[-1]
decimals = 0 if first["value"] > 100 else 1 if first["value"] > 10 else 3
level = int((table["best"] == 1).sum())
known = bool(table["low"].notna().all())  # an interval needs three songs
with slot:
    value = interval(first["value"], first["low"], first["high"], decimals)
    if pd.isna(first["low"]):
        value = number(first["value"], decimals)
    tie = f" {count(level, 'group')} share the first place: their intervals overlap." if level > 1 else ""
    if not known:
        tie = " Groups of fewer than three songs have no interval, and no order is claimed for them."
    page_layout.answer(
        f"By <i>{escape(label(measure))}</i>, <b>{escape(str(first[by]))}</b> comes first with "
        f"<b>{value}</b>, {escape(str(last[by]))} last with "
        f"{number(last['value'], decimals)}.{tie}"
    )
say_ungrouped(selection, by)
shown = shown_rows(table, by, key="rank")
hover = "<b>%{y}</b>, rank %{customdata[8]}<br>%{x:,.4~g} [%{customdata[4]:,.4~g} – %{customdata[5]:,.4~g}]"
figure = distributions.intervals(
    shown,
    by,
    "value",
    "low",
    "high",
    x_title=label(measure).rsplit(", ", 1)[0],
    hover=hover + "<br>%{customdata[2]:,} words",
)
title = f"{count(len(table), 'group')}, richest first"
note = "The line is the 95% interval over songs. Where lines overlap there is no order. Click a dot to read its lines."
pick_card(title, figure, key=f"ranking-{by}", picks=f"ranked_{by}", note=note, at="y")
group_lines(selection, by, table[by], key=f"ranked_{by}")
exports(table, f"diversity-{measure}-{by}")
page_layout.how_to_read("diversity")
