"""How songs are built: sections, lengths of verses, choruses and repetition."""

from collections.abc import Iterable
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import distributions, sections
from dashboard.charts.palette import SECTION_COLOURS
from dashboard.charts.sections import MOST_SECTIONS_PER_SONG, sections_to_draw
from dashboard.components.corpus import choices, filters
from dashboard.components.corpus.line_list import (
    FoundLines,
    draw_group_picker,
    draw_line_list,
    draw_song_lines,
    note_inferred_data,
)
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import clickable_card
from dashboard.locale.phrasing import section_name
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import lines_of_couplets
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.words.structure import (
    couplet_length_distribution,
    repetition_by_group,
    section_kind_shares,
    section_table,
    song_forms,
    songs_by_form,
)
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count
from pipeline.corpus.song import display_name


def draw_section_legend(kinds: Iterable[str]) -> None:
    """Draw the colours of the types of section that occur, each colour once."""
    names: dict[str, list[str]] = {}
    for kind in sorted(set(kinds), key=list(SECTION_COLOURS).index):
        names.setdefault(SECTION_COLOURS[kind], []).append(section_name(kind))
    swatches = "".join(
        f'<span><i style="background:var(--{colour})"></i>{escape(", ".join(kinds))}</span>'
        for colour, kinds in names.items()
    )
    st.html(f'<p class="legend">{swatches}</p>')


PAGE = 20  # songs in one picture
MAX_FORM_SECTIONS = 16  # sections that are named
MAX_LINES_PER_PAGE = 64  # lines of couplets at once


@page_layout.fragment
def draw_section_bars_of_songs(selection: Selection) -> None:
    table = cache.query(section_table, selection, layer=selection.layer)
    ids = cache.query(songs_by_form, selection, layer=selection.layer).tolist()
    shown_songs = list[int]()
    average = format_decimal(len(table) / len(ids), 1)
    title = t("Songs by form, the most common first; {n} sections per song on average", n=average)

    def draw(which: slice) -> None:
        shown_songs.extend(ids[which])
        some = table.set_index("song", drop=False).rename_axis(None).loc[shown_songs]
        drawn, cut = sections_to_draw(some.assign(title=some["title"].map(display_name)))
        notes = [t("A row per song, artists in turn; bars are as long as songs have lines. Click a song to read it.")]
        if cut is not None:
            notes.append(t_count("Longer songs are cut at {n} line.", "Longer songs are cut at {n} lines.", cut))
        if some["song"].value_counts().max() > MOST_SECTIONS_PER_SONG:
            stretches = mark(
                "Songs of more than {bars} sections are shown in blocks, coloured by their most common type."
            )
            notes.append(t(stretches, bars=MOST_SECTIONS_PER_SONG))
        clickable_card(title, sections.song_section_bars(drawn), key="songs", picks="built_song", note=" ".join(notes))

    draw_section_legend(table["kind"].unique())
    page_layout.draw_paginated(len(ids), PAGE, "songs-page", draw)
    titles = cache.subcorpus(selection).songs["title"].map(display_name)
    if st.session_state.get("built_song") not in shown_songs:
        st.session_state.pop("built_song", None)  # another page of songs
    hint = t("Click a song, or choose")
    song = st.selectbox(t("Show song"), shown_songs, None, titles.get, key="built_song", placeholder=hint)
    if song is not None:
        draw_song_lines(selection, song, key="built-song")
    exports(table, "sections")


@page_layout.fragment
def draw_couplet_lengths(selection: Selection, lengths: pd.DataFrame) -> None:
    best = lengths.loc[lengths["sections"].idxmax()]
    figure = st.container()  # the bar that is picked below is lit above
    _, text, picked_lengths = choices.pick_length_bin(t("Show verses"), lengths, "lines", "sections", key="couplet_of")
    with figure:
        title = t_count("Most common verse length: {n} line", "Most common verse length: {n} lines", int(best["lines"]))
        axes, hover = (t("lines in the verse"), t("verses")), t("%{hovertext} lines: %{y:,} verses")
        choices.draw_lengths_card(
            lengths, "lines", "sections", title, axes=axes, hover=hover, picks="couplet_of", file="couplet-lengths",
            note=t("Click a bar to read its verses."), step=4,
        )  # fmt: skip
    ids = cache.query(lines_of_couplets, selection, picked_lengths[0], picked_lengths[-1], selection.layer)
    note = t("Random verses, one artist at a time.")
    lines = FoundLines(ids, partial(line_details_table, cache.subcorpus(selection)), note)
    title = t_count("Verses of {length} line", "Verses of {length} lines", picked_lengths[0], length=text)
    draw_line_list(lines, key="lines-couplet", title=title, length=min(max(8, picked_lengths[0]), MAX_LINES_PER_PAGE))


