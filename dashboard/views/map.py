"""Maps of artists, songs and years by their words, of names, and of words used together."""

from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import word_charts
from dashboard.charts.plane_charts import correspondence_plane, similarity_map_chart
from dashboard.components.corpus import choices, filters
from dashboard.components.corpus.choices import (
    GROUPS,
    explain_missing_groups,
    group_name,
    note_ungrouped_songs,
    pick_grouping,
)
from dashboard.components.corpus.line_list import draw_group_lines, draw_lines_of_picked_name, draw_song_lines
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, pick_or_none, toggle
from dashboard.components.frame.data_table import GRAPHML, MAX_SHOWN_ROWS, exports, named_table
from dashboard.components.frame.figure_card import card, clickable_card, heading
from dashboard.locale.escaping import escape_html, escape_markdown
from dashboard.queries.groups import (
    LEAST_WORDS,
    MAX_WORDS_LABELLED,
    count_ungrouped_songs,
    word_group_plane,
    word_total_of_each_group,
)
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison import similarity
from pipeline.analysis.comparison.correspondence import WORDS, confidence_ellipses
from pipeline.analysis.counting import GroupingKey, word_counts
from pipeline.analysis.lines import lines_with_word
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.words.names import lines_with_name, name_network, name_table
from pipeline.analysis.words.word_sketch import similitude
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_name

TABLE_LABELS = {"groups": mark("Groups"), "words": mark("Words"), "supplementary": mark("Supplementary groups")}
MAX_GROUPS_DRAWN = 60  # groups drawn, the largest
COLUMNS = {
    "label": mark("Name"), "count": mark("Words"), "x1": mark("Axis 1"), "x2": mark("Axis 2"),
    "contribution1": mark("Contribution 1"), "contribution2": mark("Contribution 2"),
    "cos2_1": mark("cos² 1"), "cos2_2": mark("cos² 2"),
}  # fmt: skip

ELLIPSES_HELP = mark("Each group's songs resampled 200 times: groups whose ellipses overlap cannot be told apart.")


