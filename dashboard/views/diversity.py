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
from dashboard.queries.groups import ungrouped_songs
from pipeline.analysis.rankings import MEASURES, diversity_ranking
from pipeline.translation import interval, number, t, t_count


def label(measure: str) -> str:
    return t(MEASURES[measure].label)


selection = filters.current_selection()
page_layout.question(t("Who has the richest vocabulary?"))
slot = st.empty()
with st.container(horizontal=True, vertical_alignment="bottom"):
    measures = {name: label(name) for name in MEASURES}
    measure = pick(t("Measure"), measures, key="measure", look="list", width=420)
    counted = selection._replace(variant=variant("version"))
    by = grouping("rank", selection, t("Rank by"))
with slot, st.spinner(t("Leaving out every song in turn…")):
    table = cache.query(diversity_ranking, counted, measure, by, selection.layer)
if table.empty:
    if cache.query(ungrouped_songs, selection, by) == len(cache.subcorpus(selection).songs):
        no_group(selection, by)
    else:
        page_layout.empty_state(t("No group has words enough for this measure: choose a smaller sample."))
    st.stop()
first, last = table.iloc[0], table.iloc[-1]
decimals = 0 if first["value"] > 100 else 1 if first["value"] > 10 else 3
level = int((table["best"] == 1).sum())
known = bool(table["low"].notna().all())  # an interval needs three songs
with slot:
    value = interval(first["value"], first["low"], first["high"], decimals)
    if pd.isna(first["low"]):
        value = number(first["value"], decimals)
    said = [
        t(
            "By <i>{measure}</i>, <b>{first}</b> comes first with <b>{value}</b>, {last} last with {least}.",
            measure=escape(label(measure)),
            first=escape(str(first[by])),
            value=value,
            last=escape(str(last[by])),
            least=number(last["value"], decimals),
        )
    ]
    if not known:
        said.append(t("Groups of fewer than three songs have no interval, and no order is claimed for them."))
    elif level > 1:
        said.append(
            t_count(
                "{n} group shares the first place: their intervals overlap.",
                "{n} groups share the first place: their intervals overlap.",
                level,
            )
        )
    page_layout.answer(" ".join(said))
say_ungrouped(selection, by)
shown = shown_rows(table, by, key="rank")
hover = t(
    "<b>%{y}</b>, rank %{customdata[8]}<br>%{x:,.4~g} [%{customdata[4]:,.4~g} – %{customdata[5]:,.4~g}]<br>"
    "%{customdata[2]:,} words"
)
figure = distributions.intervals(
    shown,
    by,
    "value",
    "low",
    "high",
    x_title=t(MEASURES[measure].name or MEASURES[measure].label),
    hover=hover,
)
title = t_count("{n} group, richest first", "{n} groups, richest first", len(table))
note = t(
    "The line is the 95% interval over songs. Where lines overlap there is no order. Click a dot to read its lines."
)
pick_card(title, figure, key=f"ranking-{by}", picks=f"ranked_{by}", note=note, at="y")
group_lines(selection, by, table[by], key=f"ranked_{by}")
exports(table, f"diversity-{measure}-{by}")
page_layout.how_to_read("diversity")
