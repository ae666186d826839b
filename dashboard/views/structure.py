"""How is a song built?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import bars, distributions, sections
from dashboard.components import filters, frame
from dashboard.components.card import card, heading
from dashboard.components.legend import section_legend
from dashboard.selection import Selection
from dashboard.words import count, number, share
from pipeline.analysis.repetition import repetition_by
from pipeline.analysis.structure import couplet_lengths, kind_shares, section_table, song_forms

GROUPS = {"artist": "Artist", "year": "Year"}
PAGE = 20  # songs in one picture


@st.fragment
def songs(selection: Selection) -> None:
    table = cache.ask(section_table, selection, layer=selection.layer)
    ids = table["song"].drop_duplicates().tolist()
    with st.container(key="card-songs", gap="small"):
        heading("Every song as a bar of its sections", "One line of text is one bar. Each colour is a kind of section.")
        section_legend(table["kind"].unique())
        slot = st.container()
        page = st.pagination(-(-len(ids) // PAGE), key="songs-page") if len(ids) > PAGE else 1
        chosen = table[table["song"].isin(ids[(page - 1) * PAGE : page * PAGE])]
        with slot:
            st.plotly_chart(sections.songs_as_bars(chosen), key="figure-songs", alt="Songs as bars of sections")


@st.fragment
def compared(selection: Selection) -> None:
    by = st.segmented_control(
        "Compare by",
        list(GROUPS),
        default="artist",
        required=True,
        format_func=GROUPS.get,
        key="built",
        bind="query-params",
    )
    left, right = st.columns(2, gap="large")
    kinds = cache.ask(kind_shares, selection, by=by, layer=selection.layer)
    refrains = kinds[kinds["kind"] == "refrain"].sort_values("line_share", ascending=False)
    if by == "artist":
        kinds = kinds.set_index(by).loc[[*refrains[by], *sorted(set(kinds[by]) - set(refrains[by]))]].reset_index()
    with left:
        title = "No refrain here"
        if len(refrains):
            least, most = (f"{share(end['line_share'])} ({end[by]})" for _, end in refrains.iloc[[-1, 0]].iterrows())
            title = f"Refrains take from {least} to {most}"
        card(title, sections.kind_shares(kinds, by), key="kinds", note="Share of the lines in each kind of section.")
    with right:
        table = cache.ask(repetition_by, selection, by)
        table = table if by == "year" else table.sort_values("repetition", ascending=False)
        hover = "<b>%{y}</b><br>%{x:.1%} [%{customdata[4]:.1%} – %{customdata[5]:.1%}]<br>%{customdata[1]} songs"
        figure = distributions.intervals(
            table, by, "repetition", "low", "high", x_title="share of words in repeated lines", hover=hover
        ).update_xaxes(tickformat=".0%")
        card("How much songs repeat their own lines", figure, key="repetition", note="95% intervals over songs.")


selection = filters.selected()
frame.question("How is a song built?")
forms = cache.ask(song_forms, selection, layer=selection.layer)
if forms.empty:
    frame.empty("Nothing is selected. Clear a filter in the sidebar to see songs again.")
    st.stop()
lengths = cache.ask(couplet_lengths, selection, layer=selection.layer)
couplets = int(lengths["sections"].sum())
sixteen = lengths.loc[lengths["lines"] == 16, "share"].sum()
top = forms.iloc[0]
frame.answer(
    f"The commonest form, <i lang=fr>{top['form']}</i>, is that of <b>{count(top['songs'], 'song')}</b>. "
    f"Of {number(couplets)} couplets, <b>{share(sixteen)}</b> have the sixteen lines of <i lang=fr>un seize</i>."
)
songs(selection)
if couplets:
    best = lengths.loc[lengths["sections"].idxmax()]
    figure = bars.columns(
        lengths,
        "lines",
        "sections",
        x_title="lines in the couplet",
        y_title="couplets",
        picked=16,
        hover="%{x} lines: %{y:,} couplets",
    ).update_xaxes(dtick=4, tick0=0)
    card(f"Most couplets have {int(best['lines'])} lines", figure, key="couplets", note="Sixteen bars in the accent.")
compared(selection)
frame.how_to_read("structure")