@page_layout.fragment
def draw_correspondence_map(selection: Selection, by: GroupingKey) -> None:
    """Draw the correspondence analysis of the most frequent words by group, and the table of its coordinates."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        content = pick(t("Words"), translate_labels(choices.WORD_CHOICE_LABELS), key="plane-words") == "content"
        others = [each for each in ("year", "decade", "kind", "artist") if each != by]
        options = {each: t(GROUPS[each]) for each in others}
        supplementary = pick_or_none(t("Supplementary points"), options, key="laid", look="list", hint=t("None"))
    analysed = cache.query(word_group_plane, selection, by, supplementary, content, selection.layer)
    tables = {"groups": analysed.groups, "words": analysed.words, "supplementary": analysed.supplementary}
    tables = {kind: table for kind, table in tables.items() if len(table)}
    # words last: names take their room in turn
    kinds = [kind for kind in reversed(tables) if kind != "words"]
    plotted = {kind: tables[kind].nlargest(MAX_GROUPS_DRAWN, "count") for kind in kinds}
    plotted["words"] = tables["words"].iloc[analysed.analysis.heaviest_rows(MAX_WORDS_LABELLED)]
    axes = analysed.analysis.shares[:2]
    title = t(
        "{words} words and {groups} groups; two axes explain {share} of the inertia",
        words=format_decimal(len(analysed.words)),
        groups=format_decimal(len(analysed.groups)),
        share=format_percentage(float(axes.sum()), 0),
    )
    note = t(
        "A word is close to the groups that use it more than others do; words at the centre are shared by all. "
        "By {group}, with at least {least} words; of the {words} most common words, those with the largest "
        "contribution are labelled.",
        group=group_name(by),
        least=format_decimal(LEAST_WORDS),
        words=WORDS,
    )
    ellipses = None
    if toggle(t("95% ellipses of the groups"), key="ellipses", help=t(ELLIPSES_HELP)):
        ellipses = confidence_ellipses(cache.subcorpus(selection), by, analysed, selection.layer)
    card(title, correspondence_plane(plotted, axes, ellipses), key="plane", note=note)
    listed = pick(t("Table"), {kind: t(TABLE_LABELS[kind]) for kind in tables}, key="plane-table")
    table = tables[listed]
    named_table(table.astype({"label": str}), translate_labels(COLUMNS), alt=t("Coordinates, contributions and cos²"))
    exports(table, f"plane-{listed}", key="plane")


MIN_SONG_WORDS = 200
MAX_NAMED_GROUPS = 40  # points that the map opens with, the longest: of more, no name can be read
TRUSTED_SHARE = 1 / 3  # of the distances that a map keeps: below, the list of neighbours is nearer the truth
METHODS = {  # name, answer; of the first two the closest pair answers, where it is known
    "labbe": ("Labbé", mark("Closer dots have more words in common.")),
    "cosine": (mark("Cosine"), mark("Closer dots have more words in common.")),
    "afc": (mark("Words and groups (AFC)"), mark("Words and the groups that use them, on the same two axes.")),
    "names": (mark("Names"), mark("People, places and brands: who names whom, and where.")),
    "similitude": (mark("Similitude"), mark("The most common words, each linked to its closest one.")),
}
NEIGHBOUR_COLUMN_LABELS = {"name": mark("Nearest"), "words": mark("Words"), "distance": mark("Distance")}


@page_layout.fragment
def draw_vocabulary_map(selection: Selection, slot: DeltaGenerator, by: GroupingKey, method: str) -> None:
    least = MIN_SONG_WORDS if by == "song" else similarity.MIN_GROUP_WORDS
    measured: dict[str, Any] = {"by": by, "layer": selection.layer, "minimum": least}
    with st.spinner(t("Measuring distances…")):
        table, represented = cache.query(similarity.similarity_map, selection, method=method, **measured)
        pair = cache.query(similarity.closest_pair, selection, method=method, **measured)
    if len(table) < 3:
        explain_too_few_points(selection, by, least)
        return
    note_ungrouped_songs(selection, by)
    points = len(table)  # more than are measured two by two are a cloud in which nobody finds anything
    method = method if points <= similarity.MAX_DENSE_GROUPS else "cosine"
    if points > similarity.MAX_DENSE_GROUPS:
        table = table.nlargest(similarity.MAX_DENSE_GROUPS, "words", keep="first").sort_index().reset_index(drop=True)
    songs = by == "song"
    # what `prepare` stored, before it is counted
    load_or_compute(word_counts, cache.subcorpus(selection), by, selection.layer)
    titles = cache.subcorpus(selection).songs["title"].map(display_name)
    names = table["label"].map(titles if songs else str)
    keys = table["label"].map(cache.song_url_keys(selection.corpus) if songs else str)
    known = table.nlargest(MAX_NAMED_GROUPS, "words", keep="first")
    if len(pair):
        nearest = pair.iloc[0]
        one, other = (escape_html(names[table["label"] == nearest[which]].iloc[0]) for which in ("one", "other"))
        alike = mark(
            "<b>{one}</b> and <b>{other}</b> are the most alike: distance {distance} (0: same words; 1: none shared)."
        )
        page_layout.draw_answer(t(alike, one=one, other=other, distance=format_decimal(nearest["distance"], 3)), slot)
    left, right = st.columns([2, 3] if represented >= TRUSTED_SHARE else 2, gap="large")
    with left:
        first = keys[table.index[table["label"] == nearest["one"]][0] if len(pair) else table["words"].idxmax()]
        picked = pick(t("Closest to"), dict(zip(keys, names, strict=True)), first, key=f"near_{by}", look="list")
        label, name = table["label"][keys == picked].iloc[0], names[keys == picked].iloc[0]
        near = cache.query(similarity.nearest_groups, selection, label, method=method, **measured)
        near_names = near["label"].map(titles if songs else str)
        heading(t("{name} is most like {nearest}", name=name, nearest=near_names.iloc[0]))
        near, labels = near.assign(name=near_names), translate_labels(NEIGHBOUR_COLUMN_LABELS)
        named_table(near, labels, alt=t("Nearest to {name}", name=name), file="nearest")
    with right:
        ranks = table["label"].map(dict(zip(near["label"], near.index, strict=True))).fillna(len(near))
        drawn = table.assign(label=keys, name=names, rank=ranks)
        all_drawn = len(table) <= MAX_NAMED_GROUPS
        if not all_drawn:
            all_drawn = toggle(t("All {n} on the map", n=format_decimal(len(table))), key="map-all")
        if not all_drawn:
            drawn = drawn[drawn.index.isin(known.index) | (keys == picked) | (ranks < len(near))]
        figure = similarity_map_chart(drawn, picked)
        share = format_percentage(represented)
        title = t("{name} and the others by shared vocabulary", name=name)
        note = t(
            "Blue: {name} and the nearest, as listed. Closer dots share more vocabulary, but the map keeps only "
            "{share} of the variance: the list is exact. Click a dot.",
            name=name,
            share=share,
        )
        if points > len(drawn):
            sizes = {"drawn": format_decimal(len(drawn)), "left_out": format_decimal(points - len(drawn))}
            note = (
                f"{t('Showing the longest and the nearest, {drawn} in all; {left_out} are left out.', **sizes)} {note}"
            )
        named = table.assign(name=names)
        clickable_card(title, figure, key="map", picks=f"near_{by}", note=note, table=named, file=f"map-{by}")
    read = partial(draw_group_lines, selection, by, str(label))
    if songs:
        read = partial(draw_song_lines, selection, int(label))
    page_layout.draw_fold(t("Read {name}", name=escape_markdown(name)), partial(read, key="map"), key="read-place")


def explain_too_few_points(selection: Selection, by: GroupingKey, least: int) -> None:
    """Draw, in place of a map of fewer than three points, why there is none and what to do."""
    if by != "song" and cache.query(count_ungrouped_songs, selection, by) == len(cache.subcorpus(selection).songs):
        explain_missing_groups(selection, by)
        return
    message = t_count(
        "A map needs three points of at least {least} words, and there is {n} here. Choose other points above, or "
        "clear the filters in the sidebar.",
        "A map needs three points of at least {least} words, and fewer than three of the {n} here have that many. "
        "Choose other points above, or clear the filters in the sidebar.",
        len(cache.query(word_total_of_each_group, selection, by, selection.layer)),
        least=format_decimal(least),
    )
    page_layout.empty_state(message)


NETWORKS = {
    "places": mark("Places"), "featurings": mark("Guests"), "mentions": mark("Who names whom"),
    "company": mark("Names in the same song"),
}  # fmt: skip
NAME_COLUMN_LABELS = {
    "name": mark("Name"), "kind": mark("Kind"), "what": mark("From list"), "guessed": mark("Guessed"),
    "count": mark("Times"), "songs": mark("Songs"), "artists": mark("Artists"),
}  # fmt: skip
NAME_LIST_LABELS = {
    "person": mark("person"), "place": mark("place"), "brand": mark("brand"), "artist": mark("artist"),
    "first name": mark("first name"), "rapper": mark("rapper"), "footballer": mark("footballer"),
    "athlete": mark("athlete"), "figure": mark("public figure"), "city": mark("city"), "quarter": mark("neighbourhood"),
    "department": mark("department"), "region": mark("region"), "country": mark("country"), "make": mark("brand"),
    "club": mark("club"), "label": mark("label"), "": "",
}  # fmt: skip
NAMED_PLACES = 3  # in the title of their map
FRANCE = (41, 51.5, -5.5, 10)  # latitudes and longitudes
LONGITUDE_SCALE = 0.68  # of longitude in one of latitude, at 47° north


@page_layout.fragment
def draw_names_map(selection: Selection) -> None:
    """Draw the map of places or a network of names, the lines that contain the chosen name, and the table of all
    names."""
    selection = selection._replace(lemmas=False)
    with st.spinner(t("Looking for names: half a minute for a large corpus…")):
        table = cache.query(name_table, selection)
    network = pick(t("Show"), translate_labels(NETWORKS), key="network")
    if network == "places":
        figure, places = _places_map(table)
        title = t_count("{n} place named: {names}", "{n} places named, most often {names}", len(places),
                        names=", ".join(places["name"].head(NAMED_PLACES)))  # fmt: skip
        note = t("By longitude and latitude; most often named places labelled first. Click one.")
    else:
        links = cache.query(name_network, selection, network)
        figure, title = (
            (word_charts.name_network_graph(links.head(MAX_LINKS_DRAWN)) if len(links) else None),
            t(NETWORKS[network]),
        )
        note = t("Thicker: in more songs.")
    if figure is None:
        page_layout.empty_state(t("Nothing of this kind here. Choose another view, or clear the filters."))
    else:
        clickable_card(title, figure, key=f"names-{network}", picks="named", note=note)
    if network != "places" and len(links):
        exports(links, f"network-{network}", more=[GRAPHML])
    names, find = table["name"].drop_duplicates().head(MAX_SHOWN_ROWS), partial(cache.query, lines_with_name, selection)
    draw_lines_of_picked_name(t("Show lines naming"), names, find, key="named", hint=t("Choose a name"))
    by = pick(t("Count by"), {"": t("All"), "artist": t("Artist"), "year": t("Year")}, key="named-by")
    counted = (cache.query(name_table, selection, by) if by else table).sort_values("guessed", kind="stable")
    columns = {by: t(GROUPS[by])} if by else {}
    words = {name: counted[name].map(translate_labels(NAME_LIST_LABELS)) for name in ("kind", "what")}
    named_table(
        counted.assign(**words),
        {**columns, **translate_labels(NAME_COLUMN_LABELS)},
        alt=t("Names and how often they occur"),
        file="names",
    )
    page_layout.remark(
        t(
            "Listed names are right 98 times in 100, and 69 names in 100 are listed. Guesses, from capitals inside a "
            "line, are of the right kind half of the time (300 annotated lines)."
        )
    )


MAX_LINKS_DRAWN = 80  # links drawn


@page_layout.fragment
def draw_similitude_graph(selection: Selection) -> None:
    """Draw the maximum spanning tree of the most common words by co-occurrence, and the lines of the chosen word."""
    links = cache.query(similitude, selection, selection.layer)
    if links.empty:
        page_layout.empty_state(t("Not enough data. Widen the filters."))
        return
    note = t(
        "Linked by the share of their sections that contain both words; only the strongest links that form a tree are "
        "shown. Words of one colour occur together."
    )
    title = t("Words used together: {words}", words=", ".join(links.iloc[0][["source", "target"]]))
    clickable_card(
        title,
        word_charts.similitude_graph(links),
        key="similitude",
        picks="similar",
        note=note,
        table=links,
        file="similitude",
        more=[GRAPHML],
    )
    words = sorted({*links["source"], *links["target"]})
    find = partial(cache.query, lines_with_word, selection, layer=selection.layer)
    draw_lines_of_picked_name(t("Show lines with"), words, find, key="similar", hint=t("Choose a word"))


def _places_map(table: pd.DataFrame) -> tuple[go.Figure | None, pd.DataFrame]:
    """Return (the map of the named places, of France or the world as the visitor chooses; their rows)."""
    where = translate_labels({"france": mark("France"), "world": mark("World")})
    south, north, west, east = FRANCE
    places = table[table["latitude"].notna()]
    inside = places["latitude"].between(south, north) & places["longitude"].between(west, east)
    if pick(t("Map of"), where, key="named-where") == "france":
        places = places[inside]
    points = {"x": LONGITUDE_SCALE * places["longitude"], "y": places["latitude"], "words": places["count"]}
    points |= {"label": places["name"]}
    return (similarity_map_chart(places.assign(**points)) if len(places) else None), places


def draw_map() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Who writes like whom?"), 2)
    without_groups = {"names": draw_names_map, "similitude": draw_similitude_graph}
    with st.container(horizontal=True):
        method = pick(t("Map"), {key: t(name) for key, (name, _) in METHODS.items()}, key="distance")
        if method not in without_groups:
            groups = ("artist", "year", "decade", "kind") if method == "afc" else ("artist", "song", "year")
            by = pick_grouping("groups" if method == "afc" else "points", selection, t("Points"), groups=groups)
    page_layout.draw_answer(t(METHODS[method][1]), slot)
    if method in without_groups:
        without_groups[method](selection)
    elif method == "afc":
        draw_correspondence_map(selection, by)
    else:
        draw_vocabulary_map(selection, slot, by, method)
