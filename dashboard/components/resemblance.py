"""Whom a text of the visitor's sounds like: Burrows' Delta to the voices of a corpus, with how often that is right."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components import page_layout
from dashboard.components.exports import exports
from dashboard.components.figure_card import card
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison.stylometry import LEAST_SONG, attribution, delta_to_artists
from pipeline.core.translation import number, share, t, t_count
from pipeline.language.tokens import tokenise

SHOWN = 10  # voices


@page_layout.fragment
def resemblance(text: str) -> None:
    """Draw the voices nearest to a text, folded until it is asked for."""
    fold = st.expander(t("Whom do you sound like?"), on_change="rerun", key="resemblance")
    if not fold.open:
        return
    with fold:
        names = cache.corpus_names()
        corpus = st.selectbox(t("Corpus"), names, key="voices-of") if len(names) > 1 else names[0]
        selection = Selection(corpus=corpus, version=cache.corpus_version(corpus))
        words = tuple(tokenise(text))
        with st.spinner(t("Comparing with every voice…")):
            table = cache.query(delta_to_artists, selection, words)
            test = cache.query(attribution, selection)
        nearest = table.iloc[0]
        page_layout.answer(
            t(
                "Nearest: <b>{artist}</b>. Of {songs} of this corpus, each against the others, the nearest voice is "
                "right for <b>{share}</b> [{low} – {high}]; always guessing the commonest would be for {baseline}.",
                artist=escape(str(nearest["artist"])),
                songs=t_count("{n} song", "{n} songs", test.songs),
                share=share(test.share),
                low=share(test.interval.low),
                high=share(test.interval.high),
                baseline=share(test.baseline),
            )
        )
        if len(words) < LEAST_SONG:
            page_layout.remark(
                t(
                    "Your text has {words}; that rate is of songs of {least} words or more. Below, it is a game.",
                    words=t_count("{n} word", "{n} words", len(words)),
                    least=LEAST_SONG,
                )
            )
        shown = table.head(SHOWN).assign(written=lambda rows: rows["delta"].map(lambda delta: number(delta, 2)))
        note = t("Burrows' Delta over the 150 commonest words: shorter is closer.")
        card(t("The nearest voices"), _bars(shown), key="voices", note=note)
        exports(table, "voices")


def _bars(table: pd.DataFrame) -> "bar_charts.go.Figure":
    figure = bar_charts.ranked_bars(table, "artist", "delta", hover="<b>%{y}</b><br>Delta %{x:.2f}")
    return figure.update_traces(text=table["written"].tolist())
