"""Who writes like whom?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import comparisons
from dashboard.components import filters, page_layout
from dashboard.components.data_table import named_table
from dashboard.components.drill import label_lines, song_lines
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading, pick_card
from dashboard.locale.formats import count, share
from dashboard.queries.selection import Selection
from pipeline.analysis.similarity import neighbours, similarity_map

GROUPS = {"artist": "Artists", "song": "Songs", "year": "Years"}
LEAST = {"artist": 500, "song": 200, "year": 500}  # words below which a place on the map is chance
METHODS = {"labbe": "Labbé", "cosine": "Cosine"}
NEAR = {"name": "Nearest", "words": "Words", "cosine": "Cosine"}


@page_layout.fragment
def places(selection: Selection, by: str, method: str) -> None:
    with st.spinner("Measuring how far each is from each…"):
        table, kept = cache.query(
            similarity_map, selection, by=by, method=method, layer=selection.layer, minimum=LEAST[by]
        )
    if len(table) < 3:
        page_layout.empty_state("Fewer than three groups are long enough for a map. Widen the filters in the sidebar.")
        return
    titles = cache.subcorpus(selection).songs["title"]
    name = titles.get if by == "song" else str
    table = table.assign(name=table["label"].map(name))
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked = st.selectbox(
            "Who is near", table["label"].tolist(), format_func=name, key=f"near_{by}", bind="query-params"
        )
        near = cache.query(neighbours, selection, picked, by=by, layer=selection.layer, minimum=LEAST[by])
        heading(f"{name(picked)} is most like {name(near['label'].iloc[0])}", "By cosine of the word frequencies.")
        named_table(near.assign(name=near["label"].map(name)), NEAR, alt=f"Nearest to {name(picked)}")
        exports(near, "nearest")
    with left:
        figure = comparisons.scatter_map(table, picked)
        title = f"{count(len(table), 'place')}; the map keeps {share(kept)} of the distances"
        pick_card(title, figure, key="map", picks=f"near_{by}", note="Close together: the same words. Click one.")
        exports(table, f"map-{by}")
    with st.expander(f"Read {page_layout.escape_markdown(name(picked))}", on_change="rerun", key="read-place") as fold:
        if fold.open and by == "song":
            song_lines(selection, int(picked), key="map")
        elif fold.open:
            label_lines(selection, by, str(picked), key="map")


def _choice(label: str, options: dict[str, str], key: str) -> str:
    first = next(iter(options))
    return st.segmented_control(
        label, list(options), default=first, required=True, format_func=options.get, key=key, bind="query-params"
    )


selection = filters.selected()
page_layout.question("Who writes like whom?")
page_layout.answer("Each point is a vocabulary. The closer two of them stand, the more they share.")
with st.container(horizontal=True):
    by = _choice("Points", GROUPS, "points")
    method = _choice("Distance", METHODS, "distance")
places(selection, by, method)
page_layout.how_to_read("map")
