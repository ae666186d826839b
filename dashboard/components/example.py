"""A couplet of the corpus, to show at a glance what the dashboard sees in it."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.figure_card import heading
from dashboard.components.rhyme_marks import rhyme_count, rhymed
from dashboard.components.verse import verse
from dashboard.queries.subcorpus import Selection
from pipeline.corpus.table import Corpus
from pipeline.translation import number, t_count

BARS, WIDTH = 8, 44


def couplet(selection: Selection) -> None:
    """Draw the first bars of one couplet of the selection, if it holds one that is long enough."""
    lines = cache.query(short_couplet, selection)
    if lines.empty:
        return
    row = lines.iloc[0]
    with st.container(key="card-example", gap="small"):
        section = rhymed(lines["text"].tolist(), selection.corpus)
        heading(
            f"{row['artist']}, {row['title']}",
            t_count(
                "The first bars of a couplet: {n} of {total} lines rhymes at the end.",
                "The first bars of a couplet: {n} of {total} lines rhyme at the end.",
                rhyme_count(section.letters),
                total=number(len(lines)),
            ),
        )
        st.html(verse(section.lines))


def short_couplet(corpus: Corpus) -> pd.DataFrame:
    """Return text, title and artist of the first eight lines of a couplet whose lines are short enough to show."""
    lines = corpus.lines
    sizes = lines.assign(width=lines["text"].str.len()).groupby("section")["width"].agg(["size", "max"])
    couplets = corpus.sections.index[corpus.sections["kind"] == "couplet"]
    fit = sizes.index[(sizes["size"] >= BARS) & (sizes["max"] <= WIDTH) & sizes.index.isin(couplets)]
    if not len(fit):
        return pd.DataFrame({"text": [], "title": [], "artist": []})
    chosen = lines[lines["section"] == fit[len(fit) // 3]].head(BARS)
    song = corpus.songs.loc[chosen["song"].iloc[0]]
    return pd.DataFrame({"text": chosen["text"], "title": song["title"], "artist": song["artist"]})