@page_layout.fragment
def draw_comparison(selection: Selection) -> None:
    by = choices.pick_grouping("built", selection, groups=("artist", "year"))
    kinds = cache.query(section_kind_shares, selection, by=by, layer=selection.layer)
    with st.spinner(t("Looking for repeated lines…")):
        table = cache.query(repetition_by_group, selection, by)
    if kinds.empty or table.empty:
        choices.explain_missing_groups(selection, by)
        return
    refrains = kinds[kinds["kind"] == "refrain"].sort_values("line_share", ascending=False)
    if not choices.are_groups_ordered(selection, by):
        place = {group: at for at, group in enumerate(dict.fromkeys([*refrains[by], *kinds[by]]))}
        kinds = kinds.iloc[kinds[by].map(place).argsort(kind="stable")]
        table = table.sort_values("repetition", ascending=False)
    choices.note_ungrouped_songs(selection, by)
    shown_kinds, shown_table = choices.pick_shown_groups_in_tables([kinds, table], by, key="built")
    left, right = st.columns(2, gap="large")
    with left:
        title = t("No chorus here")
        drawn = shown_kinds[shown_kinds["kind"] == "refrain"]
        if len(drawn):
            of_groups = drawn.assign(words=drawn["words"] / drawn["word_share"])
            several = mark("Choruses: from {low} ({least}) to {high} ({most})")
            single = mark("Choruses: {value} ({group})")
            title = choices.minmax_title(
                rankable_groups(of_groups), by, "line_share", format_percentage, several, single
            )
        note = t("Share of lines in each type of section. Click a bar to read its lines.")
        figure, picks = (
            choices.mark_omissions(sections.section_kind_bars(shown_kinds, by), kinds, shown_kinds, by),
            f"of_built_{by}",
        )
        file = f"section-shares-by-{by}"
        clickable_card(title, figure, key="kinds", picks=picks, note=note, at="y", table=kinds, file=file)
        draw_section_legend(kinds["kind"])
    with right:
        hover = t("<b>%{y}</b><br>%{x:.1%} [%{customdata[4]:.1%} – %{customdata[5]:.1%}]<br>%{customdata[1]} songs")
        x_title = t("share of words in repeated lines")
        figure = distributions.interval_chart(shown_table, by, "repetition", x_title=x_title, hover=hover)
        figure.update_xaxes(tickformat=".2~%", minallowed=0, maxallowed=1)
        choices.mark_omissions(figure, table, shown_table, by)
        several = mark("Songs repeat from {low} ({least}) to {high} ({most}) of their words")
        single = mark("Songs repeat {value} of their words ({group})")
        title = choices.minmax_title(rankable_groups(shown_table), by, "repetition", format_percentage, several, single)
        note = t("95% intervals across songs. Click a dot to read its lines.")
        if shown_table["low"].isna().any():
            note += " " + t("No interval, and so no ranking, when a group has too few songs.")
        picks, file = f"of_built_{by}", f"repetition-by-{by}"
        clickable_card(title, figure, key="repetition", picks=picks, note=note, at="y", table=table, file=file)
    draw_group_picker(selection, by, table[by], key=f"of_built_{by}")


def draw_structure() -> None:
    selection = filters.current_selection()
    page_layout.draw_question(t("How is a song built?"))
    forms = cache.query(song_forms, selection, layer=selection.layer)
    if forms.empty:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
        return
    lengths = cache.query(couplet_length_distribution, selection, layer=selection.layer)
    couplets = int(lengths["sections"].sum())
    sixteen = lengths.loc[lengths["lines"] == 16, "share"].sum()
    top = forms.iloc[0]
    form = [*map(section_name, top["form"].split(" – "))]
    commonest = t_count(
        "The most common form, <i>{form}</i>, occurs in <b>{n} song</b>.",
        "The most common form, <i>{form}</i>, occurs in <b>{n} songs</b>.",
        top["songs"],
        form=" – ".join([*form[:MAX_FORM_SECTIONS], *(["…"] if len(form) > MAX_FORM_SECTIONS else [])]),
    )
    sixteen_bars = t("No verses selected.")
    if couplets:
        best = lengths.loc[lengths["sections"].idxmax()]
        sixteen_bars = t_count(
            "Of {n} verse, <b>{most}</b> have {length} lines, the most common length.",
            "Of {n} verses, <b>{most}</b> have {length} lines, the most common length.",
            couplets,
            most=format_percentage(best["share"]),
            length=format_decimal(best["lines"]),
        )
        if best["lines"] != 16 and sixteen:
            sixteen_bars += " " + t("{share} have sixteen, <i lang=fr>un seize</i>.", share=format_percentage(sixteen))
    page_layout.draw_answer(f"{commonest} {sixteen_bars}")
    note_inferred_data(selection)
    choices.note_songs_without_stanzas(cache.subcorpus(selection))
    draw_section_bars_of_songs(selection)
    if couplets:
        draw_couplet_lengths(selection, lengths)
    draw_comparison(selection)
