"""Who has the richest vocabulary?"""

from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import distributions
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import grouping, no_group, say_ungrouped, shown_rows, variant
from dashboard.components.corpus.line_list import group_lines
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import number as whole_number
from dashboard.components.frame.bound import pick
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import pick_card
from dashboard.queries.groups import ungrouped_songs
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
from pipeline.analysis.words.rankings import (
    MEASURES,
    NUMBERED,
    diversity_ranking,
    find_measure,
)
from pipeline.core.translation import interval, mark, number, t, t_count

BOX = 150  # pixels of a box for a number
NUMBERS = {"rarefied": mark("Words drawn (n)"), "mattr": mark("Words of a window")}


def label(measure: str) -> str:
    if measure in MEASURES:
        return t(MEASURES[measure].label)
    family, _, n = measure.partition("_")
    return f"{t(find_measure(measure).label)}, n = {number(int(n))}" if family in NUMBERS else measure


def plain_name(measure: str) -> str:
    """Return what a measure is called in a sentence, without its formula and settings."""
    definition = find_measure(measure)
    return t(definition.name) if definition.name else label(measure)


def free_number(measure: str) -> str:
    """Draw the number of a family that takes any, and return the measure with it."""
    family, _, n = measure.partition("_")
    if family not in NUMBERS:
        return measure
    low, high = NUMBERED[family].low, NUMBERED[family].high
    chosen = whole_number(t(NUMBERS[family]), low, high, int(n), key=f"n-of-{measure}", width=BOX)
    return f"{family}_{chosen}"


selection = filters.current_selection()
page_layout.question(t("Who has the richest vocabulary?"))
slot = page_layout.answer_place(3)
with st.container(horizontal=True, vertical_alignment="bottom"):
    measures = {name: label(name) for name in MEASURES}
    measure = pick(t("Measure"), measures, key="measure", look="list", width=420)
    counted = selection._replace(variant=variant("version"))
    by = grouping("rank", selection, t("Rank by"))
    measure = free_number(measure)
    few = by == "song"
    songs = 1 if few else whole_number(t("Songs at least"), 1, 50, LEAST_SONGS, key="least-songs", width=BOX)
    least = whole_number(t("Words at least"), 0, 1_000_000, 0 if few else LEAST_WORDS, key="least-words", width=BOX)
with slot, st.spinner(t("Leaving out every song in turn…")):
    table = cache.query(diversity_ranking, counted, measure, by, selection.layer, songs, least)
if unreached := (table.empty and (songs, least) == (LEAST_SONGS, LEAST_WORDS)):
    table = cache.query(diversity_ranking, counted, measure, by, selection.layer, 1, 0)
if table.empty:
    if cache.query(ungrouped_songs, selection, by) == len(cache.subcorpus(selection).songs):
        no_group(selection, by)
    else:
        page_layout.empty_state(
            t("No group has words enough for this measure: choose a smaller sample, or ask for fewer songs.")
        )
    st.stop()
first, last = table.iloc[0], table.iloc[-1]
decimals = 0 if first["value"] > 100 else 1 if first["value"] > 10 else 3
level = int((table["best"] == 1).sum())
known = bool(table["low"].notna().all())  # an interval needs three songs
with slot:
    value = interval(first["value"], first["low"], first["high"], decimals)
    if pd.isna(first["low"]):
        value = number(first["value"], decimals)
    ends = {"measure": escape(plain_name(measure)), "first": escape(str(first[by])), "value": value}
    said = [
        t(
            "By <i>{measure}</i>, <b>{first}</b> comes first with <b>{value}</b>, {last} last with {least}.",
            **ends,
            last=escape(str(last[by])),
            least=number(last["value"], decimals),
        )
        if len(table) > 1
        else t("By <i>{measure}</i>, <b>{first}</b> has <b>{value}</b>; there is nobody to compare with.", **ends)
    ]
    if not known and len(table) > 1:
        said.append(
            t("Groups of few songs, or too short without one of them, have no interval, and no order is claimed.")
        )
    elif level > 1:
        said.append(
            t_count(
                "{n} group shares the first place: their intervals overlap.",
                "{n} groups share the first place: their intervals overlap.",
                level,
            )
        )
    page_layout.answer(" ".join(said))
if unreached:
    page_layout.remark(t("No group reaches the songs and words asked for, so all are ranked."))
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
    x_title=plain_name(measure),
    hover=hover,
)
title = t_count("{n} group, richest first", "{n} groups, richest first", len(table))
note = t(
    "The line is the 95% interval over songs. Where lines overlap there is no order. Click a dot to read its lines."
)
if measure.startswith(("mattr", "mtld")):
    note += " " + t("The interval is approximate: a song takes out its share, and the rest stays as it was cut.")
pick_card(title, figure, key=f"ranking-{by}", picks=f"ranked_{by}", note=note, at="y")
group_lines(selection, by, table[by], key=f"ranked_{by}")
exports(table, f"diversity-{measure}-{by}")
page_layout.how_to_read("diversity")
