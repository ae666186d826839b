"""How artists or years rhyme, on their intervals, each down to its longest rhymes."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import distributions, sound_charts
from dashboard.components import page_layout
from dashboard.components.bound import pick
from dashboard.components.choices import grouping, is_ordered, pick_mark
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.line_list import line_list
from dashboard.components.many_groups import no_group, say_ungrouped, shown_rows
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import count
from dashboard.queries import rhyme_statistics, sound_examples
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.analysis.rhymes import rhyme_table, syllable_table
from pipeline.translation import interval, number, share

MEASURES = {
    "density": ("Rhyme density", "share of syllables in a rhyme"),
    "rhymed_lines": ("Rhymed lines", "share of lines whose end rhymes"),
    "factor": ("Rhyme factor", "mean length of the assonance at a word"),
    "internal": ("Inside the line", "rhyming words inside a line"),
    "syllables": ("Syllables", "syllables in the line"),
}


SHARES = ("density", "rhymed_lines")
DIFFERENCE = (
    "Rhyme density is the share of syllables in a rhyme: a vowel and what follows it alike, within four lines. "
    "The rhyme factor (Malmi) asks at every word how many vowels in a row, whatever the consonants, it repeats of the "
    "15 words before, and takes the mean: it favours long assonances, density favours many rhymes."
)


@page_layout.fragment
def draw(selection: Selection) -> None:
    """Draw the choices, the figure, and the longest rhymes of the group that is picked."""
    with st.container(horizontal=True, gap="medium"):
        by = grouping("sound-by", selection, groups=("artist", "year"))
        measure = pick("Measure", {key: name for key, (name, _) in MEASURES.items()}, key="measure", help=DIFFERENCE)
    table = cache.query_phonetic_table(rhyme_table, selection, by)
    if table.empty:
        no_group(selection, by)
        return
    say_ungrouped(selection, by)
    left, right = st.columns([3, 2], gap="large")
    with right:
        names = table[by].astype(str).tolist()
        picked = pick_mark(
            "Read the longest rhymes of …", names, f"multis-{by}", "rhymes of several syllables (multis)"
        )
        if picked is not None:
            _longest(selection, by, picked)
    with left:
        _compared(selection, by, measure, table, picked)


def _longest(selection: Selection, by: By, picked: str) -> None:
    lines = cache.query_phonetics(sound_examples.longest_rhymes, selection, by, picked)
    longest = lines["syllables"].max() if len(lines) else 0
    line_list(lines, key=f"multis-{picked}", title=f"Longest rhymes of {picked}: up to {longest} syllables", length=5)


def _compared(selection: Selection, by: By, measure: str, table: pd.DataFrame, picked: str | None) -> None:
    name, x_title = MEASURES[measure]
    if measure == "syllables":
        table = _ordered(selection, cache.query_phonetic_table(syllable_table, selection, by, "spoken"), by, "mean")
        figure = distributions.quartiles(shown_rows(table, by, key="sound"), by, x_title=x_title, unit="syllables")
        least, most = table.loc[table["mean"].idxmin()], table.loc[table["mean"].idxmax()]
        title = f"From {number(least['mean'], 1)} syllables ({least[by]}) to {number(most['mean'], 1)} ({most[by]})"
        note = "Bar: the middle half of the lines. Stroke: median. Dot: mean. Click one to read."
        pick_card(title, figure, key="sound-groups", picks=f"multis-{by}", note=note, at="y")
    else:
        if measure == "factor":  # over the songs that have one
            table = table.merge(cache.query_phonetics(rhyme_statistics.factor_by_group, selection, by), on=by)
        table = _ordered(selection, table, by, measure)
        shown = shown_rows(table, by, key="sound")
        figure = sound_charts.picked_intervals(
            shown, by, measure, x_title=x_title, hovers=_hovers(shown, by, measure), picked=picked
        )
        if measure in SHARES:
            figure.update_xaxes(tickformat=".2~%", minallowed=0, maxallowed=1)
        least, most = table.loc[table[measure].idxmin()], table.loc[table[measure].idxmax()]
        low, high = (share(row[measure]) if measure in SHARES else number(row[measure], 2) for row in (least, most))
        title = f"{name}: from {low} ({least[by]}) to {high} ({most[by]})"
        note = "95% intervals over songs: where two overlap, no order is claimed. Click a dot to read."
        pick_card(title, figure, key="sound-groups", picks=f"multis-{by}", note=note)
    exports(table, f"{measure}-{by}")


def _ordered(selection: Selection, table: pd.DataFrame, by: By, value: str) -> pd.DataFrame:
    return table if is_ordered(selection, by) else table.sort_values(value, ascending=False)


def _hovers(table: pd.DataFrame, by: By, measure: str) -> list[str]:
    scale, decimals, unit = (100, 1, " %") if measure in SHARES else (1, 2, "")
    return [
        f"<b>{escape_plotly(row[by])}</b><br>"
        + interval(scale * row[measure], scale * row[f"{measure}_low"], scale * row[f"{measure}_high"], decimals)
        + f"{unit}<br>{count(row['songs'], 'song')}, {count(row['lines'], 'line')}<br>"
        + f"longest rhyme {row['longest']} syllables"
        for _, row in table.iterrows()
    ]
