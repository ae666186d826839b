"""How does it sound?"""

import pandas as pd
import streamlit as st

from dashboard import cache, sounds
from dashboard.charts import bars, distributions
from dashboard.charts import sounds as charts
from dashboard.components import filters, frame
from dashboard.components.card import card, pick_card
from dashboard.components.exports import exports
from dashboard.components.lines import line_list
from dashboard.selection import Selection
from dashboard.words import count, interval, number, share

COUNTS = {"spoken": "As spoken", "verse": "In classical verse"}
GROUPS = {"artist": "Artist", "year": "Year"}
MEASURES = {
    "density": ("Rhyme density", "share of syllables in a rhyme"),
    "rhymed_lines": ("Rhymed lines", "share of lines whose end rhymes"),
    "internal": ("Inside the line", "rhyming words inside a line"),
    "syllables": ("Syllables", "syllables in the line"),
}
SCHEMES = 15  # patterns in the figure; four lines have no more
NAMES = {"AABB": "plates", "ABAB": "croisées", "ABBA": "embrassées", "AAAA": "monorime"}
VOWELS = {
    **{"a": "patte", "i": "lit", "u": "fou", "y": "rue", "o": "beau", "ɔ": "porte", "e": "été", "ɛ": "fête"},
    **{"ø": "feu", "œ": "peur", "ə": "le", "ɑ̃": "temps", "ɔ̃": "son", "ɛ̃": "main", "œ̃": "brun", "ɑ": "pâte"},
}


def choice(label: str, options: dict[str, str], key: str) -> str:
    return st.segmented_control(
        label, list(options), default=next(iter(options)), required=True, format_func=options.get, key=key,
        bind="query-params",
    )  # fmt: skip


@st.fragment
def syllables(selection: Selection) -> None:
    counted = choice("Count", COUNTS, "count")
    table = cache.ask(sounds.lengths, selection, counted)
    left, right = st.columns([3, 2], gap="large")
    with right:
        present = table.loc[table["lines"] > 0, "syllables"].tolist()
        picked = st.selectbox(
            "Read the lines of … syllables", present, None, key="syllables", bind="query-params",
            placeholder="Choose a number",
        )  # fmt: skip
        if picked is None:
            frame.empty("Click a bar, or choose a number above, to read such lines.")
        else:
            lines = cache.ask(sounds.lines_of, selection, int(picked), counted)
            line_list(
                lines, key=f"syllables-{picked}", title=f"{count(len(lines), 'line')} of {picked} syllables", length=7
            )
    with left:
        top = table.loc[table["lines"].idxmax()]
        figure = bars.columns(
            table, "syllables", "lines", x_title="syllables in the line", y_title="lines", picked=picked,
            hover="%{x} syllables: %{y:,} lines",
        )  # fmt: skip
        title = f"Most often {int(top['syllables'])} syllables, in {share(top['share'])} of lines"
        pick_card(title, figure, key="syllables", picks="syllables", note="Click a bar to read its lines.")
        exports(table, "syllables")


@st.fragment
def groups(selection: Selection) -> None:
    with st.container(horizontal=True, gap="medium"):
        by = choice("Compare by", GROUPS, "sound-by")
        measure = choice("Measure", {key: name for key, (name, _) in MEASURES.items()}, "measure")
    table = cache.ask(sounds.rhyme_groups, selection, by)
    if table.empty:
        frame.empty("No line of a known year is selected. Widen the filters in the sidebar.")
        return
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked = st.selectbox(
            "Read the longest rhymes of …", table[by].astype(str).tolist(), None, key=f"multis-{by}",
            bind="query-params", placeholder=f"Choose {'an artist' if by == 'artist' else 'a year'}",
        )  # fmt: skip
        longest_rhymes(selection, by, picked)
    with left:
        compared(selection, by, measure, table, picked)


def longest_rhymes(selection: Selection, by: str, picked: str | None) -> None:
    if picked is None:
        frame.empty("Click a row, or choose above, to read rhymes of several syllables (multis).")
        return
    lines = cache.ask(sounds.multis, selection, by, picked)
    longest = lines["syllables"].max() if len(lines) else 0
    line_list(lines, key=f"multis-{picked}", title=f"Longest rhymes of {picked}: up to {longest} syllables", length=5)


def compared(selection: Selection, by: str, measure: str, table: pd.DataFrame, picked: str | None) -> None:
    name, x_title = MEASURES[measure]
    if measure == "syllables":
        table = ordered(cache.ask(sounds.syllable_groups, selection, by, "spoken"), by, "mean")
        figure = distributions.quartiles(table, by, x_title=x_title, unit="syllables")
        least, most = table.loc[table["mean"].idxmin()], table.loc[table["mean"].idxmax()]
        title = f"From {number(least['mean'], 1)} syllables ({least[by]}) to {number(most['mean'], 1)} ({most[by]})"
        card(title, figure, key="sound-groups", note="Bar: the middle half of the lines. Stroke: median. Dot: mean.")
    else:
        table = ordered(table, by, measure)
        figure = charts.picked_intervals(
            table, by, measure, x_title=x_title, hovers=hovers(table, by, measure), picked=picked
        )
        if measure != "internal":
            figure.update_xaxes(tickformat=".0%")
        least, most = table.loc[table[measure].idxmin()], table.loc[table[measure].idxmax()]
        low, high = (number(row[measure], 2) if measure == "internal" else share(row[measure]) for row in (least, most))
        title = f"{name}: from {low} ({least[by]}) to {high} ({most[by]})"
        note = "95% intervals over songs: where two overlap, no order is claimed. Click a dot to read."
        pick_card(title, figure, key="sound-groups", picks=f"multis-{by}", note=note)
    exports(table, f"{measure}-{by}")


