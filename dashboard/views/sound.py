"""How lines sound: syllables, rhymes, rhyme schemes and vowels, with their lines."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components.corpus import filters, flow, reader, rhyme_groups
from dashboard.components.corpus.choices import (
    draw_lengths_card,
    note_songs_without_stanzas,
    pick_bar_or_dot,
    pick_length_bin,
)
from dashboard.components.corpus.line_list import FoundLines, draw_line_list, shuffled_lines, song_origin_html
from dashboard.components.corpus.rhyme_marks import mark_all_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, toggle
from dashboard.components.frame.figure_card import card, clickable_card, heading
from dashboard.queries import sounds
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.findings import Finding, longest_multisyllabic_rhyme
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
        draw_line_list(lines, key=f"syllables-{picked}", title=title, length=4)
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


def draw_vowels(selection: Selection) -> None:
    table = cache.query(sounds.vowel_shares, selection)
    labelled = table.assign(label=[*map(vowel_name, table["vowel"])])
    figure = share_bars(labelled, "vowel", hover=t("%{y}: %{x:.1%} of vowels"))
    first, second = labelled["label"].head(2)
    title = t("The most common vowels are {first} and {second}", first=first, second=second)
    note = t_count("Out of {n} pronounced vowel.", "Out of {n} pronounced vowels.", table["count"].sum())
    card(title, figure, key="vowels", note=note, table=table, file="vowels")


def vowel_name(vowel: str) -> str:
    return f"{vowel} ({t(VOWEL_EXAMPLES[vowel])})" if vowel in VOWEL_EXAMPLES else vowel


def draw_longest_rhyme(selection: Selection, found: Finding) -> None:
    """Draw the two lines of the longest rhyme with their song, the rhyme marked."""
    values = found.values
    lines, year = [values["with"], values["text"]], cache.subcorpus(selection).songs.at[values["song"], "year"]
    marks = mark_all_rhymes(lines, cache.line_pronunciations(lines, selection.corpus), reader.NO_INTERNAL_RHYMES)
    with st.container(key="card-longest", gap="small"):
        heading(t_count("The longest rhyme: {n} syllable", "The longest rhyme: {n} syllables", values["syllables"]))
        st.html(reader.verse_with_syllables_html(marks.lines))
        st.html(f'<p class="quiet leads">{song_origin_html(values["artist"], values["title"], year)}</p>')


def draw_sound() -> None:
    selection = filters.current_selection()
    page_layout.draw_question(t("How much rhymes, and how long is a line?"))
    cache.phonetic_table(selection.corpus)
    facts = cache.query(sounds.rhyme_summary, selection)
    if not facts:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
        return
    text = t(
        "<b>{rhymed}</b> of lines rhyme at the end, {assonant} if assonance counts; <b>{density}</b> of all syllables "
        "are part of a rhyme. A line has <b>{mean}</b> syllables on average.",
        mean=format_decimal(facts["mean"], 1),
        rhymed=format_percentage(facts["rhymed_lines"]),
        assonant=format_percentage(facts["assonant_lines"]),
        density=format_percentage(facts["density"]),
    )
    page_layout.draw_answer(text)
    if selection.layer != "lyrics":
        page_layout.remark(t("Sound is measured on the lyrics, always without ad-libs."))
    note_songs_without_stanzas(cache.subcorpus(selection))
    if longest := cache.query(longest_multisyllabic_rhyme, selection):
        draw_longest_rhyme(selection, longest)
    rhyme_groups.draw_rhyme_comparison(selection)
    draw_rhyme_schemes(selection)
    draw_syllables(selection)
    flow.draw_corpus_syllable_timing(selection)
    page_layout.draw_fold(t("Vowels"), draw_vowels, selection, key="vowels")


draw_sound()
