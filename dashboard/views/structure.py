"""How is a song built?"""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions, sections
from dashboard.components import filters, page_layout
from dashboard.components.choices import grouping
from dashboard.components.drill import group_lines, song_lines
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.lines import line_list
from dashboard.components.section_legend import section_legend
from dashboard.locale.phrasing import count
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.repetition import repetition_by
from pipeline.analysis.structure import couplet_lengths, kind_shares, section_table, song_forms
from pipeline.translation import share

PAGE = 20  # songs in one picture


@page_layout.fragment
def songs(selection: Selection) -> None:
    table = cache.query(section_table, selection, layer=selection.layer)
    ids = table["song"].drop_duplicates().tolist()
    slot = st.container()
    page = st.pagination(-(-len(ids) // PAGE), key="songs-page") if len(ids) > PAGE else 1
    shown = ids[(page - 1) * PAGE : page * PAGE]
    with slot:
        section_legend(table["kind"].unique())
        pick_card(
            "Every song as a bar of its sections",
            sections.songs_as_bars(table[table["song"].isin(shown)]),
            key="songs",
            picks="built_song",
            note="One line of text is one bar. Each colour is a kind of section. Click a song to read it.",
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
    present = lengths.loc[lengths["sections"] > 0, "lines"].tolist()
    picked = st.session_state.get("couplet_of")
    figure = bar_charts.columns(
        lengths,
        "lines",
        "sections",
        x_title="lines in the couplet",
        y_title="couplets",
        picked=16 if picked is None else picked,
        hover="%{x} lines: %{y:,} couplets",
    ).update_xaxes(dtick=4, tick0=0)
    title, note = f"Most couplets have {int(best['lines'])} lines", "Click a bar to read such couplets."
    pick_card(title, figure, key="couplets", picks="couplet_of", note=note + " In the accent, sixteen bars.")
    picked = st.selectbox(
        "Read the couplets of … lines", present, None, key="couplet_of", bind="query-params", placeholder="Click a bar"
    )
    if picked is not None:
        part = cache.subcorpus(selection._replace(kinds=("couplet",)))
        sizes = part.lines.groupby("section")["section"].transform("size")
        found = describe_lines(part, part.lines.index[sizes == picked])
        line_list(found, key="lines-couplet", title=f"Couplets of {count(picked, 'line')}", length=max(8, int(picked)))
    exports(lengths, "couplet-lengths")


@page_layout.fragment
def compared(selection: Selection) -> None:
    by = grouping("built", groups=("artist", "year"))
    left, right = st.columns(2, gap="large")
    kinds = cache.query(kind_shares, selection, by=by, layer=selection.layer)
    refrains = kinds[kinds["kind"] == "refrain"].sort_values("line_share", ascending=False)
    if by == "artist":
        kinds = kinds.set_index(by).loc[[*refrains[by], *sorted(set(kinds[by]) - set(refrains[by]))]].reset_index()
    with left:
        title = "No refrain here"
        if len(refrains):
            least, most = (f"{share(end['line_share'])} ({end[by]})" for _, end in refrains.iloc[[-1, 0]].iterrows())
            title = f"Refrains take from {least} to {most}"
        note = "Share of the lines in each kind of section. Click a bar to read its lines."
        pick_card(title, sections.kind_shares(kinds, by), key="kinds", picks=f"of_built_{by}", note=note, at="y")
        exports(kinds, f"section-shares-by-{by}")
    with right:
        with st.spinner("Looking for lines that come back…"):
            table = cache.query(repetition_by, selection, by)
        table = table if by == "year" else table.sort_values("repetition", ascending=False)
        hover = "<b>%{y}</b><br>%{x:.1%} [%{customdata[4]:.1%} – %{customdata[5]:.1%}]<br>%{customdata[1]} songs"
        figure = distributions.intervals(
            table, by, "repetition", "low", "high", x_title="share of words in repeated lines", hover=hover
        ).update_xaxes(tickformat=".0%")
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
seizes = (
    f"Of {count(couplets, 'couplet')}, <b>{share(sixteen)}</b> have the sixteen lines of <i lang=fr>un seize</i>."
    if couplets
    else "No couplet is selected."
)
page_layout.answer(
    f"The commonest form, <i lang=fr>{top['form']}</i>, is that of <b>{count(top['songs'], 'song')}</b>. {seizes}"
)
songs(selection)
if couplets:
    couplet_bars(selection, lengths)
compared(selection)
page_layout.how_to_read("structure")
