"""What words set them apart?"""

from html import escape

import streamlit as st

from dashboard import cache
from dashboard.charts import comparisons
from dashboard.components import filters, page_layout
from dashboard.components.choices import group_name, grouping
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.line_list import line_list, lines_of
from dashboard.components.many_groups import no_group
from dashboard.queries.groups import group_words
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.analysis.keyness import keyness_of_groups
from pipeline.analysis.lines import lines_with_word
from pipeline.translation import mark, t, t_count, t_each

SHOWN = 20  # words of each side
COLUMNS = {
    "word": mark("Word"), "count": mark("Here"), "reference_count": mark("There"), "log_ratio": mark("Log ratio"),
    "g2": "G²", "q": "q (FDR)", "lrc": mark("Conservative log ratio"), "songs": mark("Songs here"),
    "reference_songs": mark("Songs there"), "dp": mark("Dispersion (DP)"),
}  # fmt: skip


@page_layout.fragment
def apart(selection: Selection, by: By, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    with st.spinner(t("Comparing every word…")):
        table = cache.query(keyness_of_groups, selection, by, ours, theirs, selection.layer)
    mine, others = table[table["lrc"] > 0].head(SHOWN), table[table["lrc"] < 0].tail(SHOWN)
    if mine.empty and others.empty:
        page_layout.empty_state(t("No word sets these two apart surely. Compare larger groups."))
        return
    left, right = st.columns(2, gap="large")
    with right:
        words = [*mine["word"], *others["word"]]
        word = st.selectbox(t("Read the lines that hold"), words, key="key", bind="query-params")
        others_too = theirs or tuple(name for name in _names(selection, by) if name not in ours)
        side = selection._replace(group=(by, ours if word in set(mine["word"]) else others_too))
        lines = cache.query(lines_with_word, side, word, layer=selection.layer)
        line_list(lines, key=f"key-{word}", title=lines_of(word, lines))
    with left:
        title = t("Nothing is typical of the first")
        if len(mine):
            title = t("Most typical: {words}", words=", ".join(mine["word"].head(3)))
        note = t("To the right the first group, to the left the second. Click a bar to read its lines.")
        pick_card(title, comparisons.typical_words(mine, others), key="keyness", picks="key", note=note)
    named_table(table, t_each(COLUMNS), alt=t("Words by how surely they set the two apart"))
    exports(table, "keyness")


def _names(selection: Selection, by: By) -> list[str]:
    """Return what can be compared, in order."""
    return cache.query(group_words, selection, by, selection.layer)["group"].tolist()


selection = filters.current_selection()
page_layout.question(t("What words set them apart?"))
slot = st.container()
by = grouping("apart-by", selection, t("Compare"), groups=("artist", "year"))
names = _names(selection, by)
if len(names) < 2:
    if names:
        page_layout.empty_state(
            t(
                "There is one {group} here, {name}, and nothing to compare with: compare something else, or clear the "
                "filters in the sidebar.",
                group=group_name(by),
                name=names[0],
            )
        )
    else:
        no_group(selection, by)
    st.stop()
suffix = "" if by == "artist" else f"-{by}"  # each has choices of its own
left, right = st.columns(2, gap="large")
with left:
    ours = tuple(st.multiselect(t("These"), names, names[:1], key=f"these{suffix}", bind="query-params"))
with right:
    rest = [name for name in names if name not in ours]
    theirs = tuple(
        st.multiselect(t("against"), rest, key=f"against{suffix}", bind="query-params", placeholder=t("All the others"))
    )
if not ours or not rest:
    page_layout.empty_state(t("Choose one or more to compare, and leave some to compare with."))
    st.stop()
words = cache.query(group_words, selection, by, selection.layer).set_index("group")["words"]
sizes = [t_count("{n} word", "{n} words", int(words.loc[list(side)].sum())) for side in (ours, theirs or rest)]
with slot:
    page_layout.answer(
        t(
            "<b>{ours}</b> ({our_words}) against <b>{theirs}</b> ({their_words}).",
            ours=escape(", ".join(ours)),
            our_words=sizes[0],
            theirs=escape(", ".join(theirs) or t("all the others")),
            their_words=sizes[1],
        )
    )
apart(selection, by, ours, theirs)
page_layout.how_to_read("compare")
