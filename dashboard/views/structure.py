"""How is a song built?"""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions, sections
from dashboard.charts.section_bins import BARS, shown_sections
from dashboard.charts.tails import length_marks, lengths_of
from dashboard.components import filters, page_layout
from dashboard.components.bound import pick_or_none
from dashboard.components.choices import grouping, is_ordered
from dashboard.components.drill import group_lines, song_lines
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.inferred_note import say_inferred
from dashboard.components.line_list import line_list
from dashboard.components.many_groups import no_group, say_ungrouped, shown_rows_of
from dashboard.components.section_legend import section_legend
from dashboard.locale.phrasing import count
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.repetition import repetition_by
from pipeline.analysis.structure import couplet_lengths, kind_shares, section_table, song_forms
from pipeline.translation import number, share

PAGE = 20  # songs in one picture
LONGEST_FORM = 16  # sections that are named
LONGEST_PAGE = 64  # lines of couplets at once


@page_layout.fragment
def songs(selection: Selection) -> None:
    table = cache.query(section_table, selection, layer=selection.layer)
    ids = table["song"].drop_duplicates().tolist()
    slot = st.container()
    page = st.pagination(-(-len(ids) // PAGE), key="songs-page") if len(ids) > PAGE else 1
    shown = ids[(page - 1) * PAGE : page * PAGE]
    with slot:
        section_legend(table["kind"].unique())
        drawn, cut = shown_sections(table[table["song"].isin(shown)])
        note = "One line of text is one bar. Each colour is a kind of section. Click a song to read it."
        if cut is not None:
            note += f" Longer songs are cut at {number(cut)} lines."
        if table["song"].value_counts().loc[shown].max() > BARS:
            note += f" Those of more than {BARS} sections are drawn in stretches, each of the kind that has most of it."
        pick_card(
            "Every song as a bar of its sections",
            sections.songs_as_bars(drawn),
            key="songs",
            picks="built_song",
            note=note,
        )
    titles = cache.subcorpus(selection).songs["title"]
    if st.session_state.get("built_song") not in shown:
        st.session_state.pop("built_song", None)  # another page of songs
    song = st.selectbox(
        "Read the song", shown, None, titles.get, key="built_song", placeholder="Click a song, or choose"
    )
    if song is not None:
        song_lines(selection, song, key="built-song")
    exports(table, "sections")


@page_layout.fragment
def couplet_bars(selection: Selection, lengths: pd.DataFrame) -> None:
    best = lengths.loc[lengths["sections"].idxmax()]
    marks = length_marks(lengths, "lines", "sections")
    picked = st.session_state.get("couplet_of")
    figure = bar_charts.lengths(
        lengths,
        "lines",
        "sections",
        x_title="lines in the couplet",
        y_title="couplets",
        picked="16" if picked is None else picked,
        hover="%{hovertext} lines: %{y:,} couplets",
        step=4,
    )
    title, note = f"Most couplets have {int(best['lines'])} lines", "Click a bar to read such couplets."
    pick_card(title, figure, key="couplets", picks="couplet_of", note=note + " In the accent, sixteen bars.")
    picked = pick_or_none("Read the couplets of … lines", marks, key="couplet_of", look="list", hint="Click a bar")
    if picked is not None:
        part = cache.subcorpus(selection._replace(kinds=("couplet",)))
        sizes = part.lines.groupby("section")["section"].transform("size")
        wanted = lengths_of(picked, int(lengths["lines"].max()))
        found = describe_lines(part, part.lines.index[sizes.between(wanted[0], wanted[-1])])
        title = f"Couplets of {marks[picked]} line{'' if picked == '1' else 's'}"
        line_list(found, key="lines-couplet", title=title, length=min(max(8, wanted[0]), LONGEST_PAGE))
    exports(lengths, "couplet-lengths")


@page_layout.fragment
def compared(selection: Selection) -> None:
    by = grouping("built", selection, groups=("artist", "year"))
    kinds = cache.query(kind_shares, selection, by=by, layer=selection.layer)
    with st.spinner("Looking for lines that come back…"):
        table = cache.query(repetition_by, selection, by)
    if kinds.empty or table.empty:
        no_group(selection, by)
        return
    refrains = kinds[kinds["kind"] == "refrain"].sort_values("line_share", ascending=False)
    if not is_ordered(selection, by):
        place = {group: at for at, group in enumerate(dict.fromkeys([*refrains[by], *kinds[by]]))}
        kinds = kinds.iloc[kinds[by].map(place).argsort(kind="stable")]
        table = table.sort_values("repetition", ascending=False)
    say_ungrouped(selection, by)
    some_kinds, some = shown_rows_of([kinds, table], by, key="built")
    left, right = st.columns(2, gap="large")
    with left:
        title = "No refrain here"
        if len(refrains):
            least, most = (f"{share(end['line_share'])} ({end[by]})" for _, end in refrains.iloc[[-1, 0]].iterrows())
            title = f"Refrains take from {least} to {most}"
        note = "Share of the lines in each kind of section. Click a bar to read its lines."
        pick_card(title, sections.kind_shares(some_kinds, by), key="kinds", picks=f"of_built_{by}", note=note, at="y")
        exports(kinds, f"section-shares-by-{by}")
    with right:
        hover = "<b>%{y}</b><br>%{x:.1%} [%{customdata[4]:.1%} – %{customdata[5]:.1%}]<br>%{customdata[1]} songs"
        figure = distributions.intervals(
            some, by, "repetition", "low", "high", x_title="share of words in repeated lines", hover=hover
        ).update_xaxes(tickformat=".2~%", minallowed=0, maxallowed=1)
        title, note = (
            "How much songs repeat their own lines",
            "95% intervals over songs. Click a dot to read its lines.",
        )
        pick_card(title, figure, key="repetition", picks=f"of_built_{by}", note=note, at="y")
        exports(table, f"repetition-by-{by}")
    group_lines(selection, by, table[by], key=f"of_built_{by}")


selection = filters.current_selection()
page_layout.question("How is a song built?")
forms = cache.query(song_forms, selection, layer=selection.layer)
if forms.empty:
    page_layout.empty_state("Nothing is selected. Clear a filter in the sidebar to see songs again.")
    st.stop()
lengths = cache.query(couplet_lengths, selection, layer=selection.layer)
couplets = int(lengths["sections"].sum())
sixteen = lengths.loc[lengths["lines"] == 16, "share"].sum()
top = forms.iloc[0]
form = top["form"].split(" – ")
seizes = (
    f"Of {count(couplets, 'couplet')}, <b>{share(sixteen)}</b> have the sixteen lines of <i lang=fr>un seize</i>."
    if couplets
    else "No couplet is selected."
)
named = " – ".join(form[:LONGEST_FORM])
rest = f" … of {number(len(form))} sections" if len(form) > LONGEST_FORM else ""
page_layout.answer(
    f"The commonest form, <i lang=fr>{named}</i>{rest}, is that of <b>{count(top['songs'], 'song')}</b>. {seizes}"
)
say_inferred(selection)
songs(selection)
if couplets:
    couplet_bars(selection, lengths)
compared(selection)
page_layout.how_to_read("structure")
