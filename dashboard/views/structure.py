"""How songs are built: sections, lengths of verses, choruses and repetition."""

from collections.abc import Iterable, Sequence
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions, sections
from dashboard.charts.base_figure import add_label
from dashboard.charts.palette import INK, SECTION_COLOURS
from dashboard.components.corpus import choices, filters
from dashboard.components.corpus.line_list import (
    FoundLines,
    draw_group_picker,
    draw_line_list,
    note_inferred_data,
    song_origin_html,
)
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import clickable_card
from dashboard.locale.phrasing import section_name
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import lines_of_couplets
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.words.structure import (
    couplet_length_distribution,
    mean_sections_of_forms,
    repetition_by_group,
    section_kind_shares,
    song_forms,
    songs_of_form,
)
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count
from pipeline.corpus.table import Corpus


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


FORMS, SONGS_PER_PAGE = 10, 20  # in the figure, in the list below
MAX_NAMED_SECTIONS = 16  # sections of a form that are named
MAX_LINES_PER_PAGE = 64  # lines of couplets at once
SIXTEEN = 16  # lines of un seize


def name_form(form: str) -> str:
    """Return the types of section of a form in the visitor's language, the first of a long one."""
    kinds = [*map(section_name, form.split(" – "))]
    return " – ".join([*kinds[:MAX_NAMED_SECTIONS], *(["…"] if len(kinds) > MAX_NAMED_SECTIONS else [])])


def draw_song_list(part: Corpus, songs: Sequence[int], *, key: str) -> None:
    """Draw songs in pages, each with a link to its page, its artist and its year."""

    def draw(which: slice) -> None:
        rows = part.songs.loc[list(songs[which]), ["artist", "title", "year"]].itertuples(index=False)
        st.html(f'<ul class="plain leads">{"".join(f"<li>{song_origin_html(*row)}</li>" for row in rows)}</ul>')

    page_layout.draw_paginated(len(songs), SONGS_PER_PAGE, f"page-{key}", draw)


@page_layout.fragment
def draw_forms(selection: Selection, forms: pd.DataFrame) -> None:
    """Draw the most common forms, a row each, and the songs of the chosen one."""
    total, shown = int(forms["songs"].sum()), forms.head(FORMS).assign(rank=range(1, min(len(forms), FORMS) + 1))
    parts = cache.query(mean_sections_of_forms, selection, shown["form"].tolist(), selection.layer)
    parts = parts.assign(rank=parts["form"].map(shown.set_index("form")["rank"]))
    labels = {
        row.rank: t_count(
            "{some} of {n} song ({share})",
            "{some} of {n} songs ({share})",
            total,
            some=format_decimal(row.songs),
            share=format_percentage(row.share),
        )
        for row in shown.itertuples()
    }
    figure = st.container()  # the row that is picked below is outlined above
    options = {row.rank: f"{labels[row.rank]} · {name_form(row.form)}" for row in shown.itertuples()}
    picked = pick(t("Show songs"), options, 1, key="song-form", look="list")
    with figure:
        title = t("The most common form: {songs}", songs=labels[1])
        note = t("Songs of each form, and the mean number of lines of its sections. Click a form to see its songs.")
        bars = sections.form_bars(shown, parts)
        table, file = forms[["form", "songs", "share", "example"]], "song-forms"
        clickable_card(title, bars, key="forms", picks="song-form", note=note, table=table, file=file)
        draw_section_legend(parts["kind"])
    songs = cache.query(songs_of_form, selection, shown["form"].iloc[picked - 1], selection.layer)
    draw_song_list(cache.subcorpus(selection), songs.tolist(), key=f"form-{picked}")


@page_layout.fragment
def draw_couplet_lengths(selection: Selection, lengths: pd.DataFrame) -> None:
    """Draw how long couplets are, the bar of sixteen lines named, and the couplets of the chosen length."""
    best = lengths.loc[lengths["sections"].idxmax()]
    place = st.container()  # the bar that is picked below is lit above
    sixteen = str(SIXTEEN)
    _, text, picked_lengths = choices.pick_length_bin(
        t("Show verses"), lengths, "lines", "sections", key="couplet_of", start=sixteen
    )
    with place:
        title = t_count("Most common verse length: {n} line", "Most common verse length: {n} lines", int(best["lines"]))
        axes, hover = (t("lines in the verse"), t("verses")), t("%{hovertext} lines: %{y:,} verses")
        figure = bar_charts.length_bars(
            lengths, "lines", "sections", x_title=axes[0], y_title=axes[1], hover=hover, step=4
        )
        bars = figure.data[0]
        if sixteen in bars.customdata:
            bars.marker.color = [INK["accent" if bar == sixteen else "blue"] for bar in bars.customdata]
            height = lengths.loc[lengths["lines"] == SIXTEEN, "sections"].iloc[0]
            add_label(figure, SIXTEEN, height, "un seize", INK["accent"], yanchor="bottom")
        clickable_card(
            title, figure, key="couplet-lengths", picks="couplet_of", note=t("Click a bar to read its verses."),
            table=lengths, file="couplet-lengths",
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
    couplets, top, verses = int(lengths["sections"].sum()), forms.iloc[0], t("No verses selected.")
    if couplets:
        best = lengths.loc[lengths["sections"].idxmax()]
        sixteen = lengths.loc[lengths["lines"] == SIXTEEN, "share"].sum()
        said = {"most": format_percentage(best["share"]), "length": format_decimal(best["lines"])}
        said |= {"sixteen": format_percentage(sixteen)}
        verses = t_count(
            "Of {n} verse, <b>{most}</b> have {length} lines, the most common length.",
            "Of {n} verses, <b>{most}</b> have {length} lines, the most common length.",
            couplets,
            **said,
        )
        if sixteen:
            verses = t_count(
                "Of {n} verse, <b>{sixteen}</b> have sixteen lines, <i lang=fr>un seize</i>.",
                "Of {n} verses, <b>{sixteen}</b> have sixteen lines, <i lang=fr>un seize</i>.",
                couplets,
                **said,
            )
            if best["lines"] == SIXTEEN:
                verses += " " + t("No length is more common.")
            else:
                verses += " " + t("The most common length is {length} ({most}).", **said)
    total = int(forms["songs"].sum())
    commonest = t_count(
        "The most common form, <i>{form}</i>, is that of <b>{some} of {n} song</b> ({share}).",
        "The most common form, <i>{form}</i>, is that of <b>{some} of {n} songs</b> ({share}).",
        total,
        form=name_form(top["form"]),
        some=format_decimal(top["songs"]),
        share=format_percentage(top["share"]),
    )
    page_layout.draw_answer(f"{verses} {commonest}")
    note_inferred_data(selection)
    choices.note_songs_without_stanzas(cache.subcorpus(selection))
    left, right = st.columns(2, gap="large")
    with left:
        if couplets:
            draw_couplet_lengths(selection, lengths)
    with right:
        draw_forms(selection, forms)
    draw_comparison(selection)
