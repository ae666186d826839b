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
from dashboard.components.line_list import line_list
from dashboard.components.many_groups import no_group
from dashboard.locale.phrasing import count
from dashboard.queries.groups import group_words
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.analysis.keyness import keyness_of_groups
from pipeline.analysis.lines import lines_with_word
from pipeline.translation import number

SHOWN = 20  # words of each side
COLUMNS = {
    "word": "Word", "count": "Here", "reference_count": "There", "log_ratio": "Log ratio", "g2": "G²", "q": "q (FDR)",
    "lrc": "Conservative log ratio", "songs": "Songs here", "reference_songs": "Songs there", "dp": "Dispersion (DP)",
}  # fmt: skip


@page_layout.fragment
def apart(selection: Selection, by: By, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    with st.spinner("Comparing every word…"):
        table = cache.query(keyness_of_groups, selection, by, ours, theirs, selection.layer)
    mine, others = table[table["lrc"] > 0].head(SHOWN), table[table["lrc"] < 0].tail(SHOWN)
    if mine.empty and others.empty:
        page_layout.empty_state("No word sets these two apart surely. Compare larger groups.")
        return
    left, right = st.columns(2, gap="large")
    with right:
        words = [*mine["word"], *others["word"]]
        word = st.selectbox("Read the lines that hold", words, key="key", bind="query-params")
        others_too = theirs or tuple(name for name in _names(selection, by) if name not in ours)
        side = selection._replace(group=(by, ours if word in set(mine["word"]) else others_too))
        lines = cache.query(lines_with_word, side, word, layer=selection.layer)
        line_list(lines, key=f"key-{word}", title=f"{word}: {count(len(lines), 'line')}")
    with left:
        title = f"Most typical: {', '.join(mine['word'].head(3))}" if len(mine) else "Nothing is typical of the first"
        note = "To the right the first group, to the left the second. Click a bar to read its lines."
        pick_card(title, comparisons.typical_words(mine, others), key="keyness", picks="key", note=note)
    named_table(table, COLUMNS, alt="Words by how surely they set the two apart")
    exports(table, "keyness")


def _names(selection: Selection, by: By) -> list[str]:
    """Return what can be compared, in order."""
    return cache.query(group_words, selection, by, selection.layer)["group"].tolist()


selection = filters.current_selection()
page_layout.question("What words set them apart?")
slot = st.container()
by = grouping("apart-by", selection, "Compare", groups=("artist", "year"))
names = _names(selection, by)
if len(names) < 2:
    if names:
        page_layout.empty_state(
            f"There is one {group_name(by)} here, {names[0]}, and nothing to compare with: compare something else, or "
            "clear the filters in the sidebar."
        )
    else:
        no_group(selection, by)
    st.stop()
suffix = "" if by == "artist" else f"-{by}"  # each has choices of its own
left, right = st.columns(2, gap="large")
with left:
    ours = tuple(st.multiselect("These", names, names[:1], key=f"these{suffix}", bind="query-params"))
with right:
    rest = [name for name in names if name not in ours]
    theirs = tuple(
        st.multiselect("against", rest, key=f"against{suffix}", bind="query-params", placeholder="All the others")
    )
if not ours or not rest:
    page_layout.empty_state("Choose one or more to compare, and leave some to compare with.")
    st.stop()
words = cache.query(group_words, selection, by, selection.layer).set_index("group")["words"]
sizes = [number(words.loc[list(side)].sum()) for side in (ours, theirs or rest)]
with slot:
    page_layout.answer(
        f"<b>{escape(', '.join(ours))}</b> ({sizes[0]} words) against "
        f"<b>{escape(', '.join(theirs) or 'all the others')}</b> ({sizes[1]} words)."
    )
apart(selection, by, ours, theirs)
page_layout.how_to_read("compare")
