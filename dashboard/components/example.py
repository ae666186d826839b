"""A couplet of the corpus, to show at a glance what the dashboard sees in it; its title leads to the song."""

from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.figure_card import linked_heading
from dashboard.components.rhyme_marks import mark_rhymes, rhyme_count
from dashboard.components.share import page_address, share_verse
from dashboard.components.verse import verse
from dashboard.queries.subcorpus import Selection
from pipeline.core.translation import number, t_count
from pipeline.corpus.song import shown_name
from pipeline.corpus.table import Corpus
from pipeline.publish.lyric_cards import VerseCard

BARS, WIDTH = 8, 44


def couplet(selection: Selection) -> None:
    """Draw the first bars of one couplet of the selection, if it holds one that is long enough."""
    lines = cache.query(short_couplet, selection)
    if lines.empty:
        return
    row = lines.iloc[0]
    with st.container(key="card-example", gap="small"):
        section = mark_rhymes(lines["text"].tolist(), selection.corpus)
        artist, title = map(shown_name, row[["artist", "title"]])
        name = escape(f"{artist}, {title}")
        key = cache.keys_of_songs(selection.corpus)[row["song"]]
        query = urlencode({"corpus": selection.corpus, "song": key})
        linked_heading(
            f'<a href="{escape(f"song?{query}")}" target="_self">{name}</a>',
            t_count(
                "The first bars of a couplet: {n} of {total} lines rhymes at the end.",
                "The first bars of a couplet: {n} of {total} lines rhyme at the end.",
                rhyme_count(section.letters),
                total=number(len(lines)),
            ),
        )
        st.html(verse(section.lines))
        year = "" if pd.isna(row["year"]) else f", {row['year']}"
        card = VerseCard(
            lines=tuple(lines["text"]),
            title=title,
            by=f"{artist}{year}",
            source=f"{title} · {selection.corpus}",
            address=page_address("song", song=key, corpus=selection.corpus),
        )
        share_verse(card, selection.corpus, key="example", name=f"{artist} {title}")


def short_couplet(corpus: Corpus) -> pd.DataFrame:
    """Return text, title, artist, year and song (id) of the first eight lines of a couplet whose lines are short."""
    lines = corpus.lines
    sizes = lines.assign(width=corpus.texts.str.len()).groupby("section")["width"].agg(["size", "max"])
    couplets = corpus.sections.index[corpus.sections["kind"] == "couplet"]
    fit = sizes.index[(sizes["size"] >= BARS) & (sizes["max"] <= WIDTH) & sizes.index.isin(couplets)]
    if not len(fit):
        return pd.DataFrame(columns=["text", "title", "artist", "year", "song"])
    chosen = lines[lines["section"] == fit[len(fit) // 3]].head(BARS)
    song = corpus.songs.loc[chosen["song"].iloc[0]]
    return pd.DataFrame({"text": corpus.texts_of(chosen.index), **song[["title", "artist", "year"]], "song": song.name})