def ordered(table: pd.DataFrame, by: str, value: str) -> pd.DataFrame:
    return table if by == "year" else table.sort_values(value, ascending=False)


def hovers(table: pd.DataFrame, by: str, measure: str) -> list[str]:
    scale, decimals, unit = (1, 2, "") if measure == "internal" else (100, 1, " %")
    return [
        f"<b>{frame.safe(row[by])}</b><br>"
        + interval(*(scale * row[name] for name in (measure, f"{measure}_low", f"{measure}_high")), decimals)
        + f"{unit}<br>{count(row['songs'], 'song')}, {count(row['lines'], 'line')}<br>"
        + f"longest rhyme {row['longest']} syllables"
        for _, row in table.iterrows()
    ]


@st.fragment
def patterns(selection: Selection) -> None:
    table = cache.ask(sounds.schemes, selection).head(SCHEMES)
    if table.empty:
        frame.empty("No section of four lines is selected. Widen the filters in the sidebar.")
        return
    left, right = st.columns([2, 3], gap="large")
    with right:
        picked = st.selectbox(
            "Read four lines rhymed …", table["scheme"].tolist(), None, key="scheme", bind="query-params",
            placeholder="Choose a scheme",
        )  # fmt: skip
        if picked is None:
            frame.empty("Click a bar, or choose a scheme above, to read four such lines at a time.")
        else:
            found = cache.ask(sounds.quatrains, selection, picked)
            line_list(found, key=f"scheme-{picked}", title=f"{count(len(found), 'quatrain')} {picked}", length=3)
    with left:
        labels = [f"{name} ({NAMES[name]})" if name in NAMES else name for name in table["scheme"]]
        figure = charts.shares(table, "scheme", labels, hover="%{y}: %{x:.1%} of quatrains", picked=picked)
        top, total = table.iloc[0], table["quatrains"].sum()
        title = f"{top['scheme']} is the commonest scheme: {share(top['share'])} of {number(total)} quatrains"
        pick_card(
            title, figure, key="schemes", picks="scheme", note="Blocks of four lines; X rhymes with none of them."
        )
        exports(table, "schemes")


@st.fragment
def vowels(selection: Selection) -> None:
    table = cache.ask(sounds.palette, selection)
    table = table[table["count"] > 0]
    left, right = st.columns([2, 3], gap="large")
    with right:
        picked = st.selectbox(
            "Read the lines fullest of …", table["vowel"].tolist(), None, key="vowel", bind="query-params",
            format_func=vowel_name, placeholder="Choose a vowel",
        )  # fmt: skip
        if picked is None:
            frame.empty("Click a bar, or choose a vowel above, to read the lines that are fullest of it.")
        else:
            found = cache.ask(sounds.fullest, selection, picked)
            best = share(found["share"].iloc[0]) if len(found) else "0%"
            line_list(
                found, key=f"vowel-{picked}", title=f"Up to {best} of the vowels are {vowel_name(picked)}", length=7
            )
    with left:
        figure = charts.shares(
            table, "vowel", [vowel_name(v) for v in table["vowel"]], hover="%{y}: %{x:.1%} of vowels", picked=picked
        )
        first, second = (vowel_name(vowel) for vowel in table["vowel"].head(2))
        title = f"The commonest vowels are {first} and {second}"
        pick_card(title, figure, key="vowels", picks="vowel", note=f"Of {number(table['count'].sum())} vowels sounded.")
        exports(table, "vowels")


def vowel_name(vowel: str) -> str:
    return f"{vowel} ({VOWELS[vowel]})" if vowel in VOWELS else vowel


selection = filters.selected()
frame.question("How long is a line, and how much of it rhymes?")
cache.sounds(selection.corpus)
facts = cache.ask(sounds.whole, selection)
if not facts:
    frame.empty("Nothing is selected. Clear a filter in the sidebar to hear lines again.")
    st.stop()
frame.answer(
    f"A line has <b>{number(facts['mean'], 1)}</b> syllables on average as it is spoken; half of them have "
    f"<b>{facts['q1']:.0f} to {facts['q3']:.0f}</b>. Of {number(facts['lines'])} lines, "
    f"<b>{share(facts['rhymed_lines'])}</b> rhyme at their end; <b>{share(facts['density'])}</b> of all "
    f"{number(facts['syllables'])} syllables stand in a rhyme, and the longest runs over "
    f"<b>{count(facts['longest'], 'syllable')}</b>."
)
if selection.layer != "lyrics":
    frame.quiet("Sound is measured on the lyrics; ad-libs are left out whatever the layer.")
syllables(selection)
groups(selection)
patterns(selection)
vowels(selection)
frame.how_to_read("sound")
