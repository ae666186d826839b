"""Who says the same words?"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts.word_charts import shared_by
from dashboard.components.corpus import filters
from dashboard.components.corpus.line_list import run_list
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick_or_none, slider
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import pick_card
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison.reuse import LEAST, SET_PHRASE, rank_runs, reuse_graph, shared_runs
from pipeline.core.translation import t, t_count

PAIRS = 60  # of artists that are drawn, those of the most runs
WIDEST = 12  # artists who may say a run before it is a set phrase


@page_layout.fragment
def draw_shared_runs(selection: Selection, slot: DeltaGenerator, artists: int) -> None:
    """Draw who shares runs with whom, and the runs; the answer in its slot."""
    with st.spinner(t("Looking for words in a row: up to a minute in a large corpus…")):
        shared = cache.query(shared_runs, selection, selection.layer, artists=artists)
        runs = rank_runs(shared, cache.subcorpus(selection))
    if runs.empty:
        page_layout.empty_state(
            t("No {n} words in a row that are no set phrase stand in songs of two artists. Widen the filters.", n=LEAST)
        )
        return
    pairs = reuse_graph(runs)
    with slot:
        page_layout.answer(
            t(
                "<b>{runs}</b> of {least} words or more in songs of different artists, from <b>{sources}</b>; the "
                "rarest first.",
                runs=t_count("{n} shared run", "{n} shared runs", len(runs)),
                least=LEAST,
                sources=t_count("{n} source", "{n} sources", int(runs["cluster"].nunique())),
            )
        )
    left, right = st.columns([1, 1], gap="large")
    with left:
        drawn = pairs.head(PAIRS)
        title = t("Who shares words with whom")
        note = t("Thicker: more runs. That two share words does not say that one took them from the other.")
        pick_card(title, shared_by(drawn), key="shared", picks="shares", note=note)
        exports(pairs, "shared-pairs")
    with right:
        names = sorted({*runs["artist"], *runs["later_artist"]})
        artist = pick_or_none(
            t("Artist"), dict(zip(names, names, strict=True)), key="shares", look="list", hint=t("Everybody")
        )
        chosen = runs if artist is None else runs[(runs["artist"] == artist) | (runs["later_artist"] == artist)]
        run_list(chosen.assign(text=chosen.groupby("cluster")["text"].transform("first")))  # a source with its variants
        exports(chosen, "shared-runs")


selection = filters.current_selection()
page_layout.question(t("Who says the same words?"))
slot = page_layout.answer_place(2)
with st.container(width=360):
    artists = slider(
        t("Artists who may say them"),
        2,
        WIDEST,
        SET_PHRASE,
        key="set-phrase",
        help=t("What more artists say is a set phrase, how everyone speaks, and is left out."),
    )
draw_shared_runs(selection, slot, artists)
page_layout.how_to_read("reuse")
