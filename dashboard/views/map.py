"""Who writes like whom?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import comparisons
from dashboard.components import filters, page_layout
from dashboard.components.bound import pick
from dashboard.components.data_table import named_table
from dashboard.components.drill import label_lines, song_lines
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading, pick_card
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import count
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.analysis.similarity import neighbours, similarity_map
from pipeline.translation import share

GROUPS: dict[By, str] = {"artist": "Artists", "song": "Songs", "year": "Years"}
LEAST = {"artist": 500, "song": 200, "year": 500}  # words below which a place on the map is chance
METHODS = {"labbe": "Labbé", "cosine": "Cosine"}
NEAR = {"name": "Nearest", "words": "Words", "cosine": "Cosine"}


@page_layout.fragment
def vocabulary_map(selection: Selection, by: By, method: str) -> None:
    with st.spinner("Measuring how far each is from each…"):
        table, represented = cache.query(
            similarity_map, selection, by=by, method=method, layer=selection.layer, minimum=LEAST[by]
        )
    if len(table) < 3:
        page_layout.empty_state("Fewer than three groups are long enough for a map. Widen the filters in the sidebar.")
        return
    songs = by == "song"
    titles = cache.subcorpus(selection).songs["title"]
    names = table["label"].map(titles if songs else str)
    keys = table["label"].map(cache.keys_of_songs(selection.corpus) if songs else str)
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked = pick("Who is near", dict(zip(keys, names, strict=True)), key=f"near_{by}", look="list")
        label, name = table["label"][keys == picked].iloc[0], names[keys == picked].iloc[0]
        near = cache.query(neighbours, selection, label, by=by, layer=selection.layer, minimum=LEAST[by])
        near_names = near["label"].map(titles if songs else str)
        heading(f"{name} is most like {near_names.iloc[0]}", "By cosine of the word frequencies.")
        named_table(near.assign(name=near_names), NEAR, alt=f"Nearest to {name}")
        exports(near, "nearest")
    with left:
        figure = comparisons.scatter_map(table.assign(label=keys, name=names), picked)
        title = f"{count(len(table), 'point')}; the map keeps {share(represented)} of the distances"
        pick_card(title, figure, key="map", picks=f"near_{by}", note="Close together: the same words. Click one.")
        exports(table.assign(name=names), f"map-{by}")
    with st.expander(f"Read {escape_markdown(name)}", on_change="rerun", key="read-place") as fold:
        if fold.open and songs:
            song_lines(selection, int(label), key="map")
        elif fold.open:
            label_lines(selection, by, str(label), key="map")


selection = filters.current_selection()
page_layout.question("Who writes like whom?")
page_layout.answer("Each point is a vocabulary. The closer two of them stand, the more they share.")
with st.container(horizontal=True):
    by = pick("Points", GROUPS, key="points")
    method = pick("Distance", METHODS, key="distance")
vocabulary_map(selection, by, method)
page_layout.how_to_read("map")
