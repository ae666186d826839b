"""How lines sound: syllables, rhymes, rhyme schemes and vowels, with their lines."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components.corpus import filters, finding_list, flow, rhyme_groups
from dashboard.components.corpus.choices import (
    draw_lengths_card,
    note_songs_without_stanzas,
    pick_bar_or_dot,
    pick_length_bin,
)
from dashboard.components.corpus.line_list import FoundLines, draw_line_list, shuffled_lines
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, toggle
from dashboard.components.frame.figure_card import clickable_card
from dashboard.queries import sounds
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.findings import longest_multisyllabic_rhyme
from pipeline.analysis.firsts import shuffle_across_artists
from pipeline.analysis.lines import rows_of_lines
from pipeline.analysis.sound.rhymes import scheme_frequencies, syllable_distribution
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels

DRAWN_QUATRAINS_NOTE = mark("Random groups of four lines, one artist at a time.")
SYLLABLE_COUNT_LABELS = {"spoken": mark("As spoken"), "verse": mark("In classical verse")}
MAX_SCHEMES_DRAWN = 15  # patterns in the figure; four lines have no more
SCHEME_NAMES = {"AABB": "plates", "ABAB": "croisées", "ABBA": "embrassées", "AAAA": "monorime"}
VOWEL_EXAMPLES = {
    **{"a": "patte", "i": "lit", "u": "fou", "y": "rue", "o": "beau", "ɔ": "porte", "e": "été", "ɛ": "fête"},
    **{"ø": "feu", "œ": "peur", "ə": "le", "ɑ": "pâte"},
    **{"ɑ\u0303": "temps", "ɔ\u0303": "son", "ɛ\u0303": "main", "œ\u0303": "brun", "u\u0303": mark("a nasal ou")},
}


@page_layout.fragment
def draw_syllables(selection: Selection) -> None:
    counted = pick(t("Count"), translate_labels(SYLLABLE_COUNT_LABELS), key="count")
    table = cache.query(syllable_distribution, selection, counted)
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked, text, length = pick_length_bin(t("Show lines"), table, "syllables", "lines", key="syllables")
        ids = cache.query(sounds.lines_of_syllables, selection, length, counted)
        lines = shuffled_lines(selection, ids)
        title = t(
            "{lines} of {syllables}",
            lines=t_count("{n} line", "{n} lines", len(lines)),
            syllables=t_count("{length} syllable", "{length} syllables", length[0], length=text),
        )
        draw_line_list(lines, key=f"syllables-{picked}", title=title, length=5)
    with left:
        top = table.loc[table["lines"].idxmax()]
        title = t_count(
            "Most common: {n} syllable, in {lines} lines ({share})",
            "Most common: {n} syllables, in {lines} lines ({share})",
            int(top["syllables"]),
            lines=format_decimal(top["lines"]),
            share=format_percentage(top["share"]),
        )
        axes, hover = (t("syllables in the line"), t("lines")), t("%{hovertext} syllables: %{y:,} lines")
        draw_lengths_card(
            table, "syllables", "lines", title, axes=axes, hover=hover, picks="syllables", file="syllables"
        )


share_bars = partial(
    bar_charts.labelled_horizontal_bars, value="share", row=24, shown="label", format_value=format_percentage
)


@page_layout.fragment
def draw_rhyme_schemes(selection: Selection) -> None:
    help = t("Groups lines whose ends sound alike without rhyming: ombre, monde.")
    assonance = toggle(t("With assonance"), True, key="assonance", help=help)
    table = cache.query(scheme_frequencies, selection, assonance=assonance).head(MAX_SCHEMES_DRAWN)
    if table.empty:
        page_layout.empty_state(t("No section of four lines selected. Widen the filters in the sidebar."))
        return
    left, right = st.columns([3, 2], gap="large")
    with right:
        schemes = table["scheme"].tolist()
        picked = pick_bar_or_dot(t("Show quatrains"), schemes, schemes[0], key="scheme")
        blocks, part = cache.query(sounds.quatrains_of_scheme, selection, picked, assonance), cache.subcorpus(selection)
        drawn = shuffle_across_artists(rows_of_lines(part, blocks[:, 0]), part)
        order = pd.Index(blocks[:, 0]).get_indexer(part.lines.index[drawn])
        quatrains = FoundLines(blocks[order], partial(sounds.quatrain_table, part), t(DRAWN_QUATRAINS_NOTE))
        total = int(table.loc[table["scheme"] == picked, "quatrains"].iloc[0])
        title = t_count("{n} quatrain {scheme}", "{n} quatrains {scheme}", total, scheme=picked)
        if len(quatrains) < total:
            title = t("{quatrains}, {n} without repeats", quatrains=title, n=format_decimal(len(quatrains)))
        draw_line_list(quatrains, key=f"scheme-{picked}", title=title, length=2)
    with left:
        labels = [f"{name} ({SCHEME_NAMES[name]})" if name in SCHEME_NAMES else name for name in table["scheme"]]
        figure = share_bars(table.assign(label=labels), "scheme", hover=t("%{y}: %{x:.1%} of quatrains"))
        top, total = table.iloc[0], table["quatrains"].sum()
        title = t_count(
            "{scheme} is the most common scheme: {share} of {n} quatrain",
            "{scheme} is the most common scheme: {share} of {n} quatrains",
            total,
            scheme=top["scheme"],
            share=format_percentage(top["share"]),
        )
        note = t("Groups of four lines; X: a line that rhymes with no other.")
        if assonance:
            note += " " + t("Assonances count as rhymes here.")
        clickable_card(title, figure, key="schemes", picks="scheme", note=note, table=table, file="schemes")


@page_layout.fragment
def draw_vowels(selection: Selection) -> None:
    table = cache.query(sounds.vowel_shares, selection)
    left, right = st.columns([3, 2], gap="large")
    with right:
        names = table["vowel"].tolist()
        picked = pick_bar_or_dot(t("Show lines rich in"), names, names[0], key="vowel", names=vowel_name)
        lines = cache.query(sounds.lines_with_most_of_a_vowel, selection, picked)
        best = format_percentage(lines["share"].iloc[0] if len(lines) else 0)
        title = t("Up to {share} of the vowels are {vowel}", share=best, vowel=vowel_name(picked))
        draw_line_list(lines, key=f"vowel-{picked}", title=title, length=7)
    with left:
        labelled = table.assign(label=[vowel_name(vowel) for vowel in names])
        figure = share_bars(labelled, "vowel", hover=t("%{y}: %{x:.1%} of vowels"))
        first, second = (vowel_name(vowel) for vowel in table["vowel"].head(2))
        title = t("The most common vowels are {first} and {second}", first=first, second=second)
        note = t_count("Out of {n} pronounced vowel.", "Out of {n} pronounced vowels.", table["count"].sum())
        clickable_card(title, figure, key="vowels", picks="vowel", note=note, table=table, file="vowels")


def vowel_name(vowel: str) -> str:
    return f"{vowel} ({t(VOWEL_EXAMPLES[vowel])})" if vowel in VOWEL_EXAMPLES else vowel


def draw_sound() -> None:
    selection = filters.current_selection()
    page_layout.draw_question(t("How long is a line, and how much of it rhymes?"))
    cache.phonetic_table(selection.corpus)
    cache.vowel_table(selection.corpus)
    facts = cache.query(sounds.rhyme_summary, selection)
    if not facts:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
        return
    text = t(
        "A line has <b>{mean}</b> syllables on average; <b>{rhymed}</b> of lines rhyme at the end, and "
        "<b>{density}</b> of all syllables are part of a rhyme.",
        mean=format_decimal(facts["mean"], 1),
        rhymed=format_percentage(facts["rhymed_lines"]),
        density=format_percentage(facts["density"]),
    )
    if longest := cache.query(longest_multisyllabic_rhyme, selection):
        text += f" {finding_list.finding_sentence_html(longest, selection.corpus)}"
    page_layout.draw_answer(text)
    if selection.layer != "lyrics":
        page_layout.remark(t("Sound is measured on the lyrics, always without ad-libs."))
    note_songs_without_stanzas(cache.subcorpus(selection))
    draw_syllables(selection)
    rhyme_groups.draw_rhyme_comparison(selection)
    draw_rhyme_schemes(selection)
    flow.draw_corpus_syllable_timing(selection)
    draw_vowels(selection)


draw_sound()
