"""Words and groups on one plane (correspondence analysis, AFC), with contributions, cos² and supplementary groups."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts.correspondence_plane import correspondence_plane
from dashboard.components import page_layout
from dashboard.components.bound import pick, pick_or_none
from dashboard.components.choices import GROUPS, group_name
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import card
from dashboard.queries.planes import LABELLED, LEAST, plane
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison.correspondence import WORDS, WordsAndGroups
from pipeline.analysis.counting import By
from pipeline.core.translation import mark, number, share, t, t_each

SHOWN = {"content": mark("Content words"), "all": mark("All words")}
LISTED = {"groups": mark("Groups"), "words": mark("Words"), "supplementary": mark("Supplementary groups")}
MOST = 60  # groups drawn, the largest
COLUMNS = {
    "label": mark("Name"), "count": mark("Words"), "x1": mark("Axis 1"), "x2": mark("Axis 2"),
    "contribution1": mark("Contribution 1"), "contribution2": mark("Contribution 2"),
    "cos2_1": mark("cos² 1"), "cos2_2": mark("cos² 2"),
}  # fmt: skip


@page_layout.fragment
def correspondence_map(selection: Selection, by: By) -> None:
    """Draw the plane of the most frequent words and of the groups, and the table of every point."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        content = pick(t("Words"), t_each(SHOWN), key="plane-words") == "content"
        others = [each for each in ("year", "decade", "kind", "artist") if each != by]
        options = {each: t(GROUPS[each]) for each in others}
        laid = pick_or_none(t("Supplementary points"), options, key="laid", look="list", hint=t("None"))
    found = cache.query(plane, selection, by, laid, content, selection.layer)
    tables = {"groups": found.groups, "words": found.words, "supplementary": found.supplementary}
    tables = {kind: table for kind, table in tables.items() if len(table)}
    _draw(found, tables, by)
    listed = pick(t("Table"), {kind: t(LISTED[kind]) for kind in tables}, key="plane-table")
    table = tables[listed]
    named_table(table.astype({"label": str}), t_each(COLUMNS), alt=t("Coordinates, contributions and cos²"))
    exports(table, f"plane-{listed}", key="plane")


def _draw(found: WordsAndGroups, tables: dict[str, pd.DataFrame], by: By) -> None:
    drawn: dict[str, pd.DataFrame] = {}
    for kind in ("supplementary", "groups"):  # before words: names take their room in turn
        if kind in tables:
            drawn[kind] = tables[kind].nlargest(MOST, "count")
    drawn["words"] = tables["words"].iloc[found.analysis.heaviest_rows(LABELLED)]
    axes = found.analysis.shares[:2]
    title = t(
        "{words} words and {groups} groups; two axes hold {share} of the inertia",
        words=number(len(found.words)),
        groups=number(len(found.groups)),
        share=share(float(axes.sum()), 0),
    )
    note = t(
        "A word is near the groups that use it more than others do; the centre is what all share. By {group}, of "
        "{least} words at least; of the {words} commonest words those that weigh most are named.",
        group=group_name(by),
        least=number(LEAST),
        words=WORDS,
    )
    card(title, correspondence_plane(drawn, axes), key="plane", note=note)
