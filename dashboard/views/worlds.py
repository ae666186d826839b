"""What do they talk about?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, world_charts
from dashboard.components import filters, page_layout
from dashboard.components.bound import BIND, pick, slider
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import card, heading, pick_card
from dashboard.components.line_list import line_list
from dashboard.queries.subcorpus import Selection
from dashboard.queries.worlds import class_names, classify_by, plane_tables
from pipeline.analysis.lexical_worlds import WORDS, Worlds
from pipeline.analysis.reinert import UNCLASSIFIED
from pipeline.translation import mark, number, share, t, t_count, t_each

METHODS = {"reinert": mark("Lexical worlds (Reinert)"), "nmf": mark("Topics (NMF)"), "lda": mark("Topics (LDA)")}
UNITS = {WORDS: mark("Segments of {n} words"), 0: mark("Whole sections")}
SHOWN, SEGMENTS, ARTISTS = 24, 6, 12
COLUMNS = {
    "word": mark("Word"), "chi2": "χ²", "segments": mark("In the class"), "all_segments": mark("In all"),
    "held": mark("Share in the class"),
}  # fmt: skip
WHOSE = {"artist": mark("Artist"), "segments": mark("Segments"), "held": mark("Share of their segments"), "chi2": "χ²"}


def sentence(worlds: Worlds) -> str:
    """Return what was classified and how far apart the classes are, as HTML."""
    figures = worlds.separation()
    known = float((worlds.labels != UNCLASSIFIED).mean())
    sizes = t(
        "<b>{segments} segments</b> in <b>{classes} classes</b>, {known} of them classified.",
        segments=number(len(worlds.labels)),
        classes=number(worlds.count),
        known=share(known),
    )
    apart = t(
        "χ²/n of classes by words {chi2}; Cramér's V by artist {cramer}.",
        chi2=number(figures["chi2_per_n"], 3),
        cramer=number(figures["cramers_v"], 3),
    )
    return f"{sizes} {apart}"


def tree_card(worlds: Worlds, names: list[str], picked: int) -> None:
    """Draw how the classes were cut, each to be clicked."""
    if worlds.tree is not None:
        figure = world_charts.dendrogram(worlds.tree, worlds.count, names, picked)
        title = t("How the classes were cut out of each other")
        pick_card(title, figure, key="tree", picks="world", note=t("Left: the whole. Click a class to read it."))


def words_card(worlds: Worlds, names: list[str], picked: int) -> None:
    """Draw the typical words of a class and its table."""
    table = worlds.words(picked)
    typical = table[table["active"] & (table["chi2"] > 0)].head(SHOWN)
    figure = bar_charts.ranked(
        typical.assign(chi2=typical["chi2"].round().astype(int)), "word", "chi2", hover="<b>%{y}</b><br>χ² %{x:,}"
    )
    card(
        t("Class {n}: {words}", n=picked + 1, words=names[picked]),
        figure,
        key="world-words",
        note=f"{t_count('{n} segment', '{n} segments', int(worlds.sizes[picked]))}. "
        + t("Bars: χ² of the word and the class."),
    )
    with st.expander(t("All words, function words and those that are rarer here too")):
        named_table(table.rename(columns={"share": "held"}), t_each(COLUMNS), alt=t("Words of the class by χ²"))
        exports(table, f"class-{picked + 1}")


def reading(worlds: Worlds, picked: int) -> None:
    """Draw typical segments of a class, and whose it is."""
    lines = worlds.typical_segments(picked, SEGMENTS)
    line_list(lines.drop(columns=["segment", "score"]), key=f"world-{picked}", title=t("Typical segments"), length=12)
    shares = worlds.shares("artist")
    own = shares[(shares["class"] == picked) & (shares["chi2"] > 0)].nlargest(ARTISTS, "chi2")
    if len(own) > 1:
        heading(t("Whose class this is"), t("Artists by χ² of their segments and the class."))
        named_table(own.rename(columns={"share": "held"}), t_each(WHOSE), alt=t("Artists of the class"))
        exports(shares, "class-shares")


@page_layout.fragment
def draw(selection: Selection, method: str, k: int, words: int, lemmas: bool) -> None:
    """Draw the classes."""
    with st.spinner(t("Classifying the segments…")):
        worlds = cache.query_resource(classify_by, selection, method, k, words, lemmas, selection.layer)
    if not worlds.count:
        page_layout.empty_state(t("No class was found. Choose more songs or shorter segments."))
        return
    page_layout.answer(sentence(worlds))
    names = class_names(worlds)
    labels = {number_: f"{number_ + 1} · {name}" for number_, name in enumerate(names)}
    picked = pick(t("Class"), labels, key="world", look="list", width=420)
    left, right = st.columns([1, 1], gap="large")
    with left:
        tree_card(worlds, [f"{number_ + 1} {name}" for number_, name in enumerate(names)], picked)
        words_card(worlds, names, picked)
    with right:
        reading(worlds, picked)
    plane = plane_tables(worlds)
    if plane is not None:
        note = t("Correspondence analysis (AFC) of words by classes: the ninety words that weigh most.")
        card(t("The plane of the classes"), world_charts.class_plane(*plane), key="plane", note=note)


selection = filters.current_selection()
page_layout.question(t("What do they talk about?"))
with st.container(horizontal=True, gap="medium"):
    method = pick(t("Method"), t_each(METHODS), key="method")
    units = {words: t(name, n=words) for words, name in UNITS.items()}
    words = pick(t("Units"), units, key="segment")
    k = slider(t("Classes"), 2, 20, 6, key="classes", help=t("More classes cut the largest ones further."))
    lemmas = st.toggle(t("Dictionary forms"), True, key="world-lemmas", bind=BIND)
draw(selection, method, k, words, lemmas)
page_layout.how_to_read("worlds")
