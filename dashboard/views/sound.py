"""How does it sound?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, sound_charts
from dashboard.charts.tails import length_marks, lengths_of
from dashboard.components import filters, page_layout, rhyme_groups
from dashboard.components.bound import pick
from dashboard.components.choices import pick_mark
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.line_list import line_list
from dashboard.locale.phrasing import count
from dashboard.queries import rhyme_statistics, sound_examples
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.rhyme_schemes import scheme_frequencies
from pipeline.analysis.rhymes import syllable_distribution
from pipeline.translation import number, share

COUNTS = {"spoken": "As spoken", "verse": "In classical verse"}
SCHEMES = 15  # patterns in the figure; four lines have no more
NAMES = {"AABB": "plates", "ABAB": "croisées", "ABBA": "embrassées", "AAAA": "monorime"}
VOWELS = {
    **{"a": "patte", "i": "lit", "u": "fou", "y": "rue", "o": "beau", "ɔ": "porte", "e": "été", "ɛ": "fête"},
    **{"ø": "feu", "œ": "peur", "ə": "le", "ɑ": "pâte"},
    **{"ɑ\u0303": "temps", "ɔ\u0303": "son", "ɛ\u0303": "main", "œ\u0303": "brun", "u\u0303": "a nasal ou"},
}


@page_layout.fragment
def syllables(selection: Selection) -> None:
    counted = pick("Count", COUNTS, key="count")
    table = cache.query_phonetic_table(syllable_distribution, selection, counted)
    left, right = st.columns([3, 2], gap="large")
    with right:
        marks = length_marks(table, "syllables", "lines")
        picked = pick_mark("Read the lines of … syllables", marks, "syllables", "such lines", marks.__getitem__)
        if picked is not None:
            wanted = lengths_of(picked, int(table["syllables"].max()))
            lines = cache.query_phonetic_table(sound_examples.lines_of_syllables, selection, wanted, counted)
            title = f"{count(len(lines), 'line')} of {marks[picked]} syllables"
            line_list(lines, key=f"syllables-{picked}", title=title, length=7)
    with left:
        top = table.loc[table["lines"].idxmax()]
        figure = bar_charts.lengths(
            table, "syllables", "lines", x_title="syllables in the line", y_title="lines", picked=picked,
            hover="%{hovertext} syllables: %{y:,} lines",
        )  # fmt: skip
        title = f"Most often {int(top['syllables'])} syllables, in {share(top['share'])} of lines"
        pick_card(title, figure, key="syllables", picks="syllables", note="Click a bar to read its lines.")
        exports(table, "syllables")


@page_layout.fragment
def patterns(selection: Selection) -> None:
    table = cache.query_phonetic_table(scheme_frequencies, selection).head(SCHEMES)
    if table.empty:
        page_layout.empty_state("No section of four lines is selected. Widen the filters in the sidebar.")
        return
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked = pick_mark("Read four lines rhymed …", table["scheme"].tolist(), "scheme", "four such lines at a time")
        if picked is not None:
            found = cache.query_phonetic_table(sound_examples.quatrains, selection, picked)
            line_list(found, key=f"scheme-{picked}", title=f"{count(len(found), 'quatrain')} {picked}", length=3)
    with left:
        labels = [f"{name} ({NAMES[name]})" if name in NAMES else name for name in table["scheme"]]
        figure = sound_charts.shares(table, "scheme", labels, hover="%{y}: %{x:.1%} of quatrains", picked=picked)
        top, total = table.iloc[0], table["quatrains"].sum()
        title = f"{top['scheme']} is the commonest scheme: {share(top['share'])} of {number(total)} quatrains"
        pick_card(
            title, figure, key="schemes", picks="scheme", note="Blocks of four lines; X rhymes with none of them."
        )
        exports(table, "schemes")


@page_layout.fragment
def vowels(selection: Selection) -> None:
    table = cache.query_phonetics(rhyme_statistics.vowel_shares, selection)
    left, right = st.columns([3, 2], gap="large")
    with right:
        names = table["vowel"].tolist()
        picked = pick_mark(
            "Read the lines fullest of …", names, "vowel", "the lines that are fullest of it", vowel_name
        )
        if picked is not None:
            found = cache.query_phonetics(sound_examples.lines_full_of, selection, picked)
            best = share(found["share"].iloc[0]) if len(found) else "0%"
            line_list(
                found, key=f"vowel-{picked}", title=f"Up to {best} of the vowels are {vowel_name(picked)}", length=7
            )
    with left:
        figure = sound_charts.shares(
            table, "vowel", [vowel_name(v) for v in table["vowel"]], hover="%{y}: %{x:.1%} of vowels", picked=picked
        )
        first, second = (vowel_name(vowel) for vowel in table["vowel"].head(2))
        title = f"The commonest vowels are {first} and {second}"
        pick_card(title, figure, key="vowels", picks="vowel", note=f"Of {number(table['count'].sum())} vowels sounded.")
        exports(table, "vowels")


def vowel_name(vowel: str) -> str:
    return f"{vowel} ({VOWELS[vowel]})" if vowel in VOWELS else vowel


selection = filters.current_selection()
page_layout.question("How long is a line, and how much of it rhymes?")
cache.phonetic_table(selection.corpus)
cache.vowel_table(selection.corpus)
facts = cache.query_phonetic_table(rhyme_statistics.rhyme_summary, selection)
if not facts:
    page_layout.empty_state("Nothing is selected. Clear a filter in the sidebar to hear lines again.")
    st.stop()
page_layout.answer(
    f"A line has <b>{number(facts['mean'], 1)}</b> syllables on average as it is spoken; half of them have "
    f"<b>{facts['q1']:.0f} to {facts['q3']:.0f}</b>. Of {number(facts['lines'])} lines, "
    f"<b>{share(facts['rhymed_lines'])}</b> rhyme at their end; <b>{share(facts['density'])}</b> of all "
    f"{number(facts['syllables'])} syllables stand in a rhyme, and the longest runs over "
    f"<b>{count(facts['longest'], 'syllable')}</b>."
)
if selection.layer != "lyrics":
    page_layout.remark("Sound is measured on the lyrics; ad-libs are left out whatever the layer.")
syllables(selection)
rhyme_groups.draw(selection)
patterns(selection)
vowels(selection)
page_layout.how_to_read("sound")
