"""The chart that compares how artists or years rhyme, with the longest rhymes of the chosen one."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import distributions
from dashboard.components.corpus import choices
from dashboard.components.corpus.line_list import draw_line_list
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import clickable_card
from dashboard.locale.escaping import escape_plotly
from dashboard.queries import sounds
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import GroupingKey
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.sound.rhymes import rhyme_table, syllable_table
from pipeline.core.translation import format_decimal, format_interval, format_percentage, mark, t, t_count

MEASURES = {
    "density": (mark("Rhyme density"), mark("share of syllables that rhyme")),
    "rhymed_lines": (mark("Rhyming lines"), mark("share of lines that rhyme at the end")),
    "assonant_density": (mark("Density with assonance"), mark("share of syllables that rhyme or assonate")),
    "assonant_lines": (mark("Lines with assonance"), mark("share of lines that rhyme or assonate at the end")),
    "internal": (mark("Inside the line"), mark("rhyming words inside a line")),
    "syllables": (mark("Syllables per line"), mark("syllables in the line")),
}
SHARE_MEASURES = ("density", "rhymed_lines", "assonant_density", "assonant_lines")
MEASURES_HELP = mark(
    "Rhyme density is the share of syllables that rhyme: the same vowel and what follows it, within four lines."
)


@page_layout.fragment
def draw_rhyme_comparison(selection: Selection) -> None:
    """Draw the choice of groups and measure, the chart of the groups, and the longest rhymes of the chosen group."""
    with st.container(horizontal=True, gap="medium"):
        by = choices.pick_grouping("sound-by", selection, groups=("artist", "year"))
        measures = {key: t(name) for key, (name, _) in MEASURES.items()}
        measure = pick(t("Measure"), measures, key="measure", help=t(MEASURES_HELP), look="list", width=320)
    table = cache.query(rhyme_table, selection, by)
    if table.empty:
        choices.explain_missing_groups(selection, by)
        return
    choices.note_ungrouped_songs(selection, by)
    left, right = st.columns([3, 2], gap="large")
    with right:
        names = table[by].astype(str).tolist()
        ranked = rankable_groups(table)
        densest = str(ranked.loc[ranked["density"].idxmax(), by])
        picked = choices.pick_bar_or_dot(t("Show longest rhymes"), names, densest, key=f"multis-{by}")
        lines = cache.query(sounds.longest_rhymes, selection, by, picked)
        title = t_count(
            "Longest rhymes of {name}: up to {n} syllable",
            "Longest rhymes of {name}: up to {n} syllables",
            int(lines["syllables"].max()) if len(lines) else 0,
            name=picked,
        )
        draw_line_list(lines, key=f"multis-{picked}", title=title, length=5)
    with left:
        _draw_measure_card(selection, by, measure, table)


def _draw_measure_card(selection: Selection, by: GroupingKey, measure: str, table: pd.DataFrame) -> None:
    name, x_title = map(t, MEASURES[measure])
    value = "mean" if measure == "syllables" else measure
    if measure == "syllables":
        table = cache.query(syllable_table, selection, by, "spoken")
    ranked = table
    if not choices.are_groups_ordered(selection, by):
        table = table.sort_values(value, ascending=False)
        ranked = rankable_groups(table)  # of few songs a figure is chance
    shown, at = choices.pick_shown_groups(ranked, by, key="sound"), "y" if measure == "syllables" else "customdata"
    if measure == "syllables":
        hover = t("median %{customdata[0]:.0f}, middle half %{customdata[1]:.0f} to %{customdata[2]:.0f} syllables")
        figure = distributions.quartile_bars(shown, by, x_title=x_title, hover=hover)
        several = mark("From {low} syllables ({least}) to {high} ({most})")
        single = mark("{value} syllables per line: {group}")
        title = choices.minmax_title(
            rankable_groups(shown), by, value, partial(format_decimal, decimals=1), several, single
        )
        note = t("Bar: middle half of the lines. Stroke: median. Dot: mean. Click one to read.")
    else:
        hovers = _group_hover_texts(shown, by, measure)
        figure = distributions.group_interval_chart(shown, by, measure, x_title=x_title, hovers=hovers)
        if measure in SHARE_MEASURES:
            figure.update_xaxes(tickformat=".2~%", minallowed=0, maxallowed=1)
        several = mark("{measure}: from {low} ({least}) to {high} ({most})")
        single = mark("{measure}: {value} ({group})")
        format_value: Callable[[float], str] = (
            format_percentage if measure in SHARE_MEASURES else partial(format_decimal, decimals=2)
        )
        title = choices.minmax_title(rankable_groups(shown), by, measure, format_value, several, single, measure=name)
        note = t("95% intervals across songs. Overlapping intervals: ranking not significant. Click a dot to read.")
    choices.mark_omissions(figure, ranked, shown, by)
    note += choices.unranked_groups_sentence(table, ranked)
    clickable_card(
        title, figure, key="sound-groups", picks=f"multis-{by}", note=note, at=at, table=table, file=f"{measure}-{by}"
    )


def _group_hover_texts(table: pd.DataFrame, by: GroupingKey, measure: str) -> list[str]:
    scale, decimals, unit = (100, 1, "\u202f%") if measure in SHARE_MEASURES else (1, 2, "")
    hovers = []
    for _, row in table.iterrows():
        value, low, high = (scale * row[name] for name in (measure, f"{measure}_low", f"{measure}_high"))
        songs, lines = t_count("{n} song", "{n} songs", row["songs"]), t_count("{n} line", "{n} lines", row["lines"])
        longest = t_count("longest rhyme {n} syllable", "longest rhyme {n} syllables", row["longest"])
        name, sizes = escape_plotly(row[by]), t("{songs}, {lines}", songs=songs, lines=lines)
        hovers.append(f"<b>{name}</b><br>{format_interval(value, low, high, decimals)}{unit}<br>{sizes}<br>{longest}")
    return hovers
